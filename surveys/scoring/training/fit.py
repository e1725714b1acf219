"""Logistic regression averaged with NB-SVM, and Platt scaling, on sparse matrices."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from surveys.scoring.training.design import Numbers

Flags = NDArray[np.bool_]
_RATIO_LIMIT = 4.0
# The mean of p(1 - p) over texts of which most are told clearly.
_CURVATURE = 0.15


@dataclass(frozen=True, slots=True)
class Line:
    """One fitted line over the features: a weight each, and a bias."""

    weights: Numbers
    bias: float

    def scores(self, rows: sparse.csr_matrix) -> Numbers:
        """The line's value for each row."""
        return np.asarray(rows @ self.weights + self.bias)


def logistic(rows: sparse.csr_matrix, truth: Flags, *, strength: float, rounds: int = 30) -> Line:
    """L2 logistic regression by L-BFGS; `strength` is C, the weight of the data against the penalty.

    The search runs in weights divided by what the curvature of each feature is about. A common word and one seen
    twice then take steps of like size: 15 rounds come nearer to the end than 60 without.
    """
    turned = rows.T.tocsr()
    sign = np.where(truth, 1.0, -1.0)
    curvature = _CURVATURE * strength * np.asarray(rows.power(2).sum(axis=0)).ravel()
    steps = 1 / np.sqrt(np.append(1 + curvature, _CURVATURE * strength * max(len(sign), 1)))

    def loss(point: Numbers) -> tuple[float, Numbers]:
        weights = point * steps
        margin = sign * (rows @ weights[:-1] + weights[-1])
        pull = -strength * sign / (1 + np.exp(np.minimum(margin, 50)))
        value = strength * np.logaddexp(0, -margin).sum() + 0.5 * weights[:-1] @ weights[:-1]
        return float(value), steps * np.append(turned @ pull + weights[:-1], pull.sum())

    found = minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": rounds})
    weights = found.x * steps
    return Line(weights[:-1], float(weights[-1]))


def log_ratios(rows: sparse.csr_matrix, truth: Flags) -> Numbers:
    """How much likelier each feature is on the true side, as in NB-SVM (Wang and Manning 2012), clipped."""
    seen = rows > 0
    yes = np.asarray(seen.T @ truth.astype(float)) + 1
    no = np.asarray(seen.T @ (~truth).astype(float)) + 1
    ratios = np.log((yes / yes.sum()) / (no / no.sum()))
    return np.asarray(np.clip(ratios, -_RATIO_LIMIT, _RATIO_LIMIT))


def averaged(
    rows: sparse.csr_matrix,
    shared: sparse.csr_matrix,
    truth: Flags,
    *,
    strength: float,
    nb_strength: float,
    rounds: int = 30,
) -> Line:
    """The mean of logistic regression and NB-SVM, each brought to the same spread, shared columns folded in."""
    mixed = rows @ shared
    width = rows.shape[1]
    ratios = log_ratios(rows, truth)
    plain = logistic(sparse.hstack([rows, mixed]).tocsr(), truth, strength=strength, rounds=rounds)
    tilted = sparse.hstack([rows @ sparse.diags(ratios), mixed]).tocsr()
    scaled = logistic(tilted, truth, strength=nb_strength, rounds=rounds)
    first = plain.weights[:width] + shared @ plain.weights[width:]
    second = scaled.weights[:width] * ratios + shared @ scaled.weights[width:]
    spread = float((rows @ first).std() / max((rows @ second).std(), 1e-9))
    return Line((first + second * spread) / 2, plain.bias)


def platt(scores: Numbers, truth: Flags, weights: Numbers) -> tuple[float, float]:
    """Slope and offset that turn scores into log-odds (Platt 1999), on scores of texts the line was not fitted on."""

    def loss(point: Numbers) -> tuple[float, Numbers]:
        margin = np.where(truth, 1.0, -1.0) * (point[0] * scores + point[1])
        pull = -weights * np.where(truth, 1.0, -1.0) / (1 + np.exp(np.minimum(margin, 50)))
        return float(weights @ np.logaddexp(0, -margin)), np.array([pull @ scores, pull.sum()])

    found = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B")
    return float(found.x[0]), float(found.x[1])
