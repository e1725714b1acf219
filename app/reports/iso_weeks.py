"""ISO weeks by name, as spans of moments in a zone. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# [0-9] and not \d, which takes the digits of every script: the name also names files.
_NAME = re.compile(r"([0-9]{4})-W([0-9]{2})")
# Nobody answered before, and a week needs one before it and one after it in the calendar.
_YEARS = range(1970, 9999)
SEVEN_DAYS = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """An ISO week as moments: from `begins`, before `ends`."""

    iso: str
    first: date
    begins: datetime
    ends: datetime

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)


def week_of(iso_week: str, time_zone: str) -> Week:
    """The week named exactly like 2026-W47 in this zone. Raises ValueError when there is no such week."""
    name = _NAME.fullmatch(iso_week)
    if name is None or int(name[1]) not in _YEARS:
        raise ValueError(f"{iso_week!r} is no ISO week")
    return week_from(date.fromisocalendar(int(name[1]), int(name[2]), 1), time_zone)


def week_from(monday: date, time_zone: str) -> Week:
    """The week that begins on this day in this zone."""
    year, number, _ = monday.isocalendar()
    begins, ends = (
        datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC) for day in (monday, monday + SEVEN_DAYS)
    )
    return Week(f"{year:04d}-W{number:02d}", monday, begins, ends)


def iso_week_at(moment: datetime, time_zone: str) -> str:
    """The name of the week this moment falls in, in this zone."""
    year, number, _ = moment.astimezone(ZoneInfo(time_zone)).isocalendar()
    return f"{year:04d}-W{number:02d}"


def week_before(week: Week, time_zone: str) -> Week:
    """The week before."""
    return week_from(week.first - SEVEN_DAYS, time_zone)
