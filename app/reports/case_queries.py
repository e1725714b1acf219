"""What a week's report counts about cases."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from app.cases.models import Case, CaseEvent
from app.extensions import db
from app.reports.figures import Awaited, CaseFigures, Overdue, Recovery
from surveys.people.models import Branch, Customer

LIVE = ("open", "acknowledged", "contacted", "reopened")


def case_figures(ids: Collection[int], begins: datetime, ends: datetime, *, now: datetime) -> CaseFigures:
    """Cases of these places in this span; in-time counts are of the deadlines that fell in it."""
    here = Case.branch_id.in_(ids)

    def count(query: Select[Any]) -> int:
        return int(db.session.scalar(query) or 0)

    def cases(*where: ColumnElement[bool]) -> Select[Any]:
        return select(func.count()).select_from(Case).where(here, *where)

    acknowledge = (Case.acknowledge_by >= begins, Case.acknowledge_by < ends, Case.state != "dismissed")
    contact = (Case.contact_by >= begins, Case.contact_by < ends, Case.state != "dismissed")
    resolved = (Case.resolved_at >= begins, Case.resolved_at < ends)
    reopened = (
        select(func.count())
        .select_from(CaseEvent)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(here, CaseEvent.kind == "reopened", CaseEvent.at >= begins, CaseEvent.at < ends)
    )
    return CaseFigures(
        opened=count(cases(Case.opened_at >= begins, Case.opened_at < ends)),
        acknowledge_due=count(cases(*acknowledge)),
        acknowledged_in_time=count(cases(*acknowledge, Case.acknowledged_at <= Case.acknowledge_by)),
        contact_due=count(cases(*contact)),
        contacted_in_time=count(cases(*contact, Case.contacted_at <= Case.contact_by)),
        resolved=count(cases(*resolved)),
        reopened=count(reopened),
        saved=count(cases(*resolved, Case.outcome == "saved")),
        lost=count(cases(*resolved, Case.outcome == "lost")),
        overdue=_overdue(ids, now) if begins <= now else (),
    )


def _overdue(ids: Collection[int], now: datetime) -> tuple[Overdue, ...]:
    query = (
        select(Case, Customer, Branch)
        .join(Customer, Customer.id == Case.customer_id)
        .join(Branch, Branch.id == Case.branch_id)
        .where(Case.branch_id.in_(ids), Case.state.in_(LIVE))
        .order_by(Case.contact_by)
    )
    late = []
    for case, customer, branch in db.session.execute(query):
        waited = _awaited(case, now)
        if waited is not None:
            awaited, since = waited
            minutes = int((now - since).total_seconds() // 60)
            late.append(Overdue(case.code, initials(customer.name), branch.names, awaited, minutes, case.root_cause))
    return tuple(late)


def _awaited(case: Case, now: datetime) -> tuple[Awaited, datetime] | None:
    if case.promised_by is not None and case.promised_by < now:
        return Awaited.PROMISE, case.promised_by
    if case.contacted_at is None and case.contact_by < now:
        return Awaited.CONTACT, case.contact_by
    if case.acknowledged_at is None and case.acknowledge_by < now:
        return Awaited.ACKNOWLEDGE, case.acknowledge_by
    return (Awaited.RESOLVE, case.resolve_by) if case.resolve_by < now else None


def initials(name: str) -> str:
    """ "C. W." for Clara Wong; the surname and a star for a Chinese name: enough to find them, not to expose them."""
    name = name.strip()
    if not name:
        return "?"
    if any("\u4e00" <= sign <= "\u9fff" for sign in name):
        return f"{name[0]}*"
    return " ".join(f"{part[0].upper()}." for part in name.split()[:2])


def recovery_figures(ids: Collection[int], begins: datetime, ends: datetime) -> Recovery:
    """What customers answered in this span to "has it been put right?"."""
    query = (
        select(Case.id, CaseEvent.detail)
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(Case.branch_id.in_(ids), CaseEvent.kind == "recovery", CaseEvent.at >= begins, CaseEvent.at < ends)
    )
    said = Counter(detail.get("answer") for _, detail in db.session.execute(query))
    return Recovery(yes=said["yes"], partly=said["partly"], no=said["no"])


def root_causes(ids: Collection[int], begins: datetime, ends: datetime) -> dict[str, int]:
    """Causes of the cases resolved in this span."""
    query = (
        select(Case.root_cause, func.count())
        .where(
            Case.branch_id.in_(ids), Case.root_cause.is_not(None), Case.resolved_at >= begins, Case.resolved_at < ends
        )
        .group_by(Case.root_cause)
    )
    return {cause: count for cause, count in db.session.execute(query) if cause}
