"""Decide whether and when to ask, ask when the time has come, remind once, close what nobody answered."""

from datetime import datetime, timedelta

from sqlalchemy import Select, String, cast, literal, select

from app.extensions import db, lock, settings
from notifications import PhoneNumber, Purpose, is_opted_out, queue_sms
from notifications.carrier_errors import Deed, reason
from notifications.models import Message, State
from surveys.invitations.eligibility import Decision, Eligibility, eligibility
from surveys.invitations.facts import facts_for, policy_for, programme_for
from surveys.invitations.models import OPEN, Invitation, InvitationState, ServiceEvent
from surveys.invitations.quiet_hours import allowed_from
from surveys.invitations.tokens import link_ref, lookup_hash, new_nonce, token_for
from surveys.people.queries import sms_reach
from surveys.questionnaires.service import definition_of, latest_version
from surveys.responses.conversation import begin_dialogue, close_dialogue, open_dialogue
from surveys.responses.models import Response
from surveys.responses.texts import customer_text

BATCH = 200


def decide(event: ServiceEvent, *, now: datetime) -> Invitation | None:
    """Keep every rule's verdict on the event, and an invitation, scheduled or skipped. None without a programme."""
    programme = programme_for(event)
    verdict = eligibility(facts_for(event, programme, now=now), policy_for(programme), now=now)
    _keep_verdict(event, verdict)
    version = latest_version(programme.survey_id) if programme else None
    if programme is None or version is None:
        return None
    nonce = new_nonce()
    reach = sms_reach(event.customer)
    invitation = Invitation(
        service_event_id=event.id,
        programme_id=programme.id,
        version_id=version.id,
        customer_id=event.customer_id,
        branch_id=event.branch_id,
        staff_id=event.staff_id,
        owner_id=event.customer.owner_id,
        tier=event.customer.tier,
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


def _keep_verdict(event: ServiceEvent, verdict: Eligibility) -> None:
    event.decision = str(verdict.decision)
    event.rules = [{"rule": str(r.rule), "verdict": str(r.verdict), "detail": r.detail} for r in verdict.rules]


def _stops(verdict: Eligibility) -> list[str]:
    return [str(rule) for rule in verdict.stops]


def due_invitations(*, now: datetime) -> list[int]:
    """Ids of invitations whose time has come, earliest first."""
    query = select(Invitation.id).where(Invitation.state == InvitationState.SCHEDULED, Invitation.send_at <= now)
    return list(db.session.scalars(query.order_by(Invitation.send_at).limit(BATCH)))


def send_invitation(invitation_id: int, *, now: datetime) -> bool:
    """Ask, if the rules still allow it; else skip or wait. False when another worker was first."""
    phone_index = db.session.scalar(select(Invitation.phone_index).where(Invitation.id == invitation_id))
    lock(f"phone:{phone_index}", f"invitation:{invitation_id}")
    invitation = db.session.get(Invitation, invitation_id, populate_existing=True)
    if invitation is None or invitation.state != InvitationState.SCHEDULED:
        return False
    event, programme = invitation.event, invitation.programme
    facts = facts_for(event, programme, now=now, sending=invitation)
    verdict = eligibility(facts, policy_for(programme), now=now)
    _keep_verdict(event, verdict)
    if verdict.decision is Decision.SKIPPED:
        invitation.state, invitation.skip_reasons = InvitationState.SKIPPED, _stops(verdict)
        invitation.closed_at, invitation.send_at = now, None
        return True
    if verdict.send_at is not None and verdict.send_at > now:
        invitation.send_at = verdict.send_at
        return True
    _ask(invitation, now)
    return True


def _ask(invitation: Invitation, now: datetime) -> None:
    reach = sms_reach(invitation.customer)
    assert reach is not None  # no_channel would have stopped it
    policy = settings().policy
    invitation.state, invitation.sent_at = InvitationState.SENT, now
    invitation.phone_index = reach.index
    invitation.expires_at = now + timedelta(days=policy.survey_open_days)
    if invitation.programme.reminder and invitation.event.source != "heed":
        invitation.remind_at = now + timedelta(hours=policy.reminder_after_hours)
    first = definition_of(invitation.version).first
    unfinished = open_dialogue(reach.index)
    if unfinished is not None:  # the rules let this one take its place
        close_dialogue(unfinished, now=now)
        db.session.flush()
    begin_dialogue(invitation, reach.index, now=now)
    queue_sms(
        PhoneNumber.trusted(reach.address),
        customer_text(first.sms[""], invitation.language, invitation=invitation),
        purpose=Purpose.SURVEY,
        dedupe_key=f"invitation:{invitation.id}:ask",
        now=now,
        template=first.sms[""],
        link_ref=link_ref(invitation),
        subject_kind="invitation",
        subject_id=invitation.id,
        valid_until=invitation.event.occurred_at + timedelta(hours=policy.stale_hours),
    )


def due_for_reminder_or_close(*, now: datetime) -> list[int]:
    """Ids of open invitations to remind or to close."""
    close = select(Invitation.id).where(Invitation.state.in_(OPEN), Invitation.expires_at <= now)
    remind = select(Invitation.id).where(Invitation.remind_at <= now)
    found = list(db.session.scalars(close.order_by(Invitation.expires_at).limit(BATCH)))
    return found + list(db.session.scalars(remind.order_by(Invitation.remind_at).limit(BATCH)))


def close_or_remind(invitation_id: int, *, now: datetime) -> bool:
    """Close an invitation whose time is over, or send the one reminder when a text may be sent. False when neither."""
    lock(f"invitation:{invitation_id}")
    invitation = db.session.get(Invitation, invitation_id, populate_existing=True)
    if invitation is None:
        return False
    if invitation.state not in OPEN:
        invitation.remind_at = None
        return False
    if invitation.expires_at is not None and invitation.expires_at <= now:
        _close(invitation, now)
        return True
    return invitation.remind_at is not None and invitation.remind_at <= now and _remind(invitation, now)


def _lost() -> Select[Invitation, str | None]:
    return (
        select(Invitation, Message.error_code)
        .join(Message, (Message.subject_id == Invitation.id) & (Message.subject_kind == "invitation"))
        .where(
            Invitation.state.in_((InvitationState.SENT, InvitationState.REMINDED)),
            Message.dedupe_key == literal("invitation:") + cast(Invitation.id, String) + ":ask",
            Message.state.in_((State.FAILED, State.UNDELIVERED)),
        )
    )


def any_undelivered() -> bool:
    """Whether some text of an open invitation never arrived."""
    return db.session.execute(_lost().limit(1)).first() is not None


def undelivered(*, now: datetime) -> int:
    """Close invitations whose text never arrived, and stop using numbers the carrier calls dead. How many."""
    found = db.session.execute(_lost().limit(BATCH)).all()
    for invitation, code in found:
        invitation.state, invitation.closed_at, invitation.remind_at = InvitationState.UNDELIVERABLE, now, None
        dialogue = open_dialogue(invitation.phone_index) if invitation.phone_index else None
        if dialogue is not None and dialogue.invitation_id == invitation.id:
            close_dialogue(dialogue, now=now)
        if code and reason(code).deed is Deed.DEAD_NUMBER:
            for point in invitation.customer.contact_points:
                point.deliverable = point.deliverable and point.address_index != invitation.phone_index
    return len(found)


def _close(invitation: Invitation, now: datetime) -> None:
    answered = db.session.scalar(select(Response.id).where(Response.invitation_id == invitation.id))
    invitation.state = InvitationState.PARTIAL if answered else InvitationState.EXPIRED
    invitation.closed_at = now
    if invitation.phone_index:
        dialogue = open_dialogue(invitation.phone_index)
        if dialogue is not None and dialogue.invitation_id == invitation.id:
            close_dialogue(dialogue, now=now)


def _remind(invitation: Invitation, now: datetime) -> bool:
    reach, customer = sms_reach(invitation.customer), invitation.customer
    if invitation.state != InvitationState.SENT or reach is None or is_opted_out(reach.address):
        invitation.remind_at = None
        return False
    place = customer.region or invitation.branch.place
    earliest = allowed_from(now, time_zone=customer.time_zone, place=place, company=settings().policy.company_hours)
    if earliest > now:
        invitation.remind_at = earliest
        return False
    invitation.state, invitation.reminded_at, invitation.remind_at = InvitationState.REMINDED, now, None
    first = definition_of(invitation.version).first
    key = "reminder" if first.kind == "nps" else f"reminder_{first.kind}"
    queue_sms(
        PhoneNumber.trusted(reach.address),
        customer_text(key, invitation.language, invitation=invitation),
        purpose=Purpose.SURVEY,
        dedupe_key=f"invitation:{invitation.id}:reminder",
        now=now,
        template=key,
        link_ref=link_ref(invitation),
        subject_kind="invitation",
        subject_id=invitation.id,
        valid_until=invitation.expires_at,
    )
    return True
