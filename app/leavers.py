"""What a day brings: planned changes of owner take effect, and what is theirs passes from those who have left."""

from datetime import datetime

from sqlalchemy import select

from app.auth import audit
from app.auth.models import User
from app.auth.service import sign_out_everywhere
from app.cases import service as cases
from app.extensions import commit, db, one_by_one, reading
from surveys.people import ownership, staffing
from surveys.people.models import Staff


def sweep_days(now: datetime) -> int:
    """Door: look for owners whose first day has come and for people whose last day is over. How many rows moved."""
    with reading():
        today = ownership.today_of(now)
        leaving = staffing.due_to_settle(today=today)
        planned = ownership.changes_due(today=today)
    moved = 0
    if planned:
        moved = ownership.take_effect(today=today)
        commit()

    def settle(staff_id: int) -> int:
        done = settle_leaver(staff_id, now=now)
        commit()
        return done

    return moved + one_by_one("settle leaver", leaving, settle)


def settle_leaver(staff_id: int, *, now: datetime) -> bool:
    """Customers, open cases and posts go to the successor, and the account is closed. False when that was done."""
    person = db.session.get(Staff, staff_id, with_for_update=True)
    if person is None or person.settled_at is not None or person.successor is None or person.left_on is None:
        return False
    today = ownership.today_of(now)
    customers = ownership.hand_over_portfolio(person, person.successor, since=person.left_on, today=today)
    passed = cases.pass_on_cases(person, person.successor, now=now)
    for user in db.session.scalars(select(User).where(User.staff_id == person.id)):
        user.active = False
        sign_out_everywhere(user)
    audit.record(
        "staff.settled",
        actor_kind="system",
        actor_id=None,
        subject_kind="staff",
        subject_id=person.id,
        now=now,
        detail={"successor": person.successor_id, "customers": customers, "cases": passed},
    )
    staffing.settle(person, now=now)
    return True
