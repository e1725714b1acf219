"""Answers as a list and one by one, each number with the answers under it."""

import json
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, and_, case, cast, false, func, or_, select
from sqlalchemy.orm import selectinload

from app.auth.roles import Permission, Scope
from app.console.queries_places import customers_seen, responses_seen
from app.extensions import db
from app.insights.metrics import NpsCounts
from app.insights.suppression import SHOWN_FROM
from app.reports.iso_weeks import Week, iso_week_at, week_of
from app.reports.score_queries import about_a_case, given_in, withheld_in
from surveys.people.models import Branch, Customer
from surveys.questionnaires.flow import Band, Kind
from surveys.responses.integrity import is_doubted
from surveys.responses.models import Answer, AnswerRevision, Response

PAGE = 25
STATES = ("finished", "unfinished", "late", "words", "recovery", "doubted")
MEASURES = ("nps", "csat", "ces")


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which answers are wanted; None is any. `branch_ids` lies within the reader's scope."""

    branch_ids: frozenset[int]
    week: Week | None = None
    band: str | None = None
    theme: str | None = None
    channel: str | None = None
    measure: str | None = None
    state: str | None = None


@dataclass(frozen=True)
class Sums:
    """How many answers, in which bands, and what they say of recommending us."""

    n: int
    low: int
    mid: int
    high: int
    nps: NpsCounts


@dataclass(frozen=True)
class Listed:
    """One answer of the list; `customer` is None when the reader may not see who it was."""

    response: Response
    words: Answer | None
    branch: Branch
    customer: Customer | None


@dataclass(frozen=True)
class AnswerPage:
    """A page of the list; `withheld` answers, of small branches or what would give one away, are only counted."""

    rows: list[Listed]
    sums: Sums
    page: int
    pages: int
    withheld: int
    late: int
    doubted: int


def _in_band(wanted: Band) -> ColumnElement[bool]:
    # The headline measure decides: recommendation before satisfaction before effort, as in the report.
    limits = ((Response.nps, 6, 9), (Response.csat, 2, 4), (Response.ces, 3, 5))
    measures = []
    for column, low, high in limits:
        match wanted:
            case Band.LOW:
                measures.append((column.is_not(None), column <= low))
            case Band.MID:
                measures.append((column.is_not(None), and_(column > low, column < high)))
            case _:
                measures.append((column.is_not(None), column >= high))
    return case(*measures, else_=False)


def _conditions(scope: Scope, wanted: Filter) -> list[ColumnElement[bool]]:
    found = [responses_seen(scope), Response.branch_id.in_(wanted.branch_ids)]
    if wanted.week is not None:
        found += [Response.answered_at >= wanted.week.begins, Response.answered_at < wanted.week.ends]
    found.append(Response.late.is_(wanted.state == "late"))
    # Whether a case was put right is no opinion of a visit: it stands apart here as in the report.
    found.append(about_a_case() if wanted.state == "recovery" else ~about_a_case())
    if wanted.state in ("finished", "unfinished"):
        done = Response.completed_at
        found.append(done.is_not(None) if wanted.state == "finished" else done.is_(None))
    if wanted.state == "words":
        found.append(Response.id.in_(select(Answer.response_id).where(_has_words())))
    if wanted.state == "doubted":
        found.append(is_doubted())
    if wanted.channel:
        found.append(Response.channel == wanted.channel)
    if wanted.measure:
        found.append(getattr(Response, wanted.measure).is_not(None))
    if wanted.theme:
        # JSON is kept as it was written, on both databases.
        found.append(cast(Response.themes, String).contains(f'"theme": {json.dumps(wanted.theme)}', autoescape=True))
    return found


def _has_words() -> ColumnElement[bool]:
    return and_(Answer.kind == Kind.TEXT, Answer.text.is_not(None), Answer.text != "")


def _withheld(scope: Scope, week: Week) -> ColumnElement[bool]:
    """Answers not read one by one by whoever looks after no customers: of few, or of a score the report withholds."""
    if scope.may(Permission.SEE_CUSTOMERS):
        return false()
    hidden, enough = withheld_in(week), set[int]()
    columns = [getattr(Response, measure) for measure in MEASURES]
    conditions: list[ColumnElement[bool]] = []
    for measure, column in zip(MEASURES, columns, strict=True):
        sizes = select(Branch.id, Branch.code).join(Response, Response.branch_id == Branch.id)
        sizes = sizes.where(*given_in(scope.branch_ids, week)).group_by(Branch.id, Branch.code)
        large = {row.id: row.code for row in db.session.execute(sizes.having(func.count(column) >= SHOWN_FROM))}
        enough.update(large)
        readable = [branch_id for branch_id, code in large.items() if code not in getattr(hidden, measure)]
        conditions.append(and_(column.is_not(None), Response.branch_id.not_in(readable)))
    unrated = and_(*(column.is_(None) for column in columns), Response.branch_id.not_in(enough))
    return or_(*conditions, unrated)


def answer_page(scope: Scope, wanted: Filter, *, page: int = 1) -> AnswerPage:
    """The answers wanted, latest first, PAGE to a page."""
    conditions = _conditions(scope, wanted)
    hidden = _withheld(scope, wanted.week) if wanted.week else false()
    shown = [*conditions, ~hidden]
    if wanted.band:
        shown = [*shown, _in_band(Band(wanted.band))]
    sums = _sums(shown)
    pages = max(1, -(-sums.n // PAGE))
    page = min(max(page, 1), pages)
    query = (
        select(Response)
        .where(*shown)
        .options(selectinload(Response.answers))
        .order_by(Response.answered_at.desc(), Response.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    rows = _listed(scope, list(db.session.scalars(query)))
    withheld = _count([*conditions, hidden])
    late, doubted = (_apart(scope, wanted, state) for state in ("late", "doubted"))
    return AnswerPage(rows, sums, page, pages, withheld, late, doubted)


def _apart(scope: Scope, wanted: Filter, state: str) -> int:
    """How many answers of the week stand apart, where the list does not show them already."""
    if wanted.week is None or wanted.state == state:
        return 0
    return _count(_conditions(scope, Filter(branch_ids=wanted.branch_ids, week=wanted.week, state=state)))


def _count(conditions: list[ColumnElement[bool]]) -> int:
    return int(db.session.scalar(select(func.count()).select_from(Response).where(*conditions)) or 0)


def _sums(conditions: list[ColumnElement[bool]]) -> Sums:
    def total(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    query = select(
        func.count(),
        *(total(_in_band(one)) for one in Band),
        total(Response.nps >= 9),
        total(and_(Response.nps >= 7, Response.nps <= 8)),
        total(Response.nps <= 6),
    ).where(*conditions)
    n, low, mid, high, promoters, passives, detractors = (int(value) for value in db.session.execute(query).one())
    return Sums(n, low, mid, high, NpsCounts(promoters=promoters, passives=passives, detractors=detractors))


def _listed(scope: Scope, responses: list[Response]) -> list[Listed]:
    branches = _by_id(Branch, {r.branch_id for r in responses})
    people: dict[int, Customer] = {}
    if responses and scope.may(Permission.SEE_CUSTOMERS):
        ids = {r.customer_id for r in responses}
        seen = db.session.scalars(select(Customer).where(Customer.id.in_(ids), customers_seen(scope)))
        people = {customer.id: customer for customer in seen}
    return [Listed(r, words_of(r), branches[r.branch_id], people.get(r.customer_id)) for r in responses]


def _by_id(model: type[Branch], ids: set[int]) -> dict[int, Branch]:
    return {row.id: row for row in db.session.scalars(select(model).where(model.id.in_(ids)))}


def words_of(response: Response) -> Answer | None:
    """The answer in words, the longest where there are several."""
    said = [a for a in response.answers if a.kind == Kind.TEXT and a.text]
    return max(said, key=lambda a: len(a.text or ""), default=None)


def answer_in_scope(scope: Scope, response_id: int) -> Response | None:
    """This response, if the reader may read it."""
    response = db.session.scalar(select(Response).where(Response.id == response_id, responses_seen(scope)))
    if response is None or scope.may(Permission.SEE_CUSTOMERS):
        return response
    zone = response.invitation.branch.time_zone
    week = week_of(iso_week_at(response.answered_at, zone), zone)
    hidden = _count([Response.id == response.id, _withheld(scope, week)])
    return None if hidden else response


def revisions(response: Response) -> dict[int, list[AnswerRevision]]:
    """What stood before each answer that was changed, latest first, by answer."""
    query = select(AnswerRevision).where(AnswerRevision.answer_id.in_([a.id for a in response.answers]))
    found: dict[int, list[AnswerRevision]] = {}
    for revision in db.session.scalars(query.order_by(AnswerRevision.id.desc())):
        found.setdefault(revision.answer_id, []).append(revision)
    return found


def newest_week(scope: Scope, branch_ids: frozenset[int], zone: str) -> str | None:
    """The ISO week of the latest answer about these places."""
    latest = db.session.scalar(
        select(func.max(Response.answered_at)).where(responses_seen(scope), Response.branch_id.in_(branch_ids))
    )
    return iso_week_at(latest, zone) if latest else None
