"""Fair comparison of small and large branches: empirical-Bayes shrinkage. numpy and scipy are loaded inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from app.insights.intervals import Interval, nps_adjusted_wald
from app.insights.metrics import NpsCounts, Share


@dataclass(frozen=True, slots=True)
class BetaPrior:
    """The population the branches come from: Beta(alpha, beta)."""

    alpha: float
    beta: float

    @property
    def mean(self) -> float:
        """Share expected of an unknown branch."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def strength(self) -> float:
        """How many answers the prior is worth."""
        return self.alpha + self.beta


def negative_log_likelihood(prior: BetaPrior, shares: Sequence[Share]) -> float:
    """Beta-binomial without the binomial coefficients, which hold no parameter (Griffiths 1973)."""
    from math import lgamma

    def log_beta(a: float, b: float) -> float:
        return lgamma(a) + lgamma(b) - lgamma(a + b)

    base = log_beta(prior.alpha, prior.beta)
    return -sum(log_beta(prior.alpha + s.x, prior.beta + s.n - s.x) - base for s in shares)


def fit_beta_prior(shares: Sequence[Share]) -> BetaPrior:
    """Maximum-likelihood prior of several branches (Griffiths 1973). Loads scipy."""
    import numpy as np
    from scipy.optimize import minimize

    def negative(at: "np.typing.NDArray[np.float64]") -> float:
        mean = 1 / (1 + np.exp(-np.clip(at[0], -15, 15)))
        strength = np.exp(np.clip(at[1], -5, 14))
        return negative_log_likelihood(BetaPrior(float(mean * strength), float((1 - mean) * strength)), shares)

    whole = (sum(s.x for s in shares) + 0.5) / (sum(s.n for s in shares) + 1)
    start = np.array([np.log(whole / (1 - whole)), np.log(20.0)])
    options = {"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000}
    best = minimize(negative, start, method="Nelder-Mead", options=options)
    mean, strength = 1 / (1 + np.exp(-best.x[0])), np.exp(best.x[1])
    return BetaPrior(float(mean * strength), float((1 - mean) * strength))


@dataclass(frozen=True, slots=True)
class MomentPrior:
    """Weighted moments: mean, correlation inside a branch, and their prior (None when rho is not positive)."""

    mean: float
    rho: float
    prior: BetaPrior | None


def moment_beta_prior(shares: Sequence[Share]) -> MomentPrior:
    """Prior by moments with weights n (Kleinman 1973)."""
    filled = [s for s in shares if s.n]
    total = sum(s.n for s in filled)
    mean = sum(s.x for s in filled) / total
    spread = sum(s.n * (s.x / s.n - mean) ** 2 for s in filled)
    inner = sum(1 - s.n / total for s in filled)
    outer = sum(s.n * (1 - s.n / total) for s in filled)
    noise = mean * (1 - mean)
    rho = (spread - noise * inner) / (noise * (outer - inner)) if noise and outer > inner else 0.0
    strength = 1 / rho - 1 if 0 < rho < 1 else None
    return MomentPrior(mean, rho, BetaPrior(mean * strength, (1 - mean) * strength) if strength else None)


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A branch after shrinkage: estimate, weight of its own answers, interval, chance to be below the whole."""

    raw: float | None
    value: float
    weight: float
    interval: Interval
    p_below: float


def shrink_share(share: Share, prior: BetaPrior, *, confidence: float = 0.95) -> Shrunk:
    """Posterior of a branch's share (Efron and Morris 1975; beta-binomial). Loads scipy."""
    from scipy.special import betainc, betaincinv

    a, b = prior.alpha + share.x, prior.beta + share.n - share.x
    tail = (1 - confidence) / 2
    limits = Interval(float(betaincinv(a, b, tail)), float(betaincinv(a, b, 1 - tail)))
    weight = share.n / (share.n + prior.strength)
    return Shrunk(share.value, a / (a + b), weight, limits, float(betainc(a, b, prior.mean)))


@dataclass(frozen=True, slots=True)
class ShrunkNps:
    """One branch's NPS in points: adjusted score and error, weight of its own answers, shrunk score and error."""

    adjusted: float
    se: float
    weight: float
    value: float
    sd: float


@dataclass(frozen=True, slots=True)
class NpsField:
    """All branches together: heterogeneity, spread between branches (points), overall mean, and each branch."""

    q: float
    tau: float
    mean: float
    branches: tuple[ShrunkNps, ...]


def shrink_nps(branches: Sequence[NpsCounts]) -> NpsField:
    """Normal-normal shrinkage of adjusted NPS with DerSimonian and Laird's (1986) spread. Standard library only."""
    if not branches:
        raise ValueError("no branches")
    seen = [nps_adjusted_wald(b) for b in branches]
    precise = [1 / e.se**2 for e in seen]
    total = sum(precise)
    centre = sum(w * e.value for w, e in zip(precise, seen, strict=True)) / total
    q = sum(w * (e.value - centre) ** 2 for w, e in zip(precise, seen, strict=True))
    room = total - sum(w * w for w in precise) / total
    tau2 = max(0.0, (q - (len(seen) - 1)) / room) if room > 0 else 0.0
    loose = [1 / (e.se**2 + tau2) for e in seen]
    mean = sum(w * e.value for w, e in zip(loose, seen, strict=True)) / sum(loose)
    out = []
    for e in seen:
        weight = tau2 / (tau2 + e.se**2)
        out.append(ShrunkNps(e.value, e.se, weight, mean + weight * (e.value - mean), e.se * sqrt(weight)))
    return NpsField(q, sqrt(tau2), mean, tuple(out))
