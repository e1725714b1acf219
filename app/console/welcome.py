"""The first day: what to try first, until somebody says that they know."""

from dataclasses import dataclass

from flask import current_app, redirect, session, url_for
from werkzeug.wrappers import Response

from app.console import blueprint
from app.console.needs import needs
from app.demo.guide import PASSWORD, SIGN_INS, STEPS
from app.extensions import settings
from app.i18n import language

KNOWN = "knows_the_way"


@dataclass(frozen=True)
class Tip:
    """One thing to try; `path` is empty for what is done elsewhere."""

    path: str
    title: str
    text: str


@dataclass(frozen=True)
class DemoAccount:
    """Somebody a visitor may sign in as."""

    email: str
    what: str


def guide() -> list[Tip]:
    """What to try first in the demo company; empty in production, without demo people, and for who has seen it."""
    if settings().production or session.get(KNOWN) or not current_app.extensions["heed.demo_check"]():
        return []
    tongue = language()
    return [Tip(step.path, step.title[tongue], step.text[tongue]) for step in STEPS]


def demo_accounts() -> tuple[str, list[DemoAccount]]:
    """The password and the accounts of the demo company, for the sign-in page; none in production."""
    if settings().production or not current_app.extensions["heed.demo_check"]():
        return "", []
    tongue = language()
    return PASSWORD, [DemoAccount(one.email, one.what[tongue]) for one in SIGN_INS]


@blueprint.post("/welcome")
@needs()
def know_the_way() -> Response:
    """They have seen what to try; it stays away until they sign in again."""
    session[KNOWN] = True
    return redirect(url_for("console.worklist"), 303)


@blueprint.app_context_processor
def _demo() -> dict[str, object]:
    return {"demo_accounts": demo_accounts}
