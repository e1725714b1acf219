"""The pre-flight (pure): past events decided again as if a programme had been live, nothing sent.

The replay asks the same rules as life does, at the event and again when the text would leave, and what it "sends"
counts against the caps of what follows.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from surveys.invitations.eligibility import (
    Channel,
    Decision,
    Eligibility,
    Facts,
    Policy,
    Rule,
    Verdict,
    eligibility,
    first_open,
)

BEFORE_SAMPLING = tuple(Rule)[: tuple(Rule).index(Rule.SAMPLING)]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """One past event: who, where, and the facts that no replay changes."""

    at: datetime
    branch: int
    branch_zone: str
    customer: int
    phone: str | None
    language: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Contact:
    """Something that counts against caps and did not come from this programme: asked, or answered."""

    at: datetime
    customer: int
    phone: str | None
    answered: bool = False


@dataclass
class Tally:
    """What would have happened. `stopped` counts each event once, under the first rule that stood in its way."""

    events: int = 0
    eligible: int = 0
    sampled: int = 0
    asked: int = 0
    deferred: int = 0
    stopped: Counter[Rule] = field(default_factory=Counter)
    sent: Counter[tuple[str, int, str]] = field(default_factory=Counter)  # by channel, branch and language


def replay(moments: Iterable[Moment], contacts: Sequence[Contact], policy: Policy) -> Tally:
    """Decide about every moment in its order. `contacts` come in the order of their time, from long before on."""
    run = _Replay(policy, contacts)
    for moment in moments:
        run.until(moment.at)
        run.decide(moment)
    run.until(None)
    return run.tally


class _Replay:
    def __init__(self, policy: Policy, contacts: Sequence[Contact]) -> None:
        self.policy, self.tally = policy, Tally()
        self._slotted = replace(policy, drip_per_day=None)  # a text that has its slot keeps it
        self._contacts, self._seen = contacts, 0
        self._asked: dict[int | str, datetime] = {}
        self._answered: dict[int | str, datetime] = {}
        self._sent_on: Counter[tuple[int, date]] = Counter()
        self._taken: defaultdict[int, list[datetime]] = defaultdict(list)
        self._number = count()
        self._waiting: list[tuple[datetime, int, Moment]] = []
        self._open_for = timedelta(days=policy.survey_open_days)

    def until(self, at: datetime | None) -> None:
        """Send what is due before this moment; all of it when there is none."""
        while self._waiting and (at is None or self._waiting[0][0] <= at):
            due, _, moment = heapq.heappop(self._waiting)
            self._hear(due)
            found = eligibility(self._facts(moment, due), self._slotted, now=due)
            if found.decision is Decision.SKIPPED:
                self.tally.stopped[found.stops[0]] += 1
            elif found.send_at is not None and found.send_at > due:
                heapq.heappush(self._waiting, (found.send_at, next(self._number), moment))
            else:
                self._send(moment, due)
        if at is not None:
            self._hear(at)

    def decide(self, moment: Moment) -> None:
        """Ask the rules about an event at its own time."""
        tally, now = self.tally, moment.at
        tally.events += 1
        found = eligibility(self._facts(moment, now), self.policy, now=now)
        self._count(found)
        if found.send_at is None:
            tally.stopped[found.stops[0]] += 1
            return
        begin = max(now, moment.facts.not_before or now)
        tally.deferred += found.send_at > begin
        if self.policy.drip_per_day:
            self._taken[moment.branch].append(found.send_at)
        if found.send_at <= now:
            self._send(moment, now)
        else:
            heapq.heappush(self._waiting, (found.send_at, next(self._number), moment))

    def _count(self, found: Eligibility) -> None:
        stops = {result.rule for result in found.rules if result.verdict is Verdict.STOP}
        if stops.isdisjoint(BEFORE_SAMPLING):
            self.tally.eligible += 1
            self.tally.sampled += Rule.SAMPLING not in stops

    def _facts(self, moment: Moment, now: datetime) -> Facts:
        asked = self._latest(self._asked, moment)
        return replace(
            moment.facts,
            last_invited_at=asked,
            last_answered_at=self._latest(self._answered, moment),
            open_conversation=asked is not None and now - asked < self._open_for,
            sent_today=self._sent_on[moment.branch, _local_day(now, moment)] if self.policy.quota else 0,
            taken=self._slots(moment.branch, now),
        )

    def _latest(self, known: Mapping[int | str, datetime], moment: Moment) -> datetime | None:
        own, shared = known.get(moment.customer), known.get(moment.phone) if moment.phone else None
        if own is None or shared is None:
            return own or shared
        return max(own, shared)

    def _slots(self, branch: int, now: datetime) -> Sequence[datetime]:
        if not self.policy.drip_per_day:
            return ()
        self._taken[branch] = [slot for slot in self._taken[branch] if slot > now - _DAY]
        return self._taken[branch]

    def _send(self, moment: Moment, at: datetime) -> None:
        way = first_open(moment.facts.routes)
        self.tally.asked += 1
        self.tally.sent[way.channel if way else Channel.SMS, moment.branch, moment.language] += 1
        self._sent_on[moment.branch, _local_day(at, moment)] += 1
        self._note(self._asked, Contact(at, moment.customer, moment.phone))

    def _hear(self, at: datetime) -> None:
        while self._seen < len(self._contacts) and self._contacts[self._seen].at <= at:
            contact = self._contacts[self._seen]
            self._note(self._answered if contact.answered else self._asked, contact)
            self._seen += 1

    def _note(self, known: dict[int | str, datetime], contact: Contact) -> None:
        for key in (contact.customer, contact.phone):
            if key is not None and (key not in known or known[key] < contact.at):
                known[key] = contact.at


def _local_day(at: datetime, moment: Moment) -> date:
    return at.astimezone(ZoneInfo(moment.branch_zone)).date()
