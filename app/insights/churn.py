"""How likely is it that a customer leaves, and why: an additive scorecard with reasons. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log


class Sign(StrEnum):
    """What the scorecard looks at; every sign is there or not."""

    COMPLAINT_90D = "complaint_90d"
    OPEN_CASE_OVERDUE = "open_case_overdue"
    DETRACTOR = "detractor"
    PROMOTER = "promoter"
    SAT_DROP2 = "sat_drop2"
    NEG_SENTIMENT = "neg_sentiment"
    SILENCE_LT20 = "silence_lt20"
    SILENCE_LT05 = "silence_lt05"
    TENURE5 = "tenure5"


YEARLY_ATTRITION = 0.096
HORIZON_DAYS = 90


def log_odds(p: float) -> float:
    """ln(p / (1 - p))."""
    return log(p / (1 - p))


def chance(odds: float) -> float:
    """The probability of a log-odds, safe at both ends."""
    if odds >= 0:
        return 1 / (1 + exp(-odds))
    return exp(odds) / (1 + exp(odds))


def base_rate(*, yearly: float = YEARLY_ATTRITION, days: int = HORIZON_DAYS) -> float:
    """Chance to leave within `days` at a constant yearly attrition (9.6 %: J.D. Power 2012, US retail banks)."""
    return 1 - float((1 - yearly) ** (days / 365))


PRIOR_WEIGHTS: Mapping[str, float] = {
    Sign.COMPLAINT_90D: 1.2,
    Sign.OPEN_CASE_OVERDUE: 0.6,
    Sign.DETRACTOR: 0.7,
    Sign.PROMOTER: -0.5,
    Sign.SAT_DROP2: 0.5,
    Sign.NEG_SENTIMENT: 0.4,
    Sign.SILENCE_LT20: 0.8,
    Sign.SILENCE_LT05: 0.6,
    Sign.TENURE5: -0.4,
}


@dataclass(frozen=True, slots=True)
class Risk:
    """Chance to leave within the horizon, and up to three reasons, the heaviest first."""

    p: float
    reasons: tuple[str, ...]


def churn_risk(
    signs: Mapping[str, float],
    *,
    weights: Mapping[str, float] = PRIOR_WEIGHTS,
    intercept: float | None = None,
    reasons: int = 3,
) -> Risk:
    """Additive log-odds scorecard. Prior weights until there are outcomes to learn from; a sign not given adds nothing.

    Raises KeyError on a sign the card does not know.
    """
    unknown = [name for name in signs if name not in weights]
    if unknown:
        raise KeyError(f"unknown sign: {', '.join(unknown)}")
    parts = [(name, weights[name] * signs[name]) for name in weights if signs.get(name)]
    start = log_odds(base_rate()) if intercept is None else intercept
    heaviest = sorted(parts, key=lambda part: -part[1])
    return Risk(chance(start + sum(value for _, value in parts)), tuple(name for name, _ in heaviest[:reasons]))


def silence_signs(silence: float) -> dict[str, int]:
    """Signs of an unusual silence (chance that an active customer is silent this long): under 0.20, and under 0.05."""
    return {Sign.SILENCE_LT20: int(silence < 0.20), Sign.SILENCE_LT05: int(silence < 0.05)}


@dataclass(frozen=True, slots=True)
class LearnedCard:
    """Intercept and weights after outcomes were seen, with the value of the penalised objective."""

    beta: tuple[float, ...]
    objective: float


def learn_weights(
    features: Sequence[Sequence[float]],
    outcomes: Sequence[int],
    *,
    prior_mean: Sequence[float],
    prior_sd: Sequence[float],
) -> LearnedCard:
    """MAP logistic regression, normal priors, intercept first (Gelman et al. 2008), by Newton's method. Loads numpy."""
    import numpy as np

    signs = np.asarray(features, dtype=float).reshape(len(outcomes), len(prior_mean) - 1)
    x = np.column_stack([np.ones(len(outcomes)), signs])
    y = np.asarray(outcomes, dtype=float)
    mean, precision = np.asarray(prior_mean, dtype=float), 1 / np.asarray(prior_sd, dtype=float) ** 2

    def objective(at: "np.typing.NDArray[np.float64]") -> float:
        z = x @ at
        return float(np.sum(np.logaddexp(0, z) - y * z) + 0.5 * np.sum(precision * (at - mean) ** 2))

    beta = mean.copy()
    value = objective(beta)
    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -35, 35)))
        slope = x.T @ (p - y) + precision * (beta - mean)
        curve = (x * (p * (1 - p))[:, None]).T @ x + np.diag(precision)
        step = np.linalg.solve(curve, slope)
        size = 1.0
        while objective(beta - size * step) > value and size > 1e-8:
            size /= 2
        beta = beta - size * step
        value = objective(beta)
        if float(np.max(np.abs(size * step))) < 1e-12:
            break
    return LearnedCard(tuple(float(b) for b in beta), value)
