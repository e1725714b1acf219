"""Has something shifted? p-chart, EWMA and CUSUM, and how long each runs before it speaks. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

CUSUM_REFERENCE = 0.5
CUSUM_LIMIT_REGION = 5.0
CUSUM_LIMIT_BRANCH = 7.0


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One period of a p-chart: share, limits, standardised distance from the baseline."""

    p: float
    lower: float
    upper: float
    z: float
    signal: bool


@dataclass(frozen=True, slots=True)
class PChart:
    """Baseline share and every period against it."""

    baseline: float
    points: tuple[ChartPoint, ...]


def p_chart(hits: Sequence[int], sizes: Sequence[int], *, baseline_periods: int) -> PChart:
    """Shewhart chart of a proportion, 3-sigma limits for each period's n (Montgomery, Statistical Quality Control)."""
    if not sizes or baseline_periods < 1 or sum(sizes[:baseline_periods]) == 0 or min(sizes) < 1:
        raise ValueError("a chart needs answers in the baseline and in every period")
    base = sum(hits[:baseline_periods]) / sum(sizes[:baseline_periods])
    points = []
    for x, n in zip(hits, sizes, strict=True):
        sigma, p = sqrt(base * (1 - base) / n), x / n
        lower, upper = max(0.0, base - 3 * sigma), min(1.0, base + 3 * sigma)
        points.append(ChartPoint(p, lower, upper, (p - base) / sigma if sigma else 0.0, not lower <= p <= upper))
    return PChart(base, tuple(points))


@dataclass(frozen=True, slots=True)
class Watch:
    """One step of a running statistic: its value, its limit, whether it speaks."""

    value: float
    limit: float
    signal: bool


def ewma(z: Sequence[float], *, weight: float = 0.2, width: float = 2.7) -> list[Watch]:
    """Exponentially weighted average with exact limits (Roberts 1959): L sqrt(w / (2 - w) (1 - (1 - w)^2t))."""
    out, value = [], 0.0
    for t, step in enumerate(z, start=1):
        value = weight * step + (1 - weight) * value
        limit = width * sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * t)))
        out.append(Watch(value, limit, abs(value) > limit))
    return out


def cusum(z: Sequence[float], *, reference: float = CUSUM_REFERENCE, limit: float = CUSUM_LIMIT_REGION) -> list[Watch]:
    """Upper cumulative sum max(0, C + z - k), speaking above h (Page 1954); feed -z to watch for a fall."""
    out, value = [], 0.0
    for step in z:
        value = max(0.0, value + step - reference)
        out.append(Watch(value, limit, value > limit))
    return out


def _upper(x: float) -> float:
    return 0.5 * erfc(x / sqrt(2))


def shewhart_run_length(shift: float, *, width: float = 3.0) -> float:
    """Average run length of a two-sided chart with `width`-sigma limits, under a shift in sigmas."""
    return 1 / (_upper(width - shift) + _upper(width + shift))


def cusum_run_length(shift: float, *, reference: float, limit: float, nodes: int = 96) -> float:
    """Zero-start average run length of a one-sided CUSUM (Page's integral equation, Gauss-Legendre). Loads numpy."""
    import numpy as np
    from scipy.special import ndtr

    x, w = np.polynomial.legendre.leggauss(nodes)
    x, w = (x + 1) * limit / 2, w * limit / 2
    starts = np.append(x, 0.0)
    density = np.exp(-0.5 * (x[None, :] - starts[:, None] + reference - shift) ** 2) / np.sqrt(2 * np.pi) * w
    back_to_zero = ndtr(reference - shift - starts)
    system = np.eye(nodes + 1)
    system[:, :nodes] -= density
    system[:, nodes] -= back_to_zero
    return float(np.linalg.solve(system, np.ones(nodes + 1))[nodes])


def ewma_run_length(shift: float, *, weight: float, width: float, nodes: int = 96) -> float:
    """Average run length of a two-sided EWMA with constant limits, starting at 0 (Crowder 1987). Loads numpy."""
    import numpy as np

    limit = width * sqrt(weight / (2 - weight))
    x, w = np.polynomial.legendre.leggauss(nodes)
    x, w = x * limit, w * limit
    starts = np.append(x, 0.0)
    step = (x[None, :] - (1 - weight) * starts[:, None]) / weight - shift
    density = np.exp(-0.5 * step**2) / np.sqrt(2 * np.pi) / weight * w
    system = np.eye(nodes + 1)
    system[:, :nodes] -= density
    return float(np.linalg.solve(system, np.ones(nodes + 1))[nodes])


def either_side(one_sided: float) -> float:
    """Run length of two mirrored one-sided charts watched together, no shift: 1 / (1/A + 1/A)."""
    return one_sided / 2
