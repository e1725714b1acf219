"""Deadlines: remind, and when one passes hand the case up, exactly one level a breach."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.cases import journal
from app.cases.clocks import call_by, due_by, schedule, watched
from app.cases.ladder import Level, last_hand_over, next_holder
from app.cases.lookup import held
from app.cases.messages import alert, language_of, tell_customer, tell_staff
from app.cases.models import Case
from app.cases.places import place_of
from app.cases.policy import LIVE, Deed, State, apply
from app.cases.watch import REMINDERS, Due, Watch, awake, next_due
from app.cases.wording import customer_time, staff_time
from app.extensions import commit, db, one_by_one, reading, settings
from notifications import Purpose
from surveys.people.models import Staff

BATCH = 200


def sweep_chase(now: datetime) -> int:
    """Door: look at every case whose time has come, one commit each. How many deadlines were acted on."""
    query = select(Case.id).where(Case.next_check_at <= now, Case.state.in_(LIVE)).order_by(Case.next_check_at)

    def look(case_id: int) -> int:
        moved = chase(case_id, now=now)
        commit()
        return moved

    with reading():
        due = db.session.scalars(query.limit(BATCH)).all()
    return one_by_one("chase case", due, look)


def chase(case_id: int, *, now: datetime) -> bool:
    """Act on the next deadline of this case if it has passed. False when it has not, or another worker was first."""
    found = db.session.get(Case, case_id)
    if found is None:
        return False
    case = held(found)
    if State(case.state) not in LIVE or case.next_check_at is None or case.next_check_at > now:
        return False
    due = next_due(watched(case, now=now), place_of(case.branch, now=now))
    if due.at > now or awake(now, case.branch.time_zone) > now:
        schedule(case, now=now)
        return False
    if due.watch is Watch.STILL:
        _still(case, due, now)
    elif due.watch in REMINDERS:
        _remind(case, due, now)
    else:
        _breach(case, due, now)
    schedule(case, now=now)
    return True


def _remind(case: Case, due: Due, now: datetime) -> None:
    line = journal.record(case, "reminded", now=now, watch=str(due.watch), due=due.at.isoformat())
    tell_staff(case, case.owner, str(due.watch), now=now, key=f"{due.watch}:{line.id}", purpose=Purpose.CASE)


def _still(case: Case, due: Due, now: datetime) -> None:
    """Every deadline is over: whoever is higher and back at work gets it, else its holder hears of it once a day."""
    above, former = next_holder(case, now=now), case.owner
    missed = Due(Watch.RESOLVE if case.state == State.CONTACTED else Watch.CONTACT, min(due_by(case, now=now), now))
    if above is not None:
        case.promised_by = None  # broken, and owned up to when it was
        if _hand_up(case, *above, missed, now):
            _tell(case, former, missed, now)
        return
    line = journal.record(case, "reminded", now=now, watch=str(due.watch), due=due.at.isoformat())
    kind = "still_open" if case.state == State.CONTACTED or case.call_choice == "none" else "still"
    time = staff_time(missed.at, case.branch.time_zone, case.owner.language, now=now)
    alert(case, case.owner, kind, now=now, key=f"still:{line.id}", words=case.words, time=time)


def _breach(case: Case, due: Due, now: datetime) -> None:
    journal.record(case, "breached", now=now, watch=str(due.watch), due=due.at.isoformat(), level=case.level)
    handed = last_hand_over(case)
    if due.watch is Watch.ACKNOWLEDGE and handed is not None:
        _give_back(case, handed.detail["former"], due, now)
        return
    above = next_holder(case, now=now)
    if above is None:
        if due.watch is Watch.PROMISE:
            _say_sorry(case, due, None, now)
        return
    former = case.owner
    if _hand_up(case, *above, due, now):
        _tell(case, former, due, now)


def _hand_up(case: Case, to: Staff, level: Level, due: Due, now: datetime) -> bool:
    """Compare and set: of two workers one moves the case, and nobody moves it twice for one breach."""
    former = case.owner_id
    moved = db.session.execute(
        update(Case)
        .where(Case.id == case.id, Case.level == case.level, Case.owner_id == former)
        .values(level=int(level), owner_id=to.id, state=apply(case.state, Deed.HAND_UP).value)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an update has one
        return False
    db.session.refresh(case)
    journal.record(case, "handed_up", now=now, to=to.id, former=former, level=int(level), watch=str(due.watch))
    if due.watch is Watch.PROMISE:
        case.promised_by = None  # broken; the next holder is given a time of their own
    return True


def _tell(case: Case, former: Staff, due: Due, now: datetime) -> None:
    step = journal.times(case, "handed_up")
    if due.watch is Watch.PROMISE and case.call_choice != "none":
        again = call_by(case, now=now)
        case.promised_by = again
        journal.record(case, "promised", now=now, by=again.isoformat())
        _say_sorry(case, due, again, now)
    kind, told = ("overdue", "overdue_up") if due.watch is Watch.RESOLVE else ("hand_up", "handed_up")
    zone, by = case.branch.time_zone, call_by(case, now=now)
    alert(
        case,
        case.owner,
        kind,
        now=now,
        key=f"hand_up:{step}",
        words=case.words,
        time=staff_time(due.at, zone, case.owner.language, now=now),
        time2=staff_time(by, zone, case.owner.language, now=now),
    )
    tell_staff(
        case,
        former,
        told,
        now=now,
        key=f"handed_up:{step}",
        values={"time": staff_time(due.at, zone, former.language, now=now), "name": case.owner.name},
    )


def _say_sorry(case: Case, due: Due, again: datetime | None, now: datetime) -> None:
    language, zone = language_of(case), case.branch.time_zone
    values: dict[str, Any] = {"phone": case.branch.phone or settings().organisation.phone}
    kind = "missed_again"
    if again is not None:
        kind = "missed" if case.level >= Level.REGION else "missed_branch"
        values["time2"] = customer_time(again, zone, language, now=now)
    tell_customer(case, kind, now=now, key=f"missed:{due.at.isoformat()}", time=due.at, **values)


def _give_back(case: Case, former_id: int, due: Due, now: datetime) -> None:
    """A colleague did not take what was handed to them: whoever handed it over has it again, on the same level."""
    former, colleague = db.session.get_one(Staff, former_id), case.owner
    case.owner_id, case.owner = former.id, former
    line = journal.record(case, "handed_back", now=now, to=former.id, former=colleague.id)
    zone, by = case.branch.time_zone, call_by(case, now=now)
    alert(
        case,
        former,
        "hand_up",
        now=now,
        key=f"handed_back:{line.id}",
        words=case.words,
        time=staff_time(due.at, zone, former.language, now=now),
        time2=staff_time(by, zone, former.language, now=now),
    )
