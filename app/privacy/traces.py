"""Where one person has left something in the database, in whatever package."""

from dataclasses import dataclass

from sqlalchemy import Select, or_, select

from app.cases.models import Case
from app.extensions import Blind, db
from notifications.models import InboundMessage, Message
from surveys.invitations.models import Invitation
from surveys.people.models import ContactPoint, Customer, CustomerReference, Staff
from surveys.people.service import records_of
from surveys.responses.models import FreeText, Response

TURN = "turn:"  # what the answer to a text that came in is known by


@dataclass(frozen=True)
class Traces:
    """Ids of everything about one person. `own` addresses are theirs alone, `shared` ones others have too."""

    records: list[int]
    own: list[Blind]
    shared: list[Blind]
    invitations: list[int]
    responses: list[int]
    cases: list[int]
    messages: list[int]
    inbound: list[int]


def living(customer_id: int) -> Customer | None:
    """The record this one stands for now: itself, or the one it was merged into."""
    customer = db.session.get(Customer, customer_id)
    if customer is None or customer.merged_into_id is None:
        return customer
    return db.session.get(Customer, customer.merged_into_id)


def customer_named(who: str) -> Customer | None:
    """The customer with this id, or this source:external_ref."""
    source, colon, external_ref = who.partition(":")
    if not colon:
        return living(int(who)) if who.isdecimal() and len(who) < 19 else None
    query = select(CustomerReference.customer_id).where(
        CustomerReference.source == source, CustomerReference.external_ref == external_ref
    )
    found = db.session.scalar(query)
    return living(found) if found is not None else None


def traces(customer: Customer) -> Traces:
    """Everything about this person, whichever of their records it stands under."""
    records = sorted(db.session.scalars(records_of(customer.id)))
    addresses = set(db.session.scalars(select(ContactPoint.address_index).where(ContactPoint.customer_id.in_(records))))
    shared = _shared(addresses, records)
    own = sorted(addresses - shared)
    invitations = _ids(select(Invitation.id).where(Invitation.customer_id.in_(records)))
    cases = _ids(select(Case.id).where(Case.customer_id.in_(records)))
    about = or_(
        Message.to_index.in_([Blind(index) for index in own]),
        *(
            (Message.subject_kind == kind) & Message.subject_id.in_(ids)
            for kind, ids in (("customer", records), ("invitation", invitations), ("case", cases))
        ),
    )
    messages = db.session.execute(select(Message.id, Message.dedupe_key).where(about).order_by(Message.id)).all()
    answered = [int(key.removeprefix(TURN)) for _, key in messages if key.startswith(TURN)]
    free = select(FreeText.inbound_id).where(FreeText.customer_id.in_(records))
    inbound = select(InboundMessage.id).where(
        or_(
            InboundMessage.from_index.in_([Blind(index) for index in own]),
            InboundMessage.id.in_(answered),
            InboundMessage.id.in_(free),
        )
    )
    return Traces(
        records=records,
        own=[Blind(index) for index in own],
        shared=[Blind(index) for index in sorted(shared)],
        invitations=invitations,
        responses=_ids(select(Response.id).where(Response.customer_id.in_(records))),
        cases=cases,
        messages=[number for number, _ in messages],
        inbound=_ids(inbound),
    )


def _shared(addresses: set[str], records: list[int]) -> set[str]:
    """Those of these addresses at which somebody else is known too: another customer, or one of the staff."""
    indexes = [Blind(index) for index in addresses]
    others = select(ContactPoint.address_index).where(
        ContactPoint.address_index.in_(indexes), ContactPoint.customer_id.not_in(records)
    )
    staff = select(Staff.phone_index).where(Staff.phone_index.in_(indexes))
    return {str(index) for query in (others, staff) for index in db.session.scalars(query) if index}


def _ids(query: Select[int]) -> list[int]:
    return sorted(db.session.scalars(query))
