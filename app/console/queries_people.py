"""Customers: finding one, recognising one at the counter, and one customer's whole story within scope."""

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.auth.roles import Permission, Scope
from app.cases.lookup import live_case
from app.cases.models import Case
from app.console.queries_places import cases_seen, customers_seen, events_seen, responses_seen
from app.extensions import db
from notifications import AddressError, is_opted_out, parse_phone
from surveys.invitations.models import Hold, Invitation, ServiceEvent
from surveys.people.models import Consent, ContactPoint, Customer, CustomerReference, Ownership
from surveys.people.ownership import history_of
from surveys.people.service import consent_line, customers_at, records_of
from surveys.responses.models import Response

Row = TypeVar("Row")

MOST_FOUND = 50
MOST_TOLD = 50


@dataclass(frozen=True)
class Found:
    """What a search found: customers whose page may be opened, and others only to be recognised."""

    seen: list[Customer]
    recognised: list["Recognised"]
    more: bool = False


@dataclass(frozen=True)
class Recognised:
    """All that a counter anywhere may know: the name, the home branch, the owner, and whether a case is open."""

    customer: Customer
    case_open: bool


def search(scope: Scope, words: str, *, default_country: str) -> Found:
    """By exact phone or reference at any branch; else by a part of the name within scope."""
    exact = exact_matches(words, default_country=default_country)
    if exact:
        seen = _openable(scope, exact)
        rest = [c for c in exact if c not in seen] if scope.may(Permission.LOOK_UP) else []
        return Found(seen, [Recognised(c, live_case(c.id) is not None) for c in rest])
    if not scope.may(Permission.SEE_CUSTOMERS) or len(words) < _shortest(words):
        return Found([], [])
    query = (
        select(Customer)
        .where(customers_seen(scope), Customer.name.icontains(words, autoescape=True))
        .options(joinedload(Customer.branch), joinedload(Customer.owner))
        .order_by(Customer.name, Customer.id)
        .limit(MOST_FOUND + 1)
    )
    named = list(db.session.scalars(query))
    return Found(named[:MOST_FOUND], [], more=len(named) > MOST_FOUND)


def _shortest(words: str) -> int:
    return 1 if any("\u3400" <= sign <= "\u9fff" for sign in words) else 2


def exact_matches(words: str, *, default_country: str) -> list[Customer]:
    """Everybody who has exactly this phone or this reference, wherever they are at home."""
    found = {}
    try:
        phone = parse_phone(words, default_country=default_country)
        found.update({c.id: c for c in customers_at(phone.e164)})
    except AddressError:
        pass
    query = (
        select(Customer)
        .join(CustomerReference, CustomerReference.customer_id == Customer.id)
        .where(CustomerReference.external_ref == words)
        .order_by(Customer.id)
        .limit(MOST_FOUND)
    )
    found.update({c.id: c for c in db.session.scalars(query)})
    return list(found.values())


def _openable(scope: Scope, customers: list[Customer]) -> list[Customer]:
    if not scope.may(Permission.SEE_CUSTOMERS):
        return []
    ids = [c.id for c in customers]
    return list(db.session.scalars(select(Customer).where(Customer.id.in_(ids), customers_seen(scope))))


def heard_from(scope: Scope, *, most: int = 15) -> list[Response]:
    """The latest answers of customers whose page may be opened."""
    query = (
        select(Response)
        .join(Customer, Customer.id == Response.customer_id)
        .where(responses_seen(scope), customers_seen(scope))
        .options(joinedload(Response.invitation).joinedload(Invitation.customer))
        .order_by(Response.answered_at.desc(), Response.id.desc())
        .limit(most)
    )
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class Point:
    """A phone or mailbox by its ends, and whether messages may and can go there."""

    kind: str
    ends: str
    deliverable: bool
    opted_out: bool
    index: str  # its keyed hash, as the consent ledger names it


@dataclass(frozen=True)
class Visit:
    """A moment at which they were served, and what came of asking."""

    event: ServiceEvent
    invitation: Invitation | None
    response: Response | None


@dataclass(frozen=True)
class CustomerStory:
    """One customer as far as the reader's scope reaches; `elsewhere` visits lie at other branches."""

    customer: Customer
    also: list[Customer]  # records merged into this one
    references: list[CustomerReference]
    points: list[Point]
    consents: list[Consent]
    holding: frozenset[int]  # ids of the lines that hold now, one a channel
    owners: list[Ownership]
    holds: list[Hold]
    visits: list[Visit]
    elsewhere: int
    cases: list[Case]


def customer_story(scope: Scope, customer_id: int) -> CustomerStory | None:
    """Everything about this customer the reader may see; None when the page is not theirs to open."""
    customer = db.session.scalar(select(Customer).where(Customer.id == customer_id, customers_seen(scope)))
    if customer is None:
        return None
    return CustomerStory(
        customer=customer,
        also=_all(select(Customer).where(Customer.merged_into_id == customer_id).order_by(Customer.id)),
        references=_all(select(CustomerReference).where(CustomerReference.customer_id == customer_id)),
        points=[_point(point) for point in customer.contact_points],
        consents=_all(
            select(Consent).where(Consent.customer_id.in_(records_of(customer_id))).order_by(Consent.id.desc())
        ),
        holding=frozenset(
            line.id for channel in ("sms", "email") if (line := consent_line(customer_id, channel=channel)) is not None
        ),
        owners=history_of(customer_id),
        holds=_all(select(Hold).where(Hold.customer_id == customer_id).order_by(Hold.id.desc())),
        visits=_visits(scope, customer_id),
        elsewhere=_elsewhere(scope, customer_id),
        cases=_all(
            select(Case)
            .where(Case.customer_id == customer_id, cases_seen(scope))
            .options(joinedload(Case.owner))
            .order_by(Case.id.desc())
        ),
    )


def _all(query: Select[Row]) -> list[Row]:
    return list(db.session.scalars(query))


def _point(point: ContactPoint) -> Point:
    ends = point.ends or mailbox(point.address)
    return Point(point.kind, ends, point.deliverable, is_opted_out(point.address_index), point.address_index)


def living_id(customer_id: int) -> int | None:
    """The record that this one was merged into; None for one that stands for itself."""
    return db.session.scalar(select(Customer.merged_into_id).where(Customer.id == customer_id))


def mailbox(address: str) -> str:
    """A mailbox to be recognised by: its first letter and where it lies."""
    name, _, place = address.partition("@")
    return f"{name[:1]}...@{place}"


def _visits(scope: Scope, customer_id: int) -> list[Visit]:
    events = _all(
        select(ServiceEvent)
        .where(ServiceEvent.customer_id == customer_id, events_seen(scope))
        .options(joinedload(ServiceEvent.branch), joinedload(ServiceEvent.touchpoint))
        .order_by(ServiceEvent.occurred_at.desc(), ServiceEvent.id.desc())
        .limit(MOST_TOLD)
    )
    invitations = {
        i.service_event_id: i
        for i in _all(select(Invitation).where(Invitation.service_event_id.in_([e.id for e in events])))
    }
    responses = {
        r.invitation_id: r
        for r in _all(
            select(Response)
            .where(Response.invitation_id.in_([i.id for i in invitations.values()]))
            .options(selectinload(Response.answers))
        )
    }
    out = []
    for event in events:
        invitation = invitations.get(event.id)
        out.append(Visit(event, invitation, responses.get(invitation.id) if invitation else None))
    return out


def _elsewhere(scope: Scope, customer_id: int) -> int:
    query = select(ServiceEvent.id).where(ServiceEvent.customer_id == customer_id, ~events_seen(scope))
    return len(_all(query.limit(1000)))
