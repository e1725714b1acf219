"""The calendar of a place as it stands in the tree: what is not set at a place is its parent's."""

from collections.abc import Iterable
from datetime import date

from surveys.people.calendars import Calendar, Holidays, OpeningHours, Period, calendar, public_holidays
from surveys.people.models import Branch
from surveys.people.queries import chain


def calendar_of(branch: Branch, *, years: Iterable[int]) -> Calendar:
    """When this place is open in these years."""
    law = [public_holidays(branch.country, branch.subdivision, year) for year in years]
    holidays = Holidays(
        frozenset[date]().union(*(one.off for one in law)), frozenset[date]().union(*(one.worked for one in law))
    )
    return calendar(hours_of(branch), holidays, (_periods(place) for place in reversed(chain(branch))))


def hours_of(branch: Branch) -> OpeningHours:
    """The opening hours and weekdays of a place, each its own or those of the nearest place above that has some."""
    usual, above = OpeningHours(), chain(branch)
    timed = next((place for place in above if place.opens_at and place.closes_at), None)
    opens, closes = (timed.opens_at, timed.closes_at) if timed else (None, None)
    weekdays = next((place.weekdays for place in above if place.weekdays is not None), usual.weekdays)
    return OpeningHours(opens or usual.opens_at, closes or usual.closes_at, weekdays)


def closed_days(branch: Branch, *, year: int) -> frozenset[date]:
    """The days of a year on which this place is closed against its custom: holidays and closures, no days off a week.

    Make-up days and own openings are not among them.
    """
    found = calendar_of(branch, years=[year])
    return frozenset(day for day in found.closed if day.year == year)


def _periods(place: Branch) -> list[Period]:
    return [Period(closure.first_day, closure.last_day, closure.opens) for closure in place.closures]
