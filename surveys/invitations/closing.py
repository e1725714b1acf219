"""How an invitation ends without an answer: its time is over, its text never arrived, or a later event replaced it."""

from datetime import datetime

from sqlalchemy import String, bindparam, cast, literal, select

from app.extensions import db
from notifications import is_opted_out, withdraw
from notifications.carrier_errors import Deed, reason
from notifications.models import Message, State
from surveys.invitations.lookup import ask_key, ask_of, held, own_dialogue, reminder_key
from surveys.invitations.models import OPEN, UNANSWERED, Invitation, InvitationState, ServiceEvent
from surveys.people.service import consent_withdrawn, customers_at
from surveys.responses.dialogues import close_dialogue
from surveys.responses.models import Response

BATCH = 200
LOST = (State.FAILED, State.UNDELIVERED, State.EXPIRED, State.SUPPRESSED)
NEVER_LEFT = (State.QUEUED, State.EXPIRED, State.SUPPRESSED)


def end(invitation: Invitation, state: InvitationState, *, now: datetime) -> None:
    """Nothing more is asked: no reminder, and its conversation is over."""
    invitation.state, invitation.closed_at, invitation.remind_at = state, now, None
    dialogue = own_dialogue(invitation)
    if dialogue is not None:
        close_dialogue(dialogue, now=now)


def expire(invitation: Invitation, *, now: datetime) -> None:
    """Its time is over. The caller holds the invitation."""
    ask = ask_of(invitation)
    if ask is not None and _never_left(ask):
        _take_back(invitation, now)
        end(invitation, InvitationState.UNDELIVERABLE, now=now)
        return
    answered = db.session.scalar(select(Response.id).where(Response.invitation_id == invitation.id))
    end(invitation, InvitationState.PARTIAL if answered else InvitationState.EXPIRED, now=now)


def cancel_reopened(later: ServiceEvent, *, now: datetime) -> None:
    """Cancel what this customer was to be asked, and has not answered, about the matter that `later` opens again."""
    query = (
        select(Invitation.id)
        .join(ServiceEvent, ServiceEvent.id == Invitation.service_event_id)
        .where(
            ServiceEvent.source == later.source,
            ServiceEvent.external_ref == later.reopens,
            ServiceEvent.customer_id == later.customer_id,
        )
    )
    for invitation_id in db.session.scalars(query).all():
        invitation = held(invitation_id)
        if invitation is not None and invitation.state in (InvitationState.SCHEDULED, *UNANSWERED):
            withdraw(ask_key(invitation), now=now)
            withdraw(reminder_key(invitation), now=now)
            end(invitation, InvitationState.CANCELLED, now=now)
            invitation.skip_reasons = [*invitation.skip_reasons, "reopened"]


def lost_invitations() -> list[int]:
    """Ids of invitations whose text will never arrive."""
    text = select(Message.id).where(
        Message.subject_kind == "invitation",
        Message.subject_id == Invitation.id,
        Message.dedupe_key == literal("invitation:") + cast(Invitation.id, String) + ":ask",
        Message.state.in_(LOST),
    )
    # Written out, not bound: only then does SQLite know that the index of the open ones will do.
    still_open = Invitation.state.in_(bindparam("open", list(OPEN), expanding=True, literal_execute=True))
    query = select(Invitation.id).where(still_open, Invitation.state != InvitationState.STARTED, text.exists())
    return list(db.session.scalars(query.limit(BATCH)))


def close_lost(invitation_id: int, *, now: datetime) -> bool:
    """Close an invitation whose message never arrived, for its reason. False when it is not so any more.

    One that only waited until the hours were over is asked again: the rules say when, or that it is too late.
    """
    invitation = held(invitation_id)
    ask = ask_of(invitation) if invitation is not None else None
    if invitation is None or ask is None or invitation.state not in UNANSWERED or ask.state not in LOST:
        return False
    if _never_left(ask):
        _take_back(invitation, now)
    if ask.state == State.EXPIRED and ask.sent_at is None:
        end(invitation, InvitationState.SCHEDULED, now=now)
        invitation.send_at, invitation.closed_at = now, None
        return True
    if ask.state == State.SUPPRESSED:
        _refused(invitation, ask, now)
    else:
        end(invitation, InvitationState.UNDELIVERABLE, now=now)
    if ask.error_code and reason(ask.error_code).deed is Deed.DEAD_NUMBER:
        for point in invitation.customer.contact_points:
            point.deliverable = point.deliverable and point.address_index != ask.to_index
    return True


def lost_reminders() -> list[int]:
    """Ids of invitations whose reminder waited until its hours were over, and never left."""
    text = select(Message.id).where(
        Message.subject_kind == "invitation",
        Message.subject_id == Invitation.id,
        Message.dedupe_key == literal("invitation:") + cast(Invitation.id, String) + ":reminder",
        Message.state == State.EXPIRED,
        Message.sent_at.is_(None),
    )
    still_open = Invitation.state.in_(bindparam("open", list(OPEN), expanding=True, literal_execute=True))
    query = select(Invitation.id).where(still_open, Invitation.state == InvitationState.REMINDED, text.exists())
    return list(db.session.scalars(query.limit(BATCH)))


def take_back_reminder(invitation_id: int, *, now: datetime) -> bool:
    """Whoever was not reminded after all may be: the rules say when, or that it is too late. False when it is not so.

    It counted as said since it was queued, and would have held back what else is due to this customer.
    """
    invitation = held(invitation_id)
    if invitation is None or invitation.state != InvitationState.REMINDED or invitation_id not in lost_reminders():
        return False
    invitation.state, invitation.reminded_at, invitation.remind_at = InvitationState.SENT, None, now
    return True


def _never_left(ask: Message) -> bool:
    return ask.sent_at is None and ask.state in NEVER_LEFT


def _take_back(invitation: Invitation, now: datetime) -> None:
    # Whoever was never asked may be asked next time: no cap counts from here.
    withdraw(ask_key(invitation), now=now)
    invitation.sent_at = None


def _refused(invitation: Invitation, ask: Message, now: datetime) -> None:
    """Its owner had stopped texts, at the carrier or between queueing and sending: a wish, and it is kept as one."""
    end(invitation, InvitationState.REFUSED, now=now)
    if is_opted_out(ask.to_index):
        wording = f"told the carrier to stop ({ask.error_code})" if ask.error_code else "stopped before the text left"
        for person in customers_at(ask.to_index):
            proof = f"invitation {invitation.id}"
            consent_withdrawn(person.id, wording=wording, proof=proof, now=now, channel=ask.channel)
