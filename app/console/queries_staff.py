"""Places and staff as those who set the company up see them: counts, today, and what comes next."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.auth.roles import Scope
from app.cases.models import Case
from app.cases.policy import LIVE
from app.console.queries_places import places
from app.extensions import db
from surveys.people.calendars import Calendar
from surveys.people.closures import calendar_of
from surveys.people.models import Branch, Customer, Staff
from surveys.people.queries import chain

LOOK_AHEAD = 90
MOST_STAFF = 200


@dataclass(frozen=True)
class Shut:
    """Days on which a place stays closed though it usually opens; without a reason the law says so."""

    first: date
    last: date
    reason: str | None


@dataclass(frozen=True)
class Standing:
    """One place of the tree: how deep it lies, what is there, whether it opens today, and when it stays closed next."""

    place: Branch
    depth: int
    today: date
    hours: tuple[str, str] | None
    closed: bool
    next_shut: Shut | None
    branches: int
    staff: int
    customers: int


def tree(scope: Scope, *, now: datetime) -> list[Standing]:
    """Every place in scope, each before what lies below it."""
    query = select(Branch).where(Branch.id.in_(scope.branch_ids))
    loaded = list(db.session.scalars(query.options(selectinload(Branch.closures), joinedload(Branch.manager))))
    staff = _counts(Staff.branch_id, scope.branch_ids, Staff.settled_at.is_(None))
    customers = _counts(Customer.branch_id, scope.branch_ids, Customer.merged_into_id.is_(None))
    depths: dict[int, int] = {}
    below: dict[int, int] = {place.id: 0 for place in loaded}
    ordered = places(scope)
    for place in ordered:
        depths[place.id] = depths.get(place.parent_id or 0, -1) + 1
        if place.kind == "branch" and not place.closed_on:
            for above in chain(place)[1:]:
                if above.id in below:
                    below[above.id] += 1
    return [_standing(place, depths[place.id], below[place.id], staff, customers, now) for place in ordered]


def _standing(
    place: Branch, depth: int, branches: int, staff: dict[int, int], customers: dict[int, int], now: datetime
) -> Standing:
    today = now.astimezone(ZoneInfo(place.time_zone)).date()
    found = calendar_of(place, years=(today.year, today.year + 1))
    hours = (found.hours.opens_at, found.hours.closes_at) if found.is_open(today) else None
    gone = place.closed_by(today)
    return Standing(
        place,
        depth,
        today,
        None if gone else hours,
        gone,
        None if gone else next_shut(place, found, today=today),
        branches,
        staff.get(place.id, 0),
        customers.get(place.id, 0),
    )


def next_shut(place: Branch, found: Calendar, *, today: date) -> Shut | None:
    """The next days on which the place stays closed though its weekday says otherwise."""
    usual = found.hours.weekdays
    ahead = [today + timedelta(days=step) for step in range(1, LOOK_AHEAD)]
    first = next((day for day in ahead if day in found.closed and str(day.isoweekday()) in usual), None)
    if first is None:
        return None
    reason, last = _reason(place, first), first
    while not found.is_open(last + timedelta(days=1)) and _reason(place, last + timedelta(days=1)) == reason:
        if last + timedelta(days=1) not in found.closed:
            break
        last += timedelta(days=1)
    return Shut(first, last, reason)


def _reason(place: Branch, day: date) -> str | None:
    for one in chain(place):
        for closure in one.closures:
            if not closure.opens and closure.first_day <= day <= closure.last_day:
                return closure.reason
    return None


def _counts(column: Any, ids: Collection[int], *conditions: ColumnElement[bool]) -> dict[int, int]:
    """How many rows name each of these ids in this column."""
    query = select(column, func.count()).where(column.in_(ids), *conditions).group_by(column)
    return {row[0]: row[1] for row in db.session.execute(query)}


def colleagues(scope: Scope) -> list[Staff]:
    """Everybody in scope who is still here, by name."""
    query = select(Staff).where(Staff.branch_id.in_(scope.branch_ids), Staff.settled_at.is_(None))
    return list(db.session.scalars(query.order_by(Staff.name, Staff.id)))


@dataclass(frozen=True)
class Present:
    """A member of staff today: away or here, until when, who stands in, and what is theirs."""

    person: Staff
    away: bool
    until: date | None
    stands_in: Staff | None
    cases: int
    customers: int

    @property
    def unverified(self) -> bool:
        """Whether there is a phone that gets no alerts yet."""
        return self.person.phone is not None and self.person.phone_verified_at is None


@dataclass(frozen=True)
class Roll:
    """Who is to be shown: unverified phones first, then who is away, then the rest; `more` were left out."""

    unverified: list[Present]
    away: list[Present]
    here: list[Present]
    left: list[Present]
    more: int


def roll(scope: Scope, *, within: Collection[int], words: str, now: datetime) -> Roll:
    """Staff of these places of the scope, narrowed by a part of the name or code."""
    query = select(Staff).where(Staff.branch_id.in_(set(within) & scope.branch_ids))
    if words:
        part = Staff.name.icontains(words, autoescape=True)
        query = query.where(or_(part, Staff.code.icontains(words, autoescape=True)))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.options(joinedload(Staff.branch), joinedload(Staff.deputy), selectinload(Staff.absences))
    # Phones that get no alert yet must not fall off the end of a long list.
    order = (Staff.settled_at.is_not(None), Staff.phone.is_(None) | Staff.phone_verified_at.is_not(None), Staff.name)
    people = list(db.session.scalars(query.order_by(*order, Staff.id).limit(MOST_STAFF)))
    ids = [person.id for person in people]
    cases = _counts(Case.owner_id, ids, Case.state.in_(LIVE))
    customers = _counts(Customer.owner_id, ids, Customer.merged_into_id.is_(None))
    found = [_present(person, cases, customers, now) for person in people]
    left = [one for one in found if one.person.settled_at is not None]
    rest = [one for one in found if one.person.settled_at is None]
    unverified = [one for one in rest if one.unverified]
    others = [one for one in rest if not one.unverified]
    return Roll(
        unverified,
        [one for one in others if one.away],
        [one for one in others if not one.away],
        left,
        total - len(found),
    )


def _present(person: Staff, cases: dict[int, int], customers: dict[int, int], now: datetime) -> Present:
    today = now.astimezone(ZoneInfo(person.branch.time_zone)).date()
    absence = next((one for one in person.absences if one.covers(today)), None)
    return Present(
        person,
        person.absent_on(today),
        absence.last_day if absence else None,
        person.deputy,
        cases.get(person.id, 0),
        customers.get(person.id, 0),
    )


def presence(person: Staff, *, now: datetime) -> Present:
    """One of them."""
    cases = _counts(Case.owner_id, [person.id], Case.state.in_(LIVE))
    customers = _counts(Customer.owner_id, [person.id], Customer.merged_into_id.is_(None))
    return _present(person, cases, customers, now)
