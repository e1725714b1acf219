"""The one reminder: when its time is over, nothing came and the rules still allow it; the ledger keeps why not."""

from datetime import datetime, timedelta
from typing import NamedTuple

from notifications import is_opted_out
from notifications.models import State
from surveys.invitations.asking import ask_once_more, converse
from surveys.invitations.eligibility import Channel, Route, first_open, may_remind
from surveys.invitations.facts import as_told, facts_for, place_of, policy_for, reach_by, routes_for
from surveys.invitations.lookup import ask_of, own_dialogue
from surveys.invitations.models import Invitation, InvitationState

RULE = "reminder"  # the ledger's line about the reminder itself, before the contact rules


class _Plan(NamedTuple):
    why_not: list[str]  # each a key of WHY_NOT
    routes: tuple[Route, ...]


WHY_NOT = {
    "not_wanted": "this programme does not remind",
    "no_conversation": "the conversation it would go on from has ended",
    "new_phone": "the address they were asked at is not theirs any more",
    "opted_out": "the address they were asked at asked us to stop",
    "no_channel": "no channel is open to remind by",
}


def plan_reminder(invitation: Invitation, *, now: datetime) -> None:
    """Say when the reminder is due, or keep that the programme sends none. The customer is being asked now."""
    if not invitation.programme.reminder:
        invitation.reminder_rules = [_line("not_wanted")]
        return
    policy = policy_for(invitation.programme)
    invitation.remind_at = now + timedelta(hours=policy.reminder_after_hours)


def remind(invitation: Invitation, *, now: datetime) -> bool:
    """Remind, wait, or never remind, with the reasons. The caller holds the invitation. True when it was reminded."""
    programme = invitation.programme
    policy = policy_for(programme)
    due = _asked_at(invitation, now) + timedelta(hours=policy.reminder_after_hours)
    if due > now:
        invitation.remind_at = due
        return False
    plan = _plan(invitation)
    facts = facts_for(invitation.event, programme, now=now, sending=invitation, routes=plan.routes)
    verdict = may_remind(facts, policy, now=now)
    first = [_line(why) for why in plan.why_not] or [_fine(plan.routes)]
    invitation.reminder_rules = [*first, *as_told(verdict)]
    reasons = list(dict.fromkeys([*plan.why_not, *map(str, verdict.stops)]))
    if reasons:
        invitation.remind_at = None
        invitation.skip_reasons = [*invitation.skip_reasons, *(f"reminder:{why}" for why in reasons)]
        return False
    if verdict.send_at is not None and verdict.send_at > now:
        invitation.remind_at = verdict.send_at
        return False
    _send(invitation, plan.routes, now)
    return True


def _line(why: str) -> dict[str, str]:
    return {"rule": RULE, "verdict": "stop", "detail": WHY_NOT[why]}


def _fine(routes: tuple[Route, ...]) -> dict[str, str]:
    way = first_open(routes)
    return {"rule": RULE, "verdict": "pass", "detail": f"no answer has come; goes by {way.channel if way else ''}"}


def _asked_at(invitation: Invitation, now: datetime) -> datetime:
    # While the first message waits in the outbox nobody was asked: "a last time" would be the first.
    ask = ask_of(invitation)
    if ask is None or ask.state not in (State.SENT, State.DELIVERED):
        return now
    return ask.sent_at or now


def _plan(invitation: Invitation) -> _Plan:
    """By which ways a reminder could go, and what it goes on from that is gone."""
    asked_by = invitation.channel
    asked_at = invitation.email_index if asked_by == Channel.EMAIL else invitation.phone_index
    wanted = invitation.programme.reminder_channel
    order = [channel for channel in dict.fromkeys((wanted, asked_by)) if channel]
    routes = routes_for(invitation.customer, order)
    why_not = []
    if invitation.state != InvitationState.SENT or (asked_by != Channel.EMAIL and own_dialogue(invitation) is None):
        why_not.append("no_conversation")
    reach = reach_by(invitation.customer_id, asked_by)
    if reach is not None and reach.index != asked_at:
        why_not.append("new_phone")
    if asked_at is not None and is_opted_out(asked_at):
        why_not.append("opted_out")  # whoever stopped the one does not hear from the other
    if reach is None:
        why_not.append("no_channel")  # the number is dead, or gone
    return _Plan(why_not, routes)


def _send(invitation: Invitation, routes: tuple[Route, ...], now: datetime) -> None:
    way = first_open(routes)
    reach = reach_by(invitation.customer_id, way.channel) if way else None
    assert way is not None and reach is not None  # no_channel would have stopped it
    invitation.state, invitation.reminded_at, invitation.remind_at = InvitationState.REMINDED, now, None
    if way.channel != Channel.EMAIL:
        invitation.phone_index = reach.index
        converse(invitation, reach, now=now)
    place = place_of(invitation.customer.region, invitation.branch)
    ask_once_more(invitation, reach, channel=way.channel, place=place, policy=policy_for(invitation.programme), now=now)
