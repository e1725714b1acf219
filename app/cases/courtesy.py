"""When a customer is told about their case: at once while they speak with us, else not in the middle of their night."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.cases.models import Case
from app.extensions import db, settings
from notifications.models import InboundMessage
from surveys.invitations.quiet_hours import NoHoursError, allowed_from
from surveys.people.queries import Reach
from surveys.responses.models import Response

IN_CONVERSATION = timedelta(hours=1)


def told_from(case: Case, reach: Reach, *, now: datetime) -> datetime:
    """The first moment from `now` on at which a text about this case may reach this customer."""
    if now - _last_heard(case, reach) < IN_CONVERSATION:
        return now
    try:
        return allowed_from(
            now,
            time_zone=case.customer.time_zone,
            place=case.customer.region or case.branch.place,
            company=settings().policy.case_hours,
        )
    except NoHoursError:
        return now  # no hour is lawful for surveys there; what somebody was promised is none


def _last_heard(case: Case, reach: Reach) -> datetime:
    answered = select(func.max(Response.changed_at)).where(Response.customer_id == case.customer_id)
    wrote = select(func.max(InboundMessage.received_at)).where(InboundMessage.from_index == reach.index)
    heard = (case.opened_at, db.session.scalar(answered), db.session.scalar(wrote))
    return max(at for at in heard if at is not None)
