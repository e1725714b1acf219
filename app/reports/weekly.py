"""What the week was: one frozen value in which everything a reader is told has been decided. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.insights import comparisons, metrics, shrinkage
from app.insights.metrics import NpsCounts
from app.insights.suppression import RANKED_FROM, SHOWN_FROM
from app.reports.figures import (
    BranchFigures,
    CaseFigures,
    CommentCounts,
    Funnel,
    Kin,
    Level,
    Names,
    Overdue,
    Recovery,
    Verbatim,
    WeekFigures,
)
from app.reports.measures import (
    NpsWeek,
    Rate,
    RateWeek,
    Score,
    Verdict,
    allowing_for_many,
    nps_judged,
    nps_week,
    rate,
    rate_judged,
    rate_week,
    score,
    shown_rate,
)
from app.reports.verbatims import Chosen, choose

NEW_WORDS_TOLD = 5
TEXT_THEMES_TOLD = 3


class Band(StrEnum):
    """Where a branch stands after shrinkage; never a rank."""

    TOP = "top"
    TYPICAL = "typical"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class BranchWeek:
    """One branch as it may be shown."""

    code: str
    names: Names
    nps: NpsWeek
    band: Band | None
    csat: Rate | None
    csat_n: int
    ces: Rate | None
    ces_n: int
    cases_opened: int
    overdue: int | None


@dataclass(frozen=True, slots=True)
class ThemeWeek:
    """How many comments name a theme, and how many of those come from dissatisfied customers."""

    theme: str
    named: Rate
    unhappy: int


@dataclass(frozen=True, slots=True)
class Cause:
    """The commonest cause among cases closed this week, if one stands out."""

    cause: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Report:
    """The week of one scope. Languages only word it; nothing is decided after this.

    `overdue` is None for an old week. `comments` came in, `comments_readable` of them may be read and are counted in
    the themes, and the quotes were chosen from `comments_drawn` of those. `texts` came without a question: they are
    counted in no other figure, and `text_themes` are those of the ones that may be read.
    """

    organisation: Names
    scope: str
    names: Names
    level: Level
    iso_week: str
    starts: date
    ends: date
    issued_at: datetime
    nps: NpsWeek
    csat: RateWeek
    ces: RateWeek
    branches: tuple[BranchWeek, ...]
    better: tuple[Names, ...]
    worse: tuple[Names, ...]
    overdue: tuple[Overdue, ...] | None
    worth_changing: Cause | None
    comments: int
    comments_readable: int
    comments_drawn: int
    chosen: tuple[Chosen, ...]
    themes: tuple[ThemeWeek, ...]
    funnel: Funnel
    answered: Rate | None
    delivered: Rate | None
    cases: CaseFigures
    acknowledged: Rate | None
    contacted: Rate | None
    saved: Rate | None
    recovery: Recovery
    put_right: Rate | None
    root_causes: Mapping[str, int]
    above: Names | None
    above_score: Score | None
    theme_names: Mapping[str, Names]
    new_words: tuple[str, ...]
    texts: int
    text_themes: tuple[ThemeWeek, ...]


def _whole(figures: WeekFigures) -> tuple[NpsWeek, RateWeek, RateWeek]:
    """The three measures of the whole scope, judged together."""
    code, now, last = figures.scope, figures.withheld, figures.withheld_last
    nps = nps_week(figures.nps, figures.nps_last, shown=code not in now.nps, last_shown=code not in last.nps)
    csat = rate_week(
        metrics.csat(figures.csat),
        metrics.csat(figures.csat_last),
        shown=code not in now.csat,
        last_shown=code not in last.csat,
    )
    ces = rate_week(
        metrics.ces(figures.ces),
        metrics.ces(figures.ces_last),
        shown=code not in now.ces,
        last_shown=code not in last.ces,
    )
    asked = [week.p for week in (nps, csat, ces)]
    known = iter(comparisons.adjusted_p([p for p in asked if p is not None]))
    one, two, three = (None if p is None else next(known) for p in asked)
    return nps_judged(nps, one), rate_judged(csat, two), rate_judged(ces, three)


def _bands(branches: Sequence[BranchFigures]) -> dict[str, Band]:
    """Top, typical or low by the shrunk score, among shown branches with 30 answers or more, at least three of them."""
    ranked = [b for b in branches if b.nps.n >= RANKED_FROM]
    if len(ranked) < 3:
        return {}
    field = shrinkage.shrink_nps([b.nps for b in ranked])
    out = {}
    for branch, one in zip(ranked, field.branches, strict=True):
        reach = 1.96 * one.sd
        above, below = one.value - reach > field.mean, one.value + reach < field.mean
        out[branch.code] = Band.TOP if above else Band.LOW if below else Band.TYPICAL
    return out


def _branch_weeks(figures: WeekFigures) -> tuple[BranchWeek, ...]:
    """Children by name, those that may not be shown after the others."""
    now, last = figures.withheld, figures.withheld_last
    children = sorted(figures.branches, key=lambda b: (b.names.get("en", ""), b.code))
    bands = _bands([b for b in children if b.code not in now.nps])
    weeks = allowing_for_many(
        [nps_week(b.nps, b.nps_last, shown=b.code not in now.nps, last_shown=b.code not in last.nps) for b in children]
    )
    out = [
        BranchWeek(
            code=b.code,
            names=b.names,
            nps=week,
            band=bands.get(b.code),
            csat=shown_rate(metrics.csat(b.csat), shown=b.code not in now.csat),
            csat_n=sum(b.csat.values()),
            ces=shown_rate(metrics.ces(b.ces), shown=b.code not in now.ces),
            ces_n=sum(b.ces.values()),
            cases_opened=b.cases_opened,
            overdue=b.overdue,
        )
        for b, week in zip(children, weeks, strict=True)
    ]
    return tuple(sorted(out, key=lambda b: b.nps.score is None))


def _themes(comments: Sequence[CommentCounts]) -> tuple[ThemeWeek, ...]:
    """Themes by how many comments name them; none of few comments."""
    n = sum(counts.n for counts in comments)
    if n < SHOWN_FROM:
        return ()
    named: Counter[str] = Counter()
    sad: Counter[str] = Counter()
    for counts in comments:
        for theme, (all_of_them, unhappy) in counts.themes.items():
            named[theme] += all_of_them
            sad[theme] += unhappy
    rates = [(theme, rate(count, n)) for theme, count in sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))]
    return tuple(ThemeWeek(theme, found, sad[theme]) for theme, found in rates if found)


def _worth_changing(figures: WeekFigures) -> Cause | None:
    """A cause named by at least three closed cases, at least a third of them, and more often than any other."""
    known = [(count, cause) for cause, count in figures.root_causes.items() if cause != "other" and count]
    closed = sum(figures.root_causes.values())
    if not known or closed < 3:
        return None
    count, cause = max(known, key=lambda pair: (pair[0], pair[1]))
    found = rate(count, closed)
    alone = [other for other, _ in known].count(count) == 1
    return Cause(cause, found) if found and alone and count >= 3 and 3 * count >= closed else None


def _public_comments(figures: WeekFigures) -> tuple[tuple[CommentCounts, ...], tuple[Verbatim, ...]]:
    """Comments that may be read, counted and to quote from."""
    quotable = _readable(figures, {verbatim.branch_code for verbatim in figures.verbatims})
    return (
        _of_readable_places(figures, figures.comments),
        tuple(v for v in figures.verbatims if v.branch_code in quotable),
    )


def _of_readable_places(figures: WeekFigures, counted: Sequence[CommentCounts]) -> tuple[CommentCounts, ...]:
    readable = _readable(figures, {counts.branch_code for counts in counted})
    return tuple(counts for counts in counted if counts.branch_code in readable)


def _readable(figures: WeekFigures, places: Set[str]) -> Set[str]:
    """The places of these whose words may be read: none of a small scope, no small branch."""
    if max(figures.nps.n, sum(figures.csat.values()), sum(figures.ces.values())) < SHOWN_FROM:
        return set()
    return places - {b.code for b in figures.branches if _answers(b) < SHOWN_FROM}


def _answers(branch: BranchFigures) -> int:
    return max(branch.nps.n, sum(branch.csat.values()), sum(branch.ces.values()))


def _longest_first(overdue: Sequence[Overdue] | None) -> tuple[Overdue, ...] | None:
    return None if overdue is None else tuple(sorted(overdue, key=lambda o: (-o.minutes_over, o.code)))


def build(figures: WeekFigures, *, now: datetime) -> Report:
    """Decide everything the report says. `now` is only printed, by the clock of the place; all else is counted."""
    whole, csat, ces = _whole(figures)
    branches = _branch_weeks(figures)
    comments, quotable = _public_comments(figures)
    cases, funnel, recovery = figures.cases, figures.funnel, figures.recovery
    above = figures.above or Kin("", {}, NpsCounts())
    return Report(
        organisation=figures.organisation,
        scope=figures.scope,
        names=figures.names,
        level=figures.level,
        iso_week=figures.iso_week,
        starts=figures.starts,
        ends=figures.ends,
        issued_at=now.astimezone(ZoneInfo(figures.time_zone)),
        nps=whole,
        csat=csat,
        ces=ces,
        branches=branches,
        better=tuple(b.names for b in branches if b.nps.verdict is Verdict.BETTER),
        worse=tuple(b.names for b in branches if b.nps.verdict is Verdict.WORSE),
        overdue=_longest_first(figures.overdue),
        worth_changing=_worth_changing(figures),
        comments=sum(counts.n for counts in figures.comments),
        comments_readable=sum(counts.n for counts in comments),
        comments_drawn=len(quotable),
        chosen=choose(quotable),
        themes=_themes(comments),
        funnel=funnel,
        answered=rate(funnel.started, funnel.invited),
        delivered=rate(funnel.delivered, funnel.invited),
        cases=cases,
        acknowledged=rate(cases.acknowledged_in_time, cases.acknowledge_due),
        contacted=rate(cases.contacted_in_time, cases.contact_due),
        saved=rate(cases.saved, cases.saved + cases.lost),
        recovery=recovery,
        put_right=rate(recovery.yes, recovery.yes + recovery.partly + recovery.no),
        root_causes=figures.root_causes,
        above=above.names or None,
        above_score=None if above.code in figures.withheld.nps else score(above.nps),
        theme_names=figures.theme_names,
        new_words=figures.new_words[:NEW_WORDS_TOLD],
        texts=sum(counts.n for counts in figures.texts),
        text_themes=_themes(_of_readable_places(figures, figures.texts)),
    )
