"""The demo bank's customers: who they are, where they can be reached, what they are worth, what they did."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from app.demo import names
from app.demo.company import Company, Place, Worker
from app.demo.ledger import Ledger
from app.extensions import Blind, blind
from app.insights.segmentation import Worth, tiers
from notifications.models import OptOut
from surveys.people.likeness import likeness
from surveys.people.models import Consent, ContactPoint, Customer, CustomerReference, Ownership, Transaction
from surveys.people.service import SURVEYS

SOURCE = "core"
ZONE = "Asia/Shanghai"
FIRST_PHONE = 15005553000
TWICE = 3  # how many are known twice
WORDING = {
    "en": "You may text me after a visit to ask how it was. I can stop this at any time.",
    "zh-Hans": "办完业务后，可以发短信询问我的感受，我可以随时退订。",
}
WORDING_VERSION = "2026-01"


@dataclass(slots=True)
class Person:
    """One customer as the generator needs them; `asked_at` and `answered_at` move as the weeks pass."""

    id: int
    reference: str
    name: str
    language: str
    place: Place
    owner: Worker | None
    tier: str
    value: int
    phone: str | None
    index: Blind | None
    consent: bool
    opted_out: bool = False
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    case_open: bool = False
    patience: float = 0.0


@dataclass
class Crowd:
    """Everybody, and per branch those who can be asked and were not yet."""

    people: list[Person]
    fresh: dict[str, list[Person]] = field(default_factory=dict)
    asked: dict[str, list[Person]] = field(default_factory=dict)
    unreachable: dict[str, list[Person]] = field(default_factory=dict)


def make(company: Company, ledger: Ledger, rng: Random, *, count: int, now: datetime, since: datetime) -> Crowd:
    """`count` customers, about evenly over the branches; their worth is very uneven."""
    values = [_value(rng) for _ in range(count)]
    worths = [Worth(str(n), value, value + rng.lognormvariate(7.0, 1.3)) for n, value in enumerate(values)]
    tier = tiers(worths)
    crowd = Crowd([])
    for number, value in enumerate(values):
        place = company.places[number % len(company.places)]
        person = _person(place, ledger, rng, number, value, str(tier[str(number)]), now=now, since=since)
        _transactions(person, ledger, rng, today=now.date())
        crowd.people.append(person)
    for place in company.places:
        here = [p for p in crowd.people if p.place is place]
        crowd.fresh[place.code] = [p for p in here if p.phone and p.consent and not p.opted_out]
        crowd.unreachable[place.code] = [p for p in here if not (p.phone and p.consent and not p.opted_out)]
        crowd.asked[place.code] = []
        rng.shuffle(crowd.fresh[place.code])
    _known_twice(crowd, ledger)
    return crowd


def _known_twice(crowd: Crowd, ledger: Ledger) -> None:
    """A few have come to two branches and are known there twice: somebody may look and say so."""
    rows = {row["id"]: row for row in ledger.rows(Customer)}
    places = sorted(crowd.fresh)
    for number, (here, there) in enumerate(pairwise(places)):
        first = next((p for p in crowd.fresh[here] if p.phone), None)
        second = next((p for p in crowd.unreachable[there] if p.language == first.language), None) if first else None
        if number == TWICE or first is None or second is None:
            return
        born = date(1962 + 9 * number, 3 + number, 11 + 4 * number).isoformat()
        second.name = first.name
        for person in (first, second):
            rows[person.id].update(name=first.name, birth_date=born, likeness=blind(f"{likeness(first.name, born)}"))


def _value(rng: Random) -> float:
    """Margin over five years in yuan: most are worth little, a few very much, one in twelve costs more than that."""
    value = rng.lognormvariate(7.4, 1.5)
    return round(-rng.uniform(50, 900) if rng.random() < 0.08 else min(value, 900_000.0), 2)


def _person(
    place: Place, ledger: Ledger, rng: Random, number: int, value: float, tier: str, *, now: datetime, since: datetime
) -> Person:
    chinese = rng.random() < 0.66
    name = names.chinese(rng) if chinese else names.english(rng)
    language = "zh-Hans" if chinese == (rng.random() < 0.95) else "en"
    owner = rng.choice(place.account_managers) if tier in ("MVC", "MGC") else None
    joined = now.date() - timedelta(days=int(rng.triangular(20, 7000, 900)))
    row = ledger.add(
        Customer,
        name=name,
        language=language,
        time_zone=ZONE,
        branch_id=place.id,
        owner_id=owner.id if owner else None,
        tier=tier,
        tier_at=since,
        value_cents=round(value * 100),
        customer_since=joined,
        demo=True,
        created_at=since,
    )
    if owner:
        ledger.add(Ownership, customer_id=row["id"], staff_id=owner.id, since=since.date())
    reference = f"C-{100001 + number}"
    ledger.add(CustomerReference, customer_id=row["id"], source=SOURCE, external_ref=reference)
    phone = f"+{FIRST_PHONE + number}" if rng.random() < 0.955 else None
    index = blind(phone) if phone else None
    if phone:
        _point(ledger, row["id"], "phone", phone, index, phone[-4:], since)
    if phone is None or rng.random() < 0.35:
        email = f"c{100001 + number}@mail.example"
        _point(ledger, row["id"], "email", email, blind(email), "", since)
    consent = rng.random() < 0.972
    asked_for = rng.random() < 0.3
    ledger.add(
        Consent,
        customer_id=row["id"],
        purpose=SURVEYS,
        channel="sms",
        granted=consent,
        source="branch_form" if asked_for or not consent else "service_relationship",
        wording=WORDING[language] if asked_for or not consent else "",
        wording_version=WORDING_VERSION if asked_for or not consent else "",
        proof=f"form {reference}" if asked_for or not consent else "",
        at=since,
    )
    opted_out = phone is not None and rng.random() < 0.008
    if opted_out:
        opt_out(ledger, row["id"], index, since + timedelta(days=rng.randint(1, 40)))
    return Person(
        row["id"], reference, name, language, place, owner, tier, row["value_cents"], phone, index, consent, opted_out
    )


def opt_out(ledger: Ledger, customer_id: int, index: Blind | None, at: datetime, wording: str = "STOP") -> None:
    """This customer said stop: no more surveys, and a line in the ledger of consent."""
    ledger.add(OptOut, address_index=index, source="sms", since=at)
    ledger.add(
        Consent,
        customer_id=customer_id,
        purpose=SURVEYS,
        channel="sms",
        granted=False,
        source="customer",
        wording=wording,
        at=at,
    )


def _point(
    ledger: Ledger, customer_id: int, kind: str, address: str, index: Blind | None, ends: str, since: datetime
) -> dict[str, Any]:
    return ledger.add(
        ContactPoint,
        customer_id=customer_id,
        kind=kind,
        address=address,
        address_index=index,
        ends=ends,
        created_at=since,
    )


def _transactions(person: Person, ledger: Ledger, rng: Random, *, today: date) -> None:
    often = {"MVC": 14, "MGC": 8, "STANDARD": 5, "MIGRATOR": 1, "BZ": 3}[person.tier]
    size = max(abs(person.value) / 6000, 20.0)
    seen: dict[tuple[date, int], int] = {}
    for _ in range(min(int(rng.expovariate(1 / often)), 40)):
        on = today - timedelta(days=int(rng.triangular(1, 365, 30)))
        cents = round(rng.lognormvariate(0, 0.8) * size * 100)
        seen[on, cents] = seen.get((on, cents), 0) + 1
        ledger.add(
            Transaction,
            customer_id=person.id,
            source=SOURCE,
            external_ref=f"{person.reference}:{on:%Y%m%d}:{cents}:{seen[on, cents]}",
            on=on,
            amount_cents=cents,
            margin_cents=round(cents * rng.uniform(0.01, 0.04)),
        )
