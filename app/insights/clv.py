"""What a customer will be worth: simple formulas, and a contract's survival (sBG). Pure; the fit loads scipy."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


def _checked(retention: float, discount: float) -> None:
    if not 0 <= retention <= 1 or discount <= -1 or 1 + discount - retention <= 0:
        raise ValueError("needs 0 <= retention <= 1 and a discount that keeps the sum finite")


def clv_after_renewal(margin: float, *, retention: float, discount: float) -> float:
    """Endless margin, first one at the end of a period if renewed: m r / (1 + d - r) (Gupta and Lehmann 2003)."""
    _checked(retention, discount)
    return margin * retention / (1 + discount - retention)


def clv_first_now(margin: float, *, retention: float, discount: float) -> float:
    """Endless margin per period, the first one now: m (1 + d) / (1 + d - r)."""
    _checked(retention, discount)
    return margin * (1 + discount) / (1 + discount - retention)


def clv_finite(margin: float, *, retention: float, discount: float, periods: int) -> float:
    """Margins after renewal over `periods` only: m times the sum of (r / (1 + d))^t, t = 1..periods."""
    ratio = retention / (1 + discount)
    return margin * sum(ratio**t for t in range(1, periods + 1))


@dataclass(frozen=True, slots=True)
class ShiftedBetaGeometric:
    """Renewal model of a contract (Fader and Hardie 2007): each customer's chance to leave is Beta(alpha, beta)."""

    alpha: float
    beta: float

    def survival(self, period: int) -> float:
        """Share still here after `period` renewals: product of (beta + i - 1) / (alpha + beta + i - 1)."""
        alive = 1.0
        for i in range(period):
            alive *= (self.beta + i) / (self.alpha + self.beta + i)
        return alive

    def churn(self, period: int) -> float:
        """Share leaving at the given renewal, 1 is the first."""
        return self.survival(period - 1) - self.survival(period)


def fit_shifted_beta_geometric(survival: Sequence[float]) -> ShiftedBetaGeometric:
    """Maximum likelihood from observed survival shares, survival[0] = 1. Loads scipy."""
    import numpy as np
    from scipy.optimize import minimize

    if len(survival) < 3:
        raise ValueError("a fit needs two renewals or more")
    lost = [earlier - later for earlier, later in pairwise(survival)]

    def negative(logs: "np.typing.NDArray[np.float64]") -> float:
        model = ShiftedBetaGeometric(*(float(v) for v in np.exp(np.clip(logs, -20, 20))))
        last = len(lost)
        chances = [max(model.churn(t), 1e-300) for t in range(1, last + 1)]
        ends = max(model.survival(last), 1e-300)
        return -float(sum(s * np.log(c) for s, c in zip(lost, chances, strict=True)) + survival[-1] * np.log(ends))

    options = {"xatol": 1e-9, "fatol": 1e-14, "maxiter": 4000}
    best = minimize(negative, np.zeros(2), method="Nelder-Mead", options=options)
    return ShiftedBetaGeometric(*(float(v) for v in np.exp(best.x)))
