"""Who can be reached on duty: what happens when a colleague stops the texts on their phone."""

from datetime import datetime

from app.cases.wording import catalogue
from app.extensions import db
from notifications import EmailAddress, Purpose, queue_email
from surveys.people.models import Staff
from surveys.people.queries import chain


def alerts_stopped(staff: Staff, *, now: datetime) -> None:
    """A colleague texted STOP: mail and worklist carry on; they and the managers above them are told by mail."""
    chief = db.session.get(Staff, staff.manager_id) if staff.manager_id else None
    told = [staff, chief, *(place.manager for place in chain(staff.branch))]
    for person in dict.fromkeys(p for p in told if p is not None and p.email):
        said = catalogue().render("alerts_stopped", person.language, name=staff.name)
        queue_email(
            EmailAddress.trusted(person.email or ""),
            subject=said,
            text=said,
            html=None,
            purpose=Purpose.CASE,
            dedupe_key=f"staff:{staff.id}:stopped:{now.date()}:{person.id}",
            now=now,
            subject_kind="staff",
            subject_id=staff.id,
        )
