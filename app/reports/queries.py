"""Counts the week of a scope."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from app.extensions import db, settings
from app.reports.case_queries import case_figures, opened_at, overdue_cases, recovery_figures, root_causes
from app.reports.comment_queries import comments, texts
from app.reports.emerging import new_words
from app.reports.figures import BranchFigures, Kin, Level, Overdue, Verbatim, WeekFigures
from app.reports.funnel_queries import funnel
from app.reports.iso_weeks import SEVEN_DAYS, Week, week_before, week_of
from app.reports.score_queries import Scores, nps_counts, ratings, scores, withheld_in
from app.reports.verbatims import sample, tally
from surveys.people.models import Branch
from surveys.people.queries import subtree
from surveys.questionnaires.flow import Kind
from surveys.understanding.books import names_in_use


def week_figures(branch: Branch, iso_week: str, *, now: datetime) -> WeekFigures:
    """Everything the report of this scope and week is made of."""
    week = week_of(iso_week, branch.time_zone)
    before = week_before(week, branch.time_zone)
    ids = subtree([branch.id])
    this, last = scores(ids, week), scores(ids, before)
    said, unasked = comments(ids, week), texts(ids, week)
    # Who waits now belongs to a running week and to the one that has just ended; in an older one it would be no news.
    waiting = overdue_cases(ids, now=now) if week.begins <= now < week.ends + SEVEN_DAYS else None
    return WeekFigures(
        organisation=dict(settings().organisation.names),
        scope=branch.code,
        names=branch.names,
        level=Level(branch.kind),
        iso_week=iso_week,
        starts=week.first,
        ends=week.last,
        time_zone=branch.time_zone,
        nps=nps_counts(this, ids),
        nps_last=nps_counts(last, ids),
        csat=ratings(this, ids, Kind.CSAT),
        csat_last=ratings(last, ids, Kind.CSAT),
        ces=ratings(this, ids, Kind.CES),
        ces_last=ratings(last, ids, Kind.CES),
        withheld=withheld_in(week),
        withheld_last=withheld_in(before),
        funnel=funnel(ids, week),
        cases=case_figures(ids, week, now=now),
        overdue=None if waiting is None else tuple(one for _, one in waiting),
        recovery=recovery_figures(ids, week),
        root_causes=root_causes(ids, week),
        comments=tally(said),
        verbatims=sample(said),
        branches=_children(branch, ids, this, last, week, waiting),
        above=_above(branch, week),
        theme_names=_theme_names([*said, *unasked]),
        new_words=new_words(iso_week),
        texts=tally(unasked),
    )


def _theme_names(said: list[Verbatim]) -> dict[str, dict[str, str]]:
    known = names_in_use()
    return {key: dict(known[key]) for key in sorted({key for one in said for key in one.themes}) if key in known}


def _children(
    branch: Branch,
    ids: Collection[int],
    this: Scores,
    last: Scores,
    week: Week,
    waiting: list[tuple[int, Overdue]] | None,
) -> tuple[BranchFigures, ...]:
    query = select(Branch).where(Branch.id.in_(ids), Branch.kind == Level.BRANCH, Branch.id != branch.id)
    places = db.session.scalars(query.order_by(Branch.code)).all()
    opened = opened_at(ids, week) if places else {}
    late = None if waiting is None else Counter(branch_id for branch_id, _ in waiting)
    return tuple(
        BranchFigures(
            code=place.code,
            names=place.names,
            nps=nps_counts(this, [place.id]),
            nps_last=nps_counts(last, [place.id]),
            csat=ratings(this, [place.id], Kind.CSAT),
            ces=ratings(this, [place.id], Kind.CES),
            cases_opened=opened.get(place.id, 0),
            overdue=None if late is None else late[place.id],
        )
        for place in places
    )


def _above(branch: Branch, week: Week) -> Kin | None:
    if branch.parent is None:
        return None
    ids = subtree([branch.parent.id])
    return Kin(branch.parent.code, branch.parent.names, nps_counts(scores(ids, week), ids))
