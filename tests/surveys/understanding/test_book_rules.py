"""A theme book as data: written, checked, compared, taken out as a file and in again."""

from copy import deepcopy

import pytest

from surveys.scoring.score import score_text
from surveys.scoring.themes import compiled, standard_book, standard_data
from surveys.understanding.checks import faults
from surveys.understanding.diff import ChangeKind, diff
from surveys.understanding.editing import (
    kept,
    listed,
    renamed,
    reworded,
    taken_back,
    theme_of,
    way_back,
    with_subtheme,
    with_theme,
    with_word,
    without,
)
from surveys.understanding.files import as_toml, from_toml
from surveys.understanding.trial import Comment, tried

SHIPPED = standard_data()[1]
LOUNGE = {"en": "Lounge", "zh-Hans": "贵宾室", "zh-Hant": "貴賓室"}


def codes(data: dict[str, object]) -> list[str]:
    return [fault.code for fault in faults(data)]


def named(text: str, data: dict[str, object]) -> list[tuple[str, tuple[str, ...]]]:
    return [(m.theme, m.subthemes) for m in score_text(text, book=compiled(data, "mine")).themes]


def test_the_built_in_book_may_be_used_and_has_two_levels_in_three_scripts() -> None:
    assert faults(SHIPPED) == ()
    assert len(SHIPPED["themes"]) == 10
    for theme in SHIPPED["themes"]:
        assert len(theme["subthemes"]) >= 2
        for one in (theme, *theme["subthemes"]):
            assert set(one["names"]) == {"en", "zh-Hans", "zh-Hant"}


def test_a_comment_names_every_part_of_a_theme_it_speaks_of() -> None:
    found = score_text("A long queue and then so slow").themes
    assert [(m.theme, m.subthemes, m.subtheme) for m in found] == [("waiting", ("queue", "speed"), "queue")]


def test_an_own_theme_is_found_in_both_languages_and_both_scripts() -> None:
    data, key = with_theme(SHIPPED, LOUNGE, {"en": ["Lounge*"], "zh": ["貴賓室"]})
    assert key == "lounge"
    assert ("lounge", ("lounge",)) in named("the LOUNGES were cold", data)
    assert ("lounge", ("lounge",)) in named("贵宾室太冷", data)
    assert ("lounge", ("lounge",)) in named("貴賓室太冷", data)


def test_what_is_switched_off_is_not_looked_for() -> None:
    waiting = theme_of(SHIPPED, "waiting")
    assert waiting is not None
    off = renamed(SHIPPED, "waiting", waiting["names"], off=True)
    assert named("I waited an hour", off) == []
    queue = waiting["subthemes"][0]
    half = reworded(SHIPPED, "waiting", "queue", names=queue["names"], words=queue["words"], off=True)
    assert named("a queue, and slow", half) == [("waiting", ("speed",))]


def test_a_theme_named_in_chinese_alone_gets_a_key_of_its_own() -> None:
    data, first = with_theme(SHIPPED, {"zh-Hans": "贵宾室"}, {"en": [], "zh": ["贵宾室"]})
    data, second = with_theme(data, {"zh-Hans": "停车场"}, {"en": [], "zh": ["车位"]})
    assert first != second
    assert faults(data) == ()


def test_keywords_are_taken_as_they_are_typed_each_once() -> None:
    assert listed("queue*\n  wait ,Queue*;\n\n排队、等候，排队") == ["Queue*", "wait", "排队", "等候"]


def test_what_cannot_be_found_is_refused_with_what_to_do() -> None:
    def with_words(english: list[str], chinese: list[str]) -> list[str]:
        return codes(with_theme(SHIPPED, LOUNGE, {"en": english, "zh": chinese})[0])

    assert with_words(["lounge"], []) == []
    assert with_words([], []) == ["no_words"]
    assert with_words(["lo*"], []) == ["short_stem"]
    assert with_words(["*"], []) == ["no_letters"]
    assert with_words(["?!"], []) == ["no_letters"]
    assert with_words([], ["排*队"]) == ["star_in_chinese"]
    assert with_words(["l" * 61], []) == ["long_word"]
    assert codes(with_theme(SHIPPED, {"en": "waiting"}, {"en": ["x1"], "zh": []})[0]) == ["same_name"]
    empty = {**SHIPPED, "themes": [{**theme, "off": True} for theme in SHIPPED["themes"]]}
    assert codes(empty) == ["nothing_on"]
    assert "“lo*”" in faults(with_theme(SHIPPED, LOUNGE, {"en": ["lo*"], "zh": []})[0])[0].detail
    chinese = faults(with_theme(SHIPPED, LOUNGE, {"en": [], "zh": []})[0], tongue="zh-Hans")[0].detail
    assert chinese.startswith("“贵宾室”没有关键词")


def test_the_way_back_leads_to_how_it_was() -> None:
    before = deepcopy(SHIPPED)
    added, _key = with_theme(before, LOUNGE, {"en": ["lounge"], "zh": []})
    assert taken_back(added, way_back(before, added)) == before
    gone = without(added, "fees")
    assert taken_back(gone, way_back(added, gone)) == added
    more, part = with_subtheme(gone, "waiting", {"en": "At the door"}, {"en": ["door"], "zh": []})
    assert part == "door"
    assert taken_back(more, way_back(gone, more)) == gone
    assert before == SHIPPED


def test_a_difference_is_told_by_theme_part_and_language() -> None:
    new = with_word(SHIPPED, "waiting", "queue", "ticket machine", language="en")
    assert with_word(new, "waiting", "queue", "Ticket Machine", language="en") == new
    new = renamed(new, "fees", {"en": "Prices", "zh-Hans": "费用与利率"}, off=True)
    told = [(change.kind, change.theme["key"], change.before, change.after) for change in diff(SHIPPED, new)]
    assert told == [
        (ChangeKind.WORDS, "waiting", (), ("ticket machine",)),
        (ChangeKind.SWITCHED_OFF, "fees", (), ()),
        (ChangeKind.RENAMED, "fees", ("Fees and rates",), ("Prices",)),
        (ChangeKind.RENAMED, "fees", ("費用與利率",), ()),
    ]
    assert [change.kind for change in diff(SHIPPED, without(SHIPPED, "fees"))] == [ChangeKind.REMOVED]


def test_a_book_comes_back_from_its_file_as_it_was() -> None:
    data, _key = with_theme(SHIPPED, {"en": 'A "quoted" \\ name'}, {"en": ["x-ray*"], "zh": ["“引号”"]})
    data = renamed(data, "waiting", {"zh-Hans": "等候"}, off=True)
    assert from_toml(as_toml(data, "7").encode()) == data
    assert from_toml(b"\xef\xbb\xbf" + as_toml(SHIPPED, "1").encode()) == SHIPPED


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("x = 1\n", 1, "put it under a heading"),
        ('[waiting]\nen_label = "a\n', 2, "cannot be read"),
        ('\n[Waiting]\nen_label = "a"\n', 2, "is no key"),
        ('[w]\nen_label = "W"\n', 1, "has no part"),
        ('[w]\nen_label = "W"\n[w.q]\nen_label = 3\nen = ["queue"]\n', 4, "text in quotes"),
        ('[w]\nen_label = "W"\n[w.q]\nen_label = "Q"\nen = "queue"\n', 5, "list of texts"),
        ('[w]\nen_label = "W"\n[w.q]\nen_label = "Q"\nwords = ["queue"]\n', 5, "not known here"),
        ('[w]\nen_label = "W"\n[w.q]\nen_label = "Q"\nen = ["queue"]\noff = "yes"\n', 6, "true or false"),
        ('[w]\nen_label = "W"\n[w.q]\nen_label = "Q"\nen = ["a*"]\n', 3, "at least 3 letters"),
        ('[w]\n[w.q]\nen_label = "Q"\nen = ["queue"]\n', 1, "has no name"),
        ("", 0, "no theme in this file"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_by_its_line(text: str, line: int, says: str) -> None:
    wrong = from_toml(text.encode())
    assert isinstance(wrong, tuple)
    assert any(one.line == line and says in one.detail for one in wrong), wrong


def test_a_file_that_is_no_text_is_refused() -> None:
    wrong = from_toml("主题".encode("gb18030"), tongue="zh-Hans")
    assert isinstance(wrong, tuple)
    assert "UTF-8" in wrong[0].detail


def test_what_a_file_leaves_out_is_switched_off_and_keeps_its_name() -> None:
    few = {"themes": [theme for theme in SHIPPED["themes"] if theme["key"] == "waiting"]}
    whole = kept(few, SHIPPED)
    assert [theme["key"] for theme in whole["themes"] if not theme.get("off")] == ["waiting"]
    assert {theme["key"] for theme in whole["themes"]} == {theme["key"] for theme in SHIPPED["themes"]}
    assert faults(whole) == ()


def test_a_trial_says_what_would_be_read_otherwise_and_shows_the_words() -> None:
    data, _key = with_theme(SHIPPED, LOUNGE, {"en": ["coffee"], "zh": ["咖啡"]})
    comments = [
        Comment(1, "The coffee was cold"),
        Comment(2, "咖啡很好喝"),
        Comment(3, "I waited an hour"),
        Comment(4, "Nothing of the sort"),
    ]
    trial = tried(comments, standard_book(), compiled(data, "draft"))
    assert (trial.comments, trial.changed) == (4, 2)
    assert (trial.before["lounge"], trial.after["lounge"]) == (0, 2)
    assert (trial.before[""], trial.after[""]) == (3, 1)
    assert trial.moved == ["lounge", "lounge.lounge"]
    first = trial.examples[0]
    assert (first.gained, first.lost) == (("lounge", "lounge.lounge"), ())
    assert [first.comment.text[start:end] for start, end in first.spans] == ["coffee"]
