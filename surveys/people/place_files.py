"""Places and staff from files: a row names one by code; what it leaves empty is not said and changes nothing."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from app.extensions import settings
from surveys.people.imports import Outcome
from surveys.people.models import Branch, BranchKind, Staff
from surveys.people.places import PlaceFacts, change_place, open_place
from surveys.people.queries import branch_by_code, company, staff_by_code
from surveys.people.refusals import Wrong
from surveys.people.staffing import StaffFacts, change_staff, hire
from surveys.people.table_rows import Columns, Refused, Row

PLACE_COLUMNS = Columns(
    ("code", "name_en"),
    (
        *("name_zh_hans", "name_zh_hant", "kind", "parent", "time_zone", "country", "subdivision", "phone"),
        *("opens_at", "closes_at", "weekdays", "manager", "on_call"),
    ),
)
STAFF_COLUMNS = Columns(("code", "name", "branch"), ("role", "language", "phone", "email", "manager", "deputy"))
NAMES = {"en": "name_en", "zh-Hans": "name_zh_hans", "zh-Hant": "name_zh_hant"}
HOME_ZONE = "Asia/Shanghai"

Kept = Branch | Staff | bool | list[Wrong]
Named = TypeVar("Named", Branch, Staff)


class _UnknownError(LookupError):
    """A row names somebody or something by a code that nobody has."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong.code)
        self.wrong = wrong


def keep_places(rows: Sequence[Row], *, today: date) -> Outcome:
    """Open or change these places. May run any number of times; a place may stand before the one above it."""
    return _keep(rows, _place, "parent", today)


def keep_staff(rows: Sequence[Row], *, today: date) -> Outcome:
    """Hire or change these people. May run any number of times; managers and deputies may stand further down."""
    rows = list(rows)
    # Everybody is here before anybody is named as somebody's manager.
    bare = [Row(row.line, {k: v for k, v in row.values.items() if k not in ("manager", "deputy")}) for row in rows]
    unknown = [row for row in bare if staff_by_code(row.values.get("code", "")) is None]
    first = _keep(unknown, _member, None, today)
    lost = {refused.line for refused in first.refused}
    second = _keep([row for row in rows if row.line not in lost], _member, None, today)
    fresh = {row.line for row in unknown} - lost - {refused.line for refused in second.refused}
    done = second.changed + second.same
    same = max(second.same - len(fresh), 0)
    return Outcome(
        new=len(fresh),
        changed=done - len(fresh) - same,
        same=same,
        refused=sorted((*first.refused, *second.refused), key=lambda refused: refused.line),
    )


def _keep(rows: Sequence[Row], keep: Callable[[Row, date], Kept], above: str | None, today: date) -> Outcome:
    outcome = Outcome()
    for row in _in_order(rows, above):
        try:
            kept = keep(row, today)
        except _UnknownError as unknown:
            kept = [unknown.wrong]
        if isinstance(kept, list):
            told = "; ".join(f"{_column(wrong.field)}: {wrong.message()}" for wrong in kept)
            outcome.refused.append(Refused(row.line, told, row.cells))
        elif isinstance(kept, bool):
            outcome.changed += kept
            outcome.same += not kept
        else:
            outcome.new += 1
    outcome.refused.sort(key=lambda refused: refused.line)
    return outcome


def _in_order(rows: Sequence[Row], above: str | None) -> list[Row]:
    """A place after the place above it, wherever the two stand in the file."""
    if above is None:
        return list(rows)
    waiting, ordered = list(rows), list[Row]()
    while waiting:
        named = {row.values.get("code") for row in waiting}
        ready = [row for row in waiting if row.values.get(above) not in named]
        if not ready:  # they name each other in a circle: each is refused by the rules of the tree
            return ordered + waiting
        ordered += ready
        waiting = [row for row in waiting if row not in ready]
    return ordered


def _column(field: str) -> str:
    tongue = field.removeprefix("names.")
    return NAMES.get(tongue, field) if field.startswith("names.") else field


def _place(row: Row, today: date) -> Kept:
    said, known = row.values, branch_by_code(row.values.get("code", ""))
    parent = _named(said, "parent", branch_by_code) or (known.parent if known else None)
    root = parent or company()
    manager, on_call = _named(said, "manager", staff_by_code), _named(said, "on_call", staff_by_code)
    names = dict(known.names) if known else {}
    names |= {tongue: said[column] for tongue, column in NAMES.items() if column in said}
    usual = known or root
    facts = PlaceFacts(
        code=said.get("code", ""),
        kind=said.get("kind") or (known.kind if known else BranchKind.BRANCH if parent else BranchKind.COMPANY),
        names=names,
        parent=parent,
        time_zone=said.get("time_zone") or (usual.time_zone if usual else HOME_ZONE),
        country=said.get("country", "").upper() or (usual.country if usual else settings().default_country),
        subdivision=said.get("subdivision") or (known.subdivision if known else None),
        phone=said.get("phone") or (known.phone if known else None),
        opens_at=said.get("opens_at") or (known.opens_at if known else None),
        closes_at=said.get("closes_at") or (known.closes_at if known else None),
        weekdays=said.get("weekdays") or (known.weekdays if known else None),
        manager=manager or (known.manager if known else None),
        on_call=on_call or (known.on_call if known else None),
    )
    return change_place(known, facts, today=today) if known else open_place(facts, today=today)


def _member(row: Row, today: date) -> Kept:
    said, known = row.values, staff_by_code(row.values.get("code", ""))
    branch = _named(said, "branch", branch_by_code) or (known.branch if known else None)
    manager, deputy = _named(said, "manager", staff_by_code), _named(said, "deputy", staff_by_code)
    facts = StaffFacts(
        code=said.get("code", ""),
        name=said.get("name") or (known.name if known else ""),
        role=said.get("role") or (known.role if known else "agent"),
        branch=branch,
        language=_language(said.get("language")) or (known.language if known else settings().default_language),
        phone=said.get("phone") or (known.phone if known else None),
        email=said.get("email") or (known.email if known else None),
        manager=manager or (known.manager if known else None),
        deputy=deputy or (known.deputy if known else None),
    )
    return change_staff(known, facts, today=today) if known else hire(facts, today=today)


def _named(said: dict[str, str], column: str, by_code: Callable[[str], Named | None]) -> Named | None:
    code = said.get(column)
    found = by_code(code) if code else None
    if code and found is None:
        what = "unknown_staff" if by_code is staff_by_code else "unknown_place"
        raise _UnknownError(Wrong(column, what, {"code": code}))
    return found


def _language(said: str | None) -> str | None:
    if not said:
        return None
    return "zh-Hans" if said.casefold().startswith(("zh", "cn", "中", "chin")) else said.casefold()[:2]
