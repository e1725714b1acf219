"""From the moments of a week to being asked, and from being asked to an answer."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from app.cases.recovery import SOURCE
from app.extensions import db
from app.reports.figures import Funnel
from app.reports.iso_weeks import Week
from app.reports.score_queries import given_in
from notifications.models import Message, State
from surveys.invitations.models import Invitation, InvitationState, ServiceEvent
from surveys.people.models import Consent, Customer
from surveys.responses.integrity import is_doubted
from surveys.responses.models import Response

NOT_ELIGIBLE = {"no_programme", "opted_out", "no_consent", "no_channel"}


def funnel(ids: Collection[int], week: Week) -> Funnel:
    """The moments of the week; what became of those asked in it; and what was answered in it, whenever asked."""
    seen, skipped = _moments(ids, week)
    invited, started, completed = _asked(ids, week)
    return Funnel(
        service_events=seen,
        eligible=seen - sum(skipped[rule] for rule in NOT_ELIGIBLE),
        invited=invited,
        delivered=_delivered(ids, week),
        started=started,
        completed=completed,
        partial=started - completed,
        answers=_count(select(func.count(Response.id)).where(*given_in(ids, week))),
        opted_out=_opted_out(ids, week),
        late=_count(select(func.count(Response.id)).where(*given_in(ids, week, late=True))),
        doubted=_count(select(func.count(Response.id)).where(*given_in(ids, week), is_doubted())),
        skipped=dict(skipped),
    )


def _moments(ids: Collection[int], week: Week) -> tuple[int, Counter[str]]:
    # What was asked again just before sending holds: the event itself keeps the answer its sender was given.
    events = (
        select(ServiceEvent.decision, ServiceEvent.rules, Invitation.state, Invitation.skip_reasons)
        .outerjoin(Invitation, Invitation.service_event_id == ServiceEvent.id)
        .where(
            ServiceEvent.branch_id.in_(ids),
            ServiceEvent.occurred_at >= week.begins,
            ServiceEvent.occurred_at < week.ends,
            ServiceEvent.source != SOURCE,
        )
    )
    skipped: Counter[str] = Counter()
    seen = 0
    for decision, rules, state, reasons in db.session.execute(events):
        seen += 1
        if state == InvitationState.SKIPPED and reasons:
            skipped[reasons[0]] += 1
        elif decision == "skipped":
            skipped[next((r["rule"] for r in rules if r["verdict"] == "stop"), "other")] += 1
    return seen, skipped


def _sent(ids: Collection[int], week: Week) -> tuple[ColumnElement[bool], ...]:
    """The cohort every share is taken from: those asked in this week, our own question about a case left out."""
    return (
        Invitation.branch_id.in_(ids),
        Invitation.sent_at >= week.begins,
        Invitation.sent_at < week.ends,
        ServiceEvent.id == Invitation.service_event_id,
        ServiceEvent.source != SOURCE,
    )


def _asked(ids: Collection[int], week: Week) -> tuple[int, int, int]:
    in_time = and_(Response.invitation_id == Invitation.id, Response.late.is_(False))
    query = (
        select(func.count(), func.count(Response.id), func.count(Response.completed_at))
        .select_from(Invitation)
        .join(ServiceEvent, ServiceEvent.id == Invitation.service_event_id)
        .outerjoin(Response, in_time)
        .where(*_sent(ids, week))
    )
    invited, started, completed = db.session.execute(query).one()
    return invited, started, completed


def _delivered(ids: Collection[int], week: Week) -> int:
    query = (
        select(func.count(func.distinct(Message.subject_id)))
        .join(Invitation, Invitation.id == Message.subject_id)
        .join(ServiceEvent, ServiceEvent.id == Invitation.service_event_id)
        .where(*_sent(ids, week), Message.subject_kind == "invitation", Message.state == State.DELIVERED)
    )
    return _count(query)


def _opted_out(ids: Collection[int], week: Week) -> int:
    refused = (
        select(func.count(func.distinct(Consent.customer_id)))
        .join(Customer, Customer.id == Consent.customer_id)
        .where(
            Customer.branch_id.in_(ids),
            Consent.granted.is_(False),
            Consent.source == "customer",
            Consent.at >= week.begins,
            Consent.at < week.ends,
        )
    )
    return _count(refused)


def _count(query: Any) -> int:
    return int(db.session.scalar(query) or 0)
