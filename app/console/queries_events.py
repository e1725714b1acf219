"""Service events with what came of them, and texts that wait for a person."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import joinedload

from app.auth.roles import Scope
from app.console.queries_places import events_seen, own_customers
from app.extensions import db
from surveys.invitations.models import Invitation, ServiceEvent
from surveys.people.models import Branch, Customer
from surveys.responses.models import FreeText, Response

MOST_TEXTS = 100


@dataclass(frozen=True)
class EventStory:
    """One event, the invitation it led to, and the answer."""

    event: ServiceEvent
    invitation: Invitation | None
    response: Response | None


def event_in_scope(scope: Scope, event_id: int) -> EventStory | None:
    """This event, if it happened at a place in scope or to a customer the reader looks after."""
    event = db.session.scalar(select(ServiceEvent).where(ServiceEvent.id == event_id, events_seen(scope)))
    if event is None:
        return None
    invitation = db.session.scalar(select(Invitation).where(Invitation.service_event_id == event.id).limit(1))
    response = None
    if invitation is not None:
        response = db.session.scalar(select(Response).where(Response.invitation_id == invitation.id))
    return EventStory(event, invitation, response)


@dataclass(frozen=True)
class WaitingText:
    """Words that came without a question, and who wrote them if that is known."""

    text: FreeText
    customer: Customer | None
    branch: Branch | None


def texts_waiting(scope: Scope) -> int:
    """How many texts nobody has looked at, as `waiting_texts` lists them."""
    query = select(func.count()).select_from(FreeText).where(FreeText.seen_at.is_(None), texts_seen(scope))
    return db.session.scalar(query) or 0


def waiting_texts(scope: Scope) -> list[WaitingText]:
    """The first of the texts nobody has looked at: "stop" first, then what calls for a person, then the oldest."""
    query = (
        select(FreeText, Customer, Branch)
        .outerjoin(Customer, Customer.id == FreeText.customer_id)
        .outerjoin(Branch, Branch.id == FreeText.branch_id)
        .where(FreeText.seen_at.is_(None), texts_seen(scope))
        .options(joinedload(Customer.owner))
        .order_by(FreeText.maybe_stop.desc(), (cast(FreeText.signals, String) != "[]").desc(), FreeText.id)
        .limit(MOST_TEXTS)
    )
    return [WaitingText(*row) for row in db.session.execute(query)]


def text_in_scope(scope: Scope, text_id: int) -> FreeText | None:
    """This text, if it may be read by this person."""
    return db.session.scalar(select(FreeText).where(FreeText.id == text_id, texts_seen(scope)))


def texts_seen(scope: Scope) -> ColumnElement[bool]:
    """Texts without a question that this person may read."""
    here: ColumnElement[bool] = FreeText.branch_id.in_(scope.branch_ids)
    own = own_customers(scope)
    if own is not None:
        return FreeText.customer_id.in_(select(Customer.id).where(own))
    # Words from a number nobody knows belong to no branch: whoever answers for the whole company reads them.
    whole = db.session.scalar(select(Branch.id).where(Branch.parent_id.is_(None)).limit(1))
    return or_(here, FreeText.branch_id.is_(None)) if whole in scope.branch_ids else here
