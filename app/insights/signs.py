"""What the churn scorecard looks at, gathered for one customer; the risk itself is the scorecard's."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, bindparam, exists, select

from app.cases.models import Case, CaseOrigin
from app.cases.policy import LIVE
from app.extensions import db
from app.insights.churn import Sign, churn_risk
from surveys.invitations.models import ServiceEvent
from surveys.people.models import Customer
from surveys.questionnaires.flow import Band, band
from surveys.responses.models import Response
from surveys.responses.ratings import on_five, rating_of

COMPLAINT_WINDOW = timedelta(days=90)
TENURE_DAYS = 5 * 365.25
MOST, DROP = 5.0, 2.0  # of a scale from 1 to 5

_CUSTOMER: BindParameter[int] = bindparam("customer_id")
_NOW: BindParameter[datetime] = bindparam("now")
_SINCE: BindParameter[datetime] = bindparam("since")
_SERVED = exists().where(
    ServiceEvent.customer_id == _CUSTOMER, ServiceEvent.complaint.is_(True), ServiceEvent.occurred_at > _SINCE
)
_TOLD = exists().where(
    Case.id == CaseOrigin.case_id,
    Case.customer_id == _CUSTOMER,
    CaseOrigin.kind == "complaint",
    CaseOrigin.at > _SINCE,
)
_LATE = (Case.contacted_at.is_(None) & (Case.contact_by < _NOW)) | (Case.resolve_by < _NOW)
_OVERDUE = exists().where(Case.customer_id == _CUSTOMER, Case.state.in_(LIVE), _LATE)
_STANDING = select(_SERVED | _TOLD, _OVERDUE)


def signs_of(customer: Customer, response: Response | None, *, now: datetime) -> Mapping[str, float]:
    """The signs that hold for this customer now; a sign that cannot be known is left out, never taken for good news."""
    complained, overdue = _standing(customer, now)
    signs: dict[str, float] = {Sign.COMPLAINT_90D: float(complained), Sign.OPEN_CASE_OVERDUE: float(overdue)}
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


def _standing(customer: Customer, now: datetime) -> tuple[bool, bool]:
    """Whether they complained lately, and whether an open case of theirs is overdue."""
    asked = {"customer_id": customer.id, "now": now, "since": now - COMPLAINT_WINDOW}
    complained, overdue = db.session.execute(_STANDING, asked).one()
    return bool(complained), bool(overdue)


def _dropped(response: Response, rating: float) -> bool:
    if rating + DROP > MOST:
        return False
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
