"""Which deadline of a case comes next (pure). A breach moves it up one level; the new holder gets time of their own."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.cases.hours import Place
from app.cases.policy import UNREAD, ClockPolicy, State, acknowledge_deadline, contact_deadline, resolve_deadline

QUIET = (22, 7)  # staff are not woken for hand-ups and reminders, branch time; the first alert always goes
PROMISE_NOTICE = timedelta(minutes=30)
AGAIN_HOURS = {True: 4.0, False: 8.0}  # to call, for whoever gets a case whose contact deadline has passed
AGAIN_RESOLVE_DAYS = 1


class Watch(StrEnum):
    """What is waited for."""

    HALF_TIME = "half_time"
    ACKNOWLEDGE = "acknowledge"
    CONTACT = "contact"
    PROMISE_DUE = "promise_due"
    PROMISE = "promise"
    RESOLVE = "resolve"
    STILL = "still"  # nobody acted on anything: the holder is reminded once an opening day


REMINDERS = frozenset({Watch.HALF_TIME, Watch.PROMISE_DUE})


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What decides a case's next deadline.

    `moved_at`: its holder has it since. `clock_from`: since when their time runs; no hand-over counts, but a time that
    was given anew does. `looked_at`: when somebody was last reminded, or a breach was noted.
    """

    state: State
    priority: int
    critical: bool
    no_call: bool
    acknowledge_by: datetime
    half_time_at: datetime
    contact_by: datetime
    resolve_by: datetime
    promised_by: datetime | None
    promised_at: datetime | None
    moved_at: datetime
    clock_from: datetime
    looked_at: datetime
    done: Collection[tuple[str, datetime]]  # reminders given and breaches noted, with the moment they were due


@dataclass(frozen=True)
class Due:
    """The next thing to watch for, and when."""

    watch: Watch
    at: datetime


def next_due(facts: Watched, place: Place, *, policy: ClockPolicy | None = None) -> Due:
    """The earliest deadline or reminder that has not been dealt with; an open case always has one."""
    policy = policy or ClockPolicy()
    waiting = [d for d in _waiting(facts, place, policy) if (str(d.watch), d.at) not in facts.done]
    still = Due(Watch.STILL, place.opening_after(max(facts.looked_at, facts.moved_at)))
    return min(waiting, key=lambda d: d.at, default=still)


def call_due(facts: Watched, place: Place) -> datetime:
    """By when the present holder must have called: the promise, the contact deadline, or after a breach a new one."""
    if facts.promised_by is not None:
        return facts.promised_by
    return facts.contact_by if facts.contact_by > facts.clock_from else call_again(facts, place, facts.clock_from)


def resolve_due(facts: Watched, place: Place) -> datetime:
    """By when the present holder must have put it right."""
    return facts.resolve_by if facts.resolve_by > facts.clock_from else resolve_again(place, facts.clock_from)


def call_again(facts: Watched, place: Place, start: datetime) -> datetime:
    """By when whoever takes it up at `start`, too late already, calls; never at night."""
    hours = AGAIN_HOURS[facts.critical]
    return place.by_day(contact_deadline(start, hours=hours, time_zone=place.time_zone, calendar=place.calendar))


def resolve_again(place: Place, start: datetime) -> datetime:
    """The same for putting it right."""
    days = AGAIN_RESOLVE_DAYS
    due = resolve_deadline(start, business_days=days, time_zone=place.time_zone, calendar=place.calendar)
    return place.by_day(due)


def awake(moment: datetime, time_zone: str) -> datetime:
    """The moment itself, or when the night that holds it is over."""
    local = moment.astimezone(ZoneInfo(time_zone))
    begins, ends = QUIET
    if ends <= local.hour < begins:
        return moment
    morning = local.replace(hour=ends, minute=0, second=0, microsecond=0)
    return morning + timedelta(days=1) if local.hour >= begins else morning


def _waiting(facts: Watched, place: Place, policy: ClockPolicy) -> Iterator[Due]:
    unread = facts.state in UNREAD
    called = facts.state is State.CONTACTED
    if unread:
        yield Due(Watch.ACKNOWLEDGE, _acknowledge_due(facts, place, policy))
        if facts.half_time_at > facts.moved_at and not facts.no_call:
            yield Due(Watch.HALF_TIME, facts.half_time_at)
    if facts.promised_by is not None:
        reminder = facts.promised_by - PROMISE_NOTICE
        if facts.promised_at is None or reminder > max(facts.promised_at, facts.moved_at):
            yield Due(Watch.PROMISE_DUE, reminder)
        yield Due(Watch.PROMISE, facts.promised_by)
    elif not called and not facts.no_call:
        yield Due(Watch.CONTACT, call_due(facts, place))
    if called or facts.no_call:
        yield Due(Watch.RESOLVE, resolve_due(facts, place))


def _acknowledge_due(facts: Watched, place: Place, policy: ClockPolicy) -> datetime:
    if facts.acknowledge_by > facts.moved_at:
        return facts.acknowledge_by
    return acknowledge_deadline(
        facts.moved_at,
        hours=policy.acknowledge_hours[facts.priority],
        time_zone=place.time_zone,
        calendar=place.calendar,
    )
