"""The clocks of a branch, with its calendar."""

from dataclasses import replace
from datetime import datetime

from app.cases.hours import Place
from surveys.people.calendars import OpeningHours
from surveys.people.closures import calendar_of
from surveys.people.models import Branch


def place_of(branch: Branch, *, now: datetime) -> Place:
    """The clocks of this branch around `now`. A branch that never opens is counted Monday to Friday, 9 to 5."""
    found = calendar_of(branch, years=(now.year, now.year + 1))
    return Place(branch.time_zone, replace(found, hours=OpeningHours()) if found.hours.never else found)
