"""The week and the place a page speaks about, read from its address."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort, request

from app.auth.roles import Scope
from app.console.queries_places import places
from app.reports.iso_weeks import Week, iso_week_at, week_of
from surveys.people.models import Branch

WEEKS_OFFERED = 14


@dataclass(frozen=True)
class Choice:
    """What may be chosen, and what is."""

    places: list[Branch]
    branch: Branch | None
    week: Week | None
    weeks: list[Week]

    @property
    def zone(self) -> str:
        """The zone weeks are counted in: of the chosen place, else of the widest one."""
        return (self.branch or self.places[0]).time_zone


def choice_of(scope: Scope, *, now: datetime) -> Choice:
    """Read ?week= and ?branch=; a place outside the scope or a week that is none is a 404."""
    known = places(scope)
    if not known:
        abort(404)
    code, wanted = request.args.get("branch", ""), request.args.get("week", "")
    branch = next((place for place in known if place.code == code), None)
    if code and branch is None:
        abort(404)
    zone = (branch or known[0]).time_zone
    try:
        week = week_of(wanted, zone) if wanted else None
    except ValueError:
        abort(404)
    names = [iso_week_at(now - timedelta(days=7 * back), zone) for back in range(WEEKS_OFFERED)]
    if week and week.iso not in names:
        names = sorted([*names, week.iso], reverse=True)
    return Choice(known, branch, week, [week_of(name, zone) for name in names])
