"""Answers about invitations."""

from sqlalchemy import select

from app.extensions import blind, db
from notifications import PhoneNumber
from surveys.invitations.eligibility import Channel
from surveys.invitations.models import OPEN, Invitation, ServiceEvent
from surveys.invitations.tokens import link


def verdict_before_sending(event: ServiceEvent) -> list[dict[str, str]] | None:
    """Every rule's verdict when the time to ask had come; None when it has not, or nobody was to be asked."""
    return db.session.scalar(select(Invitation.rules).where(Invitation.service_event_id == event.id).limit(1))


def verdict_on_reminding(event: ServiceEvent) -> list[dict[str, str]] | None:
    """Every verdict when the time to remind had come; None when it has not, or nobody was asked."""
    return db.session.scalar(select(Invitation.reminder_rules).where(Invitation.service_event_id == event.id).limit(1))


def open_survey_link(phone: PhoneNumber) -> str | None:
    """The page of the survey that is open on this phone, for the simulated phones; None when none is."""
    query = select(Invitation).where(Invitation.phone_index == blind(phone.e164), Invitation.state.in_(OPEN))
    query = query.where(Invitation.channel != Channel.EMAIL)
    invitation = db.session.scalar(query.order_by(Invitation.id.desc()).limit(1))
    return link(invitation) if invitation else None
