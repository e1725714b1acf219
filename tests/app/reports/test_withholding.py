"""Which places stay hidden in a tree of reports, and that no subtraction between reports brings one back."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reports.withholding import withheld

BANK = {
    "HB": None,
    "NORTH": "HB",
    "SOUTH": "HB",
    **dict.fromkeys(("BJ-01", "BJ-02", "BJ-03"), "NORTH"),
    **dict.fromkeys(("BJ-04", "BJ-05", "BJ-06"), "SOUTH"),
}


def test_where_all_are_large_nothing_is_hidden() -> None:
    assert withheld(BANK, {"BJ-01": 20, "BJ-02": 15, "BJ-03": 30, "BJ-04": 12, "BJ-05": 40, "BJ-06": 10}) == ()


def test_a_small_branch_takes_the_next_smallest_of_its_own_region_with_it() -> None:
    # BJ-02 is the smallest that could be shown in the whole bank, and would protect nobody in the south
    sizes = {"BJ-01": 20, "BJ-02": 11, "BJ-03": 30, "BJ-04": 5, "BJ-05": 40, "BJ-06": 18}
    assert withheld(BANK, sizes) == ("BJ-04", "BJ-06")


def test_two_small_branches_hide_each_other() -> None:
    sizes = {"BJ-01": 20, "BJ-02": 15, "BJ-03": 30, "BJ-04": 5, "BJ-05": 7, "BJ-06": 18}
    assert withheld(BANK, sizes) == ("BJ-04", "BJ-05")


def test_in_a_region_of_two_branches_the_other_one_is_hidden_too() -> None:
    assert withheld(BANK, {"BJ-01": 20, "BJ-02": 15, "BJ-03": 30, "BJ-04": 5, "BJ-05": 40}) == ("BJ-04", "BJ-05")


def test_a_region_hidden_for_another_one_is_not_the_sum_of_what_its_branches_show() -> None:
    sizes = {"BJ-01": 3, "BJ-02": 4, "BJ-04": 25, "BJ-05": 40, "BJ-06": 18}
    assert withheld(BANK, sizes) == ("BJ-01", "BJ-02", "BJ-06", "NORTH", "SOUTH")


def test_a_branch_nobody_answered_from_hides_nobody() -> None:
    assert withheld(BANK, {"BJ-01": 20, "BJ-02": 15}) == ()


def test_a_company_with_a_few_answers_shows_none_of_them() -> None:
    assert withheld(BANK, {"BJ-01": 2, "BJ-04": 3}) == ("BJ-01", "BJ-04", "HB", "NORTH", "SOUTH")


def test_answers_about_the_region_itself_are_protected_like_a_branch_of_their_own() -> None:
    assert withheld(BANK, {"NORTH": 4, "BJ-01": 20, "BJ-02": 15, "BJ-04": 30}) == ("BJ-02",)


counts = st.one_of(st.just(0), st.integers(1, 12), st.integers(8, 60))


@st.composite
def trees(draw: st.DrawFn) -> tuple[dict[str, str | None], dict[str, int]]:
    """A company, its regions, their branches, and answers anywhere."""
    parents: dict[str, str | None] = {"HB": None}
    for region in range(draw(st.integers(1, 3))):
        parents[f"R{region}"] = "HB"
        parents.update({f"R{region}B{branch}": f"R{region}" for branch in range(draw(st.integers(0, 4)))})
    leaves = [code for code in parents if code not in parents.values()]
    sizes = {code: draw(counts) for code in leaves}
    if draw(st.booleans()):
        sizes |= {code: draw(counts) for code in parents if code not in leaves}
    return parents, sizes


@settings(max_examples=400, deadline=None)
@given(trees())
def test_whatever_the_tree_no_small_place_can_be_worked_out_from_all_that_is_shown(
    tree: tuple[dict[str, str | None], dict[str, int]],
) -> None:
    parents, sizes = tree
    hidden = withheld(parents, sizes)
    # what is unknown: the answers given at each place itself; what is known: the sums of the places that are shown
    unknown = [code for code, n in sizes.items() if n]

    def below(code: str) -> set[str]:
        return {code}.union(*(below(child) for child, above in parents.items() if above == code))

    rows = {code: [float(one in below(code)) for one in unknown] for code in parents}
    totals = {code: sum(sizes.get(one, 0) for one in below(code)) for code in parents}
    shown = [rows[code] for code in parents if totals[code] and code not in hidden]
    known = np.linalg.matrix_rank(np.array(shown)) if shown and unknown else 0
    for code in parents:
        if 0 < totals[code] < 10:
            assert code in hidden
            assert np.linalg.matrix_rank(np.array([*shown, rows[code]])) > known, code
