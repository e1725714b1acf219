"""Finding a case, and holding it: whoever finds it through here has it alone until the transaction ends."""

from datetime import datetime, timedelta

from sqlalchemy import String, bindparam, cast, select

from app.cases.ladder import may_act
from app.cases.models import Case, CaseOrigin
from app.cases.policy import LIVE
from app.extensions import db, lock, read_rows
from surveys.people.models import Customer, Staff
from surveys.responses.models import Response

TALK_DAYS = 14  # so long after it was put right a customer's text is still about it

# Most who write have no case, and every text asks: the id alone first, and the case's forty columns where there is one.
_LATELY = Case.state.in_(("resolved", "closed")) & (Case.resolved_at > bindparam("since", type_=Case.resolved_at.type))
_TALKED_ABOUT = (
    select(Case.id)
    .where(Case.customer_id == bindparam("customer_id"), Case.state.in_(LIVE) | _LATELY)
    .order_by(Case.state.in_(LIVE).desc(), Case.id.desc())
    .limit(1)
)
_OF_ORIGIN = select(CaseOrigin.case_id).where(CaseOrigin.kind == bindparam("kind"), CaseOrigin.ref == bindparam("ref"))
_OF_ANSWER = select(CaseOrigin.case_id).where(
    CaseOrigin.kind == "response",
    CaseOrigin.ref
    == select(cast(Response.id, String)).where(Response.invitation_id == bindparam("invitation_id")).scalar_subquery(),
)


def hold_customer(customer_id: int) -> None:
    """Whatever happens to this customer's cases happens one after the other."""
    lock(f"cases:{customer_id}")


def held(case: Case) -> Case:
    """The case as it stands now, held until the transaction ends."""
    hold_customer(case.customer_id)
    db.session.flush()
    db.session.refresh(case)
    db.session.expire(case, ["history"])
    return case


def live_case(customer_id: int) -> Case | None:
    """The one open case of this customer."""
    query = select(Case).where(Case.customer_id == customer_id, Case.state.in_(LIVE))
    return db.session.scalar(query.execution_options(populate_existing=True))


def talked_about(customer: Customer, *, now: datetime) -> Case | None:
    """The case a customer means who writes without being asked: the open one, else one put right lately."""
    asked = {"customer_id": customer.id, "since": now - timedelta(days=TALK_DAYS)}
    case_id = read_rows(_TALKED_ABOUT, **asked).scalar()
    return db.session.get(Case, case_id, populate_existing=True) if case_id is not None else None


def case_of_origin(kind: str, ref: str) -> Case | None:
    """The case this answer opened or joined."""
    case_id = read_rows(_OF_ORIGIN, kind=kind, ref=ref).scalar()
    return db.session.get(Case, case_id) if case_id is not None else None


def case_of_answer(invitation_id: int) -> Case | None:
    """The case the answer to this invitation opened or joined."""
    case_id = read_rows(_OF_ANSWER, invitation_id=invitation_id).scalar()
    return db.session.get(Case, case_id) if case_id is not None else None


def by_code(staff: Staff, code: str) -> Case | None:
    """The case this colleague means by the number: the open one, else the latest that is over; None if not theirs."""
    query = select(Case).where(Case.code == code).order_by(Case.id.desc())
    found = [case for case in db.session.scalars(query) if may_act(staff, case)]
    return next((case for case in found if case.state in LIVE), found[0] if found else None)


def waiting_for(staff: Staff) -> list[Case]:
    """Open cases this colleague has, the most pressing first."""
    query = select(Case).where(Case.owner_id == staff.id, Case.state.in_(LIVE))
    return list(db.session.scalars(query.order_by(Case.contact_by, Case.id)))
