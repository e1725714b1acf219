"""What the demo bank has arranged for these weeks: who is on call, who is away, one phone to verify, one closed day."""

from datetime import date, timedelta

from sqlalchemy import select

from app.extensions import db
from surveys.people.models import Absence, Branch, Closure, Staff

ON_CALL = {"NORTH": "S-31", "SOUTH": "S-51"}
AWAY = (("S-23", -1, 6), ("S-44", 0, 0), ("S-12", 20, 27))  # first and last day, counted from today
UNVERIFIED = "S-55"
CLOSED = ("BJ-03", 12, "Power line work")


def arrange(*, today: date) -> None:
    """Add them to the session."""
    staff = {person.code: person for person in db.session.scalars(select(Staff))}
    places = {place.code: place for place in db.session.scalars(select(Branch))}
    for place, code in ON_CALL.items():
        places[place].on_call_id = staff[code].id
    for code, first, last in AWAY:
        days = (today + timedelta(days=first), today + timedelta(days=last))
        db.session.add(Absence(staff_id=staff[code].id, first_day=days[0], last_day=days[1]))
    staff[UNVERIFIED].phone_verified_at = None
    place, ahead, reason = CLOSED
    day = today + timedelta(days=ahead)
    db.session.add(Closure(branch_id=places[place].id, first_day=day, last_day=day, reason=reason))
    db.session.flush()
