"""Budgets and buckets, decided from numbers alone."""

from hypothesis import given
from hypothesis import strategies as st

from notifications.pacing import Bucket, Wish, paced, prefix_of, within_budgets

MOST = {"all": 10, "branch:BJ-01": 4}
wishes = st.lists(
    st.builds(
        Wish,
        id=st.integers(1, 10_000),
        segments=st.integers(1, 5),
        scopes=st.sets(st.sampled_from(["all", "branch:BJ-01", "branch:BJ-02"])).map(lambda s: tuple(sorted(s))),
    ),
    max_size=30,
    unique_by=lambda wish: wish.id,
)


def test_a_text_that_one_budget_refuses_uses_up_nothing_of_the_others() -> None:
    spent = within_budgets(
        [
            Wish(id=1, segments=3, scopes=("all", "branch:BJ-01")),
            Wish(id=2, segments=2, scopes=("all", "branch:BJ-01")),
        ],
        {},
        MOST,
    )
    assert (spent.admitted, dict(spent.over)) == ((1,), {2: "branch:BJ-01"})
    assert spent.used == {"all": 3, "branch:BJ-01": 3}


def test_an_alert_about_a_customer_counts_and_is_never_held_back() -> None:
    spent = within_budgets([Wish(id=1, segments=2, scopes=("all",), exempt=True)], {"all": 10}, MOST)
    assert (spent.admitted, spent.used["all"]) == ((1,), 12)


@given(wishes, st.integers(0, 12))
def test_no_budget_is_ever_overspent_and_nobody_is_lost(asked: list[Wish], before: int) -> None:
    spent = within_budgets(asked, {"all": before}, MOST)
    assert {*spent.admitted, *spent.over} == {wish.id for wish in asked}
    for scope, most in MOST.items():
        start = before if scope == "all" else 0
        assert spent.used.get(scope, 0) <= max(most, start)
        took = sum(w.segments for w in asked if w.id in spent.admitted and scope in w.scopes)
        assert spent.used.get(scope, 0) == start + took if took else True


def test_one_segment_a_second_lets_one_text_go_and_tells_the_others_when() -> None:
    told = paced([Wish(id=n, segments=1) for n in (1, 2, 3)], None, rate=1.0, now=100.0)
    assert told.admitted == (1,)
    assert dict(told.later) == {2: 1.0, 3: 2.0}
    again = paced([Wish(id=2, segments=1)], told.bucket, rate=1.0, now=101.0)
    assert again.admitted == (2,)


def test_a_text_longer_than_the_bucket_leaves_when_it_is_full_and_the_next_waits_for_it() -> None:
    long = paced([Wish(id=1, segments=5)], Bucket(2.0, 100.0), rate=2.0, now=100.0)
    assert long.admitted == (1,)
    after = paced([Wish(id=2, segments=1)], long.bucket, rate=2.0, now=101.0)
    assert (after.admitted, dict(after.later)) == ((), {2: 1.0})


@given(st.lists(st.tuples(st.integers(1, 4), st.floats(0, 3)), max_size=60), st.floats(0.5, 20))
def test_over_any_time_no_more_leaves_than_the_rate_and_one_bucket(
    arrivals: list[tuple[int, float]], rate: float
) -> None:
    now, bucket, left = 0.0, None, 0
    for number, (segments, pause) in enumerate(arrivals):
        now += pause
        told = paced([Wish(id=number, segments=segments)], bucket, rate=rate, now=now)
        bucket = told.bucket
        left += segments if told.admitted else 0
    assert left <= max(rate, 1.0) + rate * now + 4


def test_the_longest_prefix_counts() -> None:
    assert prefix_of("+861012345678", ["+86", "+8610", "+1"]) == "+8610"
    assert prefix_of("+4420", ["+86"]) is None
