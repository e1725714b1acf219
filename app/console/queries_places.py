"""The places of somebody's scope, and what of a customer or an answer lies within it."""

from sqlalchemy import ColumnElement, exists, false, or_, select

from app.auth.roles import Scope
from app.cases.models import Case
from app.extensions import db
from surveys.invitations.models import ServiceEvent
from surveys.people.models import Branch, Customer
from surveys.responses.models import Response


def places(scope: Scope) -> list[Branch]:
    """Every place in scope, a place before what lies below it, then by code."""
    found = list(db.session.scalars(select(Branch).where(Branch.id.in_(scope.branch_ids)).order_by(Branch.code)))
    below: dict[int | None, list[Branch]] = {}
    for place in found:
        parent = place.parent_id if place.parent_id in scope.branch_ids else None
        below.setdefault(parent, []).append(place)
    ordered: list[Branch] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        place = waiting.pop()
        ordered.append(place)
        waiting.extend(reversed(below.get(place.id, [])))
    return ordered


def own_customers(scope: Scope) -> ColumnElement[bool] | None:
    """The condition that narrows an account manager to the customers they own; None for everybody else."""
    return Customer.owner_id == scope.own_staff_id if scope.own_staff_id is not None else None


def customers_seen(scope: Scope) -> ColumnElement[bool]:
    """Customers whose page may be opened: at home in scope, served or with a case there, or looked after by the reader.

    Of a merged one the living record.
    """
    return Customer.merged_into_id.is_(None) & _known_here(scope)


def _known_here(scope: Scope) -> ColumnElement[bool]:
    own = own_customers(scope)
    if own is not None:
        return own
    served = exists().where(ServiceEvent.customer_id == Customer.id, ServiceEvent.branch_id.in_(scope.branch_ids))
    with_case = exists().where(Case.customer_id == Customer.id, Case.branch_id.in_(scope.branch_ids))
    return or_(Customer.branch_id.in_(scope.branch_ids), served, with_case, _looked_after(scope))


def responses_seen(scope: Scope) -> ColumnElement[bool]:
    """Answers about places in scope and of customers the reader looks after; for an account manager only these."""
    theirs = Response.customer_id.in_(select(Customer.id).where(_looked_after(scope)))
    if scope.own_staff_id is not None:
        return theirs
    return or_(Response.branch_id.in_(scope.branch_ids), theirs)


def events_seen(scope: Scope) -> ColumnElement[bool]:
    """Events by the same rule as answers."""
    theirs = ServiceEvent.customer_id.in_(select(Customer.id).where(_looked_after(scope)))
    if scope.own_staff_id is not None:
        return theirs
    return or_(ServiceEvent.branch_id.in_(scope.branch_ids), theirs)


def cases_seen(scope: Scope) -> ColumnElement[bool]:
    """Cases of places in scope and those the reader has; an account manager's are theirs or of their customers."""
    theirs = Case.owner_id == scope.staff_id if scope.staff_id is not None else false()
    if scope.own_staff_id is not None:
        return or_(theirs, Case.customer_id.in_(select(Customer.id).where(_looked_after(scope))))
    return or_(theirs, Case.branch_id.in_(scope.branch_ids))


def case_seen(scope: Scope, case: Case | None) -> bool:
    """Whether this case is one of them."""
    return case is not None and (
        db.session.scalar(select(Case.id).where(Case.id == case.id, cases_seen(scope))) is not None
    )


def _looked_after(scope: Scope) -> ColumnElement[bool]:
    return Customer.owner_id == scope.staff_id if scope.staff_id is not None else false()
