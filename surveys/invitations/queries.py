"""Answers about invitations."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.extensions import blind, db
from notifications import PhoneNumber
from notifications.models import Message
from surveys.invitations.counters import CHANNEL as COUNTER
from surveys.invitations.dispositions import Disposition, disposition
from surveys.invitations.eligibility import Channel
from surveys.invitations.models import OPEN, Invitation, InvitationState, ServiceEvent
from surveys.invitations.tokens import link
from surveys.responses.models import Response


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


def dispositions(programme_id: int, *, since: datetime, until: datetime) -> Counter[Disposition]:
    """What became of everybody this programme asked, or was to ask, in a period; by the hour of asking or deciding."""
    at = func.coalesce(Invitation.sent_at, Invitation.decided_at)
    mine = (Invitation.programme_id == programme_id, at >= since, at < until, Invitation.channel != COUNTER)
    told = select(Invitation.id, Message.state).join(
        Message, (Message.subject_kind == "invitation") & (Message.subject_id == Invitation.id)
    )
    # Only the messages of those nobody answered say more than the invitation itself.
    silent = told.where(*mine, Invitation.state == InvitationState.EXPIRED, Message.purpose == "survey")
    states: dict[int, list[str]] = {}
    for number, state in db.session.execute(silent):
        states.setdefault(number, []).append(state)
    rows = db.session.execute(select(Invitation.id, Invitation.state, Invitation.sent_at).where(*mine))
    return Counter(disposition(state, states.get(number, ()), sent=sent is not None) for number, state, sent in rows)


@dataclass(frozen=True)
class Results:
    """What came of a programme in a period: moments it decided about, asked, answered in time, answered too late."""

    events: int
    asked: int
    answered: int
    late: int


def results(*, since: datetime) -> dict[int, Results]:
    """By programme, since a moment; one that had nothing to decide is missing."""
    late = func.count().filter(Response.late.is_(True))
    rows = db.session.execute(
        select(
            Invitation.programme_id,
            func.count(),
            func.count(Invitation.sent_at),
            func.count().filter(Response.late.is_(False)),
            late,
        )
        .outerjoin(Response, Response.invitation_id == Invitation.id)
        .where(Invitation.decided_at >= since, Invitation.channel != COUNTER)
        .group_by(Invitation.programme_id)
    )
    return {number: Results(*counts) for number, *counts in rows}
