"""What a week's report counts about cases."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from app.cases.models import Case, CaseEvent
from app.cases.policy import State
from app.cases.queries import worklist
from app.extensions import db
from app.reports.figures import Awaited, CaseFigures, Overdue, Recovery
from app.reports.iso_weeks import Week

PROMISED_AHEAD = timedelta(weeks=4)  # nobody is promised a call later than that


def case_figures(ids: Collection[int], week: Week, *, now: datetime) -> CaseFigures:
    """Cases of these places in this week; in-time counts are of the deadlines that have passed in it by now."""
    here = Case.branch_id.in_(ids)
    until = min(week.ends, now)

    def cases(*where: ColumnElement[bool]) -> int:
        return int(db.session.scalar(select(func.count()).select_from(Case).where(here, *where)) or 0)

    acknowledge = (Case.acknowledge_by >= week.begins, Case.acknowledge_by < until, Case.state != State.DISMISSED)
    resolved = (Case.resolved_at >= week.begins, Case.resolved_at < week.ends)
    due, called = _calls(ids, week.begins, until)
    came_back = [event.detail for event in db.session.scalars(_events("reopened", ids, week))]
    return CaseFigures(
        opened=cases(Case.opened_at >= week.begins, Case.opened_at < week.ends),
        acknowledge_due=cases(*acknowledge),
        acknowledged_in_time=cases(*acknowledge, Case.acknowledged_at <= Case.acknowledge_by),
        contact_due=due,
        contacted_in_time=called,
        resolved=cases(*resolved),
        reopened=len(came_back),
        # At the same level, and at the top, a case comes back to whoever had it.
        reopened_higher=sum(detail.get("to") != detail.get("former") for detail in came_back),
        saved=cases(*resolved, Case.outcome == "saved"),
        lost=cases(*resolved, Case.outcome == "lost"),
    )


def opened_at(ids: Collection[int], week: Week) -> dict[int, int]:
    """How many cases were opened in this week at each of these places."""
    opened = (Case.branch_id.in_(ids), Case.opened_at >= week.begins, Case.opened_at < week.ends)
    query = select(Case.branch_id, func.count()).where(*opened).group_by(Case.branch_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _calls(ids: Collection[int], begins: datetime, until: datetime) -> tuple[int, int]:
    """Calls that were due in this span, and those of them made in time. Who wants no call is due none."""
    promised = select(CaseEvent.case_id).where(
        CaseEvent.kind == "promised", CaseEvent.at >= begins - PROMISED_AHEAD, CaseEvent.at < until
    )
    query = select(Case).where(
        Case.branch_id.in_(ids),
        Case.state != State.DISMISSED,
        func.coalesce(Case.call_choice, "") != "none",
        or_(and_(Case.contact_by >= begins, Case.contact_by < until), Case.id.in_(promised)),
    )
    made = [
        (_call_was_due(case), case.contacted_at)
        for case in db.session.scalars(query.options(selectinload(Case.history)))
    ]
    ended = [(due, at) for due, at in made if begins <= due < until]
    return len(ended), sum(at is not None and at <= due for due, at in ended)


def _call_was_due(case: Case) -> datetime:
    """By when they were to be called first: the deadline, or the time they were promised before it had passed."""
    back = max((place for place, event in enumerate(case.history) if event.kind == "reopened"), default=0)
    due = case.contact_by
    for event in case.history[back:]:
        if event.kind == "contacted":
            break
        # A promise made when the earlier time had passed says sorry; it does not undo the delay.
        if event.kind == "promised" and event.at <= due:
            due = datetime.fromisoformat(event.detail["by"])
    return due


def overdue_cases(ids: Collection[int], *, now: datetime) -> list[tuple[int, Overdue]]:
    """Who waits longer than they were told, with the id of the place: exactly those the worklist calls overdue."""
    waiting = (item for item in worklist(ids, now=now) if item.overdue)
    return [(item.case.branch_id, _overdue(item.case, item.due, now)) for item in waiting]


def _overdue(case: Case, since: datetime, now: datetime) -> Overdue:
    minutes = int((now - since).total_seconds() // 60)
    topic = case.root_cause if case.root_cause != "other" else None  # tells a reader nothing
    return Overdue(case.code, initials(case.customer.name), case.branch.names, _awaited(case), minutes, topic)


def _awaited(case: Case) -> Awaited:
    if case.promised_by is not None:
        return Awaited.PROMISE
    return Awaited.RESOLVE if case.state == State.CONTACTED or case.call_choice == "none" else Awaited.CONTACT


def initials(name: str) -> str:
    """ "C. W." for Clara Wong; the surname and a star for a Chinese name: enough to find them, not to expose them."""
    name = name.strip()
    if not name:
        return "?"
    if any("\u4e00" <= sign <= "\u9fff" for sign in name):
        return f"{name[0]}*"
    return " ".join(f"{part[0].upper()}." for part in name.split()[:2])


def recovery_figures(ids: Collection[int], week: Week) -> Recovery:
    """What customers answered in this week to "has it been put right?"."""
    # A customer may think again: what they said last counts, once.
    latest = {event.case_id: event.detail.get("answer") for event in db.session.scalars(_events("recovery", ids, week))}
    said = Counter(latest.values())
    return Recovery(yes=said["yes"], partly=said["partly"], no=said["no"])


def _events(kind: str, ids: Collection[int], week: Week) -> Select[CaseEvent]:
    in_week = (CaseEvent.at >= week.begins, CaseEvent.at < week.ends)
    query = select(CaseEvent).join(Case, Case.id == CaseEvent.case_id)
    return query.where(Case.branch_id.in_(ids), CaseEvent.kind == kind, *in_week).order_by(CaseEvent.id)


def root_causes(ids: Collection[int], week: Week) -> dict[str, int]:
    """Causes of the cases resolved in this week."""
    query = (
        select(Case.root_cause, func.count())
        .where(
            Case.branch_id.in_(ids),
            Case.root_cause.is_not(None),
            Case.resolved_at >= week.begins,
            Case.resolved_at < week.ends,
        )
        .group_by(Case.root_cause)
    )
    return {cause: count for cause, count in db.session.execute(query) if cause}
