"""A year of service, told by chance: who is served, who answers, who stops, when the clock jumps and the worker dies.

What is checked afterwards stands here in plain dates and addresses, apart from the product's own rules.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import holidays
from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db
from app.tasks import sweep_inbound
from notifications import EmailAddress, PhoneNumber, inbound
from notifications.models import Message, SimulatedMail, SimulatedMessage
from notifications.tasks import sweep_deliver, sweep_simulator
from surveys.invitations.events import NewEvent, Received, record
from surveys.invitations.models import Invitation, Programme, ServiceEvent
from surveys.people.merging import NotMerged, merge
from surveys.people.models import Branch
from surveys.people.service import ConsentGiven, Person
from surveys.tasks import sweep_remind_and_expire, sweep_send_due_invitations
from tests import world

NEW_YEAR = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
DAYS = 365
HOURS = 14  # between two moments at which somebody looks, on average
GAP = timedelta(days=90)
# Branch, zone, the law's place; and what that law leaves of 10 to 20 o'clock, where it leaves less, by weekday.
PLACES = {
    "BJ-01": ("Asia/Shanghai", "CN"),
    "MX-01": ("America/Mexico_City", "MX"),
    "PT-01": ("Europe/Lisbon", "PT"),
    "AU-01": ("Australia/Lord_Howe", "AU"),
    "US-01": ("America/Chicago", "US-TX"),
    "US-02": ("America/New_York", "US-RI"),
}
NARROW = {
    "US-TX": {6: (12, 20)},
    "US-RI": {**dict.fromkeys(range(5), (10, 18)), 5: (10, 17), 6: (10, 17)},
}
TOUCHPOINTS = ("branch_visit", "call_centre", "request_done")


@dataclass
class Somebody:
    """A person of the story, with what only the story knows of them."""

    number: int
    branch: str
    phone: str | None
    mailbox: str | None
    language: str
    group: int  # records of one person, once they were merged, carry one number
    customer_id: int | None = None


@dataclass(frozen=True)
class Carried:
    """One message that asked or reminded, as it reached somebody."""

    tick: int
    at: datetime
    address: str
    reminder: bool
    invitation: int
    event: int
    who: int
    group: int


@dataclass
class Year:
    """The story and what it saw."""

    app: Flask
    clock: Callable[[datetime], None]
    customers: int
    events_each: float
    rng: Random
    people: list[Somebody] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    events: int = 0
    stops: int = 0
    merges: int = 0
    now: datetime = NEW_YEAR
    tick: int = 0
    _seen_texts: int = 0
    _seen_mails: int = 0
    _heard_from: int = 0
    _waits: bool = False
    _past: list[NewEvent] = field(default_factory=list)
    _silent: dict[str, int] = field(default_factory=dict)  # addresses and groups that stopped, since which tick
    _back: dict[str, int] = field(default_factory=dict)  # groups that said START, at which tick
    _last: dict[str | int, datetime] = field(default_factory=dict)
    _asked: set[int] = field(default_factory=set)
    _reminded: set[int] = field(default_factory=set)
    _answered: set[int] = field(default_factory=set)
    _by_phone: defaultdict[str, list[Somebody]] = field(default_factory=lambda: defaultdict(list))

    def run(self) -> "Year":
        """Everything, from the first of January on."""
        with self.app.app_context():
            self._settle()
            ticks = self._hours()
            share = self.customers * self.events_each / (DAYS * 24 / HOURS)
            for now in ticks:
                self.now, self.tick = now, self.tick + 1
                self.clock(now)
                self._one(share)
        return self

    def _hours(self) -> Iterator[datetime]:
        now = NEW_YEAR
        while now < NEW_YEAR + timedelta(days=DAYS):
            yield now
            step = self.rng.expovariate(1 / HOURS)
            if self.rng.random() < 0.01:
                step = self.rng.choice([-3, -1, 30, 50])  # somebody sets the clock, or nobody works for days
            now += timedelta(hours=step)

    def _settle(self) -> None:
        world.build(NEW_YEAR)
        north = db.session.scalars(select(Branch).where(Branch.code == "NORTH")).one()
        for code, (zone, place) in PLACES.items():
            branch = db.session.scalar(select(Branch).where(Branch.code == code))
            if branch is None:
                branch = Branch(code=code, kind="branch", names={"en": code, "zh-Hans": code}, parent_id=north.id)
                db.session.add(branch)
            country, _, part = place.partition("-")
            branch.time_zone, branch.place, branch.country, branch.subdivision = zone, place, country, part or None
        orders = {"branch_visit": ["sms", "email"], "call_centre": ["email", "sms"], "request_done": ["sms_link"]}
        for programme in db.session.scalars(select(Programme).where(Programme.key.in_(TOUCHPOINTS))):
            programme.channels = orders[programme.key]
            programme.reminder_channel = {"branch_visit": "email", "call_centre": "sms"}.get(programme.key)
            programme.delay_minutes = {"call_centre": 90}.get(programme.key, 0)
            programme.sampling_rate = 0.9
            programme.policy = {"request_done": {"drip_per_day": max(20, self.customers // 50)}}.get(programme.key, {})
        commit()
        codes = list(PLACES)
        for number in range(self.customers):
            phone = f"+86154{number:08d}" if self.rng.random() < 0.9 else None
            home = self.rng.choice(codes)
            if number and self.rng.random() < 0.1 and (other := self.people[-1]).phone:
                phone, home = other.phone, other.branch  # a shared telephone
            mailbox = f"c{number}@example.com" if phone is None or self.rng.random() < 0.5 else None
            one = Somebody(number, home, phone, mailbox, self.rng.choice(["en", "zh-Hans"]), number)
            self.people.append(one)
            if phone:
                self._by_phone[phone].append(one)

    # ---- one moment of the year

    def _one(self, share: float) -> None:
        rng = self.rng
        if rng.random() < 0.5:
            self._deliver()
        self._people_write()
        self._deliver()
        for _ in range(self._poisson(share * (8 if rng.random() < 0.05 else 0.65))):  # now and then a storm
            self._serve()
        if rng.random() < 0.1:
            self._merge_somebody()
        commit()
        for sweep in (sweep_send_due_invitations, sweep_remind_and_expire, sweep_send_due_invitations):
            self._waits = self._until_quiet(sweep) or self._waits
        if rng.random() < 0.85:  # else the worker dies before it delivers, and the clock moves on
            self._deliver()

    def _poisson(self, mean: float) -> int:
        if mean > 30:
            return max(0, round(self.rng.gauss(mean, mean**0.5)))
        count, left = 0, self.rng.expovariate(1)
        while left < mean:
            count, left = count + 1, left + self.rng.expovariate(1)
        return count

    def _until_quiet(self, sweep: Callable[[datetime], int]) -> bool:
        moved = False
        while sweep(self.now):
            moved = True
        return moved

    def _serve(self) -> None:
        rng = self.rng
        if self._past and rng.random() < 0.15:
            event = rng.choice(self._past[-500:])  # the same file again
        else:
            one = rng.choice(self.people)
            self.events += 1
            consent = rng.choice([None, None, None, True])  # an import that says yes again lifts no stop
            person = Person(
                external_ref=f"C-{one.number}",
                name=f"Customer {one.number}",
                phone=PhoneNumber.trusted(one.phone) if one.phone else None,
                email=EmailAddress.trusted(one.mailbox) if one.mailbox else None,
                language=one.language,
                time_zone=PLACES[one.branch][0],
                consent=ConsentGiven(sms=True, source="import") if consent else None,
            )
            event = NewEvent(
                source="core",
                external_ref=f"T-{self.events}",
                touchpoint=rng.choice(TOUCHPOINTS),
                branch=one.branch,
                occurred_at=self.now - timedelta(minutes=rng.randint(1, 600)),
                person=person,
                complaint=rng.random() < 0.05,
            )
            self._past.append(event)
        found = record(event, now=self.now)
        assert isinstance(found, Received)
        number = int((event.person.external_ref or "").removeprefix("C-"))
        self.people[number].customer_id = found.event.customer_id

    def _people_write(self) -> None:
        rng = self.rng
        recent = [one for one in self.carried[self._heard_from :] if one.address.startswith("+")]
        self._heard_from = len(self.carried)
        for one in recent:
            chance = rng.random()
            if chance < 0.08:
                self._text(one.address, "STOP")
            elif chance < 0.3:
                self._text(one.address, str(rng.randint(1, 5)))
                self._answered.add(one.invitation)
        if self._silent and rng.random() < 0.02:
            phones = [key for key in self._silent if key.startswith("+")]
            self._text(rng.choice(phones), "START")
        if recent:
            self._waits = self._until_quiet(sweep_inbound) or self._waits

    def _text(self, phone: str, body: str) -> None:
        sid = f"SM{self.rng.getrandbits(120):032x}"
        inbound.receive(
            provider="simulator",
            provider_message_id=sid,
            sender=PhoneNumber.trusted(phone),
            to="+15005550001",
            body=body,
            now=self.now,
        )
        commit()
        keys: list[str] = [phone, *(f"group {one.group}" for one in self._by_phone[phone])]
        if body == "STOP":
            self.stops += 1
            self._silent |= dict.fromkeys(keys, self.tick)
        elif body == "START":
            for key in keys:
                self._silent.pop(key, None)
                self._back[key] = self.tick

    def _merge_somebody(self) -> None:
        kept = self.rng.choice(self.people)
        gone = self.rng.choice([one for one in self.people if one.branch == kept.branch])
        if kept.customer_id is None or gone.customer_id is None:
            return
        if kept.customer_id == gone.customer_id or isinstance(
            merge(kept.customer_id, gone.customer_id, now=self.now), NotMerged
        ):
            return
        self.merges += 1
        old, new = gone.group, kept.group
        # One person now: the last word they gave by either telephone holds.
        gone_key, kept_key = f"group {old}", f"group {new}"
        stopped = max((self._silent[key] for key in (gone_key, kept_key) if key in self._silent), default=-1)
        back = max((self._back[key] for key in (gone_key, kept_key) if key in self._back), default=-1)
        if stopped > back:
            self._silent[kept_key] = stopped
        else:
            self._silent.pop(kept_key, None)
        self._back[kept_key] = back
        if old in self._last:
            self._last[new] = max(self._last[old], self._last.get(new, self._last[old]))
        for one in self.people:
            if one.group == old:
                one.group, one.customer_id = new, kept.customer_id

    # ---- what reached people

    def _deliver(self) -> None:
        if not self._waits:
            return
        self._waits = False
        for sweep in (sweep_deliver, sweep_simulator):
            self._until_quiet(sweep)
        for address, message in [*self._texts(), *self._mails()]:
            if message is not None and message.purpose == "survey":
                self._check(address, message)

    def _texts(self) -> list[tuple[str, Message | None]]:
        query = (
            select(SimulatedMessage, Message)
            .outerjoin(Message, Message.provider_message_id == SimulatedMessage.sid)
            .where(SimulatedMessage.id > self._seen_texts, SimulatedMessage.direction == "outbound-api")
            .order_by(SimulatedMessage.id)
        )
        found = db.session.execute(query).all()
        self._seen_texts = max((text.id for text, _ in found), default=self._seen_texts)
        return [(text.to_address, message) for text, message in found]

    def _mails(self) -> list[tuple[str, Message | None]]:
        query = (
            select(SimulatedMail, Message)
            .outerjoin(Message, Message.provider_message_id == SimulatedMail.message_id)
            .where(SimulatedMail.id > self._seen_mails)
            .order_by(SimulatedMail.id)
        )
        found = db.session.execute(query).all()
        self._seen_mails = max((mail.id for mail, _ in found), default=self._seen_mails)
        return [(mail.to_address, message) for mail, message in found]

    def _check(self, address: str, message: Message) -> None:
        invitation = db.session.get_one(Invitation, message.subject_id)
        event = db.session.get_one(ServiceEvent, invitation.service_event_id)
        ref = next(e for e in reversed(self._past) if e.external_ref == event.external_ref).person.external_ref
        one = self.people[int((ref or "").removeprefix("C-"))]
        reminder = message.dedupe_key.endswith(":reminder")
        carried = Carried(self.tick, self.now, address, reminder, invitation.id, event.id, one.number, one.group)
        self.carried.append(carried)
        self._within_hours(carried, one)
        for key in (address, f"group {one.group}"):
            if key in self._silent:
                self._blame(carried, f"{key} stopped at tick {self._silent[key]}")
        if reminder:
            self._fits_a_reminder(carried)
        else:
            self._fits_an_ask(carried)
        for other in (address, one.group):
            self._last[other] = max(self.now, self._last.get(other, self.now))

    def _fits_an_ask(self, carried: Carried) -> None:
        if carried.event in self._asked:
            self._blame(carried, "asked twice about one event")
        self._asked.add(carried.event)
        for key in (carried.address, carried.group):
            if key in self._last and self.now - self._last[key] < GAP:
                self._blame(carried, f"{self.now - self._last[key]} after the last one to {key}")

    def _fits_a_reminder(self, carried: Carried) -> None:
        if carried.event not in self._asked:
            self._blame(carried, "reminded of what was never asked")
        if carried.invitation in self._reminded:
            self._blame(carried, "reminded twice")
        if carried.invitation in self._answered:
            self._blame(carried, "reminded after an answer")
        self._reminded.add(carried.invitation)

    def _within_hours(self, carried: Carried, one: Somebody) -> None:
        zone, place = PLACES[one.branch]
        local = carried.at.astimezone(ZoneInfo(zone))
        opens, closes = NARROW.get(place, {}).get(local.weekday(), (10, 20))
        if not opens <= local.hour < closes:
            self._blame(carried, f"{local} is outside hours in {place}")
        if local.date() in days_off(place, local.year):
            self._blame(carried, f"{local} is a holiday in {place}")

    def _blame(self, carried: Carried, what: str) -> None:
        self.wrong.append(f"tick {carried.tick}, {carried.address}, invitation {carried.invitation}: {what}")


@cache
def days_off(place: str, year: int) -> frozenset[date]:
    """Public holidays of a place, asked of the library itself."""
    country, _, part = place.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=[year]))
