"""Which of several programmes of one moment asks: checked against every visit there can be in a small company."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from surveys.invitations.overlap import Reach, covers, lost_to, place_for

TREE = {1: None, 2: 1, 3: 1, 4: 2, 5: 2, 6: 3}  # a company, two regions, three branches
BRANCHES, TIERS = (4, 5, 6), (None, "A", "B")


def within(place: int | None) -> frozenset[int]:
    found: set[int] = set()
    while place is not None:
        found.add(place)
        place = TREE[place]
    return frozenset(found)


def fits(one: Reach, branch: int, tier: str | None) -> bool:
    return (one.place is None or one.place in within(branch)) and (one.segment is None or one.segment == tier)


@st.composite
def orders(draw: st.DrawFn) -> list[Reach]:
    count = draw(st.integers(1, 5))
    return [
        Reach(
            programme_id=number,
            place=(place := draw(st.sampled_from([None, *TREE]))),
            within=within(place),
            segment=draw(st.sampled_from(TIERS)),
            asks=draw(st.booleans()),
        )
        for number in range(count)
    ]


@given(orders())
def test_what_is_lost_is_what_the_earlier_one_asks(order: list[Reach]) -> None:
    *earlier, one = order
    told = {lost.to: lost for lost in lost_to(earlier, one)}
    for other in earlier:
        both = [
            (branch, tier)
            for branch, tier in product(BRANCHES, TIERS)
            if other.asks and fits(other, branch, tier) and fits(one, branch, tier)
        ]
        assert (other.programme_id in told) == bool(both)
        if both:
            lost = told[other.programme_id]
            named = Reach(programme_id=-1, place=lost.place, within=within(lost.place), segment=lost.segment, asks=True)
            assert both == [pair for pair in product(BRANCHES, TIERS) if fits(named, *pair)]


@given(orders())
def test_a_new_one_is_put_where_a_wider_one_does_not_take_all_of_it(order: list[Reach]) -> None:
    *others, new = order
    before = others[: place_for(others, new)]
    assert not any(covers(other, new) and not covers(new, other) for other in before)
