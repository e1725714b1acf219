"""Reference figures about what customers are worth: RFM, ABC, tiers, lifetime value."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from app.insights import buying, clv, segmentation
from tests.oracles import Bench, Check, Outcome, check


def _orders(path: Path) -> dict[str, list[tuple[date, float]]]:
    """Purchases by customer of the public files: CSV with a header, or the CDNOW columns."""
    out: dict[str, list[tuple[date, float]]] = {}
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".csv":
        for row in csv.DictReader(text.splitlines()):
            key, when, amount = list(row.values())[:3]
            out.setdefault(key, []).append((date.fromisoformat(when), float(amount)))
        return out
    for line in text.splitlines():
        parts = line.split()
        if len(parts) >= 4 and parts[0].isdigit():
            day = date.fromisoformat(parts[-3])
            out.setdefault(parts[0], []).append((day, float(parts[-1])))
    return out


def rfm(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    people = [segmentation.Buying(c["id"], c["recency_days"], c["frequency"], c["monetary"]) for c in group["input"]]
    if "cuts" in group:
        cuts = segmentation.rfm_cuts(people)
        found = {"recency": cuts.recency, "frequency": cuts.frequency, "monetary": cuts.monetary}
        yield check("cuts", lambda: found, group["cuts"])
    scored = {r.id: r for r in segmentation.rfm(people)}
    for want in group["expected"]:
        r = scored.get(want["id"])
        got = r and {"id": r.id, "R": r.recency, "F": r.frequency, "M": r.monetary, "segment": r.segment}
        yield check(want["id"], lambda got=got: got, want)
    for cell, name in group.get("segment_grid_RF", {}).items():
        yield check(f"grid {cell}", lambda cell=cell: segmentation.rf_segment(int(cell[0]), int(cell[1])), name)
    public = group.get("public_dataset")
    if public:

        def whole(style: str) -> dict[str, Any]:
            orders = _orders(bench.data(public["file"]))
            as_of = date.fromisoformat(public["as_of"])
            all_of = [
                segmentation.Buying(k, (as_of - max(d for d, _ in v)).days, len(v), sum(a for _, a in v))
                for k, v in orders.items()
            ]
            marks = segmentation.rfm_cuts(all_of)
            if style == "r_rfm_package_0_3_0":
                # that package scores x >= q + 1, which is x > q with the cut a hair under q + 1
                every = (marks.recency, marks.frequency, marks.monetary)
                marks = segmentation.RfmCuts(*([q + 1 - 1e-9 for q in dimension] for dimension in every))
            scores = segmentation.rfm(all_of, cuts=marks)
            best = [c for c, s in zip(all_of, scores, strict=True) if min(s.recency, s.frequency, s.monetary) >= 4]
            return {
                "R": [sum(s.recency == k for s in scores) for k in range(1, 6)],
                "F": [sum(s.frequency == k for s in scores) for k in range(1, 6)],
                "M": [sum(s.monetary == k for s in scores) for k in range(1, 6)],
                "R4F4M4": {
                    "customers": len(best),
                    "orders": sum(c.frequency for c in best),
                    "revenue": sum(c.monetary for c in best),
                },
            }

        for style in ("this_spec", "r_rfm_package_0_3_0"):
            if style in public:
                figures = {key: value for key, value in public[style].items() if key != "note"}
                yield check(f"{public['file']} {style}", lambda style=style: whole(style), figures)


def abc(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    classed = [
        {"id": a.id, "value": a.value, "cum_before": a.before, "cum_after": a.after, "cls": a.cls}
        for a in segmentation.abc((key, value) for key, value in group["input"])
    ]
    for place, want in enumerate(group["expected"]):
        yield check(want["id"], lambda place=place: classed[place], want)
    for name, want in group.get("public", {}).items():

        def public(name: str = name) -> dict[str, Any]:
            file = "CDNOW_master.txt" if name == "cdnow_master" else f"{name}.csv"
            worth = {k: sum(a for _, a in v) for k, v in _orders(bench.data(file)).items()}
            classes = [a.cls for a in segmentation.abc(worth.items())]
            return {
                **{c: sum(x == c for x in classes) for c in "ABC"},
                "top20_share": segmentation.top_share(worth.values()),
                "n": sum(v > 0 for v in worth.values()),
            }

        yield check(f"public {name}", public, want)


def _histories(bench: Bench, file: str, until: str) -> list[buying.History]:
    end = date.fromisoformat(until).toordinal()
    found = (
        buying.history([(d.toordinal(), amount) for d, amount in bought], until=end)
        for bought in _orders(bench.data(file)).values()
    )
    return [h for h in found if h]


def _model(raw: dict[str, Any]) -> buying.BgNbd:
    return buying.BgNbd(raw["r"], raw["alpha"], raw["a"], raw["b"])


def _bgnbd(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    raw = group.get("fit_from_raw")
    if raw:

        def fitted() -> dict[str, float]:
            people = _histories(bench, raw["file"], raw["calibration_end"])
            columns = [h.x for h in people], [h.t_x for h in people], [h.age for h in people]
            model = buying.fit_bg_nbd(*columns)
            total = float(model.log_likelihood(*columns).sum())
            return {"r": model.r, "alpha": model.alpha, "a": model.a, "b": model.b, "LL": total}

        figures = {key: raw[key] for key in ("r", "alpha", "a", "b", "LL")}
        yield check("bgnbd fit_from_raw", fitted, figures, raw.get("tol", 5e-4))
        if "clvtools" in raw:
            yield check("bgnbd fit_from_raw clvtools", fitted, raw["clvtools"], raw.get("tol", 5e-4))
        if "fader_hardie_lee_2005" in group:
            published = group["fader_hardie_lee_2005"]
            yield check("bgnbd published", fitted, {k: v for k, v in published.items() if k != "LL"}, 6e-4)
    summary = group.get("fit_from_summary")
    if summary:

        def from_summary() -> dict[str, float]:
            with bench.data(summary["file"]).open(encoding="utf-8") as file:
                rows = [{k.lower(): v for k, v in row.items()} for row in csv.DictReader(file)]
            x = [float(row.get("frequency", row.get("x", ""))) for row in rows]
            t_x = [float(row.get("recency", row.get("t_x", ""))) for row in rows]
            seen = [float(row["t"]) for row in rows]
            model = buying.fit_bg_nbd(x, t_x, seen)
            return {"r": model.r, "alpha": model.alpha, "a": model.a, "b": model.b}

        yield check(
            "bgnbd fit_from_summary", from_summary, {k: summary[k] for k in ("r", "alpha", "a", "b")}, summary["tol"]
        )
    if "pareto_nbd_clvtools" in group:
        yield Check("bgnbd pareto_nbd_clvtools", Outcome.SKIPPED, "another model's figures, given for comparison")
    model = _model(group["params_used_below"])
    for want in group.get("predictions", []):
        seen = want["x"], want["t_x"], want["T"]
        name = f"bgnbd x={seen[0]} t_x={seen[1]} T={seen[2]}"
        yield check(f"{name} p_alive", lambda s=seen: float(model.p_alive(*s)), want["p_alive"])
        for key in (k for k in want if k.startswith("e_")):
            yield check(f"{name} {key}", lambda s=seen, t=float(key[2:]): float(model.expected(t, *s)), want[key])
    for t, value in group.get("expected_new_customer", {}).items():
        yield check(f"bgnbd new customer by {t}", lambda t=t: float(model.expected_new(float(t))), value)
    for key, want in group.items():
        many, table = re.fullmatch(r"pmf_t([\d.]+)_n(\d+)_(\d+)", key), re.fullmatch(r"pmf_t([\d.]+)", key)
        if many:
            t, first, last = float(many[1]), int(many[2]), int(many[3])
            yield check(f"bgnbd {key}", lambda t=t, f=first, n=last: [model.pmf(i, t) for i in range(f, n + 1)], want)
        elif table:
            t = float(table[1])
            yield check(f"bgnbd {key}", lambda t=t, w=want: {n: model.pmf(int(n), t) for n in w}, want)


def _gamma_gamma(group: dict[str, Any], bench: Bench, params: buying.BgNbd, fit_until: str) -> Iterator[Check]:
    model = buying.GammaGamma(*(group["params_used_below"][k] for k in "pqv"))
    rows = group.get("inputs_first10", [])
    x, t_x, seen, mean = ([row[i] for row in rows] for i in range(4))
    if "cond_expected_spend" in group:
        yield check(
            "gamma_gamma cond_expected_spend", lambda: model.expected(x, mean).tolist(), group["cond_expected_spend"]
        )
    for key, want in group.items():
        single = re.fullmatch(r"m([\d.]+)_x(\d+)", key)
        value = re.fullmatch(r"clv_(\d+)m_monthly_d_(\d+)_(\d+)_weeks(\d+)_(\d+)", key)
        if single:
            yield check(f"gamma_gamma {key}", lambda s=single: float(model.expected(int(s[2]), float(s[1]))), want)
        elif value:
            months, discount, month = int(value[1]), float(f"{value[2]}.{value[3]}"), float(f"{value[4]}.{value[5]}")

            def worth(months: int = months, discount: float = discount, month: float = month) -> list[float]:
                spend, seen_by = model.expected(x, mean), (x, t_x, seen)
                return buying.discounted_value(  # type: ignore[no-any-return]
                    params, spend, seen_by, months=months, monthly_discount=discount, month=month
                ).tolist()

            yield check(f"gamma_gamma {key}", worth, want, 6e-5)
    fit = group.get("fit")
    if fit:

        def fitted() -> tuple[buying.GammaGamma, dict[str, float]]:
            people = [h for h in _histories(bench, fit["file"].split()[0], fit_until) if h.x]
            repeats, means = [h.x for h in people], [h.mean for h in people]
            found = buying.fit_gamma_gamma(repeats, means)
            total = float(found.log_likelihood(repeats, means).sum())
            return found, {"p": found.p, "q": found.q, "v": found.v, "LL": total}

        yield check("gamma_gamma fit", lambda: fitted()[1], {k: fit[k] for k in ("p", "q", "v", "LL")}, fit["tol"])
        if "hardie_sheet" in group:
            yield check(
                "gamma_gamma hardie_sheet",
                lambda: fitted()[0].expected(x, mean).tolist(),
                group["hardie_sheet"],
                0.0101,
            )


def clv_group(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    for want in group.get("simple", []):
        m, terms = want["m"], {"retention": want["r"], "discount": want["d"]}
        name = f"simple m={m} r={want['r']} d={want['d']}"
        for key, value in want.items():
            years = re.fullmatch(r"finite_(\d+)y", key)
            if key == "end_of_period_first_margin_after_renewal":
                yield check(f"{name} {key}", lambda m=m, t=terms: clv.clv_after_renewal(m, **t), value)
            elif key == "first_margin_now":
                yield check(f"{name} {key}", lambda m=m, t=terms: clv.clv_first_now(m, **t), value)
            elif years:
                yield check(
                    f"{name} {key}", lambda m=m, t=terms, n=int(years[1]): clv.clv_finite(m, **t, periods=n), value
                )
    bgnbd = group.get("bgnbd")
    if bgnbd:
        yield from _bgnbd(bgnbd, bench)
    if "gamma_gamma" in group:
        raw = group["gamma_gamma"].get("bgnbd_params") or (bgnbd or {})["params_used_below"]
        until = (bgnbd or {}).get("fit_from_raw", {}).get("calibration_end", "1997-09-30")
        yield from _gamma_gamma(group["gamma_gamma"], bench, _model(raw), until)
    contracts = group.get("sbg_contractual", {})
    for name, want in contracts.items():
        if not isinstance(want, dict):
            continue

        def fitted(want: dict[str, Any] = want) -> dict[str, float]:
            model = clv.fit_shifted_beta_geometric(want["survival"])
            ahead = {k: model.survival(int(k[1:])) for k in want if re.fullmatch(r"S\d+", k)}
            return {"alpha": model.alpha, "beta": model.beta, **ahead}

        figures = {k: v for k, v in want.items() if k not in ("survival", "published")}
        yield check(f"sbg {name}", fitted, figures, contracts.get("tol", 0.002))


def pr_tiers(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    people = [segmentation.Worth(c["id"], c["AV"], c["SV"]) for c in group["input"]]
    cuts = segmentation.tier_cuts(people)
    if "cuts" in group:
        got = cuts and {
            "av_p80": cuts.most_valuable_from,
            "gap_p80": cuts.most_growable_from,
            "eps_p10": cuts.migrator_under,
        }
        yield check("cuts", lambda: got, group["cuts"])
    found = segmentation.tiers(people)
    for key, want in group["expected"].items():
        yield check(key, lambda key=key: found[key], want)
