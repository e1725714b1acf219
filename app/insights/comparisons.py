"""Is one number really different from another? Two proportions, two weeks of NPS, many at once. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import acos, ceil, comb, copysign, cos, pi, sqrt
from statistics import NormalDist

from app.insights.intervals import Interval, normal_quantile, two_sided_p, wilson
from app.insights.metrics import NpsCounts, Share


def _share(share: Share) -> float:
    if not share.n:
        raise ValueError("a comparison needs answers on both sides")
    return share.x / share.n


def difference(first: Share, second: Share) -> float:
    """First share minus second share."""
    return _share(first) - _share(second)


def z_pooled(first: Share, second: Share) -> float:
    """Two-proportion z with pooled variance; 0 when everybody answered alike."""
    pooled = (first.x + second.x) / (first.n + second.n)
    variance = pooled * (1 - pooled) * (1 / first.n + 1 / second.n)
    return difference(first, second) / sqrt(variance) if variance > 0 else 0.0


def z_n_minus_1(first: Share, second: Share) -> float:
    """Pooled z times sqrt((N - 1) / N) (Campbell 2007)."""
    total = first.n + second.n
    return z_pooled(first, second) * sqrt((total - 1) / total)


def z_unpooled(first: Share, second: Share) -> float:
    """Two-proportion z with separate variances; 0 when neither side varies and both agree."""
    p, q, gap = _share(first), _share(second), difference(first, second)
    variance = p * (1 - p) / first.n + q * (1 - q) / second.n
    if variance > 0:
        return gap / sqrt(variance)
    return copysign(float("inf"), gap) if gap else 0.0


def newcombe(first: Share, second: Share, *, confidence: float = 0.95) -> Interval:
    """Hybrid score interval of a difference of proportions (Newcombe 1998, method 10): the one we show."""
    p, q, gap = _share(first), _share(second), difference(first, second)
    one, two = wilson(first, confidence=confidence), wilson(second, confidence=confidence)
    return Interval(
        gap - sqrt((p - one.low) ** 2 + (two.high - q) ** 2), gap + sqrt((one.high - p) ** 2 + (q - two.low) ** 2)
    )


def agresti_caffo(first: Share, second: Share, *, confidence: float = 0.95) -> Interval:
    """Wald interval of a difference after one success and one failure on each side (Agresti and Caffo 2000)."""
    p, q = (first.x + 1) / (first.n + 2), (second.x + 1) / (second.n + 2)
    half = normal_quantile(confidence) * sqrt(p * (1 - p) / (first.n + 2) + q * (1 - q) / (second.n + 2))
    return Interval(p - q - half, p - q + half)


def _score_variance(first: Share, second: Share, gap: float) -> float:
    """Variance at the restricted estimate for a given difference (Farrington and Manning 1990 closed form)."""
    theta, p, q = second.n / first.n, _share(first), _share(second)
    a = 1 + theta
    b = -(1 + theta + p + theta * q + gap * (theta + 2))
    c = gap * gap + gap * (2 * p + theta + 1) + p + theta * q
    d = -p * gap * (1 + gap)
    v = (b / (3 * a)) ** 3 - b * c / (6 * a * a) + d / (2 * a)
    u = copysign(sqrt(max((b / (3 * a)) ** 2 - c / (3 * a), 0)), v if v else 1)
    ratio = max(-1.0, min(1.0, v / u**3)) if u else 0.0
    one = min(max(2 * u * cos((pi + acos(ratio)) / 3) - b / (3 * a), 0.0), 1.0)
    two = min(max(one - gap, 0.0), 1.0)
    total = first.n + second.n
    return (one * (1 - one) / first.n + two * (1 - two) / second.n) * total / (total - 1)


def miettinen_nurminen(first: Share, second: Share, *, confidence: float = 0.95) -> Interval:
    """Score interval of a difference of proportions (Miettinen and Nurminen 1985)."""
    gap, z = difference(first, second), normal_quantile(confidence)

    def inside(delta: float) -> bool:
        variance = _score_variance(first, second, delta)
        return abs(gap - delta) <= z * sqrt(variance) if variance > 0 else abs(gap - delta) < 1e-12

    def edge(outer: float) -> float:
        near, far = gap, outer
        if inside(far):
            return far
        for _ in range(100):
            middle = (near + far) / 2
            near, far = (middle, far) if inside(middle) else (near, middle)
        return (near + far) / 2

    return Interval(edge(-1.0), edge(1.0))


def fisher_p(first: Share, second: Share) -> float:
    """Two-sided exact p of a two-by-two table (Fisher 1922): all tables no likelier than ours, in whole numbers."""
    hits, total = first.x + second.x, first.n + second.n
    lowest, highest = max(0, hits - second.n), min(hits, first.n)
    weights = [comb(first.n, k) * comb(second.n, hits - k) for k in range(lowest, highest + 1)]
    ours = weights[first.x - lowest]
    return float(Fraction(sum(w for w in weights if w <= ours), comb(total, hits)))


def proportions_p(first: Share, second: Share) -> float:
    """The p value we use: Fisher when an expected count is under 5, else the N - 1 test (Campbell 2007)."""
    hits, total = first.x + second.x, first.n + second.n
    smallest = min(hits, total - hits) * min(first.n, second.n) / total
    return fisher_p(first, second) if smallest < 5 else two_sided_p(z_n_minus_1(first, second))


@dataclass(frozen=True, slots=True)
class NpsChange:
    """A move of NPS between two independent samples, in points."""

    points: float
    se: float
    z: float
    p: float
    interval: Interval


def _change(pd: tuple[float, float, float], qd: tuple[float, float, float], confidence: float) -> NpsChange:
    def score(counts: tuple[float, float, float]) -> tuple[float, float]:
        n = sum(counts)
        p, d = counts[0] / n, counts[2] / n
        return p - d, (p + d - (p - d) ** 2) / n

    (one, v1), (two, v2) = score(pd), score(qd)
    gap, se = 100 * (one - two), 100 * sqrt(v1 + v2)
    z = gap / se if se else (copysign(float("inf"), gap) if gap else 0.0)
    half = normal_quantile(confidence) * se
    return NpsChange(gap, se, z, two_sided_p(z), Interval(gap - half, gap + half))


def nps_change(current: NpsCounts, previous: NpsCounts, *, confidence: float = 0.95) -> NpsChange:
    """Textbook comparison of two weeks: SE^2 = V1 / n1 + V2 / n2. Raises ValueError when a week is empty."""
    if not (current.n and previous.n):
        raise ValueError("a comparison needs answers in both weeks")
    return _change(
        (current.promoters, current.passives, current.detractors),
        (previous.promoters, previous.passives, previous.detractors),
        confidence,
    )


def nps_change_adjusted(current: NpsCounts, previous: NpsCounts, *, confidence: float = 0.95) -> NpsChange:
    """Comparison of two weeks after 3 pseudo-answers in each (3/4, 3/2, 3/4; after Rocks 2016): the one we use."""
    return _change(
        (current.promoters + 0.75, current.passives + 1.5, current.detractors + 0.75),
        (previous.promoters + 0.75, previous.passives + 1.5, previous.detractors + 0.75),
        confidence,
    )


def nps_answers_needed(margin: float, *, variance: float, confidence: float = 0.95) -> int:
    """Answers for a margin of error in points: z^2 V / margin^2, rounded up."""
    if margin <= 0:
        raise ValueError("the margin is a positive number of points")
    return ceil((100 * normal_quantile(confidence) / margin) ** 2 * variance - 1e-9)


def nps_smallest_change(
    n_current: int, n_previous: int, *, variance: float, power: float = 0.8, confidence: float = 0.95
) -> float:
    """Smallest true move in points that a two-sided test would see with this power: (z + z_power) sqrt(V/n1 + V/n2)."""
    if n_current < 1 or n_previous < 1:
        raise ValueError("both weeks need answers")
    reach = normal_quantile(confidence) + NormalDist().inv_cdf(power)
    return 100 * reach * sqrt(variance / n_current + variance / n_previous)


def pooled_variance(current: NpsCounts, previous: NpsCounts) -> float:
    """Variance of one answer over both weeks, with 3 pseudo-answers so that it is never 0 (after Rocks 2016)."""
    both = current + previous
    n = both.n + 3
    p, d = (both.promoters + 0.75) / n, (both.detractors + 0.75) / n
    return p + d - (p - d) ** 2


class Correction(StrEnum):
    """How to allow for many comparisons at once."""

    BENJAMINI_HOCHBERG = "benjamini_hochberg"
    BENJAMINI_YEKUTIELI = "benjamini_yekutieli"
    HOLM = "holm"
    BONFERRONI = "bonferroni"


def adjusted_p(p_values: Sequence[float], *, method: Correction = Correction.BENJAMINI_HOCHBERG) -> list[float]:
    """p values allowing for their number, in the order given (Benjamini, Hochberg 1995; Yekutieli 2001; Holm 1979)."""
    m = len(p_values)
    order = sorted(range(m), key=lambda i: p_values[i])
    out = [1.0] * m
    if method is Correction.BONFERRONI:
        return [min(1.0, m * p) for p in p_values]
    if method is Correction.HOLM:
        highest = 0.0
        for rank, i in enumerate(order):
            highest = max(highest, min(1.0, (m - rank) * p_values[i]))
            out[i] = highest
        return out
    factor = sum(1 / k for k in range(1, m + 1)) if method is Correction.BENJAMINI_YEKUTIELI else 1.0
    lowest = 1.0
    for rank in range(m, 0, -1):
        i = order[rank - 1]
        lowest = min(lowest, p_values[i] * (m * factor / rank))
        out[i] = lowest
    return out
