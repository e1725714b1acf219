"""What the churn scorecard looks at, gathered for one customer; the risk itself is the scorecard's."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from app.cases.lookup import live_case
from app.cases.models import Case, CaseOrigin
from app.extensions import db
from app.insights.churn import Sign, churn_risk
from surveys.invitations.models import ServiceEvent
from surveys.people.models import Customer
from surveys.questionnaires.flow import Band, band
from surveys.responses.models import Response
from surveys.responses.ratings import on_five, rating_of

COMPLAINT_WINDOW = timedelta(days=90)
TENURE_DAYS = 5 * 365.25
DROP = 2.0  # points of a scale from 1 to 5


def signs_of(customer: Customer, response: Response | None, *, now: datetime) -> Mapping[str, float]:
    """The signs that hold for this customer now; a sign that cannot be known is left out, never taken for good news."""
    signs: dict[str, float] = {
        Sign.COMPLAINT_90D: _complained(customer, now),
        Sign.OPEN_CASE_OVERDUE: _overdue(customer, now),
    }
    if customer.customer_since is not None:
        signs[Sign.TENURE5] = float((now.date() - customer.customer_since).days >= TENURE_DAYS)
    rating = rating_of(response) if response is not None else None
    if response is not None and rating is not None:
        found = band(*rating)
        signs[Sign.DETRACTOR], signs[Sign.PROMOTER] = float(found is Band.LOW), float(found is Band.HIGH)
        signs[Sign.SAT_DROP2] = float(_dropped(response, on_five(*rating)))
    if response is not None and response.sentiment is not None:
        signs[Sign.NEG_SENTIMENT] = float(response.sentiment in ("negative", "very_negative"))
    return signs


def leaving_risk(customer: Customer, response: Response | None, *, now: datetime, complaint: bool = False) -> float:
    """The chance that this customer leaves within 90 days, 0 to 1, by the scorecard."""
    signs = dict(signs_of(customer, response, now=now))
    if complaint:
        signs[Sign.COMPLAINT_90D] = 1.0
    return churn_risk(signs).p


def _complained(customer: Customer, now: datetime) -> float:
    since = now - COMPLAINT_WINDOW
    served = select(ServiceEvent.id).where(
        ServiceEvent.customer_id == customer.id, ServiceEvent.complaint.is_(True), ServiceEvent.occurred_at > since
    )
    told = (
        select(CaseOrigin.id)
        .join(Case, Case.id == CaseOrigin.case_id)
        .where(Case.customer_id == customer.id, CaseOrigin.kind == "complaint", CaseOrigin.at > since)
    )
    return float(any(db.session.scalar(query.limit(1)) is not None for query in (served, told)))


def _overdue(customer: Customer, now: datetime) -> float:
    case = live_case(customer.id)
    if case is None:
        return 0.0
    return float((case.contacted_at is None and case.contact_by < now) or case.resolve_by < now)


def _dropped(response: Response, rating: float) -> bool:
    query = (
        select(Response)
        .where(
            Response.customer_id == response.customer_id,
            Response.id != response.id,
            Response.answered_at < response.answered_at,
            (Response.nps.is_not(None) | Response.csat.is_not(None) | Response.ces.is_not(None)),
        )
        .order_by(Response.answered_at.desc())
        .limit(1)
    )
    before = db.session.scalar(query)
    rated = rating_of(before) if before is not None else None
    return rated is not None and on_five(*rated) - rating >= DROP
