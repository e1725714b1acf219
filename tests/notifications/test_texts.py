"""The catalogue of texts: both languages, room for the longest values, words cut where a person would cut."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.gsm import is_gsm, segments
from notifications.texts import Catalogue, cut

FILE = """
cut = ["words"]
[longest.en]
org = 12
branch = 16
words = 40
[longest.zh-Hans]
org = 4
branch = 6
words = 14
[texts.hello]
note = "a greeting"
en = "{org}: hello from {branch}: {link}"
zh-Hans = "【{org}】{branch}向您问好"
longest.en = { link = 23 }
[texts.alert]
note = "words of a customer"
en = "Heed: {branch}: \\"{words}\\" PAD"
zh-Hans = "【{org}】{branch}：“{words}”"
"""


@pytest.fixture
def texts(tmp_path: Path) -> Catalogue:
    path = tmp_path / "texts.toml"
    path.write_text(FILE.replace("PAD", "x" * 110), encoding="utf-8")
    return Catalogue.load(path)


def test_a_text_is_said_in_the_language_asked_for_and_keeps_its_link(texts: Catalogue) -> None:
    values = {"org": "Harbour Bank", "branch": "Central"}
    assert texts.render("hello", "en", **values) == "Harbour Bank: hello from Central: {link}"
    assert texts.render("hello", "zh-CN", org="海港银行", branch="中心支行") == "【海港银行】中心支行向您问好"


def test_a_forgotten_value_and_an_unknown_text_are_misuse(texts: Catalogue) -> None:
    with pytest.raises(KeyError):
        texts.render("hello", "en", org="Harbour Bank")
    with pytest.raises(KeyError):
        texts.render("goodbye", "en")


def test_english_typography_never_halves_the_room(texts: Catalogue) -> None:
    said = texts.render("hello", "en", org="Harbour Bank", branch="St Mary\u2019s \u2013 East")
    assert is_gsm(said)
    assert "St Mary's - East" in said


def test_a_customers_words_give_way_so_that_one_segment_is_enough(texts: Catalogue) -> None:
    said = texts.render("alert", "en", branch="Central Long Name", words="I waited fifty minutes and then they closed")
    assert segments(said).count == 1
    assert '"I waited fifty...' in said
    assert texts.render("alert", "en", branch="A", words="too\n slow").startswith('Heed: A: "too slow"')


def test_a_customer_cannot_smuggle_a_link_into_a_text(texts: Catalogue) -> None:
    assert "(link)" in texts.render("alert", "en", branch="A", words="see {link}")


def test_words_in_another_alphabet_are_worth_a_second_segment(texts: Catalogue) -> None:
    said = texts.render("alert", "en", branch="Central", words="等了五十分钟，轮到我的时候柜台却关了")
    assert "轮到我的时候柜台却关了" in said


def test_a_name_too_long_for_its_texts_is_refused_when_it_is_set_up(texts: Catalogue) -> None:
    (refused,) = texts.refusals("en", branch="Central Business District", org="Harbour Bank", colour="anything")
    assert (refused.placeholder, refused.most) == ("branch", 16)
    assert texts.refusals("zh-Hans", branch="中心支行") == ()


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ('[texts.a]\nen = "only English"\n', "missing in zh-Hans"),
        ('[texts.a]\nen = "{who} came"\nzh-Hans = "来了"\n', "no longest value for who in en"),
    ],
)
def test_a_text_without_its_other_half_is_not_loaded(tmp_path: Path, broken: str, says: str) -> None:
    path = tmp_path / "texts.toml"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(ValueError, match=says):
        Catalogue.load(path)


@pytest.mark.parametrize(
    ("words", "limit", "kept"),
    [
        ("short", 10, "short"),
        ("I waited fifty minutes", 16, "I waited..."),
        ("I waited, fifty", 12, "I waited..."),
        ("等了五十分钟，轮到我却关了", 10, "等了五十分钟..."),
        ("incomprehensibilities", 10, "incompr..."),
        ("abcdef", 3, "abc"),
    ],
)
def test_words_are_cut_at_a_word_or_at_a_character(words: str, limit: int, kept: str) -> None:
    assert cut(words, limit) == kept


@given(st.text(max_size=200), st.integers(min_value=1, max_value=80))
def test_cut_words_are_never_longer_than_allowed_and_begin_as_they_began(words: str, limit: int) -> None:
    kept = cut(words, limit)
    assert len(kept) <= limit
    assert kept == words or words.startswith(kept.removesuffix("..."))
