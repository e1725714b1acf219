"""A case's deadlines: set when it opens, worsens or comes back; and when it must be looked at next."""

from datetime import datetime

from app.cases.journal import last, moved_at
from app.cases.models import Case
from app.cases.places import place_of
from app.cases.policy import LIVE, Deadlines, State, deadlines
from app.cases.watch import Watched, awake, call_due, next_due, resolve_due

LOOKED = ("reminded", "breached")


def clocks(case: Case, *, start: datetime) -> Deadlines:
    """All deadlines of this case if its clocks began at `start`."""
    place = place_of(case.branch, now=start)
    return deadlines(
        case.priority,
        case.critical,
        created=start,
        time_zone=place.time_zone,
        opening_hours=place.opening,
        holidays=place.holidays,
    )


def start_clocks(case: Case, *, now: datetime) -> None:
    """Every deadline anew from now."""
    found = clocks(case, start=now)
    case.acknowledge_by, case.contact_by, case.resolve_by = found.acknowledge_by, found.contact_by, found.resolve_by


def hasten_clocks(case: Case, *, now: datetime) -> bool:
    """Deadlines after the case became more urgent: none moves back. Whether the call is due earlier than before."""
    found, before = clocks(case, start=now), case.contact_by
    case.acknowledge_by = min(case.acknowledge_by, found.acknowledge_by)
    case.contact_by = min(case.contact_by, found.contact_by)
    case.resolve_by = min(case.resolve_by, found.resolve_by)
    return case.contact_by < before


def watched(case: Case, *, now: datetime) -> Watched:
    """The case as the watch sees it."""
    begun = last(case, "opened", "raised", "reopened")
    promise = last(case, "promised")
    return Watched(
        state=State(case.state),
        priority=case.priority,
        critical=case.critical,
        no_call=case.call_choice == "none",
        acknowledge_by=case.acknowledge_by,
        half_time_at=clocks(case, start=begun.at if begun else case.opened_at).half_time_at,
        contact_by=case.contact_by,
        resolve_by=case.resolve_by,
        promised_by=case.promised_by,
        promised_at=promise.at if promise else None,
        moved_at=moved_at(case),
        clock_from=moved_at(case, by_deadline=True),
        done={(e.detail["watch"], datetime.fromisoformat(e.detail["due"])) for e in case.history if e.kind in LOOKED},
    )


def schedule(case: Case, *, now: datetime) -> None:
    """Write down when the case must be looked at next; reminders and hand-ups wait for the morning."""
    due = None
    if State(case.state) in LIVE:
        due = next_due(watched(case, now=now), place_of(case.branch, now=now))
    case.next_check_at = awake(due.at, case.branch.time_zone) if due else None


def call_by(case: Case, *, now: datetime) -> datetime:
    """By when its present holder must call; by when it must be right once they have, or when no call is wanted."""
    facts, place = watched(case, now=now), place_of(case.branch, now=now)
    if case.promised_by is None and (case.state == State.CONTACTED or facts.no_call):
        return resolve_due(facts, place)
    return call_due(facts, place)
