"""Scores, their intervals and their comparison: what holds for any counts, beyond the reference figures."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.insights import comparisons, intervals, metrics
from app.insights.intervals import Interval
from app.insights.metrics import NpsCounts, Share

counts = st.builds(NpsCounts, st.integers(0, 60), st.integers(0, 60), st.integers(0, 60)).filter(lambda c: c.n > 0)
shares = st.integers(1, 80).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))


def mirrored(c: NpsCounts) -> NpsCounts:
    return NpsCounts(c.detractors, c.passives, c.promoters)


@given(counts)
def test_every_interval_of_nps_is_the_mirror_of_its_mirror(c: NpsCounts) -> None:
    for method in (intervals.nps_wald, intervals.nps_score):
        here, there = method(c), method(mirrored(c))
        assert here.low == pytest.approx(-there.high, abs=1e-6)
        assert here.low - 1e-6 <= (metrics.nps(c) or 0) <= here.high + 1e-6


@given(counts)
def test_the_shown_interval_holds_the_shown_score(c: NpsCounts) -> None:
    shown = intervals.nps_adjusted_wald(c).interval.clipped(-100, 100)
    score = metrics.nps(c)
    assert score is not None
    assert shown.low < shown.high
    if c.n >= 10:
        assert shown.low <= score <= shown.high


@given(shares)
def test_wilson_stays_inside_nought_and_one_and_holds_the_share(share: Share) -> None:
    shown = intervals.wilson(share)
    assert 0 <= shown.low <= (share.value or 0) <= shown.high <= 1


@given(shares, shares)
def test_a_difference_turned_round_is_its_mirror(one: Share, two: Share) -> None:
    for method in (comparisons.newcombe, comparisons.agresti_caffo, comparisons.miettinen_nurminen):
        here, there = method(one, two), method(two, one)
        assert here.low == pytest.approx(-there.high, abs=1e-6)
    assert 0 < comparisons.fisher_p(one, two) <= 1
    assert comparisons.fisher_p(one, two) == comparisons.fisher_p(two, one)


def test_a_week_compared_with_itself_has_not_moved() -> None:
    same = comparisons.nps_change_adjusted(NpsCounts(9, 5, 6), NpsCounts(9, 5, 6))
    assert same.points == 0
    assert same.p == pytest.approx(1)
    assert comparisons.proportions_p(Share(0, 12), Share(0, 30)) == 1


def test_few_answers_are_compared_exactly() -> None:
    few = Share(1, 8), Share(6, 8)
    assert comparisons.proportions_p(*few) == comparisons.fisher_p(*few)
    many = Share(150, 200), Share(172, 210)
    assert comparisons.proportions_p(*many) == intervals.two_sided_p(comparisons.z_n_minus_1(*many))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_allowing_for_many_never_makes_a_finding_stronger(p_values: list[float]) -> None:
    for method in comparisons.Correction:
        adjusted = comparisons.adjusted_p(p_values, method=method)
        assert all(a >= p for a, p in zip(adjusted, p_values, strict=True))
        assert all(0 <= a <= 1 for a in adjusted)


def test_fifty_answers_a_week_show_only_a_move_of_about_45_points() -> None:
    assert round(comparisons.nps_smallest_change(50, 50, variance=0.64)) == 45


def test_no_answers_are_no_score_and_asking_for_an_interval_is_misuse() -> None:
    nobody = NpsCounts()
    assert metrics.nps(nobody) is None
    assert Share(0, 0).value is None
    for ask in (intervals.nps_wald, intervals.nps_score, intervals.nps_t):
        with pytest.raises(ValueError, match="answer"):
            ask(nobody)
    with pytest.raises(ValueError, match="answer"):
        intervals.wilson(Share(0, 0))
    with pytest.raises(ValueError, match="answers in both weeks"):
        comparisons.nps_change(nobody, NpsCounts(1, 1, 1))


def test_counts_below_nought_and_parts_larger_than_the_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="never negative"):
        NpsCounts(-1, 0, 0)
    with pytest.raises(ValueError, match="0 <= x <= n"):
        Share(5, 4)


def test_top_boxes_count_the_end_of_each_scale() -> None:
    assert metrics.csat({5: 3, 4: 2, 3: 1, 1: 4}) == Share(5, 10)
    assert metrics.ces({7: 1, 5: 1, 4: 1}) == Share(2, 3)
    assert metrics.rating_spread({}) is None


def test_an_interval_is_clipped_to_its_scale_for_showing() -> None:
    assert Interval(-12.0, 106.3).clipped(-100, 100) == Interval(-12.0, 100)


def test_response_rates_without_anybody_are_unknown_not_nought() -> None:
    nothing = metrics.funnel_rates(invited=0, delivered=0, started=0, completed=0, opted_out=0)
    assert set(nothing.values()) == {None}


def test_showing_a_score_loads_neither_numpy_nor_scipy() -> None:
    lines = [
        "import sys",
        "from app.insights import comparisons, intervals, metrics, suppression, shrinkage, churn, segmentation",
        "from app.insights.metrics import NpsCounts, Share",
        "intervals.nps_adjusted_wald(NpsCounts(9, 5, 6)); intervals.wilson(Share(3, 9))",
        "comparisons.nps_change_adjusted(NpsCounts(9, 5, 6), NpsCounts(5, 5, 9))",
        "shrinkage.shrink_nps([NpsCounts(9, 5, 6), NpsCounts(5, 5, 9)])",
        "churn.churn_risk({'detractor': 1})",
        "sys.exit(int(bool({'numpy', 'scipy'} & set(sys.modules))))",
    ]
    assert subprocess.run([sys.executable, "-c", "\n".join(lines)], check=False).returncode == 0
