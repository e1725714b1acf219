"""People for the stories of this room, as another system describes them."""

from datetime import date, datetime

from sqlalchemy import select

from app.extensions import db
from notifications import PhoneNumber, parse_email
from surveys.people.duplicates import pairs
from surveys.people.models import Customer
from surveys.people.queries import branch_by_code
from surveys.people.service import ConsentGiven, Person, identify


def known(
    now: datetime,
    ref: str | None = None,
    *,
    name: str = "Clara Wong",
    born: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    consent: bool | None = None,
    source: str = "core",
    branch: str = "BJ-01",
) -> int:
    """Another system speaks of somebody; the id of the customer it is taken for. The story commits."""
    at = branch_by_code(branch)
    assert at is not None
    person = Person(
        external_ref=ref,
        name=name,
        birth_date=date.fromisoformat(born) if born else None,
        phone=PhoneNumber.trusted(phone) if phone else None,
        email=parse_email(email) if email else None,
        consent=ConsentGiven(sms=consent, source="branch form") if consent is not None else None,
    )
    return identify(person, source=source, at=at, now=now, proof="event core:T-1").id


def proposed() -> list[tuple[int, int, tuple[str, ...]]]:
    """The pairs somebody is asked about."""
    return [(p.first_id, p.second_id, p.reasons) for p in pairs(select(Customer.id), most=50)]


def living(customer_id: int) -> bool:
    """Whether this record still stands for itself."""
    return db.session.get_one(Customer, customer_id, populate_existing=True).merged_into_id is None
