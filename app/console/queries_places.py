"""The places of somebody's scope, and what of a customer or an answer lies within it."""

from sqlalchemy import ColumnElement, or_, select

from app.auth.roles import Scope
from app.cases.models import Case
from app.extensions import db
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
    """Customers whose page may be opened: at home in scope, or with a case there. Of a merged one the living record."""
    with_case = select(Case.customer_id).where(Case.branch_id.in_(scope.branch_ids))
    here: ColumnElement[bool] = or_(Customer.branch_id.in_(scope.branch_ids), Customer.id.in_(with_case))
    here &= Customer.merged_into_id.is_(None)
    own = own_customers(scope)
    return here if own is None else here & own


def responses_seen(scope: Scope) -> ColumnElement[bool]:
    """Answers about places in scope; for an account manager those of their own customers."""
    here = Response.branch_id.in_(scope.branch_ids)
    own = own_customers(scope)
    return here if own is None else here & Response.customer_id.in_(select(Customer.id).where(own))
