"""A manager's text: read as an order, done, and answered by one text that says what is now true and what comes next."""

from datetime import datetime

from sqlalchemy import select

from app.auth import audit
from app.cases import closing, deeds, journal
from app.cases.clocks import call_by
from app.cases.commands import Command, Verb, manager_command
from app.cases.ladder import may_act
from app.cases.lookup import by_code, waiting_for
from app.cases.models import Case
from app.cases.policy import LIVE, UNREAD, State
from app.cases.results import Refused
from app.cases.staff_answers import Answer, details, list_of, send_answer, their_time
from app.cases.staff_notes import ending, was_reached
from app.cases.wording import catalogue, cause_name, outcome_name, staff_time
from app.extensions import db
from surveys.people.models import Staff
from surveys.people.queries import sms_reach

# What an answer confirms, by the name it has in the audit log.
DONE_BY_TEXT = {
    **dict.fromkeys(("ok", "ok_untold", "ok_no_call"), "acknowledge"),
    **dict.fromkeys(("called", "no_answer", "no_answer_untold"), "contact"),
    **dict.fromkeys(("done", "done_as", "done_later", "done_untold"), "close"),
    "to": "hand_over",
    "details": "details",
    "list": "list",
}


def is_command(text: str) -> bool:
    """Whether a text is certainly an order, also from somebody who is in the middle of a survey."""
    found = manager_command(text)
    return found.code is not None or found.verb is Verb.LIST


def staff_command(staff: Staff, text: str, *, now: datetime, inbound_id: int) -> str:
    """Do what the text orders and queue the one answer to it. The outcome as a word for the inbox."""
    command = manager_command(text)
    key, values, case = _do(staff, command, now)
    if key in DONE_BY_TEXT:
        # As on the screen; OK and ? also hand out the customer's number.
        audit.record(
            f"case.{DONE_BY_TEXT[key]}",
            actor_kind="staff_phone",
            actor_id=staff.id,
            subject_kind="case" if case is not None else "staff",
            subject_id=case.id if case is not None else staff.id,
            now=now,
            detail={"inbound": inbound_id},
        )
    send_answer(staff, key, values, case, now, inbound_id)
    return f"case_{key}"[:24]


def _do(staff: Staff, command: Command, now: datetime) -> Answer:
    if command.verb is Verb.LIST:
        return list_of(staff, now)
    if command.verb is Verb.NONE:
        mine = waiting_for(staff)
        return "not_read", {"code": mine[0].code if mine else "4821"}, None
    if command.code is None:
        mine = _meant(staff, command.verb)
        if len(mine) != 1:
            return ("which", {"code": mine[0].code}, None) if mine else ("list_empty", {}, None)
        case: Case | None = mine[0]
    else:
        case = by_code(staff, command.code)
    if case is None:
        return "no_such", {"code": command.code or ""}, None
    if command.verb is Verb.DETAILS:
        return "details", details(staff, case, now), case
    if case.state not in LIVE:
        return _closed(staff, case, now)
    return _DEEDS[command.verb](staff, case, command.rest, now)


def _meant(staff: Staff, verb: Verb) -> list[Case]:
    """Without a number only the cases count that wait for this very deed."""
    mine = waiting_for(staff)
    if verb is Verb.OK:
        return [c for c in mine if c.state in UNREAD]
    return [c for c in mine if verb is not Verb.CALLED or c.state != State.CONTACTED]


def _ok(staff: Staff, case: Case, rest: str, now: datetime) -> Answer:
    result = deeds.acknowledge(case, by=staff, now=now)
    if isinstance(result, Refused):
        return _refused(staff, case, result, now)
    reach = sms_reach(case.customer_id)
    if reach is None or case.call_choice == "none":
        return "ok_no_call", {}, case
    return ("ok" if result.told else "ok_untold"), {"phone": reach.address}, case


def _called(staff: Staff, case: Case, rest: str, now: datetime) -> Answer:
    reached = was_reached(rest)
    result = deeds.contact(case, by=staff, note=rest, reached=reached, now=now)
    if isinstance(result, Refused):
        return _refused(staff, case, result, now)
    zone, language = case.branch.time_zone, staff.language
    times = {
        "time": staff_time(now, zone, language, now=now),
        "time2": staff_time(call_by(case, now=now), zone, language, now=now),
    }
    key = "called" if reached else "no_answer" if result.told else "no_answer_untold"
    return key, times, case


def _to(staff: Staff, case: Case, rest: str, now: datetime) -> Answer:
    colleague = _named(case, rest)
    unknown: Answer = ("no_name", {"name": rest[: catalogue().room("name", staff.language)] or "?"}, case)
    if colleague is None:
        return unknown
    result = deeds.hand_over(case, by=staff, to=colleague, now=now)
    if isinstance(result, Refused):
        return unknown if result.code in ("away", "same_person") else _refused(staff, case, result, now)
    return "to", {"name": colleague.name}, case


def _done(staff: Staff, case: Case, rest: str, now: datetime) -> Answer:
    read = ending(rest)
    if read.cause is None:
        return "no_cause", {}, case
    # What else they wrote is for colleagues; the customer gets the sentence that belongs to outcome and cause.
    result = closing.resolve(case, by=staff, outcome=read.outcome, root_cause=read.cause, now=now)
    if isinstance(result, Refused):
        return _refused(staff, case, result, now)
    if read.note:
        journal.record(case, "note", now=now, staff=staff, note=read.note)
    names = {
        "cause": cause_name(read.cause, staff.language),
        "outcome": outcome_name(read.outcome, staff.language),
    }
    if not result.told:
        return "done_untold", names, case
    if result.later:
        return "done_later", names, case
    # Any outcome but the usual one is said back: a note may have been read as one.
    return ("done" if read.outcome == "saved" else "done_as"), names, case


_DEEDS = {Verb.OK: _ok, Verb.CALLED: _called, Verb.TO: _to, Verb.DONE: _done}


def _named(case: Case, name: str) -> Staff | None:
    """The one colleague of that name who works at the branch or answers for it; None for nobody, and for two."""
    wanted = " ".join(name.split()).casefold()
    if not wanted:
        return None
    people = [p for p in db.session.scalars(select(Staff)) if p.branch_id == case.branch_id or may_act(p, case)]
    whole = [p for p in people if wanted in (p.name.casefold(), p.code.casefold())]
    parts = [p for p in people if wanted in p.name.casefold().split() or p.name.casefold().startswith(wanted)]
    found = whole or parts
    return found[0] if len(found) == 1 else None


def _refused(staff: Staff, case: Case, result: Refused, now: datetime) -> Answer:
    if result.code == "taken":
        at = case.acknowledged_at or now
        return "taken", {"name": case.owner.name, "time": their_time(case, at, staff, now)}, case
    if result.code == "closed":
        return _closed(staff, case, now)
    return "no_such", {"code": case.code}, None


def _closed(staff: Staff, case: Case, now: datetime) -> Answer:
    time = their_time(case, case.resolved_at or case.closed_at or now, staff, now)
    if case.state == State.DISMISSED:
        return "closed_alarm", {"time": time}, case
    return "closed", {"time": time, "cause": cause_name(case.root_cause, staff.language)}, case
