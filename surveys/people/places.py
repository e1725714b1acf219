"""The branch tree: places are opened, renamed, moved and closed here. What cannot be is said as a value."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import available_timezones

from sqlalchemy import select

from app.extensions import db, lock
from notifications import AddressError, parse_phone
from surveys.people.calendars import knows_holidays
from surveys.people.models import Branch, BranchKind, Closure, Staff
from surveys.people.queries import branch_by_code, company, subtree
from surveys.people.refusals import Wrong

# What fits into the shortest text that names a place; a test compares it with the texts.
LONGEST_NAME = {"en": 16, "zh-Hans": 6, "zh-Hant": 6}
LONGEST_REASON = 120
MOST_DAYS = 366
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,23}")
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, kw_only=True)
class PlaceFacts:
    """Everything that is said of a place. Hours and weekdays that are not said are those of the place above."""

    code: str
    kind: str
    names: Mapping[str, str]
    parent: Branch | None
    time_zone: str
    country: str
    subdivision: str | None = None
    phone: str | None = None
    opens_at: str | None = None
    closes_at: str | None = None
    weekdays: str | None = None
    manager: Staff | None = None
    on_call: Staff | None = None


def open_place(facts: PlaceFacts, *, today: date) -> Branch | list[Wrong]:
    """A new place in the tree, or everything that is wrong with it."""
    lock("places")
    wrong = list(_wrong(facts, None, today))
    if wrong:
        return wrong
    place = Branch(code=facts.code, kind=facts.kind, names={})
    _write(place, facts)
    db.session.add(place)
    db.session.flush()
    return place


def change_place(place: Branch, facts: PlaceFacts, *, today: date) -> bool | list[Wrong]:
    """Rename, move or change a place: whether anything changed, or all that is wrong. Scopes follow at once."""
    lock("places")
    wrong = list(_wrong(facts, place, today))
    if wrong:
        return wrong
    _write(place, facts)
    changed = db.session.is_modified(place)
    db.session.flush()
    return changed


def close_place(place: Branch, *, on: date) -> Wrong | None:
    """From that day it serves nobody: it takes no events, its history stays. None when done."""
    below = select(Branch.id).where(Branch.parent_id == place.id, Branch.closed_on.is_(None))
    if db.session.scalar(below.limit(1)) is not None:
        return Wrong("closed_on", "below_open")
    place.closed_on = on
    db.session.flush()
    return None


def reopen_place(place: Branch) -> None:
    """It serves again."""
    place.closed_on = None
    db.session.flush()


def add_closure(place: Branch, *, first: date, last: date, opens: bool, reason: str) -> Closure | Wrong:
    """Close a place and all below it on these days, both ends included; or open it against the calendar."""
    if last < first:
        return Wrong("last_day", "days")
    if (last - first).days >= MOST_DAYS:
        return Wrong("last_day", "days_many")
    if not reason.strip():
        return Wrong("reason", "reason_empty")
    closure = Closure(
        branch_id=place.id, first_day=first, last_day=last, opens=opens, reason=reason.strip()[:LONGEST_REASON]
    )
    place.closures.append(closure)
    db.session.flush()
    return closure


def law_of(country: str, subdivision: str | None) -> str:
    """The key of a place in the table of legal sending windows."""
    key = f"{country}-{subdivision}" if subdivision else country
    return key if len(key) <= 8 else country


def _write(place: Branch, facts: PlaceFacts) -> None:
    names = {tongue: name.strip() for tongue, name in facts.names.items() if name.strip()}
    values = {
        "code": facts.code,
        "kind": facts.kind,
        "names": names,
        "parent_id": facts.parent.id if facts.parent else None,
        "time_zone": facts.time_zone,
        "phone": _phone(facts.phone, facts.country) if facts.phone else None,
        "opens_at": facts.opens_at or None,
        "closes_at": facts.closes_at or None,
        "weekdays": "".join(sorted(set(facts.weekdays))) if facts.weekdays else None,
        "manager_id": facts.manager.id if facts.manager else None,
        "on_call_id": facts.on_call.id if facts.on_call else None,
    }
    if (place.country, place.subdivision) != (facts.country, facts.subdivision or None):
        values |= {
            "country": facts.country,
            "subdivision": facts.subdivision or None,
            "place": law_of(facts.country, facts.subdivision),
        }
    for name, value in values.items():
        if getattr(place, name) != value:
            setattr(place, name, value)


def _wrong(facts: PlaceFacts, place: Branch | None, today: date) -> Iterator[Wrong]:
    yield from _wrong_code(facts, place)
    yield from _wrong_names(facts.names)
    yield from _wrong_parent(facts, place, today)
    if facts.time_zone not in _zones():
        yield Wrong("time_zone", "time_zone", {"zone": facts.time_zone})
    if not knows_holidays(facts.country):
        yield Wrong("country", "country", {"country": facts.country})
    elif facts.subdivision and not knows_holidays(facts.country, facts.subdivision):
        yield Wrong("subdivision", "subdivision", {"part": facts.subdivision, "country": facts.country})
    elif facts.phone and _phone(facts.phone, facts.country) is None:
        yield Wrong("phone", "phone")
    yield from _wrong_hours(facts)
    for field, person in (("manager", facts.manager), ("on_call", facts.on_call)):
        if person is not None and person.gone_by(today):
            yield Wrong(field, "gone", {"name": person.name})


def _wrong_code(facts: PlaceFacts, place: Branch | None) -> Iterator[Wrong]:
    if not CODE.fullmatch(facts.code):
        yield Wrong("code", "code_empty")
        return
    known = branch_by_code(facts.code)
    if known is not None and known is not place:
        yield Wrong("code", "code_taken", {"code": facts.code})


def _wrong_names(names: Mapping[str, str]) -> Iterator[Wrong]:
    if not names.get("en", "").strip():
        yield Wrong("names.en", "name_empty")
    for tongue, most in LONGEST_NAME.items():
        name = names.get(tongue, "").strip()
        if len(name) > most:
            yield Wrong(f"names.{tongue}", "name_long", {"name": name, "n": len(name), "most": most})


def _wrong_parent(facts: PlaceFacts, place: Branch | None, today: date) -> Iterator[Wrong]:
    root, parent = company(), facts.parent
    if facts.kind not in list(BranchKind):
        yield Wrong("kind", "kind")
    elif place is not None and root is place:
        if parent is not None or facts.kind != BranchKind.COMPANY:
            yield Wrong("parent", "company_above")
    elif facts.kind == BranchKind.COMPANY:
        if root is not None:
            yield Wrong("kind", "second_company")
        elif parent is not None:
            yield Wrong("parent", "company_above")
    elif parent is None:
        yield Wrong("parent", "parent_empty")
    elif place is not None and parent.id in subtree([place.id]):
        yield Wrong("parent", "cycle", {"place": parent.code})
    elif parent.kind == BranchKind.BRANCH:
        yield Wrong("parent", "parent_is_branch")
    elif parent.closed_by(today) and (place is None or place.parent_id != parent.id):
        yield Wrong("parent", "parent_closed", {"place": parent.code})
    elif place is not None and facts.kind == BranchKind.BRANCH and len(subtree([place.id])) > 1:
        yield Wrong("kind", "still_above")


def _wrong_hours(facts: PlaceFacts) -> Iterator[Wrong]:
    times = [time for time in (facts.opens_at, facts.closes_at) if time]
    if times and (len(times) < 2 or not all(CLOCK.fullmatch(time) for time in times) or times[0] >= times[1]):
        yield Wrong("closes_at", "hours")
    if facts.weekdays and not re.fullmatch(r"[1-7]{1,7}", facts.weekdays):
        yield Wrong("weekdays", "weekdays")


def _phone(raw: str, country: str) -> str | None:
    try:
        return parse_phone(raw, default_country=country).e164
    except AddressError:
        return None


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def drop_closure(branch: Branch, closure_id: int) -> bool:
    """Take days out of this place's calendar. False when it has none by this number; may run twice."""
    closure = db.session.get(Closure, closure_id)
    if closure is None or closure.branch_id != branch.id:
        return False
    db.session.delete(closure)
    db.session.flush()
    return True
