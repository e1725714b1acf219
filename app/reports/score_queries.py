"""The scores of a week by place. An answer belongs to the ISO week it was given in; late ones stand apart."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, func, select

from app.cases.recovery import SOURCE
from app.extensions import db
from app.insights.metrics import NpsCounts
from app.reports.iso_weeks import Week, week_from
from app.reports.models import WeeklyReport
from app.reports.withholding import Withheld, withheld
from surveys.invitations.models import Invitation, ServiceEvent
from surveys.people.models import Branch
from surveys.questionnaires.flow import Kind
from surveys.responses.models import Response

MEASURES = ((Kind.NPS, Response.nps), (Kind.CSAT, Response.csat), (Kind.CES, Response.ces))

Scores = dict[tuple[int, str], Counter[int]]


def about_a_case() -> ColumnElement[bool]:
    """Answers to our own question whether a case was put right: counted there, and no opinion of a visit."""
    asked = select(Invitation.id).join(ServiceEvent, ServiceEvent.id == Invitation.service_event_id)
    return asked.where(Invitation.id == Response.invitation_id, ServiceEvent.source == SOURCE).exists()


def given_in(ids: Collection[int], week: Week, *, late: bool = False) -> tuple[ColumnElement[bool], ...]:
    """Answers about these places given in this week; the late ones only when asked for."""
    return (
        Response.branch_id.in_(ids),
        Response.answered_at >= week.begins,
        Response.answered_at < week.ends,
        Response.late.is_(late),
        ~about_a_case(),
    )


def scores(ids: Collection[int], week: Week) -> Scores:
    """How often each value was given, by place and measure."""
    found: Scores = defaultdict(Counter)
    for kind, column in MEASURES:
        query = select(Response.branch_id, column, func.count()).where(*given_in(ids, week), column.is_not(None))
        for branch_id, value, count in db.session.execute(query.group_by(Response.branch_id, column)):
            if value is not None:
                found[branch_id, kind][value] += count
    return found


def ratings(found: Scores, ids: Iterable[int], kind: Kind) -> dict[int, int]:
    """How often each value was given at these places together."""
    total: Counter[int] = Counter()
    for branch_id in ids:
        total.update(found.get((branch_id, kind), Counter()))
    return dict(sorted(total.items()))


def nps_counts(found: Scores, ids: Iterable[int]) -> NpsCounts:
    """Promoters, passives and detractors at these places together."""
    given = ratings(found, ids, Kind.NPS)
    return NpsCounts(
        promoters=sum(n for value, n in given.items() if value >= 9),
        passives=sum(n for value, n in given.items() if 7 <= value <= 8),
        detractors=sum(n for value, n in given.items() if value <= 6),
    )


def withheld_in(week: Week) -> Withheld:
    """Which places may not show their scores of this week: in every report, page and file the same.

    Counted once for the whole company in the company's zone; kept from the first report that was issued on, because
    an answer changed later could otherwise uncover in one report what another one hides.
    """
    kept = select(WeeklyReport.figures["withheld"]).where(WeeklyReport.iso_week == week.iso)
    issued = db.session.scalar(kept.order_by(WeeklyReport.id).limit(1))
    if issued is not None:
        return Withheld(**{measure: tuple(codes) for measure, codes in issued.items()})
    places = {branch.id: branch for branch in db.session.scalars(select(Branch))}
    root = next(branch for branch in places.values() if branch.parent_id is None)
    found = scores(places.keys(), week_from(week.first, root.time_zone))
    parents = {b.code: places[b.parent_id].code if b.parent_id else None for b in places.values()}
    return Withheld(
        **{
            kind.value: withheld(
                parents, {b.code: found[b.id, kind].total() for b in places.values() if (b.id, kind) in found}
            )
            for kind, _ in MEASURES
        }
    )
