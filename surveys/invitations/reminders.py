"""The one reminder: when its time is over, nothing came and the rules still allow it."""

from datetime import datetime, timedelta

from notifications import PhoneNumber, Purpose, queue_sms
from notifications.models import State
from surveys.invitations.eligibility import may_remind
from surveys.invitations.facts import facts_for, policy_for
from surveys.invitations.lookup import ask_of, own_dialogue
from surveys.invitations.models import Invitation, InvitationState
from surveys.invitations.tokens import link_ref
from surveys.people.queries import Reach, sms_reach
from surveys.questionnaires.service import definition_of
from surveys.responses.texts import customer_text


def remind(invitation: Invitation, *, now: datetime) -> bool:
    """Remind, wait, or never remind, with the reasons. The caller holds the invitation. True when it was reminded."""
    policy = policy_for(invitation.programme)
    due = _asked_at(invitation, now) + timedelta(hours=policy.reminder_after_hours)
    if due > now:
        invitation.remind_at = due
        return False
    reach = sms_reach(invitation.customer)
    verdict = may_remind(
        facts_for(invitation.event, invitation.programme, now=now, sending=invitation),
        policy,
        now=now,
    )
    reasons = [*_no_longer(invitation, reach), *map(str, verdict.stops)]
    if reasons or reach is None:
        invitation.remind_at = None
        invitation.skip_reasons = [*invitation.skip_reasons, *(f"reminder:{why}" for why in reasons)]
        return False
    if verdict.send_at is not None and verdict.send_at > now:
        invitation.remind_at = verdict.send_at
        return False
    _send(invitation, reach, now)
    return True


def _asked_at(invitation: Invitation, now: datetime) -> datetime:
    # While the first text waits in the outbox nobody was asked: "a last time" would be the first.
    ask = ask_of(invitation)
    if ask is None or ask.state not in (State.SENT, State.DELIVERED):
        return now
    return ask.sent_at or now


def _no_longer(invitation: Invitation, reach: Reach | None) -> list[str]:
    """What the reminder goes on from is gone: an answer to it would reach nobody, or another question."""
    reasons = []
    if invitation.state != InvitationState.SENT or own_dialogue(invitation) is None:
        reasons.append("no_conversation")
    if reach is not None and reach.index != invitation.phone_index:
        reasons.append("new_phone")
    return reasons


def _send(invitation: Invitation, reach: Reach, now: datetime) -> None:
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
        charge_to=invitation.branch.code,
        subject_kind="invitation",
        subject_id=invitation.id,
        valid_until=invitation.expires_at,
    )
