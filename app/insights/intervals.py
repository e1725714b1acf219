"""How far a number may be from the truth. Pure; standard library only but for three reference methods."""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from app.insights.metrics import NpsCounts, Share, Spread, nps, nps_variance

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper limit, in the unit of the number they belong to."""

    low: float
    high: float

    def clipped(self, low: float, high: float) -> "Interval":
        """The same interval inside the range a value can have, for showing."""
        return Interval(min(max(self.low, low), high), min(max(self.high, low), high))


def normal_quantile(confidence: float = 0.95) -> float:
    """Two-sided critical value of the normal distribution: 1.96 for 0.95."""
    if not 0 < confidence < 1:
        raise ValueError("confidence lies between 0 and 1")
    return _NORMAL.inv_cdf((1 + confidence) / 2)


def two_sided_p(z: float) -> float:
    """Probability of a normal value at least this far from 0."""
    return 2 * _NORMAL.cdf(-abs(z))


def _answered(n: int) -> None:
    if n < 1:
        raise ValueError("an interval needs at least one answer")


def wilson(share: Share, *, confidence: float = 0.95) -> Interval:
    """Score interval of a proportion (Wilson 1927): the one we show."""
    _answered(share.n)
    z, n, p = normal_quantile(confidence), share.n, share.x / share.n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Interval(centre - half if share.x else 0.0, centre + half if share.x < n else 1.0)


def wald(share: Share, *, confidence: float = 0.95) -> Interval:
    """Textbook interval of a proportion, kept for comparison: too short near 0 and 1."""
    _answered(share.n)
    p = share.x / share.n
    half = normal_quantile(confidence) * sqrt(p * (1 - p) / share.n)
    return Interval(p - half, p + half).clipped(0, 1)


def agresti_coull(share: Share, *, confidence: float = 0.95) -> Interval:
    """Wald interval after adding z^2 pseudo-answers (Agresti and Coull 1998)."""
    _answered(share.n)
    z = normal_quantile(confidence)
    n = share.n + z * z
    p = (share.x + z * z / 2) / n
    half = z * sqrt(p * (1 - p) / n)
    return Interval(p - half, p + half).clipped(0, 1)


def jeffreys(share: Share, *, confidence: float = 0.95) -> Interval:
    """Equal-tailed interval of Beta(x + 1/2, n - x + 1/2) (Brown, Cai and DasGupta 2001). Loads scipy."""
    from scipy.special import betaincinv

    _answered(share.n)
    tail, a, b = (1 - confidence) / 2, share.x + 0.5, share.n - share.x + 0.5
    return Interval(float(betaincinv(a, b, tail)), float(betaincinv(a, b, 1 - tail)))


def clopper_pearson(share: Share, *, confidence: float = 0.95) -> Interval:
    """Exact binomial interval (Clopper and Pearson 1934). Loads scipy."""
    from scipy.special import betaincinv

    _answered(share.n)
    tail, x, n = (1 - confidence) / 2, share.x, share.n
    return Interval(
        float(betaincinv(x, n - x + 1, tail)) if x else 0.0,
        float(betaincinv(x + 1, n - x, 1 - tail)) if x < n else 1.0,
    )


def _t_quantile(degrees: int, confidence: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees, (1 + confidence) / 2))


def mean_t(spread: Spread, *, confidence: float = 0.95) -> Interval:
    """Student interval of a mean rating; needs two answers or more, else ValueError. Loads scipy."""
    if spread.n < 2:
        raise ValueError("a mean needs two answers for an interval")
    half = _t_quantile(spread.n - 1, confidence) * spread.sd / sqrt(spread.n)
    return Interval(spread.mean - half, spread.mean + half)


def _nps_point(counts: NpsCounts) -> float:
    score = nps(counts)
    if score is None:
        raise ValueError("an interval needs at least one answer")
    return score


def nps_wald(counts: NpsCounts, *, confidence: float = 0.95) -> Interval:
    """Textbook interval of NPS in points: score +- z sqrt(V / n); kept for comparison."""
    point = _nps_point(counts)
    half = 100 * normal_quantile(confidence) * sqrt(nps_variance(counts) / counts.n)
    return Interval(point - half, point + half)


def nps_t(counts: NpsCounts, *, confidence: float = 0.95) -> Interval:
    """Student interval of NPS in points; the whole scale when there is a single answer. Loads scipy."""
    point = _nps_point(counts)
    if counts.n < 2:
        return Interval(-100.0, 100.0)
    half = 100 * _t_quantile(counts.n - 1, confidence) * sqrt(nps_variance(counts) / (counts.n - 1))
    return Interval(point - half, point + half)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its standard error and interval."""

    value: float
    se: float
    interval: Interval


def nps_adjusted_wald(counts: NpsCounts, *, confidence: float = 0.95) -> Estimate:
    """Adjusted Wald interval of NPS in points (Rocks 2016): n + 3, promoters and detractors + 3/4. The one we show."""
    n = counts.n + 3
    p, d = (counts.promoters + 0.75) / n, (counts.detractors + 0.75) / n
    centre, se = 100 * (p - d), 100 * sqrt((p + d - (p - d) ** 2) / n)
    half = normal_quantile(confidence) * se
    return Estimate(centre, se, Interval(centre - half, centre + half))


def _root(f: Callable[[float], float], low: float, high: float) -> float:
    """Bisection of a falling function; the end itself when there is no crossing inside."""
    if f(high) > 0:
        return high
    if f(low) < 0:
        return low
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) > 0 else (low, middle)
    return (low + high) / 2


def nps_score(counts: NpsCounts, *, confidence: float = 0.95) -> Interval:
    """Score interval of NPS in points: Tango's (1998) interval of a paired difference, promoters against detractors."""
    point, z = _nps_point(counts) / 100, normal_quantile(confidence)
    b, c, n = counts.promoters, counts.detractors, counts.n

    def score(delta: float) -> float:
        qb = -b - c + (2 * n - b + c) * delta
        qc = -c * delta * (1 - delta)
        q21 = (sqrt(max(qb * qb - 8 * n * qc, 0)) - qb) / (4 * n)
        variance = n * (2 * q21 + delta * (1 - delta))
        top = b - c - n * delta
        if variance <= 1e-15:
            return 0.0 if abs(top) < 1e-12 else (1e9 if top > 0 else -1e9)
        return top / sqrt(variance)

    low = -1.0 if c == n else _root(lambda d: score(d) - z, -1.0, point)
    high = 1.0 if b == n else _root(lambda d: score(d) + z, point, 1.0)
    return Interval(100 * low, 100 * high)


def nps_bootstrap(counts: NpsCounts, *, confidence: float = 0.95) -> Interval:
    """Limit of the percentile bootstrap of NPS in points, from the exact distribution instead of draws. Loads numpy."""
    import numpy as np

    _answered(counts.n)
    once = np.array([counts.detractors, counts.passives, counts.promoters], dtype=float) / counts.n
    whole, power, left = np.array([1.0]), once, counts.n
    while left:
        if left & 1:
            whole = np.convolve(whole, power)
        power, left = np.convolve(power, power), left >> 1
    cumulative, tail = np.cumsum(whole), (1 - confidence) / 2
    low, high = np.searchsorted(cumulative, tail), np.searchsorted(cumulative, 1 - tail)
    return Interval(100 * (int(low) - counts.n) / counts.n, 100 * (int(high) - counts.n) / counts.n)
