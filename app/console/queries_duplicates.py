"""Records that may be one person, side by side; and those that were made one lately."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from app.auth.roles import Scope
from app.console.queries_people import mailbox
from app.extensions import db
from surveys.invitations.models import ServiceEvent
from surveys.people.duplicates import Pair, pairs
from surveys.people.models import Customer, CustomerReference, Merge

MOST = 25
LATELY = 20


@dataclass(frozen=True)
class Side:
    """One of the two records, as far as it helps to tell whether they are one person."""

    customer: Customer
    phones: list[str]  # the last four digits
    mailboxes: list[str]
    references: list[CustomerReference]
    visits: int
    last_visit: datetime | None


@dataclass(frozen=True)
class Proposed:
    """Two records, why they are proposed, whether the birth dates agree, and which has more behind it."""

    sides: tuple[Side, Side]
    reasons: tuple[str, ...]
    birth: str  # same, different, one, none
    fuller: int


@dataclass(frozen=True)
class Joined:
    """Two records that were made one, and whether that can be taken back now."""

    merge: Merge
    kept: Customer
    gone: Customer
    can_undo: bool


def among(scope: Scope) -> Select[int]:
    """The customers somebody may decide about: at home in scope, or nowhere yet."""
    here = or_(Customer.branch_id.in_(scope.branch_ids), Customer.branch_id.is_(None))
    return select(Customer.id).where(here)


def proposed(scope: Scope) -> list[Proposed]:
    """The pairs to look at, the oldest first; one more than are shown when there are more."""
    found = pairs(among(scope), most=MOST + 1)
    sides = {one: _side(one) for pair in found for one in (pair.first_id, pair.second_id)}
    return [_proposed(pair, sides[pair.first_id], sides[pair.second_id]) for pair in found]


def joined(scope: Scope) -> list[Joined]:
    """Merges that stand, the latest first."""
    query = (
        select(Merge)
        .where(Merge.undone_at.is_(None), Merge.kept_id.in_(among(scope)), Merge.gone_id.in_(among(scope)))
        .order_by(Merge.id.desc())
        .limit(LATELY)
    )
    return [_joined(merge) for merge in db.session.scalars(query)]


def _joined(merge: Merge) -> Joined:
    kept, gone = db.session.get_one(Customer, merge.kept_id), db.session.get_one(Customer, merge.gone_id)
    return Joined(merge, kept, gone, kept.merged_into_id is None and kept.erased_at is None)


def _proposed(pair: Pair, first: Side, second: Side) -> Proposed:
    dates = [one.customer.birth_date for one in (first, second)]
    known = [date for date in dates if date]
    birth = "none" if not known else "one" if len(known) == 1 else "same" if known[0] == known[1] else "different"
    fuller = max((first, second), key=lambda side: (side.visits, len(side.references), -side.customer.id))
    return Proposed((first, second), pair.reasons, birth, fuller.customer.id)


def _side(customer_id: int) -> Side:
    customer = db.session.get_one(Customer, customer_id)
    visits, last = db.session.execute(
        select(func.count(ServiceEvent.id), func.max(ServiceEvent.occurred_at)).where(
            ServiceEvent.customer_id == customer_id
        )
    ).one()
    references = select(CustomerReference).where(CustomerReference.customer_id == customer_id)
    return Side(
        customer=customer,
        phones=[point.ends for point in customer.contact_points if point.kind == "phone"],
        mailboxes=[mailbox(point.address) for point in customer.contact_points if point.kind == "email"],
        references=list(db.session.scalars(references.order_by(CustomerReference.id))),
        visits=visits,
        last_visit=last,
    )
