"""One phone's inbox, in order of receipt, under one lock.

Reserved words > a case command from a verified staff phone > customer keywords > the running conversation > free text.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from app.cases import service as cases
from app.extensions import LockNamed, change, db, hurry, read_rows, settings
from notifications import PhoneNumber, Purpose, opted_out_since, queue_sms, sent_lately, sms_capabilities
from notifications.models import InboundMessage
from notifications.optout_words import maybe_stop
from notifications.texts import fallbacks
from surveys.invitations.invited import Invited
from surveys.invitations.models import OPEN, Invitation, InvitationState
from surveys.invitations.tokens import link_ref
from surveys.people.models import Customer, Staff
from surveys.people.queries import staff_at_phone
from surveys.people.service import customers_at, record_consent
from surveys.people.staff_phones import verified_by_text
from surveys.responses.afterwards import late_turn, taken_up
from surveys.responses.conversation import REPROMPTS, parting_words, take_turn
from surveys.responses.dialogues import Talk, close_dialogue, held_dialogue
from surveys.responses.models import FreeText
from surveys.responses.parsing import read_reply, words_beside_a_wish
from surveys.responses.script import language_for
from surveys.responses.texts import customer_text
from surveys.responses.turns import Say, Turn
from surveys.scoring.redaction import redact

ANSWERS = {"stop": "stopped", "start": "started", "help": "help"}
# Whether they want no more texts is asked once: with a question still open, and without one.
UNSURE = frozenset({"stop_unsure", "stop_unsure_idle"})
ASKED_ONCE = timedelta(days=30)
# What we say to somebody who was asked nothing, or cannot be understood.
SMALL_TALK = (
    frozenset(REPROMPTS.values())
    | UNSURE
    | {
        "no_question",
        "help",
        "started",
        "stopped",
        "language_switched",
        "kept",
        "kept_choice",
        "kept_nothing",
        "status",
        "status_waiting",
        "status_contacted",
        "status_resolved",
    }
)
STATUS_WORDS = {"status", "进度", "進度"}
_PHONE = select(InboundMessage.from_index, LockNamed(func.concat("phone:", InboundMessage.from_index))).where(
    InboundMessage.id == bindparam("inbound_id")
)
_FROM = InboundMessage.from_index == bindparam("address", type_=InboundMessage.from_index.type)
_WAITS = InboundMessage.handled_at.is_(None)
_UNREAD = (
    select(
        InboundMessage.id,
        InboundMessage.from_address,
        InboundMessage.from_index,
        InboundMessage.body,
        InboundMessage.reserved,
        InboundMessage.received_at,
        InboundMessage.outcome,
        InboundMessage.handled_at,
        staff_at_phone(),
        opted_out_since(),
        func.count().over(),
    )
    .where(_FROM, _WAITS)
    .order_by(InboundMessage.id)
    .limit(1)
)


@dataclass(slots=True)
class Received:
    """The row of one text nobody has read, and how things stand for its phone; `change` writes it and keeps it true."""

    row_of: ClassVar = InboundMessage

    id: int
    from_address: str
    from_index: str
    body: str | None
    reserved: str | None
    received_at: datetime
    outcome: str | None
    handled_at: datetime | None
    staff_id: int | None  # who has this phone, verified, and works here
    stopped_at: datetime | None  # since when the phone wants no texts
    waiting: int  # texts of this phone nobody has read, this one among them


class _Writer:
    """Whose phone a text came from, asked for where it matters: to most answers the survey they belong to is enough."""

    def __init__(self, phone_index: str, now: datetime) -> None:
        self._phone_index, self._now = phone_index, now

    @cached_property
    def people(self) -> list[Customer]:
        """Everybody known at this phone."""
        return customers_at(self._phone_index)

    @cached_property
    def customer(self) -> Customer | None:
        """Who of them it is."""
        return cases.who_writes(self.people, now=self._now)


def waiting(most: int) -> list[int]:
    """Ids of inbound messages nobody has read, oldest first."""
    query = select(InboundMessage.id).where(InboundMessage.handled_at.is_(None)).order_by(InboundMessage.id)
    return list(db.session.scalars(query.limit(most)))


def handle(inbound_id: int, *, now: datetime) -> int:
    """Read everything that waits from the phone of this message, oldest first. How many were read; may run twice."""
    phone_index = read_rows(_PHONE, inbound_id=inbound_id).scalar()
    if phone_index is None:
        return 0
    done, more = 0, True
    while more and (row := read_rows(_UNREAD, address=phone_index).first()) is not None:
        # One by one: a word to stop or start before it changes how the next one is taken.
        inbound = Received(*row)
        change(inbound, outcome=_read(inbound, now), handled_at=now)
        done, more = done + 1, inbound.waiting > 1
    return done


def _read(inbound: Received, now: datetime) -> str:
    text = inbound.body or ""
    try:
        phone = PhoneNumber.trusted(inbound.from_address)
    except ValueError:
        return "unknown_sender"  # a short code or a name: nobody to answer
    who = _Writer(inbound.from_index, now)
    staff = db.session.get(Staff, inbound.staff_id) if inbound.staff_id is not None else None
    asks_list = inbound.reserved == "help" and staff is not None and cases.is_command(text)
    if inbound.reserved in ("stop", "start", "help") and not asks_list:
        return _reserved(inbound, phone, who, staff, now)
    if inbound.stopped_at is not None and inbound.stopped_at < inbound.received_at and staff is None:
        # Kept and read; whatever would be said to them the outbox holds back.
        return _for_their_case(who.customer, text, now) or _free_text(inbound, who.customer, text, None, now)
    if verified_by_text(phone, text, now=now) is not None:
        return "phone_verified"
    dialogue: Talk | None = held_dialogue(inbound.from_index, now=now)
    if staff is not None and (dialogue is None or cases.is_command(text)):
        return cases.staff_command(staff, text, now=now, inbound_id=inbound.id)
    if _folded(text) in STATUS_WORDS and who.customer is not None:
        say = cases.status_text(who.customer, now=now)
        if say is not None:
            _say(inbound, phone, say, who.customer, None, now)
            return "status"
    if dialogue is None and not _is_awaited(who, text, now):
        dialogue = taken_up(inbound.from_index, text, now=now)
    elif dialogue is not None and _is_awaited(who, text, now, since=dialogue.last_turn_at):
        # A digit answers whatever was asked last: how their case stands came after the survey's question.
        dialogue = None
    if dialogue is not None:
        return _turn(inbound, phone, take_turn(dialogue, text, now=now), now)
    people, customer = who.people, who.customer
    spoken = fallbacks(customer.language)[0] if customer is not None else settings().default_language
    wanted = read_reply(text, kind="text", language=spoken).language
    if wanted is not None and customer is not None:
        wanted = language_for(wanted, text, customer, inbound.from_index)
        for person in people:
            person.language = wanted
        _say(inbound, phone, Say("language_switched"), customer, None, now, language=wanted)
        return "language"
    if for_case := _for_their_case(customer, text, now):
        return for_case
    late = late_turn(inbound.from_index, text, now=now)
    if late is not None:
        return _turn(inbound, phone, late, now)
    return _free_text(inbound, customer, text, phone, now)


def _is_awaited(who: "_Writer", text: str, now: datetime, *, since: datetime | None = None) -> bool:
    # Most that is written cannot be one, and needs no look at whose phone it is.
    return cases.may_be_awaited(text) and cases.is_awaited(who.customer, text, now=now, since=since)


def _for_their_case(customer: Customer | None, text: str, now: datetime) -> str | None:
    """A complaint that is open, or was lately, is looked after also when its owner wants no more texts."""
    wrote = customer is not None and cases.customer_wrote(customer, redact(text).text, now=now)
    return "case_words" if wrote else None


def _reserved(
    inbound: Received,
    phone: PhoneNumber,
    who: "_Writer",
    staff: Staff | None,
    now: datetime,
) -> str:
    word, customer = inbound.reserved or "", who.customer
    for person in who.people:
        if word != "help":
            words = redact(inbound.body or "").text[:200]
            record_consent(
                person.id,
                granted=word == "start",
                source="customer",
                wording=words,
                proof=f"text {inbound.id}",
                now=now,
            )
    if word == "stop":
        _said_too(inbound, customer, now)
        _refuse(inbound.from_index, now)
        if staff is not None:
            cases.alerts_stopped(staff, now=now)
    if not _answered_already(inbound, phone, now):
        _say(inbound, phone, Say(ANSWERS[word]), customer, None, now, Purpose.ACCOUNT)
    return word


def _answered_already(inbound: Received, phone: PhoneNumber, now: datetime) -> bool:
    """By the carrier itself; or STOP a second time: one text may confirm it (47 CFR 64.1200(a)(12)), and no other."""
    if (inbound.body or "").strip().casefold() in sms_capabilities().carrier_answers:
        return True
    lately = now - ASKED_ONCE
    stopped, started = (sent_lately(phone.e164, templates={key}, since=lately) for key in ("stopped", "started"))
    return inbound.reserved == "stop" and stopped > started


def _said_too(inbound: Received, customer: Customer | None, now: datetime) -> None:
    """Whoever stops and complains in one breath is heard: the answer counts, the words are read."""
    text, dialogue = inbound.body or "", held_dialogue(inbound.from_index, now=now)
    words = words_beside_a_wish(text)
    if dialogue is not None:
        response_id, words = parting_words(dialogue, text, now=now)
        if response_id is not None:
            hurry("app.review_response", response_id)
    if words and not _for_their_case(customer, text, now):
        _free_text(inbound, customer, text, None, now)


def _refuse(phone_index: str, now: datetime) -> None:
    dialogue = held_dialogue(phone_index, now=now)
    if dialogue is not None:
        close_dialogue(dialogue, now=now)
    still_open = Invitation.state.in_((*OPEN, InvitationState.SCHEDULED))
    invitations = select(Invitation).where(Invitation.phone_index == phone_index, still_open).with_for_update()
    for invitation in db.session.scalars(invitations.execution_options(populate_existing=True)):
        invitation.state, invitation.closed_at = InvitationState.REFUSED, now


def _turn(inbound: Received, phone: PhoneNumber, turn: Turn, now: datetime) -> str:
    say = turn.say
    if turn.response_id is not None and not turn.seen:
        hurry("app.review_response", turn.response_id)
    if turn.words:
        _free_text(inbound, turn.invitation.customer, turn.words, None, now)
    if turn.recovered is not None:
        say = cases.recovery_said(turn.invitation, turn.recovered, say, now=now)
    elif turn.response_id is not None and turn.call is not None:
        say = cases.customer_call_choice(turn.response_id, say, now=now)
    elif turn.response_id is not None:
        say = cases.with_times(turn.response_id, say, now=now)
    if turn.unsure and not _asked_whether_to_stop(phone, now):
        say = Say("stop_unsure" if turn.outcome == "asked_again" else "stop_unsure_idle")
    _say(inbound, phone, say, None, turn.invitation, now)
    return turn.outcome


def _asked_whether_to_stop(phone: PhoneNumber, now: datetime) -> bool:
    return sent_lately(phone.e164, templates=UNSURE, since=now - ASKED_ONCE) > 0


def _free_text(
    inbound: Received, customer: Customer | None, text: str, phone: PhoneNumber | None, now: datetime
) -> str:
    unsure = maybe_stop(text)
    if phone is not None and not unsure and cases.needs_no_answer(text):
        return "courtesy"
    db.session.add(
        FreeText(
            inbound_id=inbound.id,
            customer_id=customer.id if customer else None,
            branch_id=customer.branch_id if customer else None,
            text=redact(text).text,
            maybe_stop=unsure,
            at=now,
        )
    )
    if phone is not None:
        ask = unsure and not _asked_whether_to_stop(phone, now)
        _say(inbound, phone, Say("stop_unsure_idle" if ask else "no_question"), customer, None, now)
    return "maybe_stop" if unsure else "free_text"


def _say(
    inbound: Received,
    phone: PhoneNumber,
    say: Say,
    customer: Customer | None,
    invitation: Invited | None,
    now: datetime,
    purpose: Purpose = Purpose.CONVERSATION,
    language: str | None = None,
) -> None:
    language = language or _language(inbound, customer, invitation)
    if say.key in SMALL_TALK:
        said = sent_lately(phone.e164, templates=SMALL_TALK, since=now - timedelta(days=1))
        if said >= settings().policy.answers_per_day:
            return  # the words are kept and read; another machine is not answered for ever
    queue_sms(
        phone,
        customer_text(say.key, language, invitation=invitation, customer=customer, values=say.values, words=say.words),
        purpose=purpose,
        dedupe_key=f"turn:{inbound.id}",
        now=now,
        template=say.key,
        charge_to=_place(customer, invitation),
        link_ref=link_ref(invitation) if invitation else None,
        subject_kind="invitation" if invitation else "customer" if customer else "",
        subject_id=invitation.id if invitation else customer.id if customer else None,
    )


def _place(customer: Customer | None, invitation: Invited | None) -> str:
    branch = invitation.branch if invitation else customer.branch if customer else None
    return branch.code if branch else ""


def _language(inbound: Received, customer: Customer | None, invitation: Invited | None) -> str:
    if invitation is not None:
        return invitation.language
    if customer is not None:
        return customer.language
    if any("\u4e00" <= sign <= "\u9fff" for sign in inbound.body or ""):
        return "zh-Hans"
    return settings().default_language


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().strip(".。!！").casefold()
