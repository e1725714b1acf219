"""Decide whether and when to ask, ask when the time has come, remind once, close what nobody answered."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from surveys.invitations.asking import ask, converse
from surveys.invitations.closing import expire
from surveys.invitations.eligibility import Channel, Decision, Eligibility, Facts, eligibility, first_open
from surveys.invitations.facts import OURS, as_told, facts_for, place_of, policy_for, programme_for, reach_by
from surveys.invitations.lookup import held
from surveys.invitations.models import OPEN, Invitation, InvitationState, ServiceEvent
from surveys.invitations.reminders import plan_reminder, remind
from surveys.invitations.tokens import lookup_hash, new_nonce, token_for
from surveys.people.queries import sms_reach
from surveys.questionnaires.service import latest_version

BATCH = 200


def decide(event: ServiceEvent, *, now: datetime) -> Invitation | None:
    """Keep the answer on the event for good, and an invitation, scheduled or skipped. None without a programme."""
    programme = programme_for(event)
    facts = facts_for(event, programme, now=now)
    verdict = eligibility(facts, policy_for(programme), now=now)
    event.decision, event.send_at, event.rules = str(verdict.decision), verdict.send_at, as_told(verdict)
    version = latest_version(programme.survey_id) if programme else None
    if programme is None or version is None:
        return None
    nonce = new_nonce()
    reach, way = sms_reach(event.customer_id), first_open(facts.routes)
    invitation = Invitation(
        service_event_id=event.id,
        programme_id=programme.id,
        version_id=version.id,
        customer_id=event.customer_id,
        branch_id=event.branch_id,
        staff_id=event.staff_id,
        owner_id=event.customer.owner_id,
        tier=event.customer.tier,
        channel=way.channel if way else programme.channels[0],
        phone_index=reach.index if reach else None,
        language=event.customer.language,
        state=InvitationState.SCHEDULED if verdict.decision is Decision.SCHEDULED else InvitationState.SKIPPED,
        skip_reasons=_stops(verdict),
        decided_at=now,
        send_at=verdict.send_at,
        nonce=nonce,
        token_hash=lookup_hash(token_for(event.id, programme.id, nonce)),
    )
    db.session.add(invitation)
    db.session.flush()
    return invitation


def _stops(verdict: Eligibility) -> list[str]:
    return [str(rule) for rule in verdict.stops]


def due_invitations(*, now: datetime) -> list[int]:
    """Ids of invitations whose time has come, earliest first."""
    query = select(Invitation.id).where(Invitation.state == InvitationState.SCHEDULED, Invitation.send_at <= now)
    return list(db.session.scalars(query.order_by(Invitation.send_at).limit(BATCH)))


def send_invitation(invitation_id: int, *, now: datetime) -> bool:
    """Ask, if the rules still allow it; else skip or wait. False when another worker was first."""
    invitation = held(invitation_id)
    if invitation is None or invitation.state != InvitationState.SCHEDULED:
        return False
    event, programme = invitation.event, invitation.programme
    facts = facts_for(event, programme, now=now, sending=invitation)
    verdict = eligibility(facts, policy_for(programme), now=now)
    invitation.rules = as_told(verdict)
    if verdict.decision is Decision.SKIPPED:
        invitation.state, invitation.skip_reasons = InvitationState.SKIPPED, _stops(verdict)
        invitation.closed_at, invitation.send_at = now, None
        return True
    if verdict.send_at is not None and verdict.send_at > now:
        invitation.send_at = verdict.send_at
        return True
    _ask(invitation, facts, now)
    return True


def _ask(invitation: Invitation, facts: Facts, now: datetime) -> None:
    way = first_open(facts.routes)
    reach = reach_by(invitation.customer_id, way.channel) if way else None
    assert way is not None and reach is not None  # no_channel would have stopped it
    policy = policy_for(invitation.programme)
    invitation.state, invitation.sent_at, invitation.channel = InvitationState.SENT, now, way.channel
    invitation.expires_at = now + timedelta(days=policy.survey_open_days)
    if invitation.event.source != OURS:
        plan_reminder(invitation, now=now)
    if way.channel == Channel.EMAIL:
        invitation.email_index = reach.index
    else:
        invitation.phone_index = reach.index
        converse(invitation, reach, now=now)
    ask(invitation, reach, place=place_of(invitation.customer.region, invitation.branch), policy=policy, now=now)


def due_for_reminder_or_close(*, now: datetime) -> list[int]:
    """Ids of open invitations to remind or to close."""
    close = select(Invitation.id).where(Invitation.state.in_(OPEN), Invitation.expires_at <= now)
    remind = select(Invitation.id).where(Invitation.remind_at <= now)
    found = list(db.session.scalars(close.order_by(Invitation.expires_at).limit(BATCH)))
    return found + list(db.session.scalars(remind.order_by(Invitation.remind_at).limit(BATCH)))


def close_or_remind(invitation_id: int, *, now: datetime) -> bool:
    """Close an invitation whose time is over, or send the one reminder when a text may be sent. False when neither."""
    invitation = held(invitation_id)
    if invitation is None:
        return False
    if invitation.state not in OPEN:
        invitation.remind_at = None
        return False
    if invitation.expires_at is not None and invitation.expires_at <= now:
        expire(invitation, now=now)
        return True
    return invitation.remind_at is not None and invitation.remind_at <= now and remind(invitation, now=now)
