"""The clocks of a branch, with the public holidays of its country."""

from datetime import date, datetime
from functools import lru_cache

from app.cases.hours import Place
from app.cases.policy import OpeningHours
from surveys.people.models import Branch


def place_of(branch: Branch, *, now: datetime) -> Place:
    """The clocks of this branch around `now`. A branch that never opens is counted Monday to Friday, 9 to 5."""
    opening = OpeningHours(branch.opens_at, branch.closes_at, branch.weekdays)
    if not branch.weekdays or branch.opens_at >= branch.closes_at:
        opening = OpeningHours()
    holidays = _holidays(branch.country, now.year) | _holidays(branch.country, now.year + 1)
    return Place(branch.time_zone, opening, holidays)


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays  # half a second to import, and only deadlines need it

    try:
        return frozenset(holidays.country_holidays(country, years=[year]))
    except NotImplementedError:
        return frozenset()
