"""What a week may honestly be called, and what must stay unsaid of few people."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.insights.metrics import NpsCounts
from app.reports.figures import (
    Awaited,
    BranchFigures,
    CaseFigures,
    Funnel,
    Overdue,
    Recovery,
    Verbatim,
    WeekFigures,
    figures_from_json,
    in_language,
)
from app.reports.measures import Verdict
from app.reports.telling import tell
from app.reports.verbatims import Role
from app.reports.weekly import Band, Report, build
from tests.app.reports.weeks import AIRPORT, CENTRAL, EAST_GATE, MONDAY, NORTH_QUAY, branch, region


def report(figures: WeekFigures | None = None) -> Report:
    return build(figures or region(), now=MONDAY)


def of(found: Report, name: str) -> Verdict:
    return next(b.nps.verdict for b in found.branches if b.names["en"] == name)


def test_the_one_branch_that_moved_is_the_sentence_of_the_week() -> None:
    found = report()
    assert tell(found, language="en").headline == "Airport is better. No other branch moved more than chance would."
    assert tell(found, language="zh-Hans").headline == "机场支行比上周好。其余网点属正常波动。"


def test_a_fall_within_chance_is_no_news_and_says_what_could_have_been_seen() -> None:
    found = report()
    assert of(found, "Central") is Verdict.NO_REAL_CHANGE
    central = next(b for b in tell(found, language="en").branches if b.name == "Central")
    assert central.verdict.text == (
        "No real change. A fall of 10 is well within chance; only a move of about 40 would have shown."
    )


def test_under_thirty_answers_a_move_within_chance_is_too_early_to_call_either_way() -> None:
    assert of(report(), "Riverside") is Verdict.TOO_EARLY


def test_a_landslide_is_news_even_with_few_answers() -> None:
    fallen = BranchFigures("X", {"en": "Pier"}, NpsCounts(1, 3, 20), NpsCounts(18, 4, 2))
    found = report(region(branches=(fallen, BranchFigures("Y", CENTRAL, NpsCounts(20, 20, 20), NpsCounts(20, 20, 20)))))
    assert of(found, "Pier") is Verdict.WORSE
    assert tell(found, language="en").headline.startswith("Pier is worse.")


def test_one_branch_in_many_that_moves_by_chance_is_not_called_better() -> None:
    lucky = BranchFigures("L", {"en": "Lucky"}, NpsCounts(40, 20, 12), NpsCounts(28, 22, 22))
    alone = report(region(branches=(lucky,)))
    steady = tuple(
        BranchFigures(f"S{i}", {"en": f"Steady {i}"}, NpsCounts(30, 20, 20), NpsCounts(30, 20, 20)) for i in range(12)
    )
    among_many = report(region(branches=(lucky, *steady)))
    assert of(alone, "Lucky") is Verdict.BETTER
    assert of(among_many, "Lucky") is Verdict.NO_REAL_CHANGE


def test_a_small_branch_shows_its_count_and_nothing_else() -> None:
    gate = next(b for b in report().branches if b.names == EAST_GATE)
    assert (gate.nps.n, gate.nps.score, gate.nps.last, gate.csat, gate.band) == (5, None, None, None, None)


def test_the_only_small_branch_takes_the_next_smallest_into_hiding_with_it() -> None:
    small = BranchFigures("A", {"en": "Aa"}, NpsCounts(2, 2, 2), NpsCounts(9, 9, 9))
    next_one = BranchFigures("B", {"en": "Bb"}, NpsCounts(6, 4, 4), NpsCounts(9, 9, 9))
    large = BranchFigures("C", {"en": "Cc"}, NpsCounts(40, 20, 20), NpsCounts(40, 20, 20))
    found = {b.code: b for b in report(region(branches=(small, next_one, large))).branches}
    assert [found[c].nps.score is None for c in "ABC"] == [True, True, False]
    assert [found[c].nps.verdict is Verdict.WITHHELD for c in "ABC"] == [False, True, False]
    told = {name: line.text for name, line in ((b.name, b.verdict) for b in tell(report(
        region(branches=(small, next_one, large))), language="en").branches)}  # fmt: skip
    assert told["Bb"].startswith("Not shown. 14 answers.")


def test_a_branch_nobody_answered_from_does_not_uncover_another() -> None:
    empty = BranchFigures("E", {"en": "Empty"})
    small = BranchFigures("S", {"en": "Small"}, NpsCounts(3, 3, 3))
    large = [BranchFigures(c, {"en": c}, NpsCounts(20, 20, 20), NpsCounts(20, 20, 20)) for c in ("L", "M")]
    found = report(region(branches=(empty, small, *large)))
    assert sum(b.nps.score is not None for b in found.branches) == 1


def test_comments_of_a_small_branch_are_not_shown_even_when_they_are_the_worst() -> None:
    found = report()
    assert "you will know who said this" not in str(found.chosen)
    assert (found.comments, found.comments_readable) == (13, 12)


def test_a_scope_under_ten_answers_shows_neither_score_nor_words() -> None:
    found = report(branch(nps=NpsCounts(3, 2, 1), nps_last=NpsCounts(3, 3, 3)))
    assert found.nps.score is None
    assert found.chosen == ()
    told = tell(found, language="en")
    assert told.headline == "Too few answers this week to show a score."
    assert "shown where there are 10 answers or more" in told.quotes_note


def test_the_three_comments_are_the_best_the_worst_and_the_most_typical() -> None:
    chosen = {one.role: one.verbatim for one in report().chosen}
    assert chosen[Role.BEST].rating == 10
    assert chosen[Role.WORST].rating == 1
    assert "waiting" in chosen[Role.TYPICAL].themes
    assert len({v.text for v in chosen.values()}) == 3


def test_a_low_rating_with_kind_words_is_still_the_worst_not_the_best() -> None:
    kind_words = Verbatim("Everything was lovely and wonderful today", "en", 0, "nps", CENTRAL, "BJ-01", 1.0)
    cool_words = Verbatim("It was fine and I have no complaints at all", "en", 10, "nps", CENTRAL, "BJ-01", -0.1)
    chosen = {o.role: o.verbatim for o in report(branch(verbatims=(kind_words, cool_words))).chosen}
    assert chosen[Role.BEST] is cool_words
    assert chosen[Role.WORST] is kind_words


def test_overdue_customers_stand_first_the_longest_waiting_on_top() -> None:
    told = tell(report(), language="en")
    assert told.overdue.text == "Two customers are waiting too long."
    assert [(row.who, row.awaited, row.over) for row in told.overdue_rows] == [
        ("L. M., Central", "a call, ATM and branch", "3 days"),
        ("D. S., Riverside", "what was promised, fees", "5 hours"),
    ]


def test_who_waits_is_told_with_the_hour_at_which_that_was_so() -> None:
    assert tell(report(), language="en").as_of == "As it stood on 23 November 2026 at 08:00."
    assert tell(report(), language="zh").as_of == "截至2026年11月23日08:00。"
    assert tell(report(region(overdue=None)), language="en").as_of == ""


def test_a_cause_behind_most_closed_cases_is_worth_changing_and_a_tie_is_not() -> None:
    told = tell(report(), language="en").worth_changing
    assert told is not None
    assert told.text == (
        "Worth changing: 6 of 11 closed cases came from one cause, waiting: 55 in 100, between 28 and 79."
    )
    assert report(region(root_causes={"waiting": 4, "staff": 4})).worth_changing is None
    assert report(region(root_causes={"other": 9, "staff": 1})).worth_changing is None


def test_who_answered_counts_part_answers_and_keeps_late_ones_apart() -> None:
    told = tell(report(), language="en").who_answered
    assert told.startswith("Of 512 people asked in this week 230 answered: 45 in 100, between 41 and 49.")
    assert "The scores and comments are from the 246 answers given in this week, whenever they were asked for." in told
    assert "4 answers came after the survey had closed: read, but not counted here." in told


def test_a_week_in_which_nobody_was_asked_still_counts_the_answers_given_in_it() -> None:
    quiet = report(region(funnel=Funnel(answers=5)))
    assert quiet.answered is None
    assert tell(quiet, language="en").who_answered == (
        "Nobody was asked in this week. "
        "The scores and comments are from the 5 answers given in this week, whenever they were asked for."
    )
    assert (
        tell(quiet, language="zh").who_answered
        == "本周没有询问客户。得分和原话来自本周收到的5份答复，不论是哪一周问的。"
    )


def test_put_right_has_its_interval_and_says_what_came_back() -> None:
    lines = " ".join(line.text for line in tell(report(), language="en").put_right)
    assert "9 of 11 customers whose case was closed say it is put right: 82 in 100, between 52 and 95." in lines
    assert "Two closed cases came back and are open again, one level up." in lines


def test_top_and_low_are_bands_of_large_branches_never_ranks() -> None:
    bands = {b.names["en"]: b.band for b in report().branches}
    assert bands["Airport"] is Band.TOP
    assert bands["Riverside"] is None
    assert set(bands.values()) <= {*Band, None}


def test_branches_stand_by_name_the_hidden_last() -> None:
    names = [b.names["en"] for b in report().branches]
    assert names == ["Airport", "Central", "Old Town", "Riverside", "East Gate", "North Quay"]


def test_a_quiet_branch_with_a_customer_waiting_says_so_in_its_headline() -> None:
    waiting = (Overdue("1", "A. B.", CENTRAL, Awaited.CONTACT, 61),)
    told = tell(report(branch(overdue=waiting)), language="en")
    assert told.headline == "Too few answers to tell a change from chance. One customer is waiting too long."
    assert tell(report(branch(overdue=waiting)), language="zh").headline == (
        "答复不多，变化还说不准。有1位客户的等候已超过时限。"
    )


def test_fewer_satisfied_customers_are_news_when_the_nps_is_quiet() -> None:
    fallen = region(csat={5: 60, 4: 40, 1: 100}, csat_last={5: 100, 4: 60, 1: 40})
    steady = replace(fallen, branches=tuple(replace(b, nps=b.nps_last) for b in fallen.branches))
    told = tell(report(replace(steady, nps=steady.nps_last)), language="en")
    assert "Fewer customers are satisfied than last week." in told.headline


def test_the_first_week_has_nothing_to_compare_with() -> None:
    found = report(branch(nps_last=NpsCounts()))
    assert found.nps.verdict is Verdict.NO_COMPARISON
    assert tell(found, language="en").headline == "A score, and none of last week to compare it with."


def test_a_week_without_anything_is_a_whole_report() -> None:
    nothing = branch(nps=NpsCounts(), nps_last=NpsCounts(), verbatims=(), funnel=Funnel(), cases=CaseFigures(),
                     recovery=Recovery(), above=None)  # fmt: skip
    for language in ("en", "zh-Hans"):
        told = tell(report(nothing), language=language)
        assert told.headline
        assert told.quotes_note in ("Nobody wrote a comment this week.", "本周没有客户留言。")


def test_two_hundred_branches_are_told_by_those_that_moved() -> None:
    many = tuple(
        BranchFigures(f"B{i:03}", {"en": f"Branch {i:03}"}, NpsCounts(30, 20, 20), NpsCounts(30, 20, 20))
        for i in range(199)
    )
    fallen = BranchFigures("F", {"en": "Fallen"}, NpsCounts(5, 10, 60), NpsCounts(50, 20, 5))
    told = tell(report(region(branches=(*many, fallen))), language="en")
    assert [b.name for b in told.branches] == ["Fallen", "199 more branches"]
    assert told.branches[1].verdict.text == "199 no real change. Each stands in the numbers."


def test_the_figures_survive_being_kept_as_json() -> None:
    import json

    for figures in (region(), branch()):
        assert figures_from_json(json.loads(json.dumps(figures.as_json()))) == figures


def test_a_name_is_given_in_the_readers_language_or_the_nearest_there_is() -> None:
    assert in_language(AIRPORT, "zh") == "机场支行"
    assert in_language(AIRPORT, "fr") == "Airport"
    assert in_language({"zh-Hans": "码头"}, "en") == "码头"
    assert in_language({}, "en") == ""


counts = st.builds(NpsCounts, st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=7))
def test_whatever_the_counts_no_single_branch_is_hidden_and_every_score_has_its_n(
    weeks: list[tuple[NpsCounts, NpsCounts]],
) -> None:
    children = tuple(BranchFigures(f"B{i}", {"en": f"B{i}"}, now, last) for i, (now, last) in enumerate(weeks))
    found = report(region(branches=children))
    answered = [b for b in found.branches if b.nps.n]
    hidden = [b for b in answered if b.nps.score is None]
    assert all(b.nps.score is None for b in answered if b.nps.n < 10)
    if found.nps.n >= 10 and len(answered) > 1:
        assert len(hidden) != 1
    for language in ("en", "zh"):
        told = tell(found, language=language)
        assert told.headline
        assert all("nan" not in b.verdict.text and "None" not in b.verdict.text for b in told.branches)


@pytest.mark.parametrize("name", [NORTH_QUAY, EAST_GATE])
def test_hidden_branches_are_named_with_their_counts_in_both_languages(name: dict[str, str]) -> None:
    for language, wanted in (("en", "5 and 7 answers"), ("zh-Hans", "5份、7份")):
        last = tell(report(), language=language).branches[-1]
        assert in_language(name, language) in last.name
        assert wanted in last.verdict.text
