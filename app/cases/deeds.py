"""What people do to an open case: take it, call, pass it on. Each deed may come twice; refusing is a value."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.cases import journal
from app.cases.clocks import renew, schedule
from app.cases.ladder import away, may_act
from app.cases.lookup import held
from app.cases.messages import alert, tell_customer
from app.cases.models import Case
from app.cases.places import place_of
from app.cases.policy import LIVE, UNREAD, Deed, apply
from app.cases.results import Done, Refused, Result
from surveys.people.models import Staff

SAME_CLICK = timedelta(minutes=2)


def acknowledge(case: Case, *, by: Staff, now: datetime) -> Result:
    """Somebody takes the case and the customer is told. Of two at once one has it, the other is refused: taken."""
    case = held(case)
    refused = not_open(case, by)
    if refused is not None:
        return refused
    if case.state not in UNREAD:
        if case.owner_id != by.id:
            return Refused("taken", case)
        renew(case, now=now)
        before = journal.last(case, "acknowledged")
        return Done(case, changed=False, told=before is None or before.detail.get("told", True))
    _take(case, by, now)
    renew(case, now=now)
    schedule(case, now=now)
    told_at = _tell_read(case, now)
    journal.record(case, "acknowledged", now=now, staff=by, told=told_at is not None)
    return Done(case, told=told_at is not None, later=told_at is not None and told_at > now)


def contact(
    case: Case, *, by: Staff, note: str, reached: bool, promised_by: datetime | None = None, now: datetime
) -> Result:
    """A call was made. Not reached: the customer is asked when to try again, and the clock runs on."""
    case = held(case)
    refused = not_open(case, by)
    if refused is not None:
        return refused
    if promised_by is not None and promised_by <= now:
        return Refused("promise_past", case)
    kind = "contacted" if reached else "tried"
    if _same_click(case, kind, by, note, now):
        return Done(case, changed=False)
    unread = case.state in UNREAD
    if unread:
        _take(case, by, now)
    if reached:
        case.state = apply(case.state, Deed.CONTACT).value
        case.contacted_at = case.contacted_at or now
        case.promised_by = None
    line = journal.record(case, kind, now=now, staff=by, note=note or None)
    if promised_by is not None:
        promise(case, promised_by, now=now)
    renew(case, now=now)
    schedule(case, now=now)
    return Done(case, told=not reached and _ask_when(case, now, f"tried:{line.id}"))


def _ask_when(case: Case, now: datetime, key: str) -> bool:
    question = "tried_late" if _day_is_over(case, now) else "tried"
    if case.call_choice == "none" or not tell_customer(case, question, now=now, key=key, time=now, at_once=True):
        return False
    journal.record(case, "asked_customer", now=now, question=question)
    return True


def promise(case: Case, by: datetime, *, now: datetime) -> None:
    """A time the customer was given: it starts a clock."""
    case.promised_by = by
    journal.record(case, "promised", now=now, by=by.isoformat())


def hand_over(case: Case, *, by: Staff, to: Staff, now: datetime) -> Result:
    """Pass it to a colleague, who must read it anew and gets the words by text. No clock stops."""
    case = held(case)
    refused = not_open(case, by)
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
    renew(case, now=now)
    schedule(case, now=now)
    alert(case, to, "handed_over", now=now, key=f"handed_over:{line.id}", words=case.words, name=by.name)
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


def not_open(case: Case, by: Staff) -> Refused | None:
    """Why this colleague can do nothing to the case; None when they can."""
    if not may_act(by, case):
        return Refused("not_yours", case)
    return None if case.state in LIVE else Refused("closed", case)


def _take(case: Case, by: Staff, now: datetime) -> None:
    case.owner_id, case.owner = by.id, by
    case.state = apply(case.state, Deed.ACKNOWLEDGE).value
    case.acknowledged_at = case.acknowledged_at or now


def _tell_read(case: Case, now: datetime) -> datetime | None:
    kind = "read_no_call" if case.call_choice == "none" else "read"
    return tell_customer(case, kind, now=now, key=f"read:{journal.cycle(case)}")


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
