"""Answers about people and places."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ScalarSelect, bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db, read_rows
from surveys.people.models import Branch, Consent, ContactPoint, Customer, Staff


@dataclass(frozen=True)
class Reach:
    """Where a customer can be reached: the address, its keyed hash, the last four digits of a phone."""

    address: str
    index: str
    ends: str


_ADDRESSES = (
    select(ContactPoint.address, ContactPoint.address_index, ContactPoint.ends)
    .where(
        ContactPoint.customer_id == bindparam("customer_id"),
        ContactPoint.kind == bindparam("kind"),
        ContactPoint.deliverable.is_(True),
    )
    .order_by(ContactPoint.id.desc())
)
_ABOVE = select(Branch.id, Branch.parent_id).where(Branch.id == bindparam("branch_id")).cte("above", recursive=True)
_ABOVE = _ABOVE.union(select(Branch.id, Branch.parent_id).where(Branch.id == _ABOVE.c.parent_id))
_LADDER = (
    select(Branch)
    .join(_ABOVE, _ABOVE.c.id == Branch.id)
    .options(joinedload(Branch.manager).selectinload(Staff.absences), selectinload(Branch.closures))
)


def branch_by_code(code: str) -> Branch | None:
    """The place with this code."""
    return db.session.scalar(select(Branch).where(Branch.code == code))


def company() -> Branch | None:
    """The root of the tree."""
    return db.session.scalar(select(Branch).where(Branch.parent_id.is_(None)).order_by(Branch.id).limit(1))


def staff_by_code(code: str) -> Staff | None:
    """The member of staff with this code."""
    return db.session.scalar(select(Staff).where(Staff.code == code))


def staff_at_phone() -> ScalarSelect[int]:
    """Id of the member of staff whose verified phone `:address` is, to be asked for beside what is read anyway."""
    address = bindparam("address", type_=Staff.phone_index.type)
    query = select(Staff.id).where(Staff.phone_index == address, Staff.phone_verified_at.is_not(None))
    return query.order_by(Staff.id).limit(1).scalar_subquery()


def subtree(branch_ids: Collection[int]) -> set[int]:
    """These places and everything below them, as ids."""
    if not branch_ids:
        return set()
    tree = select(Branch.id).where(Branch.id.in_(branch_ids)).cte("tree", recursive=True)
    tree = tree.union(select(Branch.id).where(Branch.parent_id == tree.c.id))
    return set(db.session.scalars(select(tree.c.id)))


def chain(branch: Branch) -> list[Branch]:
    """The place and everything above it, nearest first."""
    up = [branch]
    while up[-1].parent is not None:
        up.append(up[-1].parent)
    return up


def load_ladder(branch: Branch) -> None:
    """Read the chain with who manages each place, when they are away and when it is closed: one by one it costs ten."""
    _held = db.session.scalars(_LADDER, {"branch_id": branch.id}).all()
    chain(branch)  # from here on the branch holds them; a session keeps nothing that nobody holds


def sms_reach(customer_id: int) -> Reach | None:
    """The phone an SMS goes to: the latest that is not known to be dead."""
    return _reach(customer_id, "phone")


def email_reach(customer_id: int) -> Reach | None:
    """The mailbox a mail goes to: the latest that is not known to be dead."""
    return _reach(customer_id, "email")


def _reach(customer_id: int, kind: str) -> Reach | None:
    points = [Reach(*row) for row in read_rows(_ADDRESSES, customer_id=customer_id, kind=kind)]
    # Of several, one they do not want to be asked at gives way to the others; the ledger decides about a single one.
    refused = _refused_addresses(customer_id) if len(points) > 1 else frozenset()
    return next((p for p in points if p.index not in refused), points[0] if points else None)


def _refused_addresses(customer_id: int) -> frozenset[str]:
    """The addresses about which this person's last word was no."""
    theirs = select(Customer.id).where(or_(Customer.id == customer_id, Customer.merged_into_id == customer_id))
    lines = select(Consent.address_index, Consent.granted).where(
        Consent.customer_id.in_(theirs), Consent.address_index.is_not(None)
    )
    latest = dict(db.session.execute(lines.order_by(Consent.id)).tuples().all())
    return frozenset(str(address) for address, granted in latest.items() if not granted)


def holds_demo_people() -> bool:
    """Whether this database holds people who do not exist: it must never send a real text."""
    return db.session.scalar(select(Customer.id).where(Customer.demo.is_(True)).limit(1)) is not None
