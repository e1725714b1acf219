"""How good a scorer is, with intervals: AUC, accuracy, macro-F1, calibration error. Pure."""

import random
from collections.abc import Callable, Sequence
from math import sqrt

Interval = tuple[float, float]
_Z = 1.959964


def auc(positives: Sequence[bool], scores: Sequence[float]) -> float | None:
    """Area under the ROC curve by ranks (Mann-Whitney, ties count half); None when one side is empty."""
    order = sorted(range(len(scores)), key=scores.__getitem__)
    rank_sum = 0.0
    i = 0
    while i < len(order):
        j = i
        while j < len(order) and scores[order[j]] == scores[order[i]]:
            j += 1
        mean_rank = (i + j + 1) / 2
        rank_sum += mean_rank * sum(positives[order[k]] for k in range(i, j))
        i = j
    n = sum(positives)
    m = len(positives) - n
    return (rank_sum - n * (n + 1) / 2) / (n * m) if n and m else None


def auc_interval(area: float, n: int, m: int) -> Interval:
    """95 % interval of an AUC with n positives and m others (Hanley and McNeil 1982)."""
    q1, q2 = area / (2 - area), 2 * area * area / (1 + area)
    variance = (area * (1 - area) + (n - 1) * (q1 - area**2) + (m - 1) * (q2 - area**2)) / (n * m)
    half = _Z * sqrt(max(variance, 0.0))
    return max(0.0, area - half), min(1.0, area + half)


def wilson(successes: int, n: int) -> Interval:
    """95 % interval of a proportion (Wilson 1927); (0, 1) for n = 0."""
    if n == 0:
        return 0.0, 1.0
    p = successes / n
    middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * sqrt(p * (1 - p) / n + _Z**2 / (4 * n * n))
    return middle - half, middle + half


def macro_f1(truth: Sequence[object], told: Sequence[object]) -> float:
    """Mean of the F1 of every class that occurs in the truth."""
    classes = sorted(set(truth), key=str)
    total = 0.0
    for kind in classes:
        hit = sum(t == kind and s == kind for t, s in zip(truth, told, strict=True))
        size = sum(t == kind for t in truth) + sum(s == kind for s in told)
        total += 2 * hit / size if size else 0.0
    return total / len(classes) if classes else 0.0


def bootstrap(measure: Callable[[Sequence[int]], float], n: int, *, rounds: int = 200, seed: int = 7) -> Interval:
    """95 % percentile interval of a measure of resampled row numbers; the same seed gives the same interval."""
    chance = random.Random(seed)
    found = sorted(measure(chance.choices(range(n), k=n)) for _ in range(rounds))
    return found[int(0.025 * rounds)], found[int(0.975 * rounds) - 1]


def calibration_error(probabilities: Sequence[float], happened: Sequence[bool], *, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins (Naeini 2015)."""
    rows: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for probability, event in zip(probabilities, happened, strict=True):
        rows[min(int(probability * bins), bins - 1)].append((probability, event))
    gap = sum(abs(sum(p for p, _ in row) - sum(e for _, e in row)) for row in rows)
    return gap / len(probabilities) if probabilities else 0.0
