"""Which records may be one person: the same name and birth date, or the same telephone or mailbox."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, func, literal, select, union
from sqlalchemy.orm import aliased

from app.extensions import db
from surveys.people.models import ContactPoint, Customer, TwoPeople

LIKENESS = "likeness"


@dataclass(frozen=True)
class Pair:
    """Two living records, the older first, and why they may be one person: likeness, phone, email."""

    first_id: int
    second_id: int
    reasons: tuple[str, ...]


def pairs(among: Select[Any], *, most: int) -> list[Pair]:
    """Pairs within these customers (a query of ids) that nobody has decided about, the oldest first."""
    alike, shared = _alike(), _shared()
    proposed = union(alike, shared).subquery()
    first, second = proposed.c.first_id, proposed.c.second_id
    decided = exists().where(TwoPeople.first_id == first, TwoPeople.second_id == second)
    # A pair has up to three reasons, a row each.
    query = select(proposed).where(first.in_(among), second.in_(among), ~decided).order_by(first, second)
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for row in db.session.execute(query.limit(3 * most)):
        found[row.first_id, row.second_id].append(row.reason)
    return [Pair(*ids, tuple(sorted(set(reasons)))) for ids, reasons in found.items()][:most]


def _alike() -> Select[int, int, str]:
    first, second = aliased(Customer), aliased(Customer)
    return (
        select(first.id.label("first_id"), second.id.label("second_id"), literal(LIKENESS).label("reason"))
        .join(second, (first.likeness == second.likeness) & (first.id < second.id))
        .where(first.likeness.is_not(None), first.merged_into_id.is_(None), second.merged_into_id.is_(None))
    )


def _shared() -> Select[int, int, str]:
    first, second = aliased(ContactPoint), aliased(ContactPoint)
    more_than_one = select(ContactPoint.address_index).group_by(ContactPoint.address_index).having(func.count() > 1)
    living = select(Customer.id).where(Customer.merged_into_id.is_(None))
    return (
        select(first.customer_id.label("first_id"), second.customer_id.label("second_id"), first.kind.label("reason"))
        .join(second, (first.address_index == second.address_index) & (first.customer_id < second.customer_id))
        .where(first.address_index.in_(more_than_one), first.customer_id.in_(living), second.customer_id.in_(living))
    )
