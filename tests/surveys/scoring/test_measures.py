"""Measures of a scorer against values worked out by hand or taken from textbooks."""

import pytest

from surveys.scoring.measures import auc, auc_interval, bootstrap, calibration_error, macro_f1, wilson


def test_auc_counts_pairs_in_order_and_ties_for_half() -> None:
    assert auc([True, True, False, False], [0.9, 0.8, 0.2, 0.1]) == 1.0
    assert auc([True, False, True, False], [0.9, 0.9, 0.5, 0.1]) == pytest.approx((0.5 + 1 + 0 + 1) / 4)
    assert auc([True, True], [0.1, 0.2]) is None


def test_an_auc_of_few_texts_is_uncertain() -> None:
    few, many = auc_interval(0.9, 10, 10), auc_interval(0.9, 1000, 1000)
    assert few[1] - few[0] > 5 * (many[1] - many[0])


def test_wilson_interval_of_ten_in_a_hundred() -> None:
    assert wilson(10, 100) == pytest.approx((0.0552, 0.1744), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_macro_f1_is_the_mean_over_classes() -> None:
    assert macro_f1([1, 1, 0, 0], [1, 0, 0, 0]) == pytest.approx((2 / 3 + 0.8) / 2)


def test_calibration_error_is_the_gap_between_said_and_seen() -> None:
    assert calibration_error([0.75] * 4, [True, True, True, False]) == pytest.approx(0.0)
    assert calibration_error([0.95] * 4, [False] * 4) == pytest.approx(0.95)
    assert calibration_error([], []) == 0.0


def test_a_bootstrap_repeats_itself() -> None:
    def mean(rows: object) -> float:
        assert isinstance(rows, list)
        return sum(rows) / len(rows)

    assert bootstrap(mean, 50) == bootstrap(mean, 50)
