"""Reference figures about change and risk: control charts, drivers, churn, calibration, the order of calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.cases import queue
from app.insights import buying, calibration, churn, control, drivers
from tests.oracles import Bench, Check, check


def p_chart(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    def chart() -> dict[str, Any]:
        found = control.p_chart(group["dissatisfied"], group["n"], baseline_periods=group["baseline_weeks"])
        return {
            "pbar": found.baseline,
            "p": [p.p for p in found.points],
            "ucl": [p.upper for p in found.points],
            "lcl": [p.lower for p in found.points],
            "signal": [p.signal for p in found.points],
            "z": [p.z for p in found.points],
        }

    for key in ("pbar", "p", "ucl", "lcl", "signal", "z"):
        if key in group:
            yield check(key, lambda key=key: chart()[key], group[key])


def ewma(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    steps = control.ewma(group["z"], weight=group["lam"], width=group["L"])
    for i, (step, want) in enumerate(zip(steps, group["expected"], strict=True), start=1):
        got = {"e": step.value, "limit": step.limit, "signal": step.signal}
        yield check(f"step {i}", lambda got=got: got, want)


def cusum(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    steps = control.cusum(group["z"], reference=group["k"], limit=group["h"])
    for i, (step, want) in enumerate(zip(steps, group["expected"], strict=True), start=1):
        yield check(f"step {i}", lambda s=step: {"c": s.value, "signal": s.signal}, want)


def arl(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    relative = group.get("tol_rel", 0.01)
    for shift, want in group.get("shewhart_3s_two", {}).items():
        yield check(f"shewhart {shift}", lambda s=float(shift): control.shewhart_run_length(s), want, relative=relative)
    for name, row in group.get("cusum_one_sided", {}).items():
        found = re.fullmatch(r"k([\d.]+)_h([\d.]+)", name)
        assert found, name
        for shift, want in row.items():
            yield check(
                f"cusum {name} {shift}",
                lambda s=float(shift), k=float(found[1]), h=float(found[2]): control.cusum_run_length(
                    s, reference=k, limit=h
                ),
                want,
                relative=relative,
            )
    for name, row in group.get("ewma_two_sided_steady", {}).items():
        found = re.fullmatch(r"lam([\d.]+)_L([\d.]+)", name)
        assert found, name
        for shift, want in row.items():
            yield check(
                f"ewma {name} {shift}",
                lambda s=float(shift), w=float(found[1]), wide=float(found[2]): control.ewma_run_length(
                    s, weight=w, width=wide
                ),
                want,
                relative=relative,
            )
    for name, want in group.get("published", {}).items():
        page = re.fullmatch(r"cusum_h([\d.]+)", name)
        roberts = re.fullmatch(r"ewma_l(\d)(\d+)_L(\d)(\d+)", name)
        if page:
            yield check(
                f"published {name}",
                lambda h=float(page[1]): control.either_side(control.cusum_run_length(0, reference=0.5, limit=h)),
                want,
                relative=relative,
            )
        elif roberts:
            w, wide = float(f"{roberts[1]}.{roberts[2]}"), float(f"{roberts[3]}.{roberts[4]}")
            yield check(
                f"published {name}",
                lambda w=w, wide=wide: control.ewma_run_length(0, weight=w, width=wide),
                want,
                relative=relative,
            )


_TERM = re.compile(r"([+-]?)\s*(\d*\.?\d*)\s*\*?\s*([A-Za-z]\w*)?")


def _linear(text: str) -> list[tuple[float, str]]:
    """'.7f+.71randn' as [(.7, 'f'), (.71, 'randn')]."""
    out = []
    for sign, number, name in _TERM.findall(text.replace(" ", "")):
        if number or name:
            out.append((float(number or 1) * (-1 if sign == "-" else 1), name))
    return out


def _driver_data(group: dict[str, Any]) -> tuple[list[list[float]], list[float]]:
    """Explicit columns, or the columns the generator sentence describes, drawn in its order."""
    if "X" in group:
        return [list(column) for column in zip(*group["X"], strict=True)], group["y"]
    import numpy as np

    text = group["generator"]
    seed, size = re.search(r"RandomState\((\d+)\)", text), re.search(r"f=randn\((\d+)\)", text)
    columns, outcome = re.search(r"A=\[(.*?)\]", text), re.search(r"y=([^ ]+)", text)
    if not (seed and size and columns and outcome):
        raise ValueError("the generator sentence has another form")
    draw, n = np.random.RandomState(int(seed[1])), int(size[1])
    known: dict[str, Any] = {"f": draw.randn(n)}

    def summed(expression: str) -> Any:
        total = np.zeros(n)
        for weight, name in _linear(expression):
            total = total + weight * (draw.randn(n) if name == "randn" else known[name] if name else 1.0)
        return total

    predictors = [summed(part) for part in columns[1].split(",")]
    known.update({f"A{i}": column for i, column in enumerate(predictors)})
    return [list(column) for column in predictors], list(summed(outcome[1]))


def key_driver(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    found = drivers.key_drivers(*_driver_data(group))
    got = {"r2_full": found.r2, "lmg": found.importance, "lmg_share": found.share, "pearson": found.correlation}
    for key, value in got.items():
        if key in group:
            yield check(key, lambda value=value: value, group[key])


def churn_scorecard(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    if "base_90d" in group:
        yield check("base_90d", lambda: churn.base_rate(days=group.get("horizon_days", 90)), group["base_90d"])
    if "base_logodds" in group:
        yield check("base_logodds", lambda: churn.log_odds(churn.base_rate()), group["base_logodds"])
    for key, value in group.get("weights", {}).items():
        yield check(f"weight {key}", lambda key=key: churn.PRIOR_WEIGHTS[key], value)
    for want in group["expected"]:

        def risk(signs: dict[str, float] = want["features"]) -> dict[str, Any]:
            found = churn.churn_risk(
                signs, weights=group.get("weights", churn.PRIOR_WEIGHTS), intercept=group.get("base_logodds")
            )
            return {"p": found.p, "reasons": list(found.reasons)}

        yield check("+".join(want["features"]) or "nothing", risk, {"p": want["p"], "reasons": want["reasons"]})


def silence(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    model, horizon = buying.BgNbd(**group["params"]), group["horizon_t"]
    for want in group["expected"]:
        seen = want["x"], want["t_x"], want["T"]
        yield check(f"{seen} S", lambda s=seen: float(model.silence(*s)), want["S"])
        for key in (k for k in want if k.startswith("p_inactive_")):
            yield check(f"{seen} {key}", lambda s=seen: float(model.p_inactive(horizon, *s)), want[key])


def _outcome_data(group: dict[str, Any]) -> tuple[list[list[float]], list[int]]:
    if "X" in group:
        return group["X"], group["y"]
    import numpy as np

    text = group["generator"]
    seed, size = re.search(r"RandomState\((\d+)\)", text), re.search(r"rand\((\d+),(\d+)\)<\[(.*?)\]", text)
    slope = re.search(r"z=([-+.\d]+)\+X@\[(.*?)\]", text)
    if not (seed and size and slope):
        raise ValueError("the generator sentence has another form")
    draw, n = np.random.RandomState(int(seed[1])), int(size[1])
    x = (draw.rand(n, int(size[2])) < np.array([float(v) for v in size[3].split(",")])).astype(float)
    z = float(slope[1]) + x @ np.array([float(v) for v in slope[2].split(",")])
    y = draw.rand(n) < 1 / (1 + np.exp(-z))
    return x.tolist(), [int(v) for v in y]


def map_logistic(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    x, y = _outcome_data(group)
    found = churn.learn_weights(x, y, prior_mean=group["prior_mean"], prior_sd=group["prior_sd"])
    tolerance = group.get("tol", 1e-4)
    if "events" in group:
        yield check("events", lambda: sum(y), group["events"])
    yield check("beta", lambda: list(found.beta), group["beta"], tolerance)
    if "objective" in group:
        yield check("objective", lambda: found.objective, group["objective"], tolerance)


def calibration_group(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    p, y = group["p"], group["y"]
    for key, want in group.items():
        bins = re.fullmatch(r"ece_(\d+)_equal_width", key)
        if key == "brier":
            yield check(key, lambda: calibration.brier(p, y), want)
        elif key == "logloss":
            yield check(key, lambda: calibration.log_loss(p, y), want)
        elif key == "auc":
            yield check(key, lambda: calibration.auc(p, y), want)
        elif bins:
            yield check(key, lambda n=int(bins[1]): calibration.calibration_error(p, y, bins=n), want)


def psi(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    yield check("psi", lambda: calibration.stability_index(group["expected"], group["actual"]), group["psi"])


def escalation_order(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    waiting = [queue.WaitingCase(c["id"], c["clv"], c["p"], c["rating"]) for c in group["cases"]]
    for case, raw in zip(waiting, group["cases"], strict=True):
        if "ev" in raw:
            yield check(f"{case.id} ev", lambda c=case: queue.value_at_risk(c), raw["ev"])
    found = queue.work_queue(waiting, capacity=group["capacity"])
    yield check("lane_A", lambda: [c.id for c in found.by_value], group["lane_A"])
    yield check("lane_B", lambda: [c.id for c in found.by_need], group["lane_B"])
