"""GET selects, POST records: link scanners open links, so a GET never writes an answer."""

import re
import secrets
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from flask import Response, request

from app.cases.queries import closed_for_good
from app.cases.service import asks_recovery, heard_on_page
from app.device import device
from app.extensions import change, clock, commit, hurry, lock, settings
from app.public import blueprint
from app.public.forms import AnswerForm, given_by
from app.public.page import Page, page_for
from app.public.replies import asked_language, language_for, offered, respond, unknown
from app.public.words import words
from notifications import AddressError, PhoneNumber, parse_phone
from notifications.optouts import stop_address
from surveys.invitations.counters import CHANNEL as COUNTER
from surveys.invitations.counters import is_nobody, left_a_number
from surveys.invitations.eligibility import Channel
from surveys.invitations.facts import reach_by
from surveys.invitations.invited import InvitedRow, invited_by
from surveys.invitations.models import OPEN, InvitationState
from surveys.invitations.tokens import LENGTH, lookup_hash
from surveys.people.service import consent_withdrawn
from surveys.questionnaires.flow import Given, Question
from surveys.questionnaires.piping import breaking
from surveys.questionnaires.service import definition_of
from surveys.responses.dialogues import close_dialogue, close_own_dialogue, open_dialogue
from surveys.responses.holder import has_own_manager, usual_holder
from surveys.responses.service import Refusal, given_to, is_closed, record_answer
from surveys.responses.texts import day_words

blueprint.add_app_template_filter(breaking, "breaks")


@blueprint.app_template_filter("tongue")
def tongue(said: str, language: str) -> str:
    """What to read the customer's own words aloud in: by their script, which need not be that of the page."""
    if re.search("[\u3400-\u9fff]", said):
        return language if language.startswith("zh") else "zh-Hans"
    return "en" if language.startswith("zh") else language


@blueprint.get("/s/<token>")
def survey(token: str) -> Response:
    """The question that is open, what was answered, or how things stand. Writes nothing."""
    invitation = _invitation(token)
    if invitation is None:
        return unknown()
    return _ended(invitation) or _show(invitation, token)


@blueprint.post("/s/<token>")
def answer(token: str) -> Response:
    """Keep one answer and show the next page in the same reply. The same submission again changes nothing."""
    invitation = _invitation(token, held=True)
    if invitation is None:
        return unknown()
    if (ended := _ended(invitation)) is not None:
        return ended
    if (asked := asked_language(invitation)) not in (None, invitation.language):
        change(invitation, language=asked)
    form = AnswerForm(request.form)
    definition = definition_of(invitation.version)
    question = definition.question(form.question.data or "")
    if question is None:
        return _show(invitation, token)
    if not form.validate():
        wrong = "time_too_long" if form.time.errors else "too_long"
        return _show(invitation, token, asking=question, wrong=wrong, kept=form.answer.data, status=422)
    given, wrong = given_by(form, question)
    if given is None:
        return _show(invitation, token, asking=question, wrong=wrong, status=422)
    phone = _number_left(form, invitation, question, given)
    if isinstance(phone, AddressError):
        return _show(invitation, token, asking=question, wrong="phone_wrong", status=422)
    now = clock().now()
    recorded = record_answer(
        invitation, question, given, channel="web", now=now, submission=form.submission.data or None, device=device()
    )
    if isinstance(recorded, Refusal):
        return _show(invitation, token, status=409)
    if phone is not None:
        left_a_number(invitation, phone, now=now)
    if recorded.changed or phone is not None:
        hurry("app.review_response", recorded.response_id)
    if recorded.complete and invitation.phone_index:
        close_own_dialogue(invitation, now=now)
    if recorded.changed and given.choice is not None and (recorded.reviewed or asks_recovery(invitation)):
        heard_on_page(recorded.response_id, now=now)
    page = _show(invitation, token, answers=recorded.given, reviewed=recorded.reviewed)
    commit()
    return page


def _number_left(
    form: AnswerForm, invitation: InvitedRow, question: Question, given: Given
) -> PhoneNumber | AddressError | None:
    """The number of a walk-in who wants to be called; None where nobody need leave one."""
    if given.choice in (None, "none") or not (question.asks_for_call and is_nobody(invitation)):
        return None
    try:
        return parse_phone(form.phone.data or "", default_country=settings().default_country)
    except AddressError as error:
        return error


@blueprint.get("/s/<token>/stop")
def stop(token: str) -> Response:
    """Asks before stopping: opening a link stops nothing."""
    invitation = _invitation(token)
    return unknown() if invitation is None else _plain(invitation, token, "stop")


@blueprint.post("/s/<token>/stop")
def stop_asking(token: str) -> Response:
    """No more surveys to this person: to the mailbox when they were asked there, else to the phone."""
    invitation = _invitation(token)
    if invitation is None:
        return unknown()
    # Whoever texts STOP meanwhile holds the phone first, too: two that each held a survey of it would wait for ever.
    if invitation.phone_index:
        lock(f"phone:{invitation.phone_index}")
    invitation = _invitation(token, held=True) or invitation
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
    if invitation.state in OPEN:
        change(invitation, state=InvitationState.REFUSED, closed_at=now, remind_at=None)
    dialogue = open_dialogue(invitation.phone_index) if invitation.phone_index else None
    if dialogue is not None and (not mailed or dialogue.invitation_id == invitation.id):
        close_dialogue(dialogue, now=now)
    page = _plain(invitation, token, "stopped")
    commit()
    return page


@blueprint.get("/privacy")
def privacy() -> Response:
    """What becomes of an answer, in plain words."""
    return respond("public/privacy.html", 200, language_for(None))


def _invitation(token: str, *, held: bool = False) -> InvitedRow | None:
    """The invitation behind a token; `held`: nobody else changes it until the commit."""
    if len(token) != LENGTH or not token.isalnum() or not token.isascii():
        return None
    return invited_by(lookup_hash(token), held=held)


def _ended(invitation: InvitedRow) -> Response | None:
    """The page of a link that has served its time; it shows nothing of what was said."""
    now = clock().now()
    closed_at = closed_for_good(invitation, now=now) if is_closed(invitation, now) else None
    if closed_at is None:
        return None
    language = language_for(invitation)
    day = day_words(closed_at.astimezone(ZoneInfo(invitation.branch.time_zone)).date(), language)
    return respond("public/ended.html", 410, language, tongues=offered(invitation), day=day, branch=invitation.branch)


def _show(
    invitation: InvitedRow,
    token: str,
    *,
    answers: Mapping[str, Given] | None = None,
    reviewed: bool = True,
    asking: Question | None = None,
    wrong: str = "",
    kept: str | None = None,
    status: int = 200,
) -> Response:
    language = language_for(invitation)
    page: Page = page_for(
        invitation,
        given_to(invitation) if answers is None else answers,
        language=language,
        now=clock().now(),
        change=asking.key if asking else request.args.get("change"),
        carried=request.args.get("a") if request.method == "GET" else None,
        posted=request.method == "POST",
        reviewed=reviewed,
    )
    return respond(
        page.template,
        status,
        language,
        page=page,
        token=token,
        action=f"/s/{token}",
        walk_in=invitation.channel == COUNTER,
        own=has_own_manager(invitation),
        holder=usual_holder(invitation, language),
        wants_number=page.question is not None and page.question.asks_for_call and is_nobody(invitation),
        phone=request.form.get("phone") if wrong else None,
        wrong=words(language)[wrong] if wrong else "",
        kept=kept,
        submission=secrets.token_urlsafe(9),
        tongues=offered(invitation),
        branch=invitation.branch,
    )


def _plain(invitation: InvitedRow, token: str, state: str) -> Response:
    return respond(
        "public/stop.html",
        200,
        language_for(invitation),
        tongues=offered(invitation),
        token=token,
        state=state,
        by="_mail" if invitation.channel == Channel.EMAIL else "",
        branch=invitation.branch,
    )
