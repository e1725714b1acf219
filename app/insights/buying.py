"""Will they buy again, and how much: BG/NBD and Gamma-Gamma. Works on arrays; numpy and scipy are loaded inside.

x repeat purchases, t_x time of the last one, age the time observed (T in the papers): all from the first purchase
and in one unit (weeks).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]


def _arrays(*values: ArrayLike) -> tuple[Numbers, ...]:
    import numpy as np

    return tuple(np.asarray(v, dtype=float) for v in values)


@dataclass(frozen=True, slots=True)
class BgNbd:
    """Beta-geometric / NBD model (Fader, Hardie and Lee 2005)."""

    r: float
    alpha: float
    a: float
    b: float

    def log_likelihood(self, x: ArrayLike, t_x: ArrayLike, age: ArrayLike) -> Numbers:
        """Log-likelihood of each customer (their equation 6)."""
        return _likelihood(self, *_arrays(x, t_x, age))[0]

    def p_alive(self, x: ArrayLike, t_x: ArrayLike, age: ArrayLike) -> Numbers:
        """Chance to be still active; always 1 without a repeat purchase, so never a churn risk alone (Fader 2008)."""
        import numpy as np

        n, last, seen = _arrays(x, t_x, age)
        repeat = np.maximum(n, 1)
        odds = self.a / (self.b + repeat - 1) * ((self.alpha + seen) / (self.alpha + last)) ** (self.r + n)
        return np.asarray(np.where(n > 0, 1 / (1 + odds), 1.0))

    def expected(self, t: float, x: ArrayLike, t_x: ArrayLike, age: ArrayLike) -> Numbers:
        """Purchases expected in the next t for a customer with this history (their equation 10)."""
        from scipy.special import hyp2f1

        n, _, seen = _arrays(x, t_x, age)
        a = self._a
        start = self.alpha + seen
        series = hyp2f1(self.r + n, self.b + n, a + self.b + n - 1, t / (start + t))
        bracket = 1 - (start / (start + t)) ** (self.r + n) * series
        found: Numbers = (a + self.b + n - 1) / (a - 1) * bracket * self.p_alive(x, t_x, age)
        return found

    def expected_new(self, t: ArrayLike) -> Numbers:
        """Repeat purchases expected of a new customer by time t (their equation 9)."""
        from scipy.special import hyp2f1

        (time,) = _arrays(t)
        a = self._a
        series = hyp2f1(self.r, self.b, a + self.b - 1, time / (self.alpha + time))
        found: Numbers = (a + self.b - 1) / (a - 1) * (1 - (self.alpha / (self.alpha + time)) ** self.r * series)
        return found

    def pmf(self, count: int, t: float) -> float:
        """Chance of exactly `count` repeat purchases by time t (their equation 8)."""
        from math import exp, lgamma, log

        r, a, b = self.r, self.a, self.b
        share = t / (self.alpha + t)
        zero = r * log(self.alpha / (self.alpha + t))

        def log_beta(p: float, q: float) -> float:
            return lgamma(p) + lgamma(q) - lgamma(p + q)

        def poisson_gamma(j: int) -> float:
            return exp(lgamma(r + j) - lgamma(r) - lgamma(j + 1) + zero + (j * log(share) if j else 0.0))

        stayed = exp(log_beta(a, b + count) - log_beta(a, b)) * poisson_gamma(count)
        if not count:
            return stayed
        left = exp(log_beta(a + 1, b + count - 1) - log_beta(a, b))
        return stayed + left * (1 - sum(poisson_gamma(j) for j in range(count)))

    def silence(self, x: ArrayLike, t_x: ArrayLike, age: ArrayLike) -> Numbers:
        """Chance that an active customer is silent as long as this one: ((alpha + t_x) / (alpha + age))^(r + x)."""
        n, last, seen = _arrays(x, t_x, age)
        return ((self.alpha + last) / (self.alpha + seen)) ** (self.r + n)

    def p_inactive(self, t: float, x: ArrayLike, t_x: ArrayLike, age: ArrayLike) -> Numbers:
        """Chance of no purchase in the next t, gone or only silent."""
        n, _, seen = _arrays(x, t_x, age)
        quiet = ((self.alpha + seen) / (self.alpha + seen + t)) ** (self.r + n)
        return 1 - self.p_alive(x, t_x, age) * (1 - quiet)

    @property
    def _a(self) -> float:
        # the expectation has a removable singularity at a = 1
        return self.a + 1e-7 if abs(self.a - 1) < 1e-7 else self.a


def _likelihood(model: BgNbd, x: Numbers, t_x: Numbers, age: Numbers) -> tuple[Numbers, tuple[Numbers, ...]]:
    """Log-likelihood of each customer and its derivatives by r, alpha, a, b."""
    import numpy as np
    from scipy.special import gammaln, psi

    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    repeat, again = np.maximum(x, 1), x > 0
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    common += gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    here = -(r + x) * np.log(alpha + age)
    gone = np.where(again, np.log(a) - np.log(b + repeat - 1) - (r + x) * np.log(alpha + t_x), -np.inf)
    total = np.logaddexp(here, gone)
    stay, leave = np.exp(here - total), np.exp(gone - total)
    mixed, tail = psi(a + b) - psi(a + b + x), np.where(again, leave / (b + repeat - 1), 0.0)
    slopes = (
        psi(r + x) - psi(r) + np.log(alpha) - stay * np.log(alpha + age) - leave * np.log(alpha + t_x),
        r / alpha - (r + x) * (stay / (alpha + age) + leave / (alpha + t_x)),
        mixed + leave / a,
        mixed + psi(b + x) - psi(b) - tail,
    )
    return common + total, slopes


def fit_bg_nbd(x: ArrayLike, t_x: ArrayLike, age: ArrayLike) -> BgNbd:
    """Maximum likelihood from every customer's history. Raises ValueError when it does not converge."""
    import numpy as np
    from scipy.optimize import minimize

    n, last, seen = _arrays(x, t_x, age)
    # equal histories are one row with a weight: real files repeat themselves
    rows, counts = np.unique(np.column_stack([n, last, seen]), axis=0, return_counts=True)
    weights = counts / counts.sum()

    def objective(logs: Numbers) -> tuple[float, Numbers]:
        at = np.exp(np.clip(logs, -12, 12))
        value, slopes = _likelihood(BgNbd(*(float(v) for v in at)), rows[:, 0], rows[:, 1], rows[:, 2])
        return -float(weights @ value), -np.array([float(weights @ s) for s in slopes]) * at

    scale = float(np.median(seen)) or 1.0
    options = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 2000}
    start = np.log([0.5, scale / 4, 1.0, 2.0])
    best = minimize(objective, start, jac=True, method="L-BFGS-B", options=options)
    if not np.all(np.isfinite(best.x)):
        raise ValueError("the purchase histories do not fit the model")
    return BgNbd(*(float(v) for v in np.exp(best.x)))


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """Spend per purchase (Fader, Hardie 2013, 'The Gamma-Gamma Model of Monetary Value')."""

    p: float
    q: float
    v: float

    def log_likelihood(self, x: ArrayLike, mean: ArrayLike) -> Numbers:
        """Log-likelihood of each customer's mean spend over x repeat purchases (their equation 1a)."""
        import numpy as np
        from scipy.special import gammaln

        n, m = _arrays(x, mean)
        px = self.p * n
        return np.asarray(
            gammaln(px + self.q)
            - gammaln(px)
            - gammaln(self.q)
            + self.q * np.log(self.v)
            + (px - 1) * np.log(m)
            + px * np.log(n)
            - (px + self.q) * np.log(n * m + self.v)
        )

    def expected(self, x: ArrayLike, mean: ArrayLike) -> Numbers:
        """Mean spend to expect of a customer: between the population's mean and their own (their equation 5)."""
        n, m = _arrays(x, mean)
        return self.p * (self.v + n * m) / (self.p * n + self.q - 1)


def fit_gamma_gamma(x: ArrayLike, mean: ArrayLike) -> GammaGamma:
    """Maximum likelihood over customers with at least one repeat purchase of positive mean."""
    import numpy as np
    from scipy.optimize import minimize

    n, m = _arrays(x, mean)
    keep = (n > 0) & (m > 0)
    n, m = n[keep], m[keep]
    if len(n) < 3:
        raise ValueError("a fit needs customers with repeat purchases")

    def negative(logs: Numbers) -> float:
        model = GammaGamma(*(float(v) for v in np.exp(np.clip(logs, -12, 12))))
        return -float(np.mean(model.log_likelihood(n, m)))

    options = {"xatol": 1e-9, "fatol": 1e-14, "maxiter": 6000, "maxfev": 12000}
    start = np.log([2.0, 2.0, max(float(np.median(m)), 1e-6)])
    best = minimize(negative, start, method="Nelder-Mead", options=options)
    return GammaGamma(*(float(v) for v in np.exp(best.x)))


def discounted_value(
    model: BgNbd,
    spend: Sequence[float] | Numbers,
    history: tuple[ArrayLike, ArrayLike, ArrayLike],
    *,
    months: int,
    monthly_discount: float,
    month: float = 4.345,
) -> Numbers:
    """Present value of the next months: purchases expected month by month times spend (Fader, Hardie, Lee 2005b)."""
    import numpy as np

    (value,) = _arrays(spend)
    total, before = np.zeros_like(value), np.zeros_like(value)
    for i in range(1, months + 1):
        until = model.expected(month * i, *history)
        total = total + value * (until - before) / (1 + monthly_discount) ** i
        before = until
    return total


@dataclass(frozen=True, slots=True)
class History:
    """One customer's purchases up to the end of observation: repeat count, last, observed, mean of repeats."""

    x: int
    t_x: float
    age: float
    mean: float


def history(purchases: Sequence[tuple[int, float]], *, until: int, unit: float = 7.0) -> History | None:
    """Fold (day number, amount) pairs into a History; a day is one purchase. None when nothing was bought by then."""
    days: dict[int, float] = {}
    for day, amount in purchases:
        if day <= until:
            days[day] = days.get(day, 0.0) + amount
    if not days:
        return None
    first, repeats = min(days), sorted(days)[1:]
    mean = sum(days[d] for d in repeats) / len(repeats) if repeats else 0.0
    return History(len(repeats), (repeats[-1] - first) / unit if repeats else 0.0, (until - first) / unit, mean)
