"""Making the people who answered stand for the people we serve. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Weighted:
    """A share before and after weighting, and what the weighting cost in precision."""

    weights: dict[str, float]
    unweighted: float
    weighted: float
    effective_n: float
    design_effect: float
    se: float


def post_stratify(
    population: Mapping[str, int], respondents: Mapping[str, int], shares: Mapping[str, float]
) -> Weighted:
    """Post-stratified share with Kish's effective n (Kish 1965); strata nobody answered from raise ValueError."""
    empty = [name for name, size in population.items() if size and not respondents.get(name)]
    if empty:
        raise ValueError(f"nobody answered in {', '.join(empty)}: merge strata first")
    strata = [name for name in respondents if respondents[name]]
    big, small = sum(population[h] for h in strata), sum(respondents[h] for h in strata)
    weights = {h: (population[h] / big) / (respondents[h] / small) for h in strata}
    total = sum(weights[h] * respondents[h] for h in strata)
    squares = sum(weights[h] ** 2 * respondents[h] for h in strata)
    variance = sum(
        (population[h] / big) ** 2 * shares[h] * (1 - shares[h]) / max(respondents[h] - 1, 1) for h in strata
    )
    return Weighted(
        weights=weights,
        unweighted=sum(respondents[h] * shares[h] for h in strata) / small,
        weighted=sum(population[h] * shares[h] for h in strata) / big,
        effective_n=total**2 / squares,
        design_effect=small * squares / total**2,
        se=sqrt(variance),
    )


def trimmed(
    weights: Mapping[str, float], sizes: Mapping[str, int], *, low: float = 0.3, high: float = 3.0
) -> dict[str, float]:
    """Weights held between `low` and `high` times their mean and scaled back to that mean."""
    n = sum(sizes[h] for h in weights)
    mean = sum(weights[h] * sizes[h] for h in weights) / n
    held = {h: min(max(w, low * mean), high * mean) for h, w in weights.items()}
    scale = mean * n / sum(held[h] * sizes[h] for h in held)
    return {h: w * scale for h, w in held.items()}


@dataclass(frozen=True, slots=True)
class Raked:
    """A table brought to its margins, cell weights, and how many rounds it took."""

    table: list[list[float]]
    weights: list[list[float]]
    rounds: int


def rake(
    sample: Sequence[Sequence[float]],
    *,
    rows: Sequence[float],
    columns: Sequence[float],
    tolerance: float = 1e-10,
    at_most: int = 1000,
) -> Raked:
    """Iterative proportional fitting to row and column totals (Deming and Stephan 1940)."""
    table = [[float(cell) for cell in line] for line in sample]
    rounds = 0
    while rounds < at_most:
        rounds += 1
        for i, line in enumerate(table):
            have = sum(line)
            table[i] = [cell * rows[i] / have for cell in line] if have else line
        for j, want in enumerate(columns):
            have = sum(line[j] for line in table)
            for line in table:
                line[j] = line[j] * want / have if have else line[j]
        if max(abs(sum(line) - want) for line, want in zip(table, rows, strict=True)) < tolerance:
            break
    weights = [
        [new / old if old else 0.0 for new, old in zip(line, first, strict=True)]
        for line, first in zip(table, sample, strict=True)
    ]
    return Raked(table, weights, rounds)
