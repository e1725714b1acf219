"""Two records that are one person: everything moves to the one that stays, and exactly that can be moved back.

The record that goes keeps its own fields, its lines of append-only ledgers, and what the other has already (the same
telephone); `merged_into_id` leads from it to the living one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint, false, func, or_, select, update

from app.extensions import db, lock
from surveys.people.models import ContactPoint, Customer, CustomerReference, Merge, Staff, TwoPeople
from surveys.people.ownership import set_owner, today_of
from surveys.people.service import address_lock, reference_lock

# Fields taken over where the one that stays has none.
FILLED = (
    "name",
    "birth_date",
    "region",
    "branch_id",
    "owner_id",
    "tier",
    "tier_at",
    "value_cents",
    "customer_since",
)


@dataclass(frozen=True)
class NotMerged:
    """Why two records were not made one, or not two again; for `both_open` with the table and rows in the way."""

    code: str  # same, merged_before, erased, both_open; undone_before, merged_later
    table: str = ""
    rows: tuple[int, ...] = ()


def merge(kept_id: int, gone_id: int, *, now: datetime) -> Merge | NotMerged:
    """Make two records one person. Nothing is changed where it is refused."""
    if kept_id == gone_id:
        return NotMerged("same")
    hold_records(kept_id, gone_id)
    kept, gone = (db.session.get_one(Customer, one, populate_existing=True) for one in (kept_id, gone_id))
    if kept.merged_into_id is not None or gone.merged_into_id is not None:
        return NotMerged("merged_before")
    if kept.erased_at is not None or gone.erased_at is not None:
        return NotMerged("erased")
    both = next(_both_open(kept_id, gone_id), None)
    if both is not None:
        return both
    moved = {f"{c.table.name}.{c.name}": _move(c, kept_id, gone_id) for c in _movable()}
    filled = [name for name in FILLED if not getattr(kept, name) and getattr(gone, name)]
    for name in filled:
        setattr(kept, name, getattr(gone, name))
    if "owner_id" in filled:
        set_owner(kept, db.session.get(Staff, kept.owner_id), since=today_of(now), today=today_of(now))
    gone.merged_into_id = kept_id
    done = Merge(kept_id=kept_id, gone_id=gone_id, moved={k: v for k, v in moved.items() if v}, filled=filled, at=now)
    db.session.add(done)
    db.session.flush()
    db.session.expire_all()
    return done


def undo(merge_id: int, *, now: datetime) -> Merge | NotMerged:
    """Make them two again: what was moved goes back, what came since stays with the one that stayed."""
    done = db.session.get_one(Merge, merge_id)
    hold_records(done.kept_id, done.gone_id)
    db.session.refresh(done)
    if done.undone_at is not None:
        return NotMerged("undone_before")
    kept, gone = (db.session.get_one(Customer, one, populate_existing=True) for one in (done.kept_id, done.gone_id))
    if kept.erased_at is not None:
        return NotMerged("erased")
    if kept.merged_into_id is not None:
        return NotMerged("merged_later")
    for column in _movable():
        ids = done.moved.get(f"{column.table.name}.{column.name}", [])
        db.session.execute(
            update(column.table)
            .where(column.table.c.id.in_(ids), column == done.kept_id)
            .values({column.name: done.gone_id})
        )
    for name in done.filled:
        if getattr(kept, name) == getattr(gone, name):  # it was not changed since
            setattr(kept, name, "" if name == "name" else None)
            if name == "owner_id":
                set_owner(kept, None, since=today_of(now), today=today_of(now))
    gone.merged_into_id = None
    done.undone_at = now
    db.session.flush()
    db.session.expire_all()
    return done


def two_people(first_id: int, second_id: int, *, now: datetime) -> None:
    """Somebody looked: these are not the same person, and nobody is asked again. May be said twice."""
    low, high = sorted((first_id, second_id))
    lock(f"two_people:{low}:{high}")
    known = select(TwoPeople.id).where(TwoPeople.first_id == low, TwoPeople.second_id == high)
    if low != high and db.session.scalar(known) is None:
        db.session.add(TwoPeople(first_id=low, second_id=high, at=now))
        db.session.flush()


def hold_records(*customer_ids: int) -> None:
    """Nobody is identified as one of these, and nothing is read from their phones, until the transaction ends."""
    named = select(CustomerReference.source, CustomerReference.external_ref).where(
        CustomerReference.customer_id.in_(customer_ids)
    )
    reached = select(ContactPoint.address_index).where(ContactPoint.customer_id.in_(customer_ids))
    indexes = list(db.session.scalars(reached))
    lock(*(reference_lock(*row) for row in db.session.execute(named)), *(address_lock(index) for index in indexes))
    lock(*(f"phone:{index}" for index in indexes))
    lock(*(f"cases:{customer_id}" for customer_id in customer_ids))


def naming_customers() -> list[Column[Any]]:
    """Every column of the database that names a customer, in any package."""
    return [
        column
        for table in db.metadata.sorted_tables
        for column in table.columns
        if any(key.column is Customer.__table__.c.id for key in column.foreign_keys)
    ]


def _movable() -> list[Column[Any]]:
    return [column for column in naming_customers() if not {"append_only", "per_record"} & set(column.table.info)]


def _both_open(kept_id: int, gone_id: int) -> Iterator[NotMerged]:
    """Rows of which a customer may have one at a time, where each of the two has one."""
    for column in _movable():
        for index in column.table.indexes:
            where = index.dialect_options["sqlite"]["where"]
            if index.unique and where is not None and list(index.columns) == [column]:
                query = select(column.table.c.id, column).where(column.in_((kept_id, gone_id)), where)
                found = db.session.execute(query.order_by(column.table.c.id)).all()
                if len(found) > 1:
                    yield NotMerged("both_open", column.table.name, tuple(row[0] for row in found))


def _move(column: Column[Any], kept_id: int, gone_id: int) -> list[int]:
    """Point the rows of the one that goes to the one that stays; their ids. What would be there twice stays behind."""
    table = column.table
    rows = select(table.c.id).where(column == gone_id, ~_twice(column, kept_id))
    ids = sorted(db.session.scalars(rows))
    if ids:
        db.session.execute(update(table).where(table.c.id.in_(ids)).values({column.name: kept_id}))
    return ids


def _twice(column: Column[Any], kept_id: int) -> Any:
    table = column.table
    assert isinstance(table, Table)
    clashes = []
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and column in list(constraint.columns):
            other = table.alias()
            same = [other.c[one.name] == one for one in constraint.columns if one is not column]
            clashes.append(select(func.count()).where(other.c[column.name] == kept_id, *same).scalar_subquery() > 0)
    return or_(false(), *clashes)
