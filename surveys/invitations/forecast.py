"""The pre-flight of a programme over the last days: one pass through the events, and what it would cost and bring."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Subquery, func, select

from app.extensions import db, settings
from surveys.invitations.counters import CHANNEL as COUNTER
from surveys.invitations.eligibility import Channel, Rule
from surveys.invitations.facts import OURS, policy_for
from surveys.invitations.models import Invitation, Programme, ServiceEvent
from surveys.invitations.preflight import Tally, replay
from surveys.invitations.replayed import contacts_before, moments, moments_of
from surveys.invitations.thread import TextLengths
from surveys.questionnaires.service import latest_version
from surveys.responses.models import Response

DAYS = 30
HISTORY = timedelta(days=90)
FEWEST = 30  # fewer asked than this say nothing about how many answer


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What the last days would have been with this programme live. `known_rate`: from answers, not assumed."""

    since: datetime
    until: datetime
    tally: Tally
    stopped: tuple[tuple[Rule, int], ...]
    by_channel: tuple[tuple[str, int], ...]
    asking_segments: int
    reminder_segments: int
    talking_segments: int
    response_rate: float
    known_rate: bool
    answers: int
    price: float | None
    nps: tuple[int, int, int]  # promoters, passives, detractors of the touchpoint's history; all 0 when unknown

    @property
    def segments(self) -> int:
        """All that the carrier would have counted."""
        return self.asking_segments + self.reminder_segments + self.talking_segments

    @property
    def cost(self) -> float | None:
        """What the texts would have cost; None where no price is set."""
        return None if self.price is None else self.segments * self.price


def moments_in(programme: Programme, *, now: datetime) -> Subquery:
    """The moments of the last 30 days that a replay goes through, to be counted."""
    return moments_of(programme, since=now - timedelta(days=DAYS), until=now).subquery()


def forecast(programme: Programme, *, now: datetime, seen: Callable[[int], None] | None = None) -> Forecast | None:
    """Replay the last 30 days as if this programme had been live. None while its survey was never published.

    `seen` is told now and then how many moments are behind it.
    """
    version = latest_version(programme.survey_id)
    if version is None:
        return None
    since, policy = now - timedelta(days=DAYS), policy_for(programme)
    contacts = contacts_before(programme, since=since, until=now, policy=policy)
    tally = replay(moments(programme, since=since, until=now, seen=seen), contacts, policy)
    rate, known = _response_rate(programme, now)
    asked_by: dict[str, int] = {}
    asking = reminding = talking = 0.0
    lengths = TextLengths(version)
    for (channel, branch, language), count in tally.sent.items():
        asked_by[channel] = asked_by.get(channel, 0) + count
        if channel != Channel.EMAIL:
            asking += count * lengths.asking(channel, branch, language)
        again = programme.reminder_channel or channel
        if programme.reminder and again != Channel.EMAIL:
            reminding += count * (1 - rate) * lengths.asking(again, branch, language)
        if channel == Channel.SMS:
            talking += count * rate * lengths.talking(branch, language)
    return Forecast(
        since=since,
        until=now,
        tally=tally,
        stopped=tuple((rule, tally.stopped[rule]) for rule in Rule if tally.stopped[rule]),
        by_channel=tuple((channel, asked_by[channel]) for channel in Channel if channel in asked_by),
        asking_segments=round(asking),
        reminder_segments=round(reminding),
        talking_segments=round(talking),
        response_rate=rate,
        known_rate=known,
        answers=round(tally.asked * rate),
        price=settings().sms_price,
        nps=_nps(programme, now),
    )


def _history(programme: Programme, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        ServiceEvent.touchpoint_id == programme.touchpoint_id,
        ServiceEvent.source != OURS,
        Invitation.sent_at >= now - HISTORY,
        Invitation.sent_at < now - timedelta(days=settings().policy.survey_open_days),
    )


def _response_rate(programme: Programme, now: datetime) -> tuple[float, bool]:
    asked, answered = db.session.execute(
        select(func.count(Invitation.id), func.count(Response.id))
        .join(ServiceEvent, ServiceEvent.id == Invitation.service_event_id)
        .outerjoin(Response, (Response.invitation_id == Invitation.id) & Response.late.is_(False))
        .where(*_history(programme, now))
    ).one()
    return (answered / asked, True) if asked >= FEWEST else (settings().policy.expected_response_rate, False)


def _nps(programme: Programme, now: datetime) -> tuple[int, int, int]:
    def between(low: int, high: int) -> ColumnElement[int]:
        return func.count().filter(Response.nps.between(low, high))

    promoters, passives, detractors = db.session.execute(
        select(between(9, 10), between(7, 8), between(0, 6))
        .select_from(Response)
        .where(
            Response.touchpoint_id == programme.touchpoint_id,
            Response.channel != COUNTER,
            Response.late.is_(False),
            Response.answered_at >= now - HISTORY,
        )
    ).one()
    return promoters, passives, detractors
