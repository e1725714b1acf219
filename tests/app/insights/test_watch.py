"""What is shown of few people, what is compared fairly, and what raises a hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.insights import control, drivers, shrinkage, weighting
from app.insights.metrics import NpsCounts, Share
from app.insights.suppression import showing


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_a_hidden_branch_can_never_be_worked_out_from_the_rest(sizes: list[int]) -> None:
    cells = showing(sizes, parent=sum(sizes))
    assert all(not cell.shown for cell in cells if cell.n < 10)
    if sum(sizes) >= 10 and len(sizes) > 1:
        assert [cell.shown for cell in cells].count(False) != 1


def test_ten_to_twenty_nine_are_shown_and_not_compared() -> None:
    [few, many] = showing([12, 30], parent=42)
    assert (few.shown, few.few, few.ranked) == (True, True, False)
    assert (many.shown, many.few, many.ranked) == (True, False, True)


def test_shrinkage_draws_a_small_branch_to_the_middle_and_leaves_a_large_one() -> None:
    field = shrinkage.shrink_nps([NpsCounts(9, 1, 0), NpsCounts(300, 100, 100), NpsCounts(200, 100, 200)])
    small, large, _ = field.branches
    assert abs(small.value - field.mean) < abs(small.adjusted - field.mean)
    assert small.weight < large.weight


def test_branches_that_do_not_differ_are_all_the_same() -> None:
    field = shrinkage.shrink_nps([NpsCounts(20, 10, 10)] * 4)
    assert field.tau == 0
    assert {round(b.value, 6) for b in field.branches} == {round(field.mean, 6)}


def test_moments_without_spread_make_no_prior() -> None:
    assert shrinkage.moment_beta_prior([Share(5, 10)] * 5).prior is None


def test_a_steady_fall_is_heard_by_the_cusum_and_chance_is_not() -> None:
    assert not any(step.signal for step in control.cusum([0.4, -0.6, 0.2, 0.5, -0.1] * 6))
    assert any(step.signal for step in control.cusum([1.5] * 6, limit=control.CUSUM_LIMIT_REGION))


def test_a_branch_is_given_more_rope_than_a_region() -> None:
    region = control.cusum_run_length(0, reference=0.5, limit=control.CUSUM_LIMIT_REGION)
    branch = control.cusum_run_length(0, reference=0.5, limit=control.CUSUM_LIMIT_BRANCH)
    assert branch > 5 * region


def test_a_chart_without_answers_is_misuse() -> None:
    with pytest.raises(ValueError, match="answers"):
        control.p_chart([0], [0], baseline_periods=1)


def test_the_parts_of_explained_variance_add_up_to_the_whole() -> None:
    one, two = [1.0, 2, 3, 4, 5, 6, 7, 8], [2.0, 1, 4, 3, 6, 5, 8, 7]
    found = drivers.key_drivers([one, two], [1.0, 3, 2, 5, 4, 7, 6, 8])
    assert sum(found.importance) == pytest.approx(found.r2)
    assert sum(found.share) == pytest.approx(1)


def test_weights_that_are_all_one_change_nothing() -> None:
    same = weighting.post_stratify({"a": 50, "b": 50}, {"a": 10, "b": 10}, {"a": 0.4, "b": 0.6})
    assert same.weighted == pytest.approx(same.unweighted)
    assert same.effective_n == pytest.approx(20)


def test_a_stratum_nobody_answered_from_is_named() -> None:
    with pytest.raises(ValueError, match="MVC"):
        weighting.post_stratify({"MVC": 5, "STD": 50}, {"STD": 10}, {"STD": 0.4})


def test_trimmed_weights_keep_their_mean() -> None:
    sizes = {"a": 5, "b": 100}
    held = weighting.trimmed({"a": 9.0, "b": 0.6}, sizes)
    mean = sum(held[h] * sizes[h] for h in sizes) / 105
    assert mean == pytest.approx((45 + 60) / 105)
    assert held["a"] < 9


def test_raking_meets_both_margins() -> None:
    raked = weighting.rake([[3, 1], [2, 4]], rows=[6, 4], columns=[5, 5])
    assert [sum(line) for line in raked.table] == pytest.approx([6, 4])
    assert [sum(column) for column in zip(*raked.table, strict=True)] == pytest.approx([5, 5])
