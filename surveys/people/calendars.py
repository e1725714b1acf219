"""When a place is open (pure): hours and weekdays, public holidays and their make-up days, own closures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

WORKING_WEEK = 5  # ISO weekdays up to Friday


@dataclass(frozen=True)
class OpeningHours:
    """When a branch is open: from and to as "HH:MM", and the ISO weekdays as digits ("12345" is Monday to Friday)."""

    opens_at: str = "09:00"
    closes_at: str = "17:00"
    weekdays: str = "12345"

    @property
    def span(self) -> tuple[timedelta, timedelta]:
        """From and to, counted from midnight."""
        return _clock(self.opens_at), _clock(self.closes_at)

    @property
    def never(self) -> bool:
        """Whether they hold no minute at all."""
        return not self.weekdays or self.span[0] >= self.span[1]


@dataclass(frozen=True)
class Holidays:
    """The public holidays of a country in a year, and the weekend days worked in return."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Period:
    """Days, both ends included, on which a place is closed or, against the calendar, open."""

    first: date
    last: date
    opens: bool = False

    def days(self) -> Iterator[date]:
        """Each of them."""
        for ahead in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=ahead)


@dataclass(frozen=True)
class Calendar:
    """What is open when. `opened` are days that are open whatever their weekday; no day is in both sets."""

    hours: OpeningHours = field(default_factory=OpeningHours)
    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()

    def is_open(self, day: date) -> bool:
        """Whether the doors open at all that day."""
        return self.on(day) is not None

    def on(self, day: date) -> tuple[timedelta, timedelta] | None:
        """From and to on a date, counted from midnight; None when closed."""
        opens, closes = self.hours.span
        usual = str(day.isoweekday()) in self.hours.weekdays
        return (opens, closes) if opens < closes and self._stands(day, usual) else None

    def open_minutes(self, day: date) -> int:
        """How long the doors stand open that day."""
        hours = self.on(day)
        return 0 if hours is None else int((hours[1] - hours[0]).total_seconds()) // 60

    def is_working_day(self, day: date) -> bool:
        """Whether the day counts where business days are counted: Monday to Friday, whatever days the doors open."""
        return self._stands(day, day.isoweekday() <= WORKING_WEEK)

    def _stands(self, day: date, usual: bool) -> bool:
        return day in self.opened or (usual and day not in self.closed)


def calendar(hours: OpeningHours, holidays: Holidays, periods: Iterable[Iterable[Period]]) -> Calendar:
    """The calendar of a place from its country's holidays and the periods of every place above it, the topmost first.

    The nearer place overrides the farther; at one place a closure overrides an opening.
    """
    closed, opened = set(holidays.off), set(holidays.worked - holidays.off)
    for place in periods:
        for period in sorted(place, key=lambda period: not period.opens):
            days = set(period.days())
            gains, loses = (opened, closed) if period.opens else (closed, opened)
            gains |= days
            loses -= days
    return Calendar(hours, frozenset(closed), frozenset(opened))


@lru_cache(maxsize=256)
def public_holidays(country: str, subdivision: str | None, year: int) -> Holidays:
    """What the law of the country, and of its part where one is named, says of a year. None known: no holidays."""
    import holidays  # half a second to import, and few processes need it

    for part in dict.fromkeys((subdivision, None)):
        try:
            found = holidays.country_holidays(country, subdiv=part, years=[year])
        except NotImplementedError:
            continue
        worked = getattr(found, "weekend_workdays", ())
        return Holidays(frozenset(found), frozenset(day for day in worked if day.year == year))
    return Holidays()


def knows_holidays(country: str, subdivision: str | None = None) -> bool:
    """Whether holidays are known for this country (ISO 3166, "CN") and, when named, this part of it ("HK")."""
    import holidays

    parts = holidays.list_supported_countries().get(country)
    return parts is not None and (subdivision is None or subdivision in parts)


def _clock(text: str) -> timedelta:
    hours, _, minutes = text.partition(":")
    return timedelta(hours=int(hours), minutes=int(minutes or 0))
