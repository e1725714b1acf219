"""Which part of the service moves the overall score. numpy is loaded inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial


@dataclass(frozen=True, slots=True)
class Drivers:
    """Explained variance, its fair division among the predictors, and plain correlations."""

    r2: float
    importance: list[float]
    share: list[float]
    correlation: list[float]


def key_drivers(predictors: Sequence[Sequence[float]], outcome: Sequence[float]) -> Drivers:
    """LMG / Shapley division of R^2 (Lindeman, Merenda, Gold 1980; Groemping 2007). `predictors`: one list each."""
    import numpy as np

    k = len(predictors)
    if not 1 <= k <= 12:
        raise ValueError("between 1 and 12 predictors: the work doubles with each")
    y = np.asarray(outcome, dtype=float)
    x = np.asarray(predictors, dtype=float)
    y = y - y.mean()
    x = x - x.mean(axis=1, keepdims=True)
    whole = float(y @ y)
    if not whole:
        raise ValueError("the outcome never varies")
    r2: dict[frozenset[int], float] = {frozenset(): 0.0}
    for size in range(1, k + 1):
        for chosen in combinations(range(k), size):
            part = x[list(chosen)].T
            left = y - part @ np.linalg.lstsq(part, y, rcond=None)[0]
            r2[frozenset(chosen)] = 1 - float(left @ left) / whole
    importance = []
    for j in range(k):
        others = [i for i in range(k) if i != j]
        importance.append(
            sum(
                factorial(size)
                * factorial(k - size - 1)
                / factorial(k)
                * (r2[frozenset((*chosen, j))] - r2[frozenset(chosen)])
                for size in range(k)
                for chosen in combinations(others, size)
            )
        )
    full = r2[frozenset(range(k))]
    spread = np.sqrt((x * x).sum(axis=1) * whole)
    correlation = [float(c) for c in (x @ y) / np.where(spread > 0, spread, 1)]
    return Drivers(full, importance, [part / full if full else 0.0 for part in importance], correlation)
