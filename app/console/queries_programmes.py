"""Programmes with what came of them lately, as far as the reader's scope reaches."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import joinedload

from app.auth.roles import Scope
from app.extensions import db
from app.insights.intervals import nps_adjusted_wald, wilson
from app.insights.metrics import Dispositions, NpsCounts, Share, aapor_rates
from surveys.invitations.dispositions import Disposition
from surveys.invitations.forecast import DAYS, Forecast
from surveys.invitations.models import Programme, Touchpoint
from surveys.invitations.order import in_order, losses
from surveys.invitations.overlap import Lost
from surveys.invitations.queries import Results, dispositions, results
from surveys.people.models import Branch
from surveys.people.queries import company
from surveys.questionnaires.models import Survey, SurveyVersion

NOTHING = Results(0, 0, 0, 0)
FEWEST_SCORES = 10  # fewer scores than this say nothing about how they spread
ASSUMED = (50, 25, 25)


@dataclass(frozen=True)
class Loss:
    """What an earlier programme takes of this one: all of it, or the visits at a place by a segment (None: any)."""

    to: Programme
    wholly: bool
    branch: Branch | None
    segment: str | None


@dataclass(frozen=True)
class Line:
    """One programme, its place by name, and the last 30 days."""

    programme: Programme
    branch: Branch | None
    results: Results
    losses: tuple[Loss, ...]


@dataclass(frozen=True)
class Moment:
    """One kind of moment and its programmes in the order in which they are tried."""

    touchpoint: Touchpoint
    lines: list[Line]


@dataclass(frozen=True)
class Outcome:
    """What became of those asked in a period, and the response rates of AAPOR over those whose time is over."""

    counts: dict[Disposition, int]
    over: int
    rates: dict[str, float | None]
    low: float | None
    high: float | None


def programmes(scope: Scope, *, now: datetime) -> list[Moment]:
    """Every programme in scope by its moment, in the order in which they are tried."""
    query = (
        select(Programme)
        .where(_in_scope(scope))
        .options(joinedload(Programme.touchpoint), joinedload(Programme.survey))
    )
    lately = results(since=now - timedelta(days=DAYS))
    found = db.session.scalars(query.order_by(Programme.priority, Programme.id)).all()
    lost = losses(found)
    moments: dict[int, Moment] = {}
    for one in found:
        line = Line(one, _place(one.branch_id), lately.get(one.id, NOTHING), tuple(map(_loss, lost[one.id])))
        moments.setdefault(one.touchpoint_id, Moment(one.touchpoint, [])).lines.append(line)
    return list(moments.values())


def losses_of(programme: Programme) -> tuple[Loss, ...]:
    """What earlier programmes of its moment take of this one."""
    return tuple(map(_loss, losses([programme])[programme.id]))


def place_in_order(programme: Programme) -> tuple[int, int]:
    """Which of its moment's programmes it is, and of how many."""
    order = in_order(programme.touchpoint_id)
    return order.index(programme) + 1, len(order)


def ids_in_scope(scope: Scope) -> set[int]:
    """The programmes the reader may see."""
    return set(db.session.scalars(select(Programme.id).where(_in_scope(scope))))


def _loss(lost: Lost) -> Loss:
    return Loss(db.session.get_one(Programme, lost.to), lost.wholly, _place(lost.place), lost.segment)


def programme_in_scope(scope: Scope, programme_id: int) -> Programme | None:
    """This programme, if its place lies in scope."""
    return db.session.scalar(select(Programme).where(Programme.id == programme_id, _in_scope(scope)))


def whole_company(scope: Scope) -> bool:
    """Whether the reader answers for every place."""
    root = company()
    return root is not None and root.id in scope.branch_ids


def places(scope: Scope) -> list[Branch]:
    """The places a programme may be limited to."""
    query = select(Branch).where(Branch.id.in_(scope.branch_ids), Branch.parent_id.is_not(None))
    return list(db.session.scalars(query.order_by(Branch.kind.desc(), Branch.code)))


def touchpoints() -> list[Touchpoint]:
    """Every kind of moment."""
    return list(db.session.scalars(select(Touchpoint).order_by(Touchpoint.key)))


def published_surveys() -> list[Survey]:
    """Every questionnaire that has a published version."""
    query = select(Survey).where(Survey.id.in_(select(SurveyVersion.survey_id)))
    return list(db.session.scalars(query.order_by(Survey.key)))


def outcome(programme: Programme, *, since: datetime, until: datetime) -> Outcome:
    """Dispositions and rates of a programme's invitations; those still open are counted apart."""
    counts = dict(dispositions(programme.id, since=since, until=until))
    got = {kind: counts.get(kind, 0) for kind in Disposition}
    over = sum(got.values()) - got[Disposition.OPEN] - got[Disposition.NOT_SENT]
    rates = aapor_rates(
        Dispositions(
            complete=got[Disposition.COMPLETE],
            partial=got[Disposition.PARTIAL],
            refusal=got[Disposition.REFUSAL],
            no_contact=got[Disposition.NO_CONTACT],
            other=got[Disposition.OTHER],
            unknown_other=got[Disposition.UNKNOWN],
        ),
        eligible_share=1.0,  # everybody on the list was served
    )
    answered = got[Disposition.COMPLETE] + got[Disposition.PARTIAL]
    interval = wilson(Share(answered, over)) if over else None
    return Outcome(counts, over, rates, interval.low if interval else None, interval.high if interval else None)


def half_width(found: Forecast) -> tuple[float, bool] | None:
    """Expected half-width of the NPS at 95 %, in points, and whether the spread of scores is known; None unanswered."""
    if found.answers < 1:
        return None
    known = sum(found.nps) >= FEWEST_SCORES
    shares = found.nps if known else ASSUMED
    promoters, passives, detractors = (round(found.answers * count / sum(shares)) for count in shares)
    interval = nps_adjusted_wald(NpsCounts(promoters, passives, detractors)).interval
    return (interval.high - interval.low) / 2, known


def _in_scope(scope: Scope) -> ColumnElement[bool]:
    everywhere = Programme.branch_id.is_(None) if whole_company(scope) else false()
    return or_(Programme.branch_id.in_(scope.branch_ids), everywhere)


def _place(branch_id: int | None) -> Branch | None:
    return db.session.get(Branch, branch_id) if branch_id is not None else None
