"""Who looks after a customer, day by day. `Customer.owner_id` is who does now; plans for later days stay planned."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, or_, select, update

from app.extensions import db
from surveys.people.models import Customer, Ownership, Staff
from surveys.people.queries import company

LOOK_BACK = timedelta(days=31)  # a scheduler that stood still for a month still finds every change
BATCH = 500


def today_of(now: datetime) -> date:
    """The date at the company."""
    root = company()
    return now.astimezone(ZoneInfo(root.time_zone if root else "UTC")).date()


def owner_on(customer: Customer, day: date) -> Staff | None:
    """Who looked, looks or will look after this customer that day; None is the branch."""
    query = select(Ownership).where(
        Ownership.customer_id == customer.id,
        Ownership.since <= day,
        or_(Ownership.until.is_(None), Ownership.until > day),
    )
    period = db.session.scalar(query)
    return period.staff if period else None


def history_of(customer_id: int) -> list[Ownership]:
    """Every period of this customer, the latest first."""
    query = select(Ownership).where(Ownership.customer_id == customer_id).order_by(Ownership.since.desc())
    return list(db.session.scalars(query))


def set_owner(customer: Customer, owner: Staff | None, *, since: date, today: date) -> bool:
    """From that day they look after the customer, until the next change that is planned. Whether that is new."""
    changed = assign({customer.id: owner.id if owner else None}, since=since)
    if since <= today:
        customer.owner_id = _owner_id_on(customer.id, today)
        db.session.flush()
    return bool(changed)


def assign(owners: Mapping[int, int | None], *, since: date) -> int:
    """Write the periods of many customers at once, by id; `owner_id` is the caller's. How many were not so before.

    Another system may go on naming somebody who has left: then it is whoever took over.
    """
    owners = _still_here(owners, since)
    periods: dict[int, list[Ownership]] = {}
    query = select(Ownership).where(Ownership.customer_id.in_(owners)).order_by(Ownership.since)
    for period in db.session.scalars(query):
        periods.setdefault(period.customer_id, []).append(period)
    fresh: list[dict[str, Any]] = []
    changed = 0
    for customer_id, owner_id in owners.items():
        known = periods.get(customer_id, [])
        current = next((p for p in known if p.since <= since and (p.until is None or p.until > since)), None)
        if current.staff_id == owner_id if current else owner_id is None:
            continue
        changed += 1
        until = next((p.since for p in known if p.since > since), None)
        if current is not None and current.since == since:
            current.staff_id = owner_id
            continue
        if current is not None:
            current.until = since
        fresh.append({"customer_id": customer_id, "staff_id": owner_id, "since": since, "until": until})
    db.session.flush()
    if fresh:
        db.session.execute(insert(Ownership), fresh)
    return changed


def _still_here(owners: Mapping[int, int | None], day: date) -> Mapping[int, int | None]:
    """With the successor in place of whoever has left by that day, and theirs in turn; each leaver is followed once."""
    seen: set[int] = set()
    while True:
        named = {owner_id for owner_id in owners.values() if owner_id is not None} - seen
        query = select(Staff.id, Staff.successor_id).where(Staff.id.in_(named), Staff.left_on <= day)
        heirs = {row.id: row.successor_id for row in db.session.execute(query)}
        if not heirs:
            return owners
        seen |= set(heirs)
        owners = {customer: heirs.get(owner, owner) if owner else None for customer, owner in owners.items()}


def hand_over_portfolio(giver: Staff, to: Staff, *, since: date, today: date) -> int:
    """All that is the giver's on that day or later becomes the other's from that day. How many customers."""
    later = or_(Ownership.until.is_(None), Ownership.until > since)
    theirs = list(db.session.scalars(select(Ownership).where(Ownership.staff_id == giver.id, later)))
    fresh = []
    for period in theirs:
        if period.since >= since:
            period.staff_id = to.id
            continue
        fresh.append({"customer_id": period.customer_id, "staff_id": to.id, "since": since, "until": period.until})
        period.until = since
    db.session.flush()
    if fresh:
        db.session.execute(insert(Ownership), fresh)
    if since <= today:
        take_effect(today=today)
    return len({period.customer_id for period in theirs})


def changes_due(*, today: date) -> list[tuple[int, int | None]]:
    """Customers whose planned owner's day has come, with that owner, by id."""
    query = (
        select(Customer.id, Ownership.staff_id)
        .join(Ownership, Ownership.customer_id == Customer.id)
        .where(
            Ownership.since > today - LOOK_BACK,
            Ownership.since <= today,
            or_(Ownership.until.is_(None), Ownership.until > today),
            Customer.owner_id.is_distinct_from(Ownership.staff_id),
        )
    )
    return [(customer_id, owner_id) for customer_id, owner_id in db.session.execute(query)]


def take_effect(*, today: date) -> int:
    """Make today's owners the current ones. How many customers changed."""
    by_owner: dict[int | None, list[int]] = {}
    for customer_id, owner_id in changes_due(today=today):
        by_owner.setdefault(owner_id, []).append(customer_id)
    for owner_id, ids in by_owner.items():
        for begin in range(0, len(ids), BATCH):
            some = Customer.id.in_(ids[begin : begin + BATCH])
            db.session.execute(update(Customer).where(some).values(owner_id=owner_id))
    return sum(len(ids) for ids in by_owner.values())


def _owner_id_on(customer_id: int, day: date) -> int | None:
    query = select(Ownership.staff_id).where(
        Ownership.customer_id == customer_id,
        Ownership.since <= day,
        or_(Ownership.until.is_(None), Ownership.until > day),
    )
    return db.session.scalar(query)
