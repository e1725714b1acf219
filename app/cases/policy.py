"""The rules of the closed loop (pure): which answer needs a person, how urgently, by when, and what may happen next.

open -> acknowledged -> contacted -> resolved -> [recovery answer] -> closed | reopened one level higher
open -> dismissed (false alarm)
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from surveys.invitations.quiet_hours import steady_spans
from surveys.people.calendars import Calendar

_HORIZON_DAYS = 400


class Reason(StrEnum):
    """Why a case is opened, or why it is more urgent than another; stored as words, shown with a label."""

    VERY_LOW_SCORE = "very_low_score"
    LOW_SCORE = "low_score"
    COMPLAINT = "complaint"
    SELF_HARM = "self_harm"
    FRAUD_SAFETY = "fraud_safety"
    DISCRIMINATION = "discrimination"
    LEGAL_THREAT = "legal_threat"
    INTENT_TO_LEAVE = "intent_to_leave"
    CALL_REQUEST = "call_request"
    ANGER = "anger"
    VERY_NEGATIVE = "very_negative_words"
    CONFLICT = "score_text_conflict"
    MOST_VALUABLE = "most_valuable"
    LIKELY_TO_LEAVE = "likely_to_leave"
    VALUE_AT_RISK = "value_at_risk"


# The priority each reason gives by itself, 1 the most urgent.
_PRIORITY = {
    Reason.SELF_HARM: 1,
    Reason.FRAUD_SAFETY: 1,
    Reason.DISCRIMINATION: 1,
    Reason.LEGAL_THREAT: 1,
    Reason.VERY_LOW_SCORE: 2,
    Reason.COMPLAINT: 2,
    Reason.INTENT_TO_LEAVE: 2,
    Reason.LOW_SCORE: 3,
    Reason.ANGER: 3,
    Reason.VERY_NEGATIVE: 3,
    Reason.CALL_REQUEST: 4,
}
_SIGNALS = {
    reason.value: reason
    for reason in (
        Reason.SELF_HARM,
        Reason.FRAUD_SAFETY,
        Reason.DISCRIMINATION,
        Reason.LEGAL_THREAT,
        Reason.INTENT_TO_LEAVE,
        Reason.ANGER,
        Reason.CALL_REQUEST,
    )
}


@dataclass(frozen=True, kw_only=True)
class TriageFacts:
    """What is known of one answer and its customer. `label` and `signals` are the scorer's words; None is no signal."""

    kind: str | None = None  # nps, csat, ces
    rating: int | None = None
    label: str | None = None
    signals: Collection[str] = frozenset()
    complaint: bool = False
    conflict: bool = False  # score and words disagree
    tier: str | None = None
    risk: float | None = None  # probability of leaving within 90 days
    value_at_risk: float | None = None  # expected loss, in the company's currency


@dataclass(frozen=True, kw_only=True)
class TriagePolicy:
    """Every number of the triage."""

    low: Mapping[str, int] = field(default_factory=lambda: {"nps": 6, "csat": 2, "ces": 3})
    very_low: Mapping[str, int] = field(default_factory=lambda: {"nps": 3, "csat": 1, "ces": 1})
    high_risk: float = 0.2
    high_value_at_risk: float = 5_000.0
    top_tiers: Collection[str] = frozenset({"mvc"})


@dataclass(frozen=True)
class Triage:
    """Whether a person must act, how urgently (1 to 4), whether the short contact clock holds, and why."""

    escalate: bool
    priority: int
    critical: bool
    reasons: tuple[str, ...]


def triage(facts: TriageFacts, policy: TriagePolicy | None = None) -> Triage:
    """The explicit rating first; words raise concern and never cancel a low score; value only raises what stands."""
    policy = policy or TriagePolicy()
    found = _alarms(facts, policy)
    if not found:
        return Triage(False, 4, False, ())
    priority = min(_PRIORITY[reason] for reason in found)
    if {Reason.VERY_NEGATIVE, Reason.ANGER} & {*found} and Reason.LOW_SCORE in found:
        priority = min(priority, 2)
    raises = []
    if (facts.tier or "").casefold() in policy.top_tiers:
        raises.append(Reason.MOST_VALUABLE)
    if facts.risk is not None and facts.risk >= policy.high_risk:
        raises.append(Reason.LIKELY_TO_LEAVE)
    if facts.value_at_risk is not None and facts.value_at_risk >= policy.high_value_at_risk:
        raises.append(Reason.VALUE_AT_RISK)
    # Risk and value tell of the same loss, so together they raise once.
    priority = max(1, priority - (Reason.MOST_VALUABLE in raises) - bool({*raises} - {Reason.MOST_VALUABLE}))
    critical = priority == 1 or bool(
        {Reason.COMPLAINT, Reason.VERY_LOW_SCORE, Reason.MOST_VALUABLE} & {*found, *raises}
    )
    reasons = [*sorted(found, key=lambda reason: _PRIORITY[reason]), *raises]
    if facts.conflict:
        reasons.append(Reason.CONFLICT)
    return Triage(True, priority, critical, tuple(str(reason) for reason in reasons))


def worse(before: Collection[str], found: Triage) -> bool:
    """Whether these findings hold an alarm that the reasons so far do not; a score that rose is none."""
    alarms = {str(reason) for reason in _PRIORITY}
    fresh = alarms & (set(found.reasons) - set(before))
    if Reason.VERY_LOW_SCORE in before:
        fresh.discard(Reason.LOW_SCORE)
    return bool(fresh)


def _alarms(facts: TriageFacts, policy: TriagePolicy) -> list[Reason]:
    found = []
    if facts.kind is not None and facts.rating is not None:
        if facts.rating <= policy.very_low.get(facts.kind, -1):
            found.append(Reason.VERY_LOW_SCORE)
        elif facts.rating <= policy.low.get(facts.kind, -1):
            found.append(Reason.LOW_SCORE)
    if facts.complaint:
        found.append(Reason.COMPLAINT)
    found += [reason for word, reason in _SIGNALS.items() if word in facts.signals]
    if facts.label == "very_negative":
        found.append(Reason.VERY_NEGATIVE)
    return found


@dataclass(frozen=True, kw_only=True)
class ClockPolicy:
    """Hours and days of the deadlines."""

    acknowledge_hours: Mapping[int, float] = field(default_factory=lambda: {1: 1, 2: 4, 3: 4, 4: 4})
    critical_contact_hours: float = 24
    contact_hours: float = 48
    resolve_business_days: int = 5


@dataclass(frozen=True)
class Deadlines:
    """What must happen by when, in UTC; `half_time_at` is when half of the contact clock has run."""

    acknowledge_by: datetime
    half_time_at: datetime
    contact_by: datetime
    resolve_by: datetime


def deadlines(
    priority: int,
    critical: bool,
    *,
    created: datetime,
    time_zone: str,
    calendar: Calendar | None = None,
    policy: ClockPolicy | None = None,
) -> Deadlines:
    """All deadlines of a case, in UTC; the calendar is the branch's. Raises ValueError if it never opens."""
    policy = policy or ClockPolicy()
    hours = policy.critical_contact_hours if critical else policy.contact_hours
    acknowledge = policy.acknowledge_hours[priority]
    found = (
        acknowledge_deadline(created, hours=acknowledge, time_zone=time_zone, calendar=calendar),
        contact_deadline(created, hours=hours / 2, time_zone=time_zone, calendar=calendar),
        contact_deadline(created, hours=hours, time_zone=time_zone, calendar=calendar),
        resolve_deadline(created, business_days=policy.resolve_business_days, time_zone=time_zone, calendar=calendar),
    )
    return Deadlines(*(instant.astimezone(UTC) for instant in found))


def contact_deadline(created: datetime, *, hours: float, time_zone: str, calendar: Calendar | None = None) -> datetime:
    """When `hours` have run round the clock on working days, weekends and holidays stopped; on the local clock."""
    days = calendar or Calendar()

    def whole_day(day: date) -> tuple[timedelta, timedelta] | None:
        return (timedelta(), timedelta(days=1)) if days.is_working_day(day) else None

    return _run_out(created, timedelta(hours=hours), time_zone, whole_day)


def acknowledge_deadline(
    created: datetime, *, hours: float, time_zone: str, calendar: Calendar | None = None
) -> datetime:
    """When `hours` of opening time have run; on the local clock. Raises ValueError for a branch that never opens."""
    return _run_out(created, timedelta(hours=hours), time_zone, (calendar or Calendar()).on)


def resolve_deadline(
    created: datetime, *, business_days: int = 5, time_zone: str, calendar: Calendar | None = None
) -> datetime:
    """The same time of day that many business days later; on the local clock."""
    return contact_deadline(created, hours=24 * business_days, time_zone=time_zone, calendar=calendar)


def _run_out(
    created: datetime,
    left: timedelta,
    time_zone: str,
    counted: Callable[[date], tuple[timedelta, timedelta] | None],
) -> datetime:
    zone = ZoneInfo(time_zone)
    for begin, end, offset in steady_spans(created, time_zone, days=_HORIZON_DAYS):
        local, last = (begin + offset).replace(tzinfo=None), (end + offset).replace(tzinfo=None)
        for step in range((last.date() - local.date()).days + 1):
            midnight = datetime.combine(local.date() + timedelta(days=step), time())
            if (hours := counted(midnight.date())) is None:
                continue
            first = max(local, midnight + hours[0])
            running = min(last, midnight + hours[1]) - first
            if running > timedelta() and running >= left:
                return (begin + (first - local) + left).astimezone(zone)
            left -= max(running, timedelta())
    raise ValueError(
        f"there are not enough working hours within {_HORIZON_DAYS} days; check opening hours and holidays"
    )


class State(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CONTACTED = "contacted"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    REOPENED = "reopened"


UNREAD = (State.OPEN, State.REOPENED)
LIVE = frozenset({State.OPEN, State.ACKNOWLEDGED, State.CONTACTED, State.REOPENED})


class Deed(StrEnum):
    """What somebody, or a deadline, does to a case."""

    ACKNOWLEDGE = "acknowledge"
    CONTACT = "contact"
    RESOLVE = "resolve"
    DISMISS = "dismiss"
    CLOSE = "close"
    REOPEN = "reopen"
    HAND_UP = "hand_up"
    HAND_OVER = "hand_over"


TRANSITIONS: Mapping[tuple[State, Deed], State] = {
    **{(state, Deed.ACKNOWLEDGE): State.ACKNOWLEDGED for state in UNREAD},
    # Who calls, or mends it, before writing OK has done more than OK.
    **{(state, Deed.CONTACT): State.CONTACTED for state in LIVE},
    **{(state, Deed.RESOLVE): State.RESOLVED for state in LIVE},
    **{(state, Deed.DISMISS): State.DISMISSED for state in (*UNREAD, State.ACKNOWLEDGED)},
    (State.RESOLVED, Deed.CLOSE): State.CLOSED,
    **{(state, Deed.REOPEN): State.REOPENED for state in (State.RESOLVED, State.CLOSED, State.DISMISSED)},
    # Whoever gets it must read it anew; a call that was made stays made.
    **{(state, deed): state for state in UNREAD for deed in (Deed.HAND_UP, Deed.HAND_OVER)},
    **{(State.ACKNOWLEDGED, deed): State.OPEN for deed in (Deed.HAND_UP, Deed.HAND_OVER)},
    **{(State.CONTACTED, deed): State.CONTACTED for deed in (Deed.HAND_UP, Deed.HAND_OVER)},
}

_REFUSALS = {
    State.OPEN: "This case is open; somebody must take it first.",
    State.REOPENED: "This case is open again; somebody must take it first.",
    State.ACKNOWLEDGED: "This case has been taken already; call the customer next.",
    State.CONTACTED: "The customer has been called already; resolve the case when it is put right.",
    State.RESOLVED: "This case is resolved and waits for the customer's answer; reopen it to go on.",
    State.CLOSED: "This case is closed; reopen it to go on.",
    State.DISMISSED: "This case was dismissed as a false alarm; reopen it to go on.",
}


class NotAllowed(Exception):  # noqa: N818 - named for what the reader is told
    """A deed that a case does not allow where it stands; `code` names the state, `message` says what to do instead."""

    def __init__(self, state: State, deed: Deed) -> None:
        self.state, self.deed = state, deed
        self.code = f"case_{state}"
        self.message = _REFUSALS[state]
        super().__init__(self.message)


def apply(state: State | str, deed: Deed | str) -> State:
    """The state after a deed. Raises NotAllowed with what to do instead, ValueError for a word that is neither."""
    before, done = State(state), Deed(deed)
    after = TRANSITIONS.get((before, done))
    if after is None:
        raise NotAllowed(before, done)
    return after


LEVELS = ("owner", "deputy", "branch_manager", "region")


def next_level(level: int) -> int | None:
    """The level a breach hands a case to, counted as in LEVELS; None above the region."""
    return level + 1 if 0 <= level < len(LEVELS) - 1 else None
