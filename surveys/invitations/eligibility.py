"""Whether and when to ask (pure): every rule gives its verdict in its order, and all verdicts are kept."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from surveys.invitations.drip import free_slot
from surveys.invitations.durations import ago, counted, lasting
from surveys.invitations.quiet_hours import Hours, NoHoursError, allowed_from
from surveys.invitations.sampling import sampled


class Rule(StrEnum):
    """The rules, in the order in which they are asked."""

    NO_PROGRAMME = "no_programme"
    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    NO_CHANNEL = "no_channel"
    FREQUENCY_CAP = "frequency_cap"
    OPEN_CONVERSATION = "open_conversation"
    OPEN_CASE = "open_case"
    HOLD = "hold"
    STALE_EVENT = "stale_event"
    SAMPLING = "sampling"
    QUOTA = "quota"
    DRIP = "drip"
    QUIET_HOURS = "quiet_hours"


class Verdict(StrEnum):
    PASS = "pass"
    STOP = "stop"
    DEFER = "defer"


class Decision(StrEnum):
    SCHEDULED = "scheduled"
    SKIPPED = "skipped"


LOOK_AGAIN = timedelta(hours=1)  # whether a conversation that another survey began on the same number is over


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Every number of the contact policy; a programme may override any of them by name."""

    cap_days: int = 90
    answer_cap_days: int = 90
    relationship: bool = False  # a relationship survey keeps the longer distance
    relationship_cap_days: int = 180
    stale_hours: float = 72
    sampling_rate: float = 1.0
    quota: int | None = None  # texts a programme may send from a branch in a day
    drip_per_day: int | None = None  # texts a branch spreads over the company's hours of a day
    company_hours: Sequence[int] = (10, 20)
    weekdays: Collection[int] = tuple(range(7))  # Monday is 0
    respect_holidays: bool = True
    reminder_after_hours: float = 48
    survey_open_days: float = 7


class Channel(StrEnum):
    """How a customer is asked: in a conversation by text, by a text with the link alone, or by a mail with the link."""

    SMS = "sms"
    SMS_LINK = "sms_link"
    EMAIL = "email"


@dataclass(frozen=True)
class Route:
    """How one channel of a programme's order stands for a customer. The first open one is taken."""

    channel: str
    known: bool  # an address that takes messages is known
    opted_out: bool = False
    consent: bool = True

    @property
    def open(self) -> bool:
        """Whether a message may go this way."""
        return self.known and self.consent and not self.opted_out

    @property
    def why_not(self) -> str:
        """Why this way is not taken."""
        if not self.known:
            return "no address is known"
        return "asked us to stop" if self.opted_out else "no consent is on record"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the rules need to know about one event, its customer and their telephone. Times are aware."""

    programme: str | None
    time_zone: str
    place: str | None = None
    complaint: bool = False
    opted_out: bool = False
    consent: bool = True
    has_channel: bool = True
    last_invited_at: datetime | None = None  # the latest over the customer and everyone on the same phone
    last_answered_at: datetime | None = None
    open_conversation: bool = False
    open_case: bool = False
    hold: str | None = None  # why the branch or the customer is not asked for now
    occurred_at: datetime | None = None
    not_before: datetime | None = None  # the event and the programme's delay
    sample_key: str = ""
    sent_today: int = 0
    taken: Collection[datetime] = ()  # when the branch's other texts of this programme go out
    holidays: Collection[date] = frozenset()
    routes: tuple[Route, ...] = ()  # in the programme's order; when given they say what the three facts above say
    exempt_from_caps: bool = False  # the recovery question: owed, so it takes the place of an unanswered survey too


@dataclass(frozen=True)
class RuleResult:
    """What one rule said, and a short sentence with the facts that made it say so."""

    rule: Rule
    verdict: Verdict
    detail: str


@dataclass(frozen=True)
class Eligibility:
    """The decision, and every rule's verdict in order; `send_at` is None exactly when skipped."""

    decision: Decision
    send_at: datetime | None
    rules: tuple[RuleResult, ...]

    @property
    def stops(self) -> tuple[Rule, ...]:
        """The rules that stood in the way, the first one first."""
        return tuple(result.rule for result in self.rules if result.verdict is Verdict.STOP)


def eligibility(
    facts: Facts, policy: Policy, *, now: datetime, law: Sequence[Hours | None] | None = None
) -> Eligibility:
    """Ask every rule. One stop skips; a deferral moves `send_at`, or stops when the event would be stale by then.

    `law` (Monday first) stands in for the hours of the place.
    """
    limit = facts.occurred_at + timedelta(hours=policy.stale_hours) if facts.occurred_at else None
    begin = max(now, facts.not_before) if facts.not_before else now
    talking = facts.open_conversation and not facts.exempt_from_caps
    if talking:
        begin = max(begin, now + LOOK_AGAIN)
    results = [
        *_permission(facts),
        _frequency_cap(facts, policy, now),
        _conversation(facts, talking, begin),
        *_under_way(facts),
        _stale_event(facts, policy, now, begin, limit),
        _sampling(facts, policy),
        _quota(facts, policy),
    ]
    timing, send_at = _timing(facts, policy, begin, limit, law)
    results += timing
    if any(result.verdict is Verdict.STOP for result in results):
        return Eligibility(Decision.SKIPPED, None, tuple(results))
    return Eligibility(Decision.SCHEDULED, send_at, tuple(results))


def may_remind(facts: Facts, policy: Policy, *, now: datetime) -> Eligibility:
    """Ask every rule again before the one reminder; what spaces and thins out the first texts does not apply to it."""
    asked_already = replace(facts, last_invited_at=None, last_answered_at=None, occurred_at=None, not_before=None)
    return eligibility(asked_already, replace(policy, sampling_rate=1.0, quota=None, drip_per_day=None), now=now)


def _judge(rule: Rule, stands: bool, stop: str, fine: str) -> RuleResult:
    return RuleResult(rule, Verdict.STOP, stop) if stands else RuleResult(rule, Verdict.PASS, fine)


def first_open(routes: Sequence[Route]) -> Route | None:
    """The way a message goes: the first channel in the order that the customer can be reached by and agreed to."""
    return next((route for route in routes if route.open), None)


def _permission(facts: Facts) -> list[RuleResult]:
    found = f"programme {facts.programme}" if facts.programme else ""
    opted_out, consent, has_channel = facts.opted_out, facts.consent, facts.has_channel
    known = [route for route in facts.routes if route.known]
    if facts.routes:
        opted_out = bool(known) and all(route.opted_out for route in known)
        willing = [route for route in known if not route.opted_out] or facts.routes
        consent, has_channel = any(route.consent for route in willing), bool(known)
    return [
        _judge(Rule.NO_PROGRAMME, not facts.programme, "no live programme asks about this", found),
        _judge(Rule.OPTED_OUT, opted_out, _stopped(known), "not opted out"),
        _judge(Rule.NO_CONSENT, not consent, "no consent is on record", "consent is on record"),
        _judge(Rule.NO_CHANNEL, not has_channel, _nowhere(facts.routes), _way(facts.routes)),
    ]


def _stopped(known: Sequence[Route]) -> str:
    return "this address asked us to stop" if known and _mails(known) else "this number asked us to stop"


def _mails(routes: Sequence[Route]) -> bool:
    return all(route.channel == Channel.EMAIL for route in routes)


def _nowhere(routes: Sequence[Route]) -> str:
    named = ", ".join(str(route.channel) for route in routes)
    return f"no address is known for {named}" if routes else "no number that takes texts is known"


def _way(routes: Sequence[Route]) -> str:
    if not routes:
        return "a number is known"
    way = first_open(routes)
    passed = routes[: routes.index(way)] if way else routes
    before = [f"{route.channel}: {route.why_not}" for route in passed]
    return "; ".join([f"goes by {way.channel}" if way else "no way is open", *before])


def _frequency_cap(facts: Facts, policy: Policy, now: datetime) -> RuleResult:
    if facts.exempt_from_caps:
        return RuleResult(Rule.FREQUENCY_CAP, Verdict.PASS, "owed to the customer, so no cap applies")
    asked = policy.relationship_cap_days if policy.relationship else policy.cap_days
    answered = max(policy.answer_cap_days, asked) if policy.relationship else policy.answer_cap_days
    said = []
    for word, at, days in (("asked", facts.last_invited_at, asked), ("answered", facts.last_answered_at, answered)):
        if at is None:
            continue
        detail = f"{word} {ago(now - at)}; the limit is {counted(days, 'day')}"
        if now - at < timedelta(days=days):
            return RuleResult(Rule.FREQUENCY_CAP, Verdict.STOP, detail)
        said.append(detail)
    return RuleResult(Rule.FREQUENCY_CAP, Verdict.PASS, said[0] if said else "never asked before")


def _conversation(facts: Facts, talking: bool, begin: datetime) -> RuleResult:
    if talking:
        waits = f"a conversation is open on this number; looked at again at {_local(begin, facts)}"
        return RuleResult(Rule.OPEN_CONVERSATION, Verdict.DEFER, waits)
    silent = "the unanswered survey is replaced by this one" if facts.open_conversation else "no conversation is open"
    return RuleResult(Rule.OPEN_CONVERSATION, Verdict.PASS, silent)


def _under_way(facts: Facts) -> list[RuleResult]:
    return [
        _judge(Rule.OPEN_CASE, facts.open_case, "a case of this customer is open", "no case is open"),
        _judge(Rule.HOLD, facts.hold is not None, f"held: {facts.hold}", "nothing is held"),
    ]


def _stale_event(facts: Facts, policy: Policy, now: datetime, begin: datetime, limit: datetime | None) -> RuleResult:
    if facts.occurred_at is None or limit is None:
        return RuleResult(Rule.STALE_EVENT, Verdict.PASS, "no time of the event is known")
    bound = f"the limit is {counted(policy.stale_hours, 'hour')}"
    if now <= limit < begin:
        after = "when the conversation is looked at again" if facts.open_conversation else "after the programme's delay"
        wait = f"it would be {lasting(begin - facts.occurred_at)} old {after}"
        return RuleResult(Rule.STALE_EVENT, Verdict.STOP, f"{wait}; {bound}")
    return _judge(Rule.STALE_EVENT, now > limit, *[f"happened {ago(now - facts.occurred_at)}; {bound}"] * 2)


def _sampling(facts: Facts, policy: Policy) -> RuleResult:
    if skip := _unlimited(facts):
        return RuleResult(Rule.SAMPLING, Verdict.PASS, skip)
    drawn = sampled(facts.sample_key, rate=policy.sampling_rate)
    rate = f"{policy.sampling_rate * 100:g} % are asked"
    return _judge(Rule.SAMPLING, not drawn, f"not drawn; {rate}", f"drawn; {rate}")


def _quota(facts: Facts, policy: Policy) -> RuleResult:
    if skip := _unlimited(facts):
        return RuleResult(Rule.QUOTA, Verdict.PASS, skip)
    if policy.quota is None:
        return RuleResult(Rule.QUOTA, Verdict.PASS, f"{facts.sent_today} sent today; there is no quota")
    sent = f"{facts.sent_today} of {policy.quota} sent today"
    return _judge(Rule.QUOTA, facts.sent_today >= policy.quota, sent, sent)


def _unlimited(facts: Facts) -> str:
    if facts.complaint:
        return "every complaint is asked about"
    return "owed to the customer, so no limit applies" if facts.exempt_from_caps else ""


def _timing(
    facts: Facts, policy: Policy, begin: datetime, limit: datetime | None, law: Sequence[Hours | None] | None
) -> tuple[list[RuleResult], datetime | None]:
    """Drip and quiet hours, and the moment both allow: a free slot at night is none, nor is a full morning."""

    holidays = facts.holidays if policy.respect_holidays else frozenset()

    def opening(moment: datetime) -> datetime:
        return allowed_from(
            moment,
            time_zone=facts.time_zone,
            place=facts.place,
            company=(policy.company_hours[0], policy.company_hours[1]),
            weekdays=policy.weekdays,
            holidays=holidays,
            law=law,
        )

    try:
        opens = opening(begin)
        drip, slot = _drip(facts, policy, opens, limit, opening)
    except NoHoursError as closed:
        free = RuleResult(Rule.DRIP, Verdict.PASS, "the branch has a free slot")
        return [free, RuleResult(Rule.QUIET_HOURS, Verdict.STOP, closed.message)], None
    return [drip, _quiet_hours(facts, begin, opens, limit, holidays)], slot


def _drip(
    facts: Facts, policy: Policy, opens: datetime, limit: datetime | None, opening: Callable[[datetime], datetime]
) -> tuple[RuleResult, datetime]:
    if skip := _unlimited(facts):
        return RuleResult(Rule.DRIP, Verdict.PASS, skip), opens
    slot = opens
    if policy.drip_per_day:
        day = timedelta(hours=policy.company_hours[1] - policy.company_hours[0])
        slot = free_slot(opens, facts.taken, apart=day / policy.drip_per_day, opening=opening)
    if slot == opens:
        return RuleResult(Rule.DRIP, Verdict.PASS, "the branch has a free slot"), slot
    pace = f"the branch asks {policy.drip_per_day} a day"
    if limit is not None and opens <= limit < slot:
        return RuleResult(Rule.DRIP, Verdict.STOP, f"the next slot, {_local(slot, facts)}, is too late; {pace}"), slot
    return RuleResult(Rule.DRIP, Verdict.DEFER, f"the next slot is {_local(slot, facts)}; {pace}"), slot


def _quiet_hours(
    facts: Facts, begin: datetime, opens: datetime, limit: datetime | None, holidays: Collection[date]
) -> RuleResult:
    if opens == begin:
        return RuleResult(Rule.QUIET_HOURS, Verdict.PASS, f"{_local(begin, facts)} is within hours")
    off = begin.astimezone(ZoneInfo(facts.time_zone)).date() in holidays
    closed = f"{_local(begin, facts)} is {'a public holiday' if off else 'outside hours'}"
    if limit is not None and begin <= limit < opens:
        detail = f"{closed}; hours open at {_local(opens, facts)}, when the event is too old"
        return RuleResult(Rule.QUIET_HOURS, Verdict.STOP, detail)
    return RuleResult(Rule.QUIET_HOURS, Verdict.DEFER, f"{closed}; waits until {_local(opens, facts)}")


def _local(instant: datetime, facts: Facts) -> str:
    return f"{instant.astimezone(ZoneInfo(facts.time_zone)):%Y-%m-%d %H:%M}"


@dataclass(frozen=True)
class ContactDecision:
    """May we text now: send, defer or deny, the rule that decided it, and when on the local clock."""

    decision: str
    reason: str
    at_local: datetime | None


def contact_decision(
    *,
    now: datetime,
    time_zone: str,
    jurisdiction: str | None,
    consent: bool,
    opted_out: bool,
    last_survey: datetime | None = None,
    event: datetime | None = None,
    windows: Mapping[str, Sequence[Sequence[int] | None]] | None = None,
    company_window: Sequence[int] = (10, 20),
) -> ContactDecision:
    """The contact policy without programmes: consent, cap, staleness and hours alone, by the same rules.

    `windows` maps a place to its hours, Monday first; without it the shipped ones hold.
    """
    facts = Facts(
        programme="any",
        time_zone=time_zone,
        place=jurisdiction,
        consent=consent,
        opted_out=opted_out,
        last_invited_at=last_survey,
        occurred_at=event,
    )
    given = (windows or {}).get(jurisdiction or "")
    law = [(day[0], day[1]) if day else None for day in given] if given is not None else None
    found = eligibility(facts, replace(Policy(), company_hours=company_window), now=now, law=law)
    if found.send_at is None:
        first = found.stops[0]
        return ContactDecision("deny", "stale_before_window" if first is Rule.QUIET_HOURS else str(first), None)
    at = found.send_at.astimezone(ZoneInfo(time_zone))
    return ContactDecision("defer", "quiet_hours", at) if found.send_at > now else ContactDecision("send", "ok", at)
