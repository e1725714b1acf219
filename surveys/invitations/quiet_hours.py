"""When a text may be sent (pure): inside the hours of the place and of the company, on the customer's own clock."""

import tomllib
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

Hours = tuple[int, int]

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)
_HORIZON_DAYS = 400


class NoHoursError(ValueError):
    """Law and company leave no hour within the next 400 days; `code` for programs, `message` says what to change."""

    code = "no_hours"

    def __init__(self) -> None:
        self.message = "No hour is both lawful there and a company hour; widen the company hours or the weekdays."
        super().__init__(self.message)


def allowed_from(
    now: datetime,
    *,
    time_zone: str,
    place: str | None = None,
    company: Hours = (10, 20),
    weekdays: Collection[int] = range(7),
    holidays: Collection[date] = frozenset(),
    law: Sequence[Hours | None] | None = None,
) -> datetime:
    """The first instant from `now` on at which a text may be sent, in UTC.

    Hours are [from, to) on the local clock, weekdays count from Monday = 0, holidays are local dates, `law` (Monday
    first) stands in for the place's own hours. Right across changes of the clock. Raises NoHoursError if there is none.
    """
    opening = _openings(place, company, weekdays, holidays, law)
    for begin, end, offset in steady_spans(now, time_zone, days=_HORIZON_DAYS):
        local = (begin + offset).replace(tzinfo=None)
        last = (end + offset).replace(tzinfo=None)
        for step in range((last.date() - local.date()).days + 1):
            day = local.date() + step * _DAY
            if (hours := opening(day)) is None:
                continue
            midnight = datetime.combine(day, time())
            first = max(local, midnight + timedelta(hours=hours[0]))
            if first < min(last, midnight + timedelta(hours=hours[1])):
                return begin + (first - local)
    raise NoHoursError


def allowed_until(now: datetime, *, time_zone: str, place: str | None = None, company: Hours = (10, 20)) -> datetime:
    """The end of the hours `now` lies in, in UTC; `now` itself when it lies outside. Right when the clock changes."""
    opening = _openings(place, company, range(7), frozenset(), None)
    for begin, end, offset in steady_spans(now, time_zone, days=3):
        local, last = (begin + offset).replace(tzinfo=None), (end + offset).replace(tzinfo=None)
        hours = opening(local.date())
        midnight = datetime.combine(local.date(), time())
        closing = midnight + timedelta(hours=hours[1]) if hours else local
        if hours is None or not midnight + timedelta(hours=hours[0]) <= local < closing:
            return begin
        if closing <= last:
            return begin + (closing - local)
    return now


def _openings(
    place: str | None,
    company: Hours,
    weekdays: Collection[int],
    holidays: Collection[date],
    law: Sequence[Hours | None] | None,
) -> Callable[[date], Hours | None]:
    lawful = windows(place) if law is None else law

    def opening(day: date) -> Hours | None:
        legal = lawful[day.weekday()] if lawful else (0, 24)
        if legal is None or day.weekday() not in weekdays or day in holidays:
            return None
        start, end = max(legal[0], company[0]), min(legal[1], company[1])
        return (start, end) if start < end else None

    return opening


def windows(place: str | None) -> tuple[Hours | None, ...] | None:
    """The lawful hours of a place, Monday first, None for a closed day; None for a place and country not listed."""
    known = _known_windows()
    name = (place or "").strip().upper().replace("_", "-")
    return known.get(name) or known.get(name.partition("-")[0])


def steady_spans(start: datetime, time_zone: str, *, days: int) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The time from `start` on, cut into spans of at most a day in which the offset to UTC does not change.

    Yields (begin, end, offset), begin and end in UTC. Inside a span the local clock simply runs, so no hour is missing
    or there twice.
    """
    zone = ZoneInfo(time_zone)
    begin = start.astimezone(UTC)
    final = begin + days * _DAY
    while begin < final:
        offset = _offset(begin, zone)
        end = begin + _DAY
        if _offset(end, zone) != offset:
            end = _change(begin, end, zone)
        yield begin, end, offset
        begin = end


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _change(begin: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    # The first whole second with the new offset; zones change on whole seconds of UTC.
    before = _offset(begin, zone)
    low, high = 0, int((end - begin).total_seconds())
    base = begin.replace(microsecond=0)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(base + timedelta(seconds=middle), zone) == before:
            low = middle
        else:
            high = middle
    return base + timedelta(seconds=high)


@cache
def _known_windows() -> dict[str, tuple[Hours | None, ...]]:
    raw = tomllib.loads((Path(__file__).parent / "data" / "windows.toml").read_text(encoding="utf-8"))
    return {place: tuple(_hours(days.get(day, days["all"])) for day in _DAYS) for place, days in raw.items()}


def _hours(raw: list[int]) -> Hours | None:
    return (raw[0], raw[1]) if raw else None
