"""How every survey page answers: its language, its headers, and what whoever guesses is told."""

import base64
import hashlib
from datetime import timedelta
from pathlib import Path

from flask import Response, current_app, g, make_response, request
from markupsafe import Markup
from sqlalchemy import delete, func, select

from app.auth.models import Attempt
from app.extensions import commit, db, lock, real_now, settings, stop_reading
from app.public.words import USUAL, others, say, tongues_we_speak, words
from notifications.texts import fallbacks
from surveys.invitations.invited import Invited
from surveys.questionnaires.service import definition_of

# The page works without it. With it an answer that meets a dead network stays on the phone and goes out by itself.
SCRIPT = "".join(map(str.strip, (Path(__file__).parent / "page.js").read_text("utf-8").splitlines()))
SCRIPT_HASH = f"'sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}'"


def drawn(template: str, language: str, tongues: tuple[str, ...], **values: object) -> str:
    """A survey page as HTML, the previewed one as well. It is told nothing of whoever is signed in, as consoles are."""
    organisation = settings().organisation
    return current_app.jinja_env.get_template(template).render(
        lang=language,
        others=others(language, tongues),
        w=words(language),
        say=lambda key, **named: say(language, key, **named),
        org=organisation,
        org_name=organisation.name(language),
        **values,
    )


def respond(template: str, status: int, language: str, *, tongues: tuple[str, ...] = (), **values: object) -> Response:
    """A page in this language, with the headers every page of ours has; `tongues` are those it can be read in."""
    script = Markup(SCRIPT) if "token" in values else None
    html = drawn(template, language, tongues or tongues_we_speak(), script=script, path=request.path, **values)
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {SCRIPT_HASH}; connect-src 'self'; style-src 'unsafe-inline'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response


def offered(invitation: Invited | None) -> tuple[str, ...]:
    """The languages a survey may be read in."""
    return definition_of(invitation.version).languages if invitation is not None else USUAL


def asked_language(invitation: Invited | None) -> str | None:
    """The language somebody has just asked for, if we speak it there."""
    asked = request.args.get("lang") or request.form.get("lang")
    if not asked:
        return None
    spoken = {*USUAL, *offered(invitation)} if invitation is not None else tongues_we_speak()
    return asked if asked in spoken else None


def language_for(invitation: Invited | None) -> str:
    """The language asked for, else the customer's as far as the questionnaire speaks it, else the browser's."""
    asked = asked_language(invitation)
    if asked:
        return asked
    if invitation is not None:
        spoken = {*USUAL, *offered(invitation)}
        return next(name for name in fallbacks(invitation.language) if name in spoken)
    return "zh-Hans" if (request.accept_languages.best_match(["en", "zh"]) or "en") == "zh" else "en"


def unknown() -> Response:
    """404 for a token nobody has; 429 for an address that tries too many."""
    if missed():
        return too_many("links", "60")
    return respond("public/unknown.html", 404, language_for(None), many="")


def too_many(of_what: str, seconds: str) -> Response:
    """429, and when to come back: after too many wrong "links", or too many answers from "here"."""
    response = respond("public/unknown.html", 429, language_for(None), many=of_what)
    response.headers["Retry-After"] = seconds
    return response


def missed() -> bool:
    """Write down that this address was wrong once more; whether it has been too often."""
    stop_reading()
    g.reading = False  # a wrong token is the one thing a GET writes down: how often this address was wrong
    source, since = request.remote_addr or "unknown", real_now() - timedelta(minutes=1)
    lock(f"misses:{source}")
    recent = select(func.count()).where(Attempt.door == "survey", Attempt.source == source, Attempt.at > since)
    misses = db.session.scalar(recent) or 0
    many = misses >= settings().policy.token_misses_per_minute
    if not many:
        db.session.execute(
            delete(Attempt).where(Attempt.door == "survey", Attempt.at < real_now() - timedelta(hours=1))
        )
        db.session.add(Attempt(door="survey", source=source, at=real_now()))
    commit()
    return many
