"""Chance is fair, and the same tomorrow."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.invitations.sampling import sampled, share


def test_the_draw_never_changes() -> None:
    assert share("core:T-1001") == pytest.approx(0.8724444619747674, abs=1e-9)
    assert [sampled(f"event-{n}", rate=0.5) for n in range(8)] == [sampled(f"event-{n}", rate=0.5) for n in range(8)]


@given(st.text())
def test_nobody_at_nought_and_everybody_at_one(key: str) -> None:
    assert not sampled(key, rate=0)
    assert sampled(key, rate=1)


@given(st.text(), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_rate_keeps_whom_a_lower_one_picked(key: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert sampled(key, rate=high) or not sampled(key, rate=low)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_the_share_picked_is_the_rate(rate: float) -> None:
    picked = sum(sampled(f"event-{number}", rate=rate) for number in range(20_000))
    assert abs(picked - 20_000 * rate) < 5 * math.sqrt(20_000 * rate * (1 - rate))


@pytest.mark.parametrize("rate", [-0.1, 1.1, math.nan, math.inf])
def test_a_rate_that_is_no_share_is_misuse(rate: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        sampled("x", rate=rate)
