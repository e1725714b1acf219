"""Who wants nothing: kept by keyed hash alone, so that it outlives the customer's record."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, exists, select

from app.extensions import Blind, blind, db, lock
from notifications.models import OptOut

_ADDRESS = OptOut.address_index == bindparam("address", type_=OptOut.address_index.type)
_SINCE = select(OptOut.since).where(_ADDRESS, OptOut.until.is_(None))


def is_opted_out(address: str) -> bool:
    """Whether this address (E.164, or an e-mail's key) wants no messages now."""
    return db.session.scalar(_SINCE, {"address": address}) is not None


def opted_out_since() -> ScalarSelect[datetime]:
    """Since when `:address` wants no messages, to be asked for beside what is read anyway; null when it wants them."""
    return _SINCE.scalar_subquery()


def wants_nothing() -> ColumnElement[bool]:
    """Whether `:address` wants no messages, to be asked by the statement that depends on it."""
    return exists().where(_ADDRESS, OptOut.until.is_(None))


def opted_out_among(addresses: Iterable[str]) -> set[str]:
    """Those of these addresses (or their Blind hashes) that want no messages now."""
    by_index: dict[str, list[str]] = {}
    for address in addresses:
        by_index.setdefault(address if isinstance(address, Blind) else blind(address), []).append(address)
    if not by_index:
        return set()
    query = select(OptOut.address_index).where(
        OptOut.address_index.in_([Blind(index) for index in by_index]), OptOut.until.is_(None)
    )
    return {address for index in db.session.scalars(query) for address in by_index[index]}


def stop_address(address: str, *, source: str, now: datetime) -> bool:
    """Stop everything to this address (or Blind hash). False when it had stopped already. May run twice."""
    row = _row(address)
    if row is None:
        row = OptOut(address_index=address, source=source, since=now)
        db.session.add(row)
        db.session.flush()
        return True
    if row.until is None:
        return False
    row.source, row.since, row.until = source, now, None
    return True


def resume_address(address: str, *, now: datetime) -> bool:
    """The owner of this address came back by their own word. False when nothing was stopped. May run twice."""
    row = _row(address)
    if row is None or row.until is not None:
        return False
    row.until = now
    return True


def _row(address: str) -> OptOut | None:
    # Two carriers may report the same wish at once: the second waits, then finds the row.
    index = address if isinstance(address, Blind) else blind(address)
    lock(f"optout:{index}")
    return db.session.scalar(
        select(OptOut).where(OptOut.address_index == index).execution_options(populate_existing=True)
    )
