"""What people do to a case: take it, call, put it right, pass it on. Each deed may come twice; refusing is a value."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.cases import journal
from app.cases.clocks import call_by, schedule
from app.cases.ladder import away, may_act
from app.cases.lookup import held
from app.cases.messages import alert, language_of, tell_customer
from app.cases.models import Case
from app.cases.opening import release_surveys
from app.cases.places import place_of
from app.cases.policy import LIVE, Deed, NotAllowed, State, apply
from app.cases.results import Done, Refused, Result
from app.cases.wording import CAUSES, catalogue
from app.extensions import settings
from surveys.people.models import Staff

OUTCOMES = ("saved", "lost", "unreachable", "not_justified")
SAME_CLICK = timedelta(minutes=2)


def acknowledge(case: Case, *, by: Staff, now: datetime) -> Result:
    """Somebody takes the case and the customer is told. Of two at once one has it, the other is refused: taken."""
    case = held(case)
    refused = _not_open(case, by)
    if refused is not None:
        return refused
    if case.state not in (State.OPEN, State.REOPENED):
        return Done(case, changed=False) if case.owner_id == by.id else Refused("taken", case)
    _take(case, by, now)
    journal.record(case, "acknowledged", now=now, staff=by)
    schedule(case, now=now)
    _tell_read(case, now)
    return Done(case)


def contact(
    case: Case, *, by: Staff, note: str, reached: bool, promised_by: datetime | None = None, now: datetime
) -> Result:
    """A call was made. Not reached: the customer is asked when to try again, and the clock runs on."""
    case = held(case)
    refused = _not_open(case, by)
    if refused is not None:
        return refused
    if promised_by is not None and promised_by <= now:
        return Refused("promise_past", case)
    kind = "contacted" if reached else "tried"
    if _same_click(case, kind, by, note, now):
        return Done(case, changed=False)
    unread = case.state in (State.OPEN, State.REOPENED)
    if unread:
        _take(case, by, now)
    if reached:
        case.state = apply(case.state, Deed.CONTACT).value
        case.contacted_at = case.contacted_at or now
        case.promised_by = None
    line = journal.record(case, kind, now=now, staff=by, note=note or None)
    if promised_by is not None:
        promise(case, promised_by, now=now)
    schedule(case, now=now)
    if not reached and case.call_choice != "none":
        question = "tried_late" if _day_is_over(case, now) else "tried"
        tell_customer(case, question, now=now, key=f"tried:{line.id}", time=now)
        journal.record(case, "asked_customer", now=now, question=question)
    return Done(case)


def promise(case: Case, by: datetime, *, now: datetime) -> None:
    """A time the customer was given: it starts a clock."""
    case.promised_by = by
    journal.record(case, "promised", now=now, by=by.isoformat())


def resolve(
    case: Case, *, by: Staff, outcome: str, root_cause: str, done_text: str | None = None, now: datetime
) -> Result:
    """It is put right: the customer is told what was done and asked two days later whether that is so."""
    case = held(case)
    refused = _not_open(case, by)
    if refused is not None:
        return refused
    if root_cause not in CAUSES:
        return Refused("no_cause", case)
    if outcome not in OUTCOMES:
        return Refused("no_outcome", case)
    language = language_of(case)
    done = " ".join((done_text or "").split()).rstrip(".。")
    if catalogue().refusals(language, what=done):
        return Refused("too_long", case)
    settle(case, outcome=outcome, root_cause=root_cause, done_text=done or None, staff=by, now=now)
    tell_customer(
        case,
        "resolved",
        now=now,
        key=f"resolved:{journal.cycle(case)}",
        what=done or catalogue().render(f"did_{root_cause}", language),
    )
    case.recovery_due_at = now + timedelta(days=settings().policy.recovery_after_days)
    return Done(case)


def settle(
    case: Case, *, outcome: str, root_cause: str | None, done_text: str | None, staff: Staff | None, now: datetime
) -> None:
    """Write down that a case is put right; whoever did so without a call has acknowledged and contacted by that."""
    case.state = apply(case.state, Deed.RESOLVE).value
    case.acknowledged_at, case.contacted_at = case.acknowledged_at or now, case.contacted_at or now
    case.resolved_at, case.outcome, case.done_text = now, outcome, done_text
    case.root_cause = root_cause or case.root_cause
    case.promised_by, case.recovery = None, None
    release_surveys(case, now=now)
    journal.record(case, "resolved", now=now, staff=staff, outcome=outcome, cause=root_cause)
    schedule(case, now=now)


def dismiss(case: Case, *, by: Staff, note: str, now: datetime) -> Result:
    """A false alarm; the note says why. The customer is told nothing."""
    case = held(case)
    if not may_act(by, case):
        return Refused("not_yours", case)
    if case.state == State.DISMISSED:
        return Done(case, changed=False)
    if not note.strip():
        return Refused("no_note", case)
    try:
        case.state = apply(case.state, Deed.DISMISS).value
    except NotAllowed:
        return Refused("not_now" if case.state in LIVE else "closed", case)
    case.closed_at, case.promised_by = now, None
    release_surveys(case, now=now)
    journal.record(case, "dismissed", now=now, staff=by, note=note)
    schedule(case, now=now)
    return Done(case)


def hand_over(case: Case, *, by: Staff, to: Staff, now: datetime) -> Result:
    """Pass it to a colleague, who must read it anew and gets the words by text. No clock stops."""
    case = held(case)
    refused = _not_open(case, by)
    if refused is not None:
        return refused
    if to.id == case.owner_id:
        move = journal.last(case, *journal.MOVES)
        done_before = move is not None and move.kind == "handed_over" and move.staff_id == by.id
        return Done(case, changed=False) if done_before else Refused("same_person", case)
    if away(to, case.branch, now=now):
        return Refused("away", case)
    former = case.owner_id
    case.owner_id, case.owner = to.id, to
    case.state = apply(case.state, Deed.HAND_OVER).value
    line = journal.record(case, "handed_over", now=now, staff=by, to=to.id, former=former)
    schedule(case, now=now)
    alert(case, to, "handed_over", now=now, key=f"handed_over:{line.id}", name=by.name)
    return Done(case)


def note(case: Case, *, by: Staff, text: str, now: datetime) -> Result:
    """Words for colleagues; allowed at any time, also when the case is over."""
    case = held(case)
    if not may_act(by, case):
        return Refused("not_yours", case)
    if not text.strip():
        return Refused("no_note", case)
    if not _same_click(case, "note", by, text, now):
        journal.record(case, "note", now=now, staff=by, note=text)
    return Done(case)


def _not_open(case: Case, by: Staff) -> Refused | None:
    if not may_act(by, case):
        return Refused("not_yours", case)
    return None if case.state in LIVE else Refused("closed", case)


def _take(case: Case, by: Staff, now: datetime) -> None:
    case.owner_id, case.owner = by.id, by
    case.state = apply(case.state, Deed.ACKNOWLEDGE).value
    case.acknowledged_at = case.acknowledged_at or now


def _tell_read(case: Case, now: datetime) -> None:
    kind = "read_no_call" if case.call_choice == "none" else "read"
    tell_customer(case, kind, now=now, key=f"read:{journal.cycle(case)}", time=call_by(case, now=now))


def _same_click(case: Case, kind: str, by: Staff, words: str, now: datetime) -> bool:
    before = journal.last(case, kind)
    if before is None or before.staff_id != by.id or now - before.at > SAME_CLICK:
        return False
    return (before.note or "") == (words or "")


def _day_is_over(case: Case, now: datetime) -> bool:
    # "This afternoon" is only offered while there is one.
    place = place_of(case.branch, now=now)
    today = now.astimezone(ZoneInfo(place.time_zone)).date()
    return place.end_of_working_day(now + timedelta(hours=1)).date() > today
