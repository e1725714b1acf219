"""Do predicted risks come true, and is the population still the one they were made for? Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from math import log


def brier(p: Sequence[float], y: Sequence[int]) -> float:
    """Mean squared distance of risk and outcome (Brier 1950)."""
    return sum((risk - hit) ** 2 for risk, hit in zip(p, y, strict=True)) / len(p)


def log_loss(p: Sequence[float], y: Sequence[int]) -> float:
    """Mean negative log-likelihood of the outcomes; risks are held 1e-15 away from 0 and 1."""
    held = [min(max(risk, 1e-15), 1 - 1e-15) for risk in p]
    return -sum(log(risk if hit else 1 - risk) for risk, hit in zip(held, y, strict=True)) / len(held)


def auc(p: Sequence[float], y: Sequence[int]) -> float | None:
    """Chance that who left had the higher risk, ties half (Hanley and McNeil 1982); None without both kinds."""
    hits, n = sum(1 for hit in y if hit), len(y)
    if not 0 < hits < n:
        return None
    order = sorted(range(n), key=lambda i: p[i])
    ranks, start = 0.0, 0
    while start < n:
        end = start
        while end + 1 < n and p[order[end + 1]] == p[order[start]]:
            end += 1
        ranks += ((start + end) / 2 + 1) * sum(1 for i in order[start : end + 1] if y[i])
        start = end + 1
    return (ranks - hits * (hits + 1) / 2) / (hits * (n - hits))


def calibration_error(p: Sequence[float], y: Sequence[int], *, bins: int = 5) -> float:
    """Expected calibration error over equal-width bins (Naeini 2015): n-weighted gap of mean risk and outcome rate.

    A bin holds its lower edge; the edges are the floats numpy.linspace would give, so that figures agree.
    """
    edges = [k * (1 / bins) for k in range(1, bins)]
    cells: dict[int, list[int]] = {}
    for i, risk in enumerate(p):
        cells.setdefault(bisect_right(edges, risk), []).append(i)
    return sum(abs(sum(p[i] for i in cell) - sum(y[i] for i in cell)) for cell in cells.values()) / len(p)


def stability_index(expected: Sequence[float], actual: Sequence[float]) -> float:
    """Population stability index: sum of (a - e) ln(a / e); empty bins count as 1e-6."""
    pairs = [(max(e, 1e-6), max(a, 1e-6)) for e, a in zip(expected, actual, strict=True)]
    return sum((a - e) * log(a / e) for e, a in pairs)


def stability_band(index: float) -> str:
    """stable under 0.1, watch to 0.25, shift above."""
    return "stable" if index < 0.1 else "watch" if index <= 0.25 else "shift"
