"""What may be said of one measure in one week: its value with its interval, and whether a move is real. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.insights import comparisons, metrics
from app.insights.comparisons import NpsChange
from app.insights.intervals import Interval, nps_adjusted_wald, wilson
from app.insights.metrics import NpsCounts, Share
from app.insights.suppression import RANKED_FROM, SHOWN_FROM

SIGNIFICANT = 0.05


class Verdict(StrEnum):
    """What may honestly be said of a change."""

    BETTER = "better"
    WORSE = "worse"
    NO_REAL_CHANGE = "no_real_change"
    TOO_EARLY = "too_early"
    NO_COMPARISON = "no_comparison"
    TOO_FEW = "too_few"
    WITHHELD = "withheld"  # enough answers, but the score would give away that of a smaller place


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
    """CSAT or CES now and last week; the interval of the change is Newcombe's. `rate` is None as `score` above."""

    n: int
    rate: Rate | None
    last: Rate | None
    verdict: Verdict
    change: Interval | None
    p: float | None


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


def _why_hidden(n: int) -> Verdict:
    return Verdict.TOO_FEW if n < SHOWN_FROM else Verdict.WITHHELD


def nps_week(now: NpsCounts, last: NpsCounts, *, shown: bool, last_shown: bool) -> NpsWeek:
    """The week before allowing for other comparisons; the verdict is given by `nps_judged`."""
    this, before = (score(now) if shown else None), (score(last) if last_shown else None)
    if this is None:
        return NpsWeek(now.n, None, None, _why_hidden(now.n), None, None, None)
    if before is None:
        return NpsWeek(now.n, this, None, Verdict.NO_COMPARISON, None, None, None)
    change = comparisons.nps_change_adjusted(now, last)
    visible = comparisons.nps_smallest_change(now.n, last.n, variance=comparisons.pooled_variance(now, last))
    return NpsWeek(now.n, this, before, Verdict.TOO_EARLY, change, change.p, visible)


def nps_judged(week: NpsWeek, p: float | None) -> NpsWeek:
    """The week with its verdict; `p` allows for whatever else is compared beside it."""
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


def allowing_for_many(weeks: Sequence[NpsWeek]) -> list[NpsWeek]:
    """Verdicts of several branches at once, Benjamini-Hochberg over those that can be compared."""
    tested = [i for i, week in enumerate(weeks) if week.p is not None]
    adjusted = comparisons.adjusted_p([weeks[i].p or 0.0 for i in tested])
    by_place = dict(zip(tested, adjusted, strict=True))
    return [nps_judged(week, by_place.get(i)) for i, week in enumerate(weeks)]


def shown_rate(share: Share, *, shown: bool) -> Rate | None:
    """The share of a place where it may be shown; None under 10 answers."""
    return rate(share.x, share.n) if shown and share.n >= SHOWN_FROM else None


def rate_week(now: Share, last: Share, *, shown: bool, last_shown: bool) -> RateWeek:
    """The same for a share; the verdict is given by `rate_judged`."""
    this, before = shown_rate(now, shown=shown), shown_rate(last, shown=last_shown)
    if this is None:
        return RateWeek(now.n, None, None, _why_hidden(now.n), None, None)
    if before is None:
        return RateWeek(now.n, this, None, Verdict.NO_COMPARISON, None, None)
    p = comparisons.proportions_p(now, last)
    return RateWeek(now.n, this, before, Verdict.TOO_EARLY, comparisons.newcombe(now, last), p)


def rate_judged(week: RateWeek, p: float | None) -> RateWeek:
    """The same for a share."""
    if week.rate is None or week.last is None or p is None:
        return week
    if p < SIGNIFICANT:
        verdict = Verdict.BETTER if week.rate.value > week.last.value else Verdict.WORSE
    else:
        few = min(week.n, week.last.share.n) < RANKED_FROM
        verdict = Verdict.TOO_EARLY if few else Verdict.NO_REAL_CHANGE
    return replace(week, verdict=verdict, p=p)
