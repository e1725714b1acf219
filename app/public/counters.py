"""The code at a counter: whoever scans it is asked at once, and has a link of their own from the first answer on."""

import secrets
from datetime import timedelta

from flask import Response, redirect, request
from sqlalchemy import delete, func, select
from werkzeug.wrappers import Response as RedirectResponse

from app.auth.models import Attempt
from app.extensions import clock, commit, db, hurry, lock, real_now, settings
from app.public import blueprint
from app.public.forms import AnswerForm, given_by
from app.public.page import question_page
from app.public.replies import language_for, respond, too_many, unknown
from app.public.words import USUAL, words
from surveys.invitations.counters import CHANNEL, asks, counter_behind, walked_in
from surveys.invitations.models import Counter
from surveys.invitations.tokens import token_of
from surveys.questionnaires.flow import Definition, in_language
from surveys.questionnaires.piping import fill
from surveys.questionnaires.service import definition_of
from surveys.responses.service import Recorded, record_answer

MOST_AN_HOUR = 60  # walk-ins from one address: a whole branch may share one


@blueprint.get("/q/<token>")
def scanned(token: str) -> Response:
    """The first question at this counter. Writes nothing."""
    counter = counter_behind(token)
    version = asks(counter) if counter is not None else None
    if counter is None or version is None:
        return unknown()
    return _ask(counter, definition_of(version), token)


@blueprint.post("/q/<token>")
def walk_in(token: str) -> Response | RedirectResponse:
    """Keep the first answer and lead on to a link of one's own. The same submission again leads to the same one."""
    counter = counter_behind(token)
    version = asks(counter) if counter is not None else None
    if counter is None or version is None:
        return unknown()
    definition, form = definition_of(version), AnswerForm(request.form)
    if not form.validate() or form.question.data != definition.first.key:
        return _ask(counter, definition, token, status=422, wrong="choose_number" if definition.first.scale else "")
    given, wrong = given_by(form, definition.first)
    if given is None:
        return _ask(counter, definition, token, status=422, wrong=wrong)
    if _too_often():
        return too_many("here", "3600")
    now, language = clock().now(), _spoken(definition)
    submission = form.submission.data or secrets.token_urlsafe(9)
    invitation = walked_in(counter, version, submission, language=language, now=now)
    recorded = record_answer(invitation, definition.first, given, channel=CHANNEL, now=now, submission=submission)
    if isinstance(recorded, Recorded) and recorded.changed:
        hurry("app.review_response", recorded.response_id)
    commit()
    return redirect(f"/s/{token_of(invitation)}?lang={language}", 303)


def _ask(counter: Counter, definition: Definition, token: str, *, status: int = 200, wrong: str = "") -> Response:
    language = _spoken(definition)
    branch = counter.branch
    known = {
        "branch": branch.name(language),
        "org": settings().organisation.name(language),
        "service": in_language(counter.programme.touchpoint.names, language),
    }
    page = question_page(
        definition,
        definition.first,
        {},
        language=language,
        fill=lambda text: fill(text, known, language),
        occasion=("，" if language.startswith("zh") else ", ").join((known["branch"], counter.name)),
        hinted=False,
    )
    return respond(
        page.template,
        status,
        language,
        tongues=definition.languages,
        page=page,
        token="",
        action=f"/q/{token}",
        wants_number=False,
        wrong=words(language)[wrong] if wrong else "",
        kept=None,
        submission=secrets.token_urlsafe(9),
        branch=branch,
    )


def _spoken(definition: Definition) -> str:
    asked = request.args.get("lang") or request.form.get("lang")
    known = {*USUAL, *definition.languages}
    return asked if asked in known else language_for(None)


def _too_often() -> bool:
    """Write down one more walk-in from this address; whether there were too many within the hour."""
    source, since = request.remote_addr or "unknown", real_now() - timedelta(hours=1)
    lock(f"walk-ins:{source}")
    mine = (Attempt.door == "counter", Attempt.source == source)
    if (db.session.scalar(select(func.count()).where(*mine, Attempt.at > since)) or 0) >= MOST_AN_HOUR:
        return True
    db.session.execute(delete(Attempt).where(Attempt.door == "counter", Attempt.at < since))
    db.session.add(Attempt(door="counter", source=source, at=real_now()))
    return False
