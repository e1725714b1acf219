"""Who to call next: broken deadlines first, then most of the time by value at risk, the rest by need alone."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from app.cases.clocks import due_by
from app.cases.models import Case
from app.cases.policy import LIVE, UNREAD
from app.cases.queue import work_queue
from app.extensions import db
from surveys.people.models import Customer
from surveys.people.queries import sms_reach


@dataclass(frozen=True)
class WorklistItem:
    """One line of the list. `at_risk_cents`: expected loss; `lane`: overdue, by_value or by_need."""

    case: Case
    customer: Customer
    due: datetime
    overdue: bool
    lane: str
    at_risk_cents: int
    phone: str | None
    tried: int  # calls nobody answered

    @property
    def id(self) -> str:
        return f"{self.case.id:012d}"

    @property
    def clv(self) -> float:
        """Lifetime value in the company's currency."""
        return (self.customer.value_cents or 0) / 100

    @property
    def p_churn(self) -> float:
        """Chance of leaving within 90 days."""
        return self.case.risk or 0.0

    @property
    def rating(self) -> float | None:
        """The explicit rating."""
        return None if self.case.rating is None else float(self.case.rating)


@dataclass(frozen=True)
class OpenCounts:
    """How many cases are open, unread, and past a deadline."""

    open: int
    unread: int
    overdue: int


def worklist(
    branch_ids: Collection[int],
    *,
    now: datetime,
    own_staff_id: int | None = None,
    capacity: int | None = None,
) -> list[WorklistItem]:
    """Open cases of these places in the order to call: overdue first, then 70 % by value at risk and 30 % by need.

    `own_staff_id` narrows it to one colleague's cases; `capacity` cuts the two lanes as a day's calls would.
    """
    query = _live(branch_ids, own_staff_id).options(joinedload(Case.customer), *_whole())
    items = [_item(case, now) for case in db.session.scalars(query.order_by(Case.id)).unique()]
    late = sorted((i for i in items if i.overdue), key=lambda i: (i.due, i.id))
    return [*late, *_in_lanes([i for i in items if not i.overdue], capacity)]


def _in_lanes(waiting: list[WorklistItem], capacity: int | None) -> list[WorklistItem]:
    # One after the other as a person works: of ten calls seven by value and three by need, not all of one kind first.
    queue = work_queue(waiting, capacity=len(waiting) if capacity is None else capacity)
    value, need = list(queue.by_value), list(queue.by_need)
    ordered: list[WorklistItem] = []
    while value or need:
        share = (len(ordered) + 1) * 3 // 10 > sum(i.lane == "by_need" for i in ordered)
        from_need = bool(need) and (share or not value)
        item = need.pop(0) if from_need else value.pop(0)
        ordered.append(replace(item, lane="by_need" if from_need else "by_value"))
    return ordered


def open_counts(branch_ids: Collection[int], *, now: datetime, own_staff_id: int | None = None) -> OpenCounts:
    """Counts for the bar and the page title."""
    cases = list(db.session.scalars(_live(branch_ids, own_staff_id).options(*_whole())).unique())
    return OpenCounts(
        open=len(cases),
        unread=sum(case.state in UNREAD for case in cases),
        overdue=sum(due_by(case, now=now) < now for case in cases),
    )


def _live(branch_ids: Collection[int], own_staff_id: int | None) -> Select[Case]:
    query = select(Case).where(Case.state.in_(LIVE))
    # What somebody has is theirs wherever it lies: a customer of theirs may be served at another branch.
    return query.where(Case.branch_id.in_(branch_ids) if own_staff_id is None else Case.owner_id == own_staff_id)


def _whole() -> tuple[ExecutableOption, ...]:
    return (joinedload(Case.branch), joinedload(Case.owner), selectinload(Case.history))


def _item(case: Case, now: datetime) -> WorklistItem:
    due, reach = due_by(case, now=now), sms_reach(case.customer_id)
    return WorklistItem(
        case=case,
        customer=case.customer,
        due=due,
        overdue=due < now,
        lane="overdue" if due < now else "by_value",
        at_risk_cents=at_risk(case),
        phone=reach.address if reach and case.call_choice != "none" else None,
        tried=sum(e.kind == "tried" for e in case.history),
    )


def at_risk(case: Case) -> int:
    """Expected loss in hundredths of the company's currency: lifetime value times the chance to leave."""
    return round(max(case.customer.value_cents or 0, 0) * (case.risk or 0.0))


def open_by_branch(branch_ids: Collection[int]) -> dict[int, int]:
    """Open cases at each of these places."""
    query = select(Case.branch_id, func.count()).where(Case.branch_id.in_(branch_ids), Case.state.in_(LIVE))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Case.branch_id))}
