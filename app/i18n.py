"""The interface in the language of the person: their own when signed in, what they ask for, what their browser says."""

import flask_babel
from flask import Flask, has_request_context, request, session
from flask_login import current_user

LANGUAGES = ("en", "zh-Hans")


def language() -> str:
    """The language of this request, as our own tag: en or zh-Hans."""
    if not has_request_context():
        return "en"
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    if session.get("language") in LANGUAGES:
        return str(session["language"])
    if current_user and current_user.is_authenticated:
        return "zh-Hans" if current_user.language.startswith("zh") else "en"
    best = request.accept_languages.best_match(["en", "zh", "zh-CN", "zh-Hans"]) or "en"
    return "zh-Hans" if best.startswith("zh") else "en"


def gettext(message: str, **values: object) -> str:
    """The message in the language of this request, its values filled in."""
    return str(flask_babel.gettext(message, **values))


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The message for one or for many; the count is filled in as `num`."""
    return str(flask_babel.ngettext(one, many, count, **values))


def _locale() -> str:
    return "zh_Hans" if language() == "zh-Hans" else "en"


def init_app(app: Flask) -> None:
    """Babel with our translations; templates know the language as `lang`."""
    flask_babel.Babel(app, locale_selector=_locale, default_translation_directories="translations")

    @app.context_processor
    def _tongue() -> dict[str, object]:
        return {"lang": language()}
