"""Gathers what the contact rules need to know about one event; the rules themselves are pure."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, func, or_, select

from app.extensions import blind, db, settings
from config import PolicyNumbers
from notifications import is_opted_out, sms_capabilities
from surveys.invitations.eligibility import Channel, Eligibility, Facts, Policy, Route, first_open
from surveys.invitations.models import Hold, Invitation, InvitationState, Programme, ServiceEvent
from surveys.people.calendars import public_holidays
from surveys.people.closures import closed_days
from surveys.people.models import Branch, Customer
from surveys.people.queries import Reach, chain, email_reach, sms_reach
from surveys.people.service import consent_line, consents_to, customers_at
from surveys.questionnaires.models import SurveyVersion
from surveys.responses.models import Dialogue, Response

OURS = "heed"  # source of the events we make ourselves: the recovery question
ASKED = (
    InvitationState.SENT,
    InvitationState.REMINDED,
    InvitationState.STARTED,
    InvitationState.COMPLETED,
    InvitationState.PARTIAL,
    InvitationState.EXPIRED,
    InvitationState.REFUSED,
)

_COMPANY_WIDE = tuple(one.name for one in fields(PolicyNumbers) if one.name in Policy.__dataclass_fields__)


def programme_for(event: ServiceEvent) -> Programme | None:
    """The live programme with the lowest priority number that covers this touchpoint, place and customer.

    One whose survey was never published has nothing to ask.
    """
    places = {place.id for place in chain(event.branch)}
    query = select(Programme).where(
        Programme.touchpoint_id == event.touchpoint_id,
        Programme.live.is_(True),
        exists().where(SurveyVersion.survey_id == Programme.survey_id),
    )
    for programme in db.session.scalars(query.order_by(Programme.priority, Programme.id)):
        if programme.branch_id is not None and programme.branch_id not in places:
            continue
        if programme.segment is not None and programme.segment != event.customer.tier:
            continue
        return programme
    return None


def policy_for(programme: Programme | None) -> Policy:
    """The contact policy's numbers, with this programme's own where it has any."""
    numbers = settings().policy
    values: dict[str, Any] = {name: getattr(numbers, name) for name in _COMPANY_WIDE}
    if programme is not None:
        values["sampling_rate"] = programme.sampling_rate
        values.update({k: v for k, v in programme.policy.items() if k in Policy.__dataclass_fields__})
    if (quiet := sms_capabilities().quiet_hours) is not None:
        opens, closes = values["company_hours"]
        values["company_hours"] = (max(opens, quiet[1]), min(closes, quiet[0]))
    return Policy(**values)


def facts_for(
    event: ServiceEvent,
    programme: Programme | None,
    *,
    now: datetime,
    sending: Invitation | None = None,
    routes: tuple[Route, ...] | None = None,
) -> Facts:
    """The facts about this event now. `sending` is the invitation about to go out: it does not stand in its own way.

    `routes` stands in for the programme's own order of channels.
    """
    customer, policy = event.customer, policy_for(programme)
    if routes is None:
        routes = routes_for(customer, programme.channels if programme else (Channel.SMS,))
    way = first_open(routes)
    reach = sms_reach(customer.id)
    people = _people(reach, email_reach(customer.id), customer)
    owed = bool(programme and programme.policy.get("exempt_from_caps"))
    return Facts(
        programme=programme.key if programme and programme.live else None,
        complaint=event.complaint,
        routes=routes,
        last_invited_at=_last_invited(people, reach, sending),
        last_answered_at=_last_answered(people),
        open_conversation=bool(reach and _by_phone(way) and _conversation(reach, sending)),
        open_case=_open_case(people),
        hold=_hold(event, now),
        occurred_at=event.occurred_at,
        not_before=event.occurred_at + timedelta(minutes=programme.delay_minutes if programme else 0),
        sample_key=f"{event.source}:{event.external_ref}",
        sent_today=_sent_today(programme, event.branch, now),
        taken=_taken(programme, event.branch, sending, now) if policy.drip_per_day else (),
        time_zone=customer.time_zone,
        place=place_of(customer.region, event.branch),
        holidays=holidays_at(customer.region, event.branch, now) if policy.respect_holidays else frozenset(),
        exempt_from_caps=owed,
    )


def routes_for(customer: Customer, channels: Sequence[str]) -> tuple[Route, ...]:
    """How each channel of an order stands for this customer now."""
    return tuple(_route(customer, channel) for channel in channels)


def _route(customer: Customer, channel: str) -> Route:
    reach = reach_by(customer.id, channel)
    return Route(
        channel,
        known=reach is not None,
        opted_out=reach is not None and is_opted_out(reach.index),
        consent=_by_mail(customer, reach)
        if channel == Channel.EMAIL
        else consents_to(customer.id, "sms", _index(reach)),
    )


def _index(reach: Reach | None) -> str | None:
    return reach.index if reach is not None else None


def _by_mail(customer: Customer, mailbox: Reach | None) -> bool:
    # Nobody said anything about mail: then whoever stopped this telephone, under whatever name, is left alone by mail.
    phone = None if consent_line(customer.id, channel="email") else sms_reach(customer.id)
    return consents_to(customer.id, "email", _index(mailbox)) and not (phone and is_opted_out(phone.index))


def reach_by(customer_id: int, channel: str) -> Reach | None:
    """The address a message by this channel goes to; None when none is known that takes any."""
    return email_reach(customer_id) if channel == Channel.EMAIL else sms_reach(customer_id)


def as_told(verdict: Eligibility) -> list[dict[str, str]]:
    """Every rule's verdict as the ledger keeps it."""
    return [{"rule": str(r.rule), "verdict": str(r.verdict), "detail": r.detail} for r in verdict.rules]


def _by_phone(way: Route | None) -> bool:
    return way is None or way.channel != Channel.EMAIL


def _people(phone: Reach | None, mailbox: Reach | None, customer: Customer) -> list[int]:
    # Caps apply to the telephone and the mailbox, whoever is registered with them.
    shared = [person.id for reach in (phone, mailbox) if reach for person in customers_at(reach.index)]
    return sorted({customer.id, *shared})


def _last_invited(people: list[int], reach: Reach | None, sending: Invitation | None) -> datetime | None:
    ours: ColumnElement[bool] = Invitation.customer_id.in_(people)
    if reach is not None:
        ours = or_(ours, Invitation.phone_index == blind(reach.address))
    query = (
        select(func.max(Invitation.sent_at), func.max(Invitation.reminded_at))
        .join(ServiceEvent, ServiceEvent.id == Invitation.service_event_id)
        .where(ours, Invitation.state.in_(ASKED), ServiceEvent.source != OURS)
    )
    if sending is not None:
        query = query.where(Invitation.id != sending.id)
    return _latest(*db.session.execute(query).one())


def _last_answered(people: list[int]) -> datetime | None:
    # Telling us whether a case was put right is no answer to a survey.
    query = (
        select(func.max(Response.answered_at))
        .join(Invitation, Invitation.id == Response.invitation_id)
        .join(ServiceEvent, ServiceEvent.id == Invitation.service_event_id)
        .where(Response.customer_id.in_(people), ServiceEvent.source != OURS)
    )
    return db.session.scalar(query)


def _latest(*moments: datetime | None) -> datetime | None:
    return max((m for m in moments if m is not None), default=None)


def _conversation(reach: Reach, sending: Invitation | None) -> bool:
    query = select(Dialogue.id).where(Dialogue.phone_index == blind(reach.address), Dialogue.closed_at.is_(None))
    if sending is not None:
        query = query.where(Dialogue.invitation_id != sending.id)
    return db.session.scalar(query.limit(1)) is not None


def _open_case(people: list[int]) -> bool:
    # Cases live above: they leave a hold on the customer while they are open.
    query = select(Hold.id).where(Hold.customer_id.in_(people), Hold.reason == "open_case", Hold.until.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def _hold(event: ServiceEvent, now: datetime) -> str | None:
    places = [place.id for place in chain(event.branch)]
    query = select(Hold.reason).where(
        or_(Hold.branch_id.in_(places), Hold.customer_id == event.customer_id),
        Hold.reason != "open_case",
        Hold.since <= now,
        or_(Hold.until.is_(None), Hold.until > now),
    )
    return db.session.scalar(query.limit(1))


def _sent_today(programme: Programme | None, branch: Branch, now: datetime) -> int:
    if programme is None:
        return 0
    midnight = now.astimezone(ZoneInfo(branch.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(func.count()).where(
        Invitation.programme_id == programme.id,
        Invitation.branch_id == branch.id,
        Invitation.sent_at >= midnight.astimezone(UTC),
    )
    return int(db.session.scalar(query) or 0)


def _taken(
    programme: Programme | None, branch: Branch, sending: Invitation | None, now: datetime
) -> tuple[datetime, ...]:
    if programme is None:
        return ()
    waiting: ColumnElement[bool] = Invitation.state == InvitationState.SCHEDULED
    if sending is not None:
        waiting = waiting & (Invitation.id < sending.id)  # those decided later make room for this one, not it for them
    at = func.coalesce(Invitation.sent_at, Invitation.send_at)
    query = select(at).where(
        Invitation.programme_id == programme.id,
        Invitation.branch_id == branch.id,
        or_(waiting, Invitation.sent_at.is_not(None)),
        at > now - timedelta(days=1),
    )
    return tuple(db.session.scalars(query))


def place_of(region: str | None, branch: Branch) -> str:
    """Whose law holds for a customer: their own region's, else their branch's."""
    return region or branch.place


def holidays_at(region: str | None, branch: Branch, now: datetime) -> frozenset[date]:
    """Days on which nobody is written to: public holidays of the customer's place, and the branch's own closures."""
    years = (now.year, now.year + 1)
    country, _, part = (region or branch.country).upper().partition("-")
    own = [public_holidays(country, part or None, year).off for year in years] if region else []
    closed = [closed_days(branch, year=year) for year in years] if country == branch.country else []
    return frozenset[date]().union(*own, *closed)
