"""What the week was: one frozen value in which everything a reader is told has been decided. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from app.insights import comparisons, metrics, shrinkage
from app.insights.comparisons import NpsChange
from app.insights.intervals import Interval, nps_adjusted_wald, wilson
from app.insights.metrics import NpsCounts, Share
from app.insights.suppression import RANKED_FROM, SHOWN_FROM, Showing, showing
from app.reports.figures import BranchFigures, CaseFigures, Funnel, Kin, Level, Names, Overdue, Recovery, WeekFigures
from app.reports.verbatims import Chosen, choose, unhappy

SIGNIFICANT = 0.05


class Verdict(StrEnum):
    """What may honestly be said of a change."""

    BETTER = "better"
    WORSE = "worse"
    NO_REAL_CHANGE = "no_real_change"
    TOO_EARLY = "too_early"
    NO_COMPARISON = "no_comparison"
    TOO_FEW = "too_few"


class Band(StrEnum):
    """Where a branch stands after shrinkage; never a rank."""

    TOP = "top"
    TYPICAL = "typical"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Score:
    """NPS of one week with its adjusted Wald interval, in points."""

    counts: NpsCounts
    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its Wilson interval, 0 to 1."""

    share: Share
    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class NpsWeek:
    """NPS now and last week, what may be said of the move, and the smallest move that could have been seen.

    `score` is None when it may not be shown; `n` always stands. `p` allows for the other comparisons beside it.
    """

    n: int
    score: Score | None
    last: Score | None
    verdict: Verdict
    change: NpsChange | None
    p: float | None
    visible_from: float | None


@dataclass(frozen=True, slots=True)
class RateWeek:
    """CSAT or CES now and last week; the interval of the change is Newcombe's."""

    n: int
    rate: Rate | None
    last: Rate | None
    verdict: Verdict
    change: Interval | None
    p: float | None


@dataclass(frozen=True, slots=True)
class BranchWeek:
    """One branch as it may be shown."""

    code: str
    names: Names
    nps: NpsWeek
    protected: bool  # hidden only so that a smaller branch cannot be worked out
    band: Band | None
    csat: Rate | None
    csat_n: int
    ces: Rate | None
    ces_n: int
    cases_opened: int
    overdue: int


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
    """The week of one scope. Languages only word it; nothing is decided after this."""

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
    overdue: tuple[Overdue, ...]
    worth_changing: Cause | None
    comments: int
    comments_readable: int
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


def score(counts: NpsCounts) -> Score | None:
    """NPS with its interval inside the scale; None under 10 answers."""
    value = metrics.nps(counts)
    if value is None or counts.n < SHOWN_FROM:
        return None
    return Score(counts, value, nps_adjusted_wald(counts).interval.clipped(-100, 100))


def rate(x: int, n: int) -> Rate | None:
    """A share with its interval; None when there is nothing to divide or the parts are not of this whole."""
    if not 0 <= x <= n or n == 0:
        return None
    share = Share(x, n)
    return Rate(share, x / n, wilson(share))


def _nps_week(now: NpsCounts, last: NpsCounts, *, shown: bool, last_shown: bool) -> NpsWeek:
    """The week before allowing for other comparisons; the verdict is given by `_judged`."""
    this, before = (score(now) if shown else None), (score(last) if last_shown else None)
    if this is None:
        return NpsWeek(now.n, None, None, Verdict.TOO_FEW, None, None, None)
    if before is None:
        return NpsWeek(now.n, this, None, Verdict.NO_COMPARISON, None, None, None)
    change = comparisons.nps_change_adjusted(now, last)
    visible = comparisons.nps_smallest_change(now.n, last.n, variance=comparisons.pooled_variance(now, last))
    return NpsWeek(now.n, this, before, Verdict.TOO_EARLY, change, change.p, visible)


def _judged(week: NpsWeek, p: float | None) -> NpsWeek:
    if week.score is None or week.last is None or week.change is None or p is None:
        return week
    if p < SIGNIFICANT:
        verdict = Verdict.BETTER if week.change.points > 0 else Verdict.WORSE
    elif min(week.n, week.last.counts.n) < RANKED_FROM:
        # with so few answers silence is no evidence of calm
        verdict = Verdict.TOO_EARLY
    else:
        verdict = Verdict.NO_REAL_CHANGE
    return replace(week, verdict=verdict, p=p)


def _allowing_for_many(weeks: Sequence[NpsWeek]) -> list[NpsWeek]:
    """Verdicts of several branches at once, Benjamini-Hochberg over those that can be compared."""
    tested = [i for i, week in enumerate(weeks) if week.p is not None]
    adjusted = comparisons.adjusted_p([weeks[i].p or 0.0 for i in tested])
    by_place = dict(zip(tested, adjusted, strict=True))
    return [_judged(week, by_place.get(i)) for i, week in enumerate(weeks)]


def _rate_week(now: Share, last: Share) -> RateWeek:
    this = rate(now.x, now.n) if now.n >= SHOWN_FROM else None
    before = rate(last.x, last.n) if last.n >= SHOWN_FROM else None
    if this is None:
        return RateWeek(now.n, None, None, Verdict.TOO_FEW, None, None)
    if before is None:
        return RateWeek(now.n, this, None, Verdict.NO_COMPARISON, None, None)
    p = comparisons.proportions_p(now, last)
    return RateWeek(now.n, this, before, Verdict.TOO_EARLY, comparisons.newcombe(now, last), p)


def _rate_judged(week: RateWeek, p: float | None) -> RateWeek:
    if week.rate is None or week.last is None or p is None:
        return week
    if p < SIGNIFICANT:
        verdict = Verdict.BETTER if week.rate.value > week.last.value else Verdict.WORSE
    else:
        few = min(week.n, week.last.share.n) < RANKED_FROM
        verdict = Verdict.TOO_EARLY if few else Verdict.NO_REAL_CHANGE
    return replace(week, verdict=verdict, p=p)


def _whole(figures: WeekFigures) -> tuple[NpsWeek, RateWeek, RateWeek]:
    """The three measures of the whole scope, judged together."""
    nps = _nps_week(figures.nps, figures.nps_last, shown=True, last_shown=True)
    csat = _rate_week(metrics.csat(figures.csat), metrics.csat(figures.csat_last))
    ces = _rate_week(metrics.ces(figures.ces), metrics.ces(figures.ces_last))
    asked = [week.p for week in (nps, csat, ces)]
    known = iter(comparisons.adjusted_p([p for p in asked if p is not None]))
    one, two, three = (None if p is None else next(known) for p in asked)
    return _judged(nps, one), _rate_judged(csat, two), _rate_judged(ces, three)


def _bands(branches: Sequence[BranchFigures], cells: Sequence[Showing]) -> dict[str, Band]:
    """Top, typical or low by the shrunk score, among branches with 30 answers or more and at least three of them."""
    ranked = [b for b, cell in zip(branches, cells, strict=True) if cell.ranked]
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
    """Children by name; those without any answer are left out of the sums that protect the others."""
    children = sorted(figures.branches, key=lambda b: (b.names.get("en", ""), b.code))
    asked = [b for b in children if b.nps.n]
    cells = showing([b.nps.n for b in asked], parent=figures.nps.n)
    before = [b for b in children if b.nps_last.n]
    cells_before = showing([b.nps_last.n for b in before], parent=figures.nps_last.n)
    last = {b.code: cell.shown for b, cell in zip(before, cells_before, strict=True)}
    csat = _protected({b.code: metrics.csat(b.csat) for b in children}, parent=sum(figures.csat.values()))
    ces = _protected({b.code: metrics.ces(b.ces) for b in children}, parent=sum(figures.ces.values()))
    shown = {b.code: cell.shown for b, cell in zip(asked, cells, strict=True)}
    bands = _bands(asked, cells)
    weeks = _allowing_for_many(
        [
            _nps_week(b.nps, b.nps_last, shown=shown.get(b.code, False), last_shown=last.get(b.code, False))
            for b in children
        ]
    )
    out = [
        BranchWeek(
            code=b.code,
            names=b.names,
            nps=week,
            protected=b.nps.n >= SHOWN_FROM and week.score is None,
            band=bands.get(b.code),
            csat=csat[b.code],
            csat_n=sum(b.csat.values()),
            ces=ces[b.code],
            ces_n=sum(b.ces.values()),
            cases_opened=b.cases_opened,
            overdue=b.overdue,
        )
        for b, week in zip(children, weeks, strict=True)
    ]
    return tuple(sorted(out, key=lambda b: b.nps.score is None))


def _protected(shares: Mapping[str, Share], *, parent: int) -> dict[str, Rate | None]:
    asked = [code for code, share in shares.items() if share.n]
    cells = showing([shares[code].n for code in asked], parent=parent)
    shown = {code for code, cell in zip(asked, cells, strict=True) if cell.shown}
    return {code: rate(share.x, share.n) if code in shown else None for code, share in shares.items()}


def _themes(figures: WeekFigures) -> tuple[ThemeWeek, ...]:
    named: Counter[str] = Counter()
    sad: Counter[str] = Counter()
    for verbatim in figures.verbatims:
        for theme in dict.fromkeys(verbatim.themes):
            named[theme] += 1
            sad[theme] += unhappy(verbatim)
    out = []
    for theme, count in sorted(named.items(), key=lambda pair: (-pair[1], pair[0])):
        found = rate(count, len(figures.verbatims))
        if found:
            out.append(ThemeWeek(theme, found, sad[theme]))
    return tuple(out)


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


def _public_comments(figures: WeekFigures) -> WeekFigures:
    """The figures without comments that may not be shown: of a small scope, or of a small branch."""
    if max(figures.nps.n, sum(figures.csat.values()), sum(figures.ces.values())) < SHOWN_FROM:
        return replace(figures, verbatims=())
    small = {b.code for b in figures.branches if _answers(b) < SHOWN_FROM}
    return replace(figures, verbatims=tuple(v for v in figures.verbatims if v.branch_code not in small))


def _answers(branch: BranchFigures) -> int:
    return max(branch.nps.n, sum(branch.csat.values()), sum(branch.ces.values()))


def build(figures: WeekFigures, *, now: datetime) -> Report:
    """Decide everything the report says. `now` is only printed; the week and its counts are in the figures."""
    whole, csat, ces = _whole(figures)
    branches = _branch_weeks(figures)
    public = _public_comments(figures)
    cases, funnel, recovery = figures.cases, figures.funnel, figures.recovery
    above = figures.above or Kin({}, NpsCounts())
    return Report(
        organisation=figures.organisation,
        scope=figures.scope,
        names=figures.names,
        level=figures.level,
        iso_week=figures.iso_week,
        starts=figures.starts,
        ends=figures.ends,
        issued_at=now,
        nps=whole,
        csat=csat,
        ces=ces,
        branches=branches,
        better=tuple(b.names for b in branches if b.nps.verdict is Verdict.BETTER),
        worse=tuple(b.names for b in branches if b.nps.verdict is Verdict.WORSE),
        overdue=tuple(sorted(cases.overdue, key=lambda o: (-o.minutes_over, o.code))),
        worth_changing=_worth_changing(figures),
        comments=len(figures.verbatims),
        comments_readable=len(public.verbatims),
        chosen=choose(public.verbatims),
        themes=_themes(public) if len(public.verbatims) >= SHOWN_FROM else (),
        funnel=funnel,
        answered=rate(funnel.completed + funnel.partial, funnel.invited),
        delivered=rate(funnel.delivered, funnel.invited),
        cases=cases,
        acknowledged=rate(cases.acknowledged_in_time, cases.acknowledge_due),
        contacted=rate(cases.contacted_in_time, cases.contact_due),
        saved=rate(cases.saved, cases.saved + cases.lost),
        recovery=recovery,
        put_right=rate(recovery.yes, recovery.yes + recovery.partly + recovery.no),
        root_causes=figures.root_causes,
        above=above.names or None,
        above_score=score(above.nps),
    )
