"""Reference figures about answers: scores, intervals, comparisons, shrinkage, rates, weights, suppression."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.insights import comparisons, intervals, metrics, shrinkage, suppression, weighting
from app.insights.metrics import NpsCounts, Share
from tests.oracles import TOLERANCE, Bench, Check, Outcome, check


def _pair(interval: intervals.Interval) -> list[float]:
    return [interval.low, interval.high]


def _counts(raw: dict[str, int]) -> dict[int, int]:
    return {int(key): value for key, value in raw.items()}


def nps(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    for want in group["expected"]:
        c = NpsCounts(want["P"], want["N"], want["D"])
        name = f"{c.promoters}/{c.passives}/{c.detractors}"
        yield check(f"{name} nps", lambda c=c: {"n": c.n, "nps": metrics.nps(c)}, {"n": want["n"], "nps": want["nps"]})
        asked: dict[str, Any] = {
            "var_single": lambda c=c: metrics.nps_variance(c),
            "se_pts": lambda c=c: 100 * (metrics.nps_variance(c) / c.n) ** 0.5,
            "wald": lambda c=c: _pair(intervals.nps_wald(c)),
            "t": lambda c=c: _pair(intervals.nps_t(c)),
            "adj_wald": lambda c=c: {
                "center": intervals.nps_adjusted_wald(c).value,
                "ci": _pair(intervals.nps_adjusted_wald(c).interval),
            },
            "score_tango": lambda c=c: _pair(intervals.nps_score(c)),
        }
        for key, ask in asked.items():
            if key in want:
                yield check(f"{name} {key}", ask, want[key])
        if "bootstrap_percentile_exact_limit" in want:
            yield check(
                f"{name} bootstrap",
                lambda c=c: _pair(intervals.nps_bootstrap(c)),
                want["bootstrap_percentile_exact_limit"],
                group.get("bootstrap_tol_pts", 1.5),
            )


def csat(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    methods = {
        "wilson": intervals.wilson,
        "wald": intervals.wald,
        "agresti_coull": intervals.agresti_coull,
        "jeffreys": intervals.jeffreys,
        "clopper_pearson": intervals.clopper_pearson,
    }
    for want in group["expected"]:
        s = Share(want["x"], want["n"])
        yield check(f"{s.x}/{s.n} p", lambda s=s: s.value, want["p"])
        for key, method in methods.items():
            if key in want:
                yield check(f"{s.x}/{s.n} {key}", lambda s=s, m=method: _pair(m(s)), want[key])
    ratings = group.get("from_ratings")
    if ratings:
        counts = _counts(ratings["counts"])

        def described() -> dict[str, Any]:
            spread = metrics.rating_spread(counts)
            assert spread is not None
            return {
                "mean": spread.mean,
                "sd": spread.sd,
                "top2": metrics.csat(counts).value,
                "bottom2": metrics.bottom_box(counts, highest=2).value,
                "t_ci_mean": _pair(intervals.mean_t(spread)),
            }

        yield check("from_ratings", described, {k: v for k, v in ratings.items() if k != "counts"})


def ces(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    counts = _counts(group["counts"])

    def described() -> dict[str, Any]:
        spread = metrics.rating_spread(counts)
        assert spread is not None
        share = metrics.ces(counts)
        return {
            "mean": spread.mean,
            "top3": share.value,
            "wilson_top3": _pair(intervals.wilson(share)),
            "t_ci_mean": _pair(intervals.mean_t(spread)),
        }

    for key, value in group.items():
        if key not in ("definition", "counts"):
            yield check(key, lambda key=key: described()[key], value)


def two_proportions(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    for want in group["expected"]:
        one, two = Share(want["x1"], want["n1"]), Share(want["x2"], want["n2"])
        asked: dict[str, Any] = {
            "diff": lambda a=one, b=two: comparisons.difference(a, b),
            "z_pooled": lambda a=one, b=two: comparisons.z_pooled(a, b),
            "p_pooled": lambda a=one, b=two: intervals.two_sided_p(comparisons.z_pooled(a, b)),
            "z_N1": lambda a=one, b=two: comparisons.z_n_minus_1(a, b),
            "p_N1": lambda a=one, b=two: intervals.two_sided_p(comparisons.z_n_minus_1(a, b)),
            "z_unpooled": lambda a=one, b=two: comparisons.z_unpooled(a, b),
            "newcombe": lambda a=one, b=two: _pair(comparisons.newcombe(a, b)),
            "agresti_caffo": lambda a=one, b=two: _pair(comparisons.agresti_caffo(a, b)),
            "score_MN": lambda a=one, b=two: _pair(comparisons.miettinen_nurminen(a, b)),
            "fisher_p": lambda a=one, b=two: comparisons.fisher_p(a, b),
        }
        for key, ask in asked.items():
            if key in want:
                yield check(f"{one.x}/{one.n} {two.x}/{two.n} {key}", ask, want[key])


def nps_difference(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    for want in group["expected"]:
        now, before = NpsCounts(*want["cur"]), NpsCounts(*want["prev"])

        def compared(now: NpsCounts = now, before: NpsCounts = before) -> dict[str, Any]:
            plain, adjusted = comparisons.nps_change(now, before), comparisons.nps_change_adjusted(now, before)
            return {
                "diff_pts": plain.points,
                "se_pts": plain.se,
                "z": plain.z,
                "p": plain.p,
                "ci_pts": _pair(plain.interval),
                "adj_diff_pts": adjusted.points,
                "adj_se_pts": adjusted.se,
                "adj_z": adjusted.z,
                "adj_p": adjusted.p,
                "adj_ci_pts": _pair(adjusted.interval),
            }

        yield check(
            f"{want['cur']} {want['prev']}", compared, {k: v for k, v in want.items() if k not in ("cur", "prev")}
        )


def nps_sample_size(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    for margin, row in group.items():
        for spread, want in row.items():
            yield check(
                f"{margin} {spread}",
                lambda m=margin, v=spread: comparisons.nps_answers_needed(float(m[4:]), variance=float(v[2:])),
                want,
            )


def nps_mde(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    for size, row in group.items():
        found = re.search(r"n_(\d+)", size)
        assert found
        for spread, want in row.items():
            yield check(
                f"{size} {spread}",
                lambda n=int(found[1]), v=spread: comparisons.nps_smallest_change(n, n, variance=float(v[2:])),
                want,
                6e-4,
            )


def multiple_testing(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    methods = {
        "bh": comparisons.Correction.BENJAMINI_HOCHBERG,
        "by": comparisons.Correction.BENJAMINI_YEKUTIELI,
        "holm": comparisons.Correction.HOLM,
        "bonferroni": comparisons.Correction.BONFERRONI,
    }
    for label, part in (("", group), *((k + " ", v) for k, v in group.items() if isinstance(v, dict))):
        for key, want in part.items():
            word, _, what = key.partition("_")
            if word not in methods:
                continue

            def found(p: list[float] = part["p"], word: str = word, what: str = what) -> list[Any]:
                values = comparisons.adjusted_p(p, method=methods[word])
                return [v <= 0.05 for v in values] if what == "reject" else values

            yield check(f"{label}{key}", found, want)


def eb_beta_binomial(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    shares, tolerance = [Share(x, n) for x, n in zip(group["x"], group["n"], strict=True)], group.get("tol", TOLERANCE)
    mle = group["mle"]
    prior = shrinkage.fit_beta_prior(shares)
    loose = mle.get("tol_params", 0.01)
    yield check(
        "mle parameters",
        lambda: {"alpha": prior.alpha, "beta": prior.beta, "strength": prior.strength},
        {k: mle[k] for k in ("alpha", "beta", "strength") if k in mle},
        loose,
    )
    yield check("mle mean", lambda: prior.mean, mle["mean"], tolerance)
    if "negloglik" in mle:
        yield check(
            "mle negloglik", lambda: shrinkage.negative_log_likelihood(prior, shares), mle["negloglik"], tolerance
        )
    if "moments" in group:
        found = shrinkage.moment_beta_prior(shares)
        got = {
            "mean": found.mean,
            "rho": found.rho,
            "alpha": found.prior and found.prior.alpha,
            "beta": found.prior and found.prior.beta,
        }
        yield check("moments", lambda: got, {k: v for k, v in group["moments"].items() if k != "formula"}, tolerance)
    shrunk = [shrinkage.shrink_share(s, prior) for s in shares]
    for s, one, want in zip(shares, shrunk, group["expected"], strict=True):
        each: dict[str, Any] = {
            "x": s.x,
            "n": s.n,
            "raw": one.raw,
            "eb": one.value,
            "weight": one.weight,
            "ci95": _pair(one.interval),
            "p_below_overall": one.p_below,
        }
        yield check(f"{s.x}/{s.n}", lambda each=each: each, want, tolerance)
    ranks = {
        "rank_raw": sorted(range(len(shares)), key=lambda i: -(shares[i].value or 0)),
        "rank_eb": sorted(range(len(shares)), key=lambda i: -shrunk[i].value),
    }
    for key, order in ranks.items():
        if key in group:
            yield check(key, lambda order=order: order, group[key])


def eb_nps(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    branches = [NpsCounts(p, n - p - d, d) for p, d, n in zip(group["P"], group["D"], group["n"], strict=True)]
    field = shrinkage.shrink_nps(branches)
    got: dict[str, Any] = {
        "raw_pts": [metrics.nps(b) for b in branches],
        "adj_pts": [b.adjusted for b in field.branches],
        "adj_se_pts": [b.se for b in field.branches],
        "Q": field.q,
        "tau2": (field.tau / 100) ** 2,
        "tau_pts": field.tau,
        "mu_pts": field.mean,
        "weight": [b.weight for b in field.branches],
        "shrunk_pts": [b.value for b in field.branches],
        "shrunk_sd_pts": [b.sd for b in field.branches],
    }
    for key, value in got.items():
        if key in group:
            yield check(key, lambda value=value: value, group[key], group.get("tol", TOLERANCE))


def response_rates(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    for case in group.get("aapor", []):
        d = metrics.Dispositions(case["I"], case["P"], case["R"], case["NC"], case["O"], case["UH"], case["UO"])
        for key, want in case.items():
            if key.startswith(("RR", "COOP")):
                yield check(
                    f"aapor {key}", lambda d=d, k=key, e=case["e"]: metrics.aapor_rates(d, eligible_share=e)[k], want
                )
    funnel = group.get("sms_funnel")
    if funnel:
        counts = {k: funnel[k] for k in ("invited", "delivered", "started", "completed", "opted_out")}
        for key, want in funnel.items():
            if "rate" in key:
                yield check(f"sms_funnel {key}", lambda k=key: metrics.funnel_rates(**counts)[k], want)


def weighting_group(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    case = group.get("poststrat")
    if case:

        def weighted() -> dict[str, Any]:
            w = weighting.post_stratify(case["population"], case["respondents"], case["csat"])
            return {
                "weights": w.weights,
                "unweighted": w.unweighted,
                "weighted": w.weighted,
                "kish_neff": w.effective_n,
                "deff": w.design_effect,
                "se_weighted": w.se,
            }

        for key in ("weights", "unweighted", "weighted", "kish_neff", "deff", "se_weighted"):
            if key in case:
                yield check(f"poststrat {key}", lambda k=key: weighted()[k], case[key])
    case_two = group.get("raking")
    if case_two:

        def raked() -> dict[str, Any]:
            r = weighting.rake(case_two["sample"], rows=case_two["row_margin"], columns=case_two["col_margin"])
            return {"result": r.table, "weights": r.weights}

        for key in ("result", "weights"):
            if key in case_two:
                yield check(f"raking {key}", lambda k=key: raked()[k], case_two[key])
        if "iterations_to_1e_10" in case_two:
            yield Check("raking iterations_to_1e_10", Outcome.SKIPPED, "depends on where the loop looks; not a figure")


def suppression_group(group: dict[str, Any], bench: Bench) -> Iterator[Check]:
    for case in group["cases"]:
        cells = suppression.showing(case["n"], parent=case["parent"])
        yield check(f"{case['n']} shown", lambda cells=cells: [c.shown for c in cells], case["shown"])
        if "ranked" in case:
            yield check(f"{case['n']} ranked", lambda cells=cells: [c.ranked for c in cells], case["ranked"])
