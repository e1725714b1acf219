"""Who is called first, and that nobody is forgotten for being worth little."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.queue import WaitingCase, value_at_risk, work_queue


def test_most_calls_go_where_most_value_is_at_risk_and_the_rest_where_the_need_is_greatest() -> None:
    rich = WaitingCase("rich", 12000, 0.2, 2)
    steady = WaitingCase("steady", 20000, 0.06, 4)
    growing = WaitingCase("growing", 1500, 0.3, 3)
    modest = WaitingCase("modest", 700, 0.6, 0)
    costly = WaitingCase("costly", -80, 0.7, 0)
    plain = WaitingCase("plain", 600, 0.55, 1)
    queue = work_queue([costly, plain, growing, rich, modest, steady], capacity=5)
    assert [case.id for case in queue.by_value] == ["rich", "steady", "growing", "modest"]
    assert [case.id for case in queue.by_need] == ["costly"]


def test_a_customer_below_zero_risks_nothing_but_is_still_reached() -> None:
    below = WaitingCase("below", -500, 0.9, 1)
    assert value_at_risk(below) == 0
    worthy = [WaitingCase(f"w{i}", 1000, 0.1, 5) for i in range(20)]
    assert work_queue([below, *worthy], capacity=10).by_need[0] is below


def test_ties_go_to_the_lower_rating_then_to_the_id() -> None:
    cases = [WaitingCase("b", 100, 0.5, 3), WaitingCase("a", 100, 0.5, 3), WaitingCase("c", 100, 0.5, 1)]
    assert [case.id for case in work_queue(cases, capacity=3, value_share=1).by_value] == ["c", "a", "b"]


def test_a_complaint_without_a_rating_is_not_thought_better_than_a_nought() -> None:
    cases = [WaitingCase("a", 100, 0.5, 0), WaitingCase("letter", 100, 0.5, None)]
    assert work_queue(cases, capacity=1, value_share=1).by_value[0].id == "letter"


@pytest.mark.parametrize(("capacity", "by_value"), [(0, 0), (1, 1), (3, 2), (5, 4), (10, 7), (35, 25)])
def test_seven_tenths_halves_rounded_up(capacity: int, by_value: int) -> None:
    cases = [WaitingCase(f"{i:03}", i, 0.1) for i in range(60)]
    queue = work_queue(cases, capacity=capacity)
    assert (len(queue.by_value), len(queue.by_need)) == (by_value, capacity - by_value)


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1), st.none() | st.integers(0, 10)), max_size=40),
    st.integers(0, 50),
)
def test_nobody_is_called_twice_and_no_call_is_left_over(
    people: list[tuple[float, float, int | None]], capacity: int
) -> None:
    cases = [WaitingCase(str(i), *person) for i, person in enumerate(people)]
    queue = work_queue(cases, capacity=capacity)
    called = [case.id for case in (*queue.by_value, *queue.by_need)]
    assert len(called) == len(set(called)) == min(capacity, len(cases))


def test_a_capacity_below_nought_is_misuse() -> None:
    with pytest.raises(ValueError, match="capacity"):
        work_queue([], capacity=-1)
