"""GET selects, POST records: link scanners open links, so a GET never writes an answer."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Response, g, make_response, redirect, render_template, request
from markupsafe import Markup, escape
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import joinedload, load_only
from werkzeug.wrappers import Response as RedirectResponse
from wtforms import Form, StringField
from wtforms.validators import Length, Optional

from app.auth.models import Attempt
from app.cases.queries import closed_for_good
from app.extensions import clock, commit, db, hurry, lock, real_now, settings
from app.public import blueprint
from app.public.page import Page, on_scale, page_for
from app.public.words import USUAL, others, say, words
from notifications.optouts import stop_address
from notifications.texts import fallbacks
from surveys.invitations.codes import invitation_by_code
from surveys.invitations.eligibility import Channel
from surveys.invitations.facts import reach_by
from surveys.invitations.models import Invitation, InvitationState, ServiceEvent, Touchpoint
from surveys.invitations.tokens import LENGTH, lookup_hash, token_of
from surveys.people.models import Branch
from surveys.people.service import consent_withdrawn
from surveys.questionnaires.flow import Given, Kind, Question
from surveys.questionnaires.models import SurveyVersion
from surveys.questionnaires.service import definition_of
from surveys.responses.conversation import close_dialogue, open_dialogue
from surveys.responses.service import Refusal, given_to, is_closed, record_answer
from surveys.responses.texts import day_words

LONGEST_TIME = 80
# The page works without it. With it an answer that meets a dead network stays on the phone and goes out by itself.
SCRIPT = "".join(map(str.strip, (Path(__file__).parent / "page.js").read_text("utf-8").splitlines()))
SCRIPT_HASH = f"'sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}'"
# What a page needs of an invitation, and no more: a page is asked for more often than anything else.
_FOR_READING = (
    select(Invitation)
    .where(Invitation.token_hash == bindparam("token_hash"))
    .options(
        load_only(
            Invitation.service_event_id,
            Invitation.version_id,
            Invitation.customer_id,
            Invitation.branch_id,
            Invitation.staff_id,
            Invitation.channel,
            Invitation.phone_index,
            Invitation.email_index,
            Invitation.language,
            Invitation.state,
            Invitation.remind_at,
            Invitation.expires_at,
            Invitation.closed_at,
        ),
        joinedload(Invitation.version).load_only(SurveyVersion.published_at),
        joinedload(Invitation.branch).load_only(Branch.code, Branch.names, Branch.phone, Branch.time_zone),
        joinedload(Invitation.event)
        .load_only(ServiceEvent.source, ServiceEvent.touchpoint_id, ServiceEvent.occurred_at, ServiceEvent.attributes)
        .joinedload(ServiceEvent.touchpoint)
        .load_only(Touchpoint.names),
    )
)
_FOR_ITS_OWN = _FOR_READING.with_for_update(of=Invitation)


class AnswerForm(Form):
    """One answer as the page posts it. The token in the address is the credential, so there is no CSRF cookie."""

    question = StringField(validators=[Length(max=40)])
    answer = StringField(validators=[Optional(), Length(max=8000)])
    time = StringField(validators=[Optional(), Length(max=LONGEST_TIME)])
    skip = StringField(validators=[Optional(), Length(max=8)])
    submission = StringField(validators=[Optional(), Length(max=64)])


@blueprint.app_template_filter("breaks")
def breaks(text: str) -> Markup:
    """ "|" in a heading is where a Chinese line may break."""
    return Markup(str(escape(text)).replace("|", "<wbr>"))


@blueprint.get("/s/<token>")
def survey(token: str) -> Response:
    """The question that is open, what was answered, or how things stand. Writes nothing."""
    invitation = _invitation(token)
    if invitation is None:
        return _unknown()
    return _ended(invitation) or _show(invitation, token)


@blueprint.post("/s/<token>")
def answer(token: str) -> Response:
    """Keep one answer and show the next page in the same reply. The same submission again changes nothing."""
    invitation = _invitation(token, held=True)
    if invitation is None:
        return _unknown()
    if (ended := _ended(invitation)) is not None:
        return ended
    if (asked := _asked_language(invitation)) not in (None, invitation.language):
        invitation.language = asked
    form = AnswerForm(request.form)
    definition = definition_of(invitation.version)
    question = definition.question(form.question.data or "")
    if question is None:
        return _show(invitation, token)
    if not form.validate():
        wrong = "time_too_long" if form.time.errors else "too_long"
        return _show(invitation, token, asking=question, wrong=wrong, kept=form.answer.data, status=422)
    given, wrong = _given(form, question)
    if given is None:
        return _show(invitation, token, asking=question, wrong=wrong, status=422)
    now = clock().now()
    recorded = record_answer(
        invitation, question, given, channel="web", now=now, submission=form.submission.data or None
    )
    if isinstance(recorded, Refusal):
        return _show(invitation, token, status=409)
    if recorded.changed:
        hurry("app.review_response", recorded.response_id)
    if recorded.complete and invitation.phone_index:
        dialogue = open_dialogue(invitation.phone_index)
        if dialogue is not None and dialogue.invitation_id == invitation.id:
            close_dialogue(dialogue, now=now)
    page = _show(invitation, token, answers=recorded.given)
    commit()
    return page


def _given(form: AnswerForm, question: Question) -> tuple[Given | None, str]:
    text = (form.answer.data or "").strip()
    if form.skip.data and (question.kind is Kind.TEXT or question.optional):
        return Given(skipped=True), ""
    if question.scale:
        value = on_scale(text, question.scale)
        return (None, "choose_number") if value is None else (Given(value=value), "")
    if question.kind is Kind.CHOICES:
        ticked = set(request.form.getlist("answer"))
        chosen = tuple(choice.key for choice in question.choices if choice.key in ticked)
        return (Given(choices=chosen), "") if chosen else (None, "choose_some")
    if question.choices:
        time = (form.time.data or "").strip() if question.kind is Kind.CALLBACK and text != "none" else ""
        return (Given(choice=text, text=time or None), "") if question.choice(text) else (None, "choose_one")
    return (Given(text=text), "") if text else (None, "write_something")


@blueprint.get("/s/<token>/stop")
def stop(token: str) -> Response:
    """Asks before stopping: opening a link stops nothing."""
    invitation = _invitation(token)
    return _unknown() if invitation is None else _plain(invitation, token, "stop")


@blueprint.post("/s/<token>/stop")
def stop_asking(token: str) -> Response:
    """No more surveys to this person: to the mailbox when they were asked there, else to the phone."""
    invitation = _invitation(token, held=True)
    if invitation is None:
        return _unknown()
    now = clock().now()
    mailed = invitation.channel == Channel.EMAIL
    reach = reach_by(invitation.customer_id, invitation.channel)
    asked_at = invitation.email_index if mailed else invitation.phone_index
    # The address that was asked, and the one they have now: whoever taps this means both.
    for address in {address for address in (reach.index if reach else None, asked_at) if address}:
        stop_address(address, source="web", now=now)
    channel, wording = ("email", "survey mail") if mailed else ("sms", "survey page")
    proof = f"invitation {invitation.id}"
    consent_withdrawn(invitation.customer_id, wording=wording, proof=proof, now=now, channel=channel)
    if invitation.state in (InvitationState.SENT, InvitationState.REMINDED, InvitationState.STARTED):
        invitation.state, invitation.closed_at = InvitationState.REFUSED, now
    dialogue = open_dialogue(invitation.phone_index) if invitation.phone_index else None
    if dialogue is not None and (not mailed or dialogue.invitation_id == invitation.id):
        close_dialogue(dialogue, now=now)
    page = _plain(invitation, token, "stopped")
    commit()
    return page


@blueprint.get("/privacy")
def privacy() -> Response:
    """What becomes of an answer, in plain words."""
    return _respond("public/privacy.html", 200, _language(None))


def _invitation(token: str, *, held: bool = False) -> Invitation | None:
    """The invitation behind a token; `held`: nobody else changes it until the commit."""
    if len(token) != LENGTH or not token.isalnum() or not token.isascii():
        return None
    query = _FOR_ITS_OWN if held else _FOR_READING
    return db.session.scalar(query, {"token_hash": lookup_hash(token)})


def _ended(invitation: Invitation) -> Response | None:
    """The page of a link that has served its time; it shows nothing of what was said."""
    now = clock().now()
    closed_at = closed_for_good(invitation, now=now) if is_closed(invitation, now) else None
    if closed_at is None:
        return None
    language = _language(invitation)
    day = day_words(closed_at.astimezone(ZoneInfo(invitation.branch.time_zone)).date(), language)
    return _respond("public/ended.html", 410, language, offered=_offered(invitation), day=day, branch=invitation.branch)


def _show(
    invitation: Invitation,
    token: str,
    *,
    answers: Mapping[str, Given] | None = None,
    asking: Question | None = None,
    wrong: str = "",
    kept: str | None = None,
    status: int = 200,
) -> Response:
    language = _language(invitation)
    page: Page = page_for(
        invitation,
        given_to(invitation) if answers is None else answers,
        language=language,
        now=clock().now(),
        change=asking.key if asking else request.args.get("change"),
        carried=request.args.get("a") if request.method == "GET" else None,
        posted=request.method == "POST",
    )
    return _respond(
        page.template,
        status,
        language,
        page=page,
        token=token,
        wrong=words(language)[wrong] if wrong else "",
        kept=kept,
        submission=secrets.token_urlsafe(9),
        offered=_offered(invitation),
        branch=invitation.branch,
    )


def _plain(invitation: Invitation, token: str, state: str) -> Response:
    return _respond(
        "public/stop.html",
        200,
        _language(invitation),
        offered=_offered(invitation),
        token=token,
        state=state,
        by="_mail" if invitation.channel == Channel.EMAIL else "",
        branch=invitation.branch,
    )


def _respond(
    template: str, status: int, language: str, *, offered: tuple[str, ...] = USUAL, **values: object
) -> Response:
    organisation = settings().organisation
    html = render_template(
        template,
        lang=language,
        others=others(language, offered),
        w=words(language),
        say=lambda key, **v: say(language, key, **v),
        org=organisation,
        org_name=organisation.name(language),
        script=Markup(SCRIPT) if "token" in values else None,
        path=request.path,
        **values,
    )
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {SCRIPT_HASH}; connect-src 'self'; style-src 'unsafe-inline'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response


def _offered(invitation: Invitation | None) -> tuple[str, ...]:
    return definition_of(invitation.version).languages if invitation is not None else USUAL


def _asked_language(invitation: Invitation | None) -> str | None:
    asked = request.args.get("lang") or request.form.get("lang")
    return asked if asked in {*USUAL, *_offered(invitation)} else None


def _language(invitation: Invitation | None) -> str:
    """The language asked for, else the customer's as far as the questionnaire speaks it, else the browser's."""
    asked = _asked_language(invitation)
    if asked:
        return asked
    if invitation is not None:
        offered = {*USUAL, *_offered(invitation)}
        return next(name for name in fallbacks(invitation.language) if name in offered)
    return "zh-Hans" if (request.accept_languages.best_match(["en", "zh"]) or "en") == "zh" else "en"


@blueprint.get("/s")
def code() -> Response:
    """One address for everybody, where a carrier lets no link through that differs for each person."""
    return _respond("public/code.html", 200, _language(None), wrong="", typed="")


@blueprint.post("/s")
def code_typed() -> Response | RedirectResponse:
    """From the code in the text to its survey. A wrong one is asked for again, and counted."""
    typed = (request.form.get("code") or "")[:40]
    language = _language(None)
    invitation = invitation_by_code(typed)
    if invitation is not None:
        return redirect(f"/s/{token_of(invitation)}", 303)
    many = _missed()
    if many:
        return _too_many()
    return _respond("public/code.html", 404, language, wrong=words(language)["code_wrong"], typed=typed)


def _unknown() -> Response:
    """404 for a token nobody has; 429 for an address that tries too many."""
    if _missed():
        return _too_many()
    return _respond("public/unknown.html", 404, _language(None), many=False)


def _too_many() -> Response:
    response = _respond("public/unknown.html", 429, _language(None), many=True)
    response.headers["Retry-After"] = "60"
    return response


def _missed() -> bool:
    """Write down that this address was wrong once more; whether it has been too often."""
    db.session.rollback()
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
