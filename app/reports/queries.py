"""Counts the week of a scope. An answer belongs to the ISO week it was given in, in its zone; late ones apart."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from app.extensions import db, settings
from app.insights.metrics import NpsCounts
from app.reports.case_queries import case_figures, recovery_figures, root_causes
from app.reports.figures import BranchFigures, Funnel, Kin, Level, Verbatim, WeekFigures
from notifications.models import Message, State
from surveys.invitations.models import Invitation, InvitationState, ServiceEvent
from surveys.people.models import Branch, Consent, Customer
from surveys.people.queries import subtree
from surveys.questionnaires.flow import Kind
from surveys.responses.models import Answer, Response

MOST_VERBATIMS = 400
NOT_ELIGIBLE = {"no_programme", "opted_out", "no_consent", "no_channel"}


@dataclass(frozen=True)
class Week:
    """An ISO week as moments: from `begins`, before `ends`."""

    iso: str
    first: date
    begins: datetime
    ends: datetime

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)


def week_of(iso_week: str, time_zone: str) -> Week:
    """The week named like 2026-W47 in this zone. Raises ValueError when there is no such week."""
    year, _, number = iso_week.partition("-W")
    first = date.fromisocalendar(int(year), int(number), 1)
    zone = ZoneInfo(time_zone)
    begins = datetime.combine(first, time(), zone).astimezone(UTC)
    ends = datetime.combine(first + timedelta(days=7), time(), zone).astimezone(UTC)
    return Week(iso_week, first, begins, ends)


def iso_week_at(moment: datetime, time_zone: str) -> str:
    """The name of the week this moment falls in, in this zone."""
    year, number, _ = moment.astimezone(ZoneInfo(time_zone)).isocalendar()
    return f"{year}-W{number:02d}"


def week_before(week: Week, time_zone: str) -> Week:
    """The week before."""
    return week_of(iso_week_at(week.begins - timedelta(days=3), time_zone), time_zone)


def week_figures(branch: Branch, iso_week: str, *, now: datetime) -> WeekFigures:
    """Everything the report of this scope and week is made of."""
    week = week_of(iso_week, branch.time_zone)
    before = week_before(week, branch.time_zone)
    ids = subtree([branch.id])
    this, last = _scores(ids, week), _scores(ids, before)
    level = Level(branch.kind)
    return WeekFigures(
        organisation=dict(settings().organisation.names),
        scope=branch.code,
        names=branch.names,
        level=level,
        iso_week=iso_week,
        starts=week.first,
        ends=week.last,
        nps=_nps(this, ids),
        nps_last=_nps(last, ids),
        csat=_ratings(this, ids, Kind.CSAT),
        csat_last=_ratings(last, ids, Kind.CSAT),
        ces=_ratings(this, ids, Kind.CES),
        ces_last=_ratings(last, ids, Kind.CES),
        funnel=_funnel(ids, week),
        cases=case_figures(ids, week.begins, week.ends, now=now),
        recovery=recovery_figures(ids, week.begins, week.ends),
        root_causes=root_causes(ids, week.begins, week.ends),
        verbatims=_verbatims(ids, week),
        branches=_children(branch, ids, this, last, week, now),
        above=_above(branch, week),
    )


Scores = dict[tuple[int, str], Counter[int]]


def _answered(ids: Iterable[int], week: Week) -> tuple[ColumnElement[bool], ...]:
    return (
        Response.branch_id.in_(ids),
        Response.answered_at >= week.begins,
        Response.answered_at < week.ends,
        Response.late.is_(False),
    )


def _scores(ids: Iterable[int], week: Week) -> Scores:
    found: Scores = defaultdict(Counter)
    for kind, column in ((Kind.NPS, Response.nps), (Kind.CSAT, Response.csat), (Kind.CES, Response.ces)):
        query = select(Response.branch_id, column, func.count()).where(*_answered(ids, week), column.is_not(None))
        for branch_id, value, count in db.session.execute(query.group_by(Response.branch_id, column)):
            if value is not None:
                found[branch_id, kind][value] += count
    return found


def _ratings(scores: Scores, ids: Iterable[int], kind: Kind) -> dict[int, int]:
    total: Counter[int] = Counter()
    for branch_id in ids:
        total.update(scores.get((branch_id, kind), Counter()))
    return dict(sorted(total.items()))


def _nps(scores: Scores, ids: Iterable[int]) -> NpsCounts:
    ratings = _ratings(scores, ids, Kind.NPS)
    return NpsCounts(
        promoters=sum(n for value, n in ratings.items() if value >= 9),
        passives=sum(n for value, n in ratings.items() if 7 <= value <= 8),
        detractors=sum(n for value, n in ratings.items() if value <= 6),
    )


def _funnel(ids: set[int], week: Week) -> Funnel:
    events = select(ServiceEvent.decision, ServiceEvent.rules).where(
        ServiceEvent.branch_id.in_(ids),
        ServiceEvent.occurred_at >= week.begins,
        ServiceEvent.occurred_at < week.ends,
        ServiceEvent.source != "heed",
    )
    skipped: Counter[str] = Counter()
    seen = 0
    for decision, rules in db.session.execute(events):
        seen += 1
        if decision == "skipped":
            skipped[next((r["rule"] for r in rules if r["verdict"] == "stop"), "other")] += 1
    sent = (Invitation.branch_id.in_(ids), Invitation.sent_at >= week.begins, Invitation.sent_at < week.ends)
    delivered = (
        select(func.count(func.distinct(Message.subject_id)))
        .join(Invitation, Invitation.id == Message.subject_id)
        .where(*sent, Message.subject_kind == "invitation", Message.state == State.DELIVERED)
    )
    started = func.count()
    answered = select(started, func.count(Response.completed_at)).where(*_answered(ids, week))
    began, completed = db.session.execute(answered).one()
    late = select(func.count()).where(
        Response.branch_id.in_(ids),
        Response.answered_at >= week.begins,
        Response.answered_at < week.ends,
        Response.late.is_(True),
    )
    return Funnel(
        service_events=seen,
        eligible=seen - sum(skipped[rule] for rule in NOT_ELIGIBLE),
        invited=_count(select(func.count()).where(*sent)),
        delivered=_count(delivered),
        started=began,
        completed=completed,
        partial=_count(
            select(func.count()).select_from(Invitation).where(*sent, Invitation.state == InvitationState.PARTIAL)
        ),
        opted_out=_opted_out(ids, week),
        late=_count(late),
        skipped=dict(skipped),
    )


def _opted_out(ids: set[int], week: Week) -> int:
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


def _verbatims(ids: set[int], week: Week) -> tuple[Verbatim, ...]:
    query = (
        select(Answer, Response, Branch)
        .join(Response, Response.id == Answer.response_id)
        .join(Branch, Branch.id == Response.branch_id)
        .where(*_answered(ids, week), Answer.kind == Kind.TEXT, Answer.text.is_not(None))
        .order_by(Answer.id)
        .limit(MOST_VERBATIMS)
    )
    return tuple(_verbatim(*row) for row in db.session.execute(query))


def _verbatim(answer: Answer, response: Response, branch: Branch) -> Verbatim:
    rated = [(kind, getattr(response, kind)) for kind in ("nps", "csat", "ces") if getattr(response, kind) is not None]
    kind, rating = rated[0] if rated else (None, None)
    return Verbatim(
        text=answer.text or "",
        language="zh-Hans" if answer.language in ("zh", "mixed") else "en",
        rating=rating,
        kind=kind,
        branch=branch.names,
        branch_code=branch.code,
        polarity=answer.polarity,
        themes=tuple(dict.fromkeys(t["theme"] for t in answer.themes)),
    )


def _children(
    branch: Branch, ids: set[int], this: Scores, last: Scores, week: Week, now: datetime
) -> tuple[BranchFigures, ...]:
    places: Sequence[Branch] = db.session.scalars(
        select(Branch)
        .where(Branch.id.in_(ids), Branch.kind == Level.BRANCH, Branch.id != branch.id)
        .order_by(Branch.code)
    ).all()
    children = []
    for place in places:
        cases = case_figures({place.id}, week.begins, week.ends, now=now)
        children.append(
            BranchFigures(
                code=place.code,
                names=place.names,
                nps=_nps(this, [place.id]),
                nps_last=_nps(last, [place.id]),
                csat=_ratings(this, [place.id], Kind.CSAT),
                ces=_ratings(this, [place.id], Kind.CES),
                cases_opened=cases.opened,
                overdue=len(cases.overdue),
            )
        )
    return tuple(children)


def _above(branch: Branch, week: Week) -> Kin | None:
    if branch.parent is None:
        return None
    ids = subtree([branch.parent.id])
    return Kin(branch.parent.names, _nps(_scores(ids, week), ids))
