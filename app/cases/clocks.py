"""A case's deadlines: set when it opens, worsens or comes back; and when it must be looked at next."""

from dataclasses import replace
from datetime import datetime

from app.cases.journal import last, moved_at, record
from app.cases.models import Case
from app.cases.places import place_of
from app.cases.policy import LIVE, Deadlines, State, deadlines
from app.cases.watch import Watch, Watched, awake, call_again, call_due, next_due, resolve_again, resolve_due

LOOKED = ("reminded", "breached")


def clocks(case: Case, *, start: datetime) -> Deadlines:
    """All deadlines of this case if its clocks began at `start`."""
    place = place_of(case.branch, now=start)
    return deadlines(
        case.priority,
        case.critical,
        created=start,
        time_zone=place.time_zone,
        calendar=place.calendar,
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
        looked_at=max((e.at for e in case.history if e.kind in LOOKED), default=case.opened_at),
        done={(e.detail["watch"], datetime.fromisoformat(e.detail["due"])) for e in case.history if e.kind in LOOKED},
    )


def schedule(case: Case, *, now: datetime) -> None:
    """Write down when the case must be looked at next; reminders and hand-ups wait for the morning."""
    case.next_check_at = None
    if State(case.state) in LIVE:
        due = next_due(watched(case, now=now), place_of(case.branch, now=now))
        case.next_check_at = awake(due.at, case.branch.time_zone)


def due_by(case: Case, *, now: datetime) -> datetime:
    """The deadline that stands, also when it was missed: the call; putting it right once they were called or want none.

    For lists and clocks that say "overdue". What people are told is `call_by`.
    """
    facts, place = watched(case, now=now), place_of(case.branch, now=now)
    return resolve_due(facts, place) if _to_resolve(facts) else call_due(facts, place)


def call_by(case: Case, *, now: datetime) -> datetime:
    """The time to tell people: the deadline that stands, or the one that follows if somebody takes it up now."""
    due, place = due_by(case, now=now), place_of(case.branch, now=now)
    if due > now:
        return place.last_call_before(due, now=now)
    facts = watched(case, now=now)
    start = awake(now, case.branch.time_zone)  # when it is handed up, if it is
    to_resolve = _to_resolve(replace(facts, promised_by=None))
    return resolve_again(place, start) if to_resolve else call_again(facts, place, start)


def renew(case: Case, *, now: datetime) -> bool:
    """After its time: whoever takes the case up, or tells the customer of it, has a new one. False while it runs.

    A deadline that nobody has noticed yet is first noticed: a customer who writes in the night keeps no case from
    being handed up in the morning.
    """
    if case.state not in LIVE or due_by(case, now=now) > now:
        return False
    due = next_due(watched(case, now=now), place_of(case.branch, now=now))
    if due.at <= now and due.watch is not Watch.STILL:
        return False
    case.promised_by = None
    line = record(case, "granted", now=now)
    line.detail = {"by": due_by(case, now=now).isoformat()}
    schedule(case, now=now)
    return True


def _to_resolve(facts: Watched) -> bool:
    return facts.promised_by is None and (facts.state is State.CONTACTED or facts.no_call)
