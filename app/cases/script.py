"""What to say on the call, in both languages: who you are, that you have read it, what you do now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.cases.models import Case
from app.extensions import db, settings
from surveys.responses.models import FreeText, Response
from surveys.responses.review import themes_of

SORRY: Mapping[str, Mapping[str, str]] = {
    "waiting": {
        "en": "You waited far too long. That was our mistake and I am sorry.",
        "zh-Hans": "让您等了太久，这是我们的错，向您道歉。",
    },
    "staff_attitude": {
        "en": "The way you were treated was not right, and I am sorry.",
        "zh-Hans": "我们的同事没有好好接待您，是我们不对，向您道歉。",
    },
    "fees": {
        "en": "Nobody explained that charge to you beforehand. We should have, and I am sorry.",
        "zh-Hans": "这笔费用事先没有向您讲清楚，是我们不对，向您道歉。",
    },
    "app_website": {
        "en": "It did not work when you needed it, and I am sorry.",
        "zh-Hans": "您要用的时候却用不了，耽误您了，向您道歉。",
    },
    "": {
        "en": "We let you down, and I am sorry.",
        "zh-Hans": "让您失望了，向您道歉。",
    },
}
STEPS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Say who you are and that you have read their words.",
        "Ask what they came to do, and do it now, or name the hour.",
        "Offer what you may give without asking: a fixed appointment, the fee of the day returned.",
        "Repeat what you promised, and when. They will be asked whether it was kept.",
    ),
    "zh-Hans": (
        "先说您是谁，并说明您已经看过客户的原话。",
        "问清客户当时要办什么，现在就办；办不了就约定时间。",
        "在权限内主动提出补偿：预留号源、退还当日手续费。",
        "重复一遍承诺的事和时间。两天后会问客户是否兑现。",
    ),
}
URGENT: Mapping[str, Mapping[str, str]] = {
    "self_harm": {
        "en": "They speak of harming themselves. Do not hang up; bring in the duty officer and name a crisis line.",
        "zh-Hans": "客户提到轻生。不要挂断电话，请值班负责人介入，并告知心理援助热线。",
    },
    "fraud_safety": {
        "en": "Stop any payment first, then talk. Bring in the fraud desk.",
        "zh-Hans": "先止付，再沟通，并联系反诈专岗。",
    },
    "legal_threat": {
        "en": "They speak of the law. Promise nothing in writing before compliance has read it.",
        "zh-Hans": "客户提到法律途径。书面承诺前先请合规同事过目。",
    },
    "discrimination": {
        "en": "They feel discriminated against. Listen, do not explain it away, and tell compliance today.",
        "zh-Hans": "客户感到被歧视。请先倾听，不要辩解，并在当天报合规。",
    },
}


@dataclass(frozen=True)
class Script:
    """By language: the opening sentence, the steps, and a warning when a signal calls for one."""

    opening: Mapping[str, str]
    steps: Mapping[str, tuple[str, ...]]
    warning: Mapping[str, str] | None
    theme: str


def script_for(case: Case, texts: Collection[FreeText] = ()) -> Script:
    """What to say, by the theme that weighs most in the answer and in these texts. Reads only."""
    theme = _theme(case, texts)
    opening = {language: _opening(case, theme, language) for language in STEPS}
    urgent = next((URGENT[reason] for reason in case.reasons if reason in URGENT), None)
    return Script(opening, STEPS, urgent, theme)


def _opening(case: Case, theme: str, language: str) -> str:
    branch, organisation = case.branch.name(language), settings().organisation.name(language)
    sorry = next((said[language] for key, said in SORRY.items() if key and theme.startswith(key)), SORRY[""][language])
    if language == "zh-Hans":
        return f"您好，我是{organisation}{branch}的行长，看过您的话了。{sorry}您当时要办的事，我现在就帮您办。"
    return f"Hello, this is the manager of {organisation}, {branch}. I have read what you wrote. {sorry}"


def _theme(case: Case, texts: Collection[FreeText]) -> str:
    response = db.session.get(Response, case.response_id) if case.response_id else None
    named = [
        *(response.themes if response is not None else ()),
        *(theme for text in texts for theme in themes_of(text)),
    ]
    worst = min(named, key=lambda theme: float(theme.get("polarity") or 0.0), default=None)
    return str(worst["theme"]) if worst is not None else ""
