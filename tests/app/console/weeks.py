"""A week of answers, written by customers of both branches through the same service as SMS and web."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from surveys.invitations.models import Invitation, InvitationState
from surveys.people.models import Customer
from surveys.questionnaires.flow import Given
from surveys.questionnaires.service import definition_of
from surveys.responses.models import Response
from surveys.responses.review import held_response, look_over
from surveys.responses.service import Recorded, record_answer
from tests import world


def answered(
    now: datetime,
    number: int,
    rating: int,
    words: str = "",
    *,
    branch: str = "BJ-01",
    channel: str = "sms",
    language: str = "en",
    name: str | None = None,
    touchpoint: str = "branch_visit",
) -> int:
    """Customer `number` was served and answered; the response's id. The story commits."""
    world.served(
        now,
        ref=f"T-{branch}-{number}",
        phone=f"+1500556{number:04d}",
        customer_ref=f"C-{branch}-{number}",
        language=language,
        name=name or f"Customer {number}",
        branch=branch,
        touchpoint=touchpoint,
        ago=timedelta(minutes=30),
    )
    invitation = db.session.scalars(select(Invitation).order_by(Invitation.id.desc()).limit(1)).one()
    invitation.state, invitation.sent_at = InvitationState.SENT, now
    definition = definition_of(invitation.version)
    recorded = record_answer(invitation, definition.first, Given(value=rating), channel=channel, now=now)
    if words:
        question = next(q for q in definition.questions if q.kind == "text")
        recorded = record_answer(invitation, question, Given(text=words), channel=channel, now=now)
    assert isinstance(recorded, Recorded), recorded
    held = held_response(recorded.response_id)
    assert held is not None
    look_over(held, staff_device=False, now=now)
    return held.response.id


def owner_of(response_id: int) -> Customer:
    """Whose answer this is."""
    response = db.session.get_one(Response, response_id)
    return db.session.get_one(Customer, response.customer_id)
