"""What customers write, and what the product makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.scoring.score import LABELS, score_text
from tests.surveys.scoring.probes import BUT, CHINESE, ENGLISH


def _side(text: str, question: str | None = None) -> str:
    polarity = score_text(text, question=question).polarity
    return "silent" if polarity is None else "pos" if polarity > 0 else "neg"


def test_a_complaint_in_english_is_negative_and_about_waiting() -> None:
    score = score_text("Waited 50 minutes and the staff were rude. I'm closing my account.")
    assert score.language == "en"
    assert score.label in {"negative", "very_negative"}
    assert score.polarity is not None
    assert score.polarity < -0.5
    assert {mention.theme for mention in score.themes} >= {"waiting", "staff_attitude"}
    assert [signal.kind.value for signal in score.signals] == ["intent_to_leave"]


def test_a_complaint_in_chinese_is_negative_and_about_waiting() -> None:
    score = score_text("等了四十分钟，服务员态度很差，我要销户")
    assert score.language == "zh"
    assert score.label in {"negative", "very_negative"}
    assert {mention.theme for mention in score.themes} >= {"waiting", "staff_attitude"}
    assert [signal.kind.value for signal in score.signals] == ["intent_to_leave"]


def test_traditional_characters_score_like_simplified_ones() -> None:
    assert score_text("服務態度很差").polarity == score_text("服务态度很差").polarity


@pytest.mark.parametrize(
    "text", ["", " ", "12", "...", "n/a", "N/A", "none", "no comment", "无", "没有", "不知道", "ok then 12"]
)
def test_words_that_say_nothing_have_no_signal(text: str) -> None:
    score = score_text(text)
    assert (score.polarity, score.label, score.confidence) == (None, None, None)
    assert score.deciding == ()


@pytest.mark.parametrize(
    "text",
    ["Обслуживание было ужасным", "とても悪いサービス", "Très mauvais service, je ne suis pas content", "zzkqv wpxr"],
)
def test_a_language_nobody_taught_it_is_never_guessed(text: str) -> None:
    assert score_text(text).polarity is None


@pytest.mark.parametrize(
    ("text", "side"), [("😡😡", "neg"), ("👍", "pos"), (":)", "pos"), (":(", "neg"), ("😊🌹", "pos")]
)
def test_emoji_alone_are_read_from_a_table(text: str, side: str) -> None:
    assert _side(text) == side


@pytest.mark.parametrize(
    ("text", "question", "side"),
    [
        ("waiting time", "improve", "neg"),
        ("the app", "improve", "neg"),
        ("窗口", "improve", "neg"),
        ("nothing", "improve", "pos"),
        ("没有", "improve", "pos"),
        ("everything", "what_went_wrong", "neg"),
        ("the lady at the counter", "praise", "pos"),
        ("柜员", "praise", "pos"),
        ("nothing", "praise", "neg"),
        ("everything", "praise", "pos"),
        ("nothing", None, "silent"),
    ],
)
def test_the_question_asked_tells_what_a_neutral_answer_means(text: str, question: str | None, side: str) -> None:
    assert _side(text, question) == side


def test_a_question_nobody_knows_is_no_question() -> None:
    assert score_text("very friendly", question="colour") == score_text("very friendly")


def test_english_negation_is_understood_nearly_always() -> None:
    missed = [text for side, text in ENGLISH if _side(text) != side]
    assert len(missed) <= len(ENGLISH) // 10, missed


def test_chinese_negation_is_understood_nearly_always() -> None:
    missed = [text for side, text in CHINESE if _side(text) != side]
    assert len(missed) <= len(CHINESE) // 10, missed


def test_praise_with_a_but_is_not_counted_as_plain_praise() -> None:
    glad = [text for text in BUT if score_text(text).label in {"positive", "very_positive"}]
    assert len(glad) <= len(BUT) // 5, glad


def test_a_double_negation_is_praise() -> None:
    assert _side("not bad at all") == "pos"
    assert _side("I have no complaints") == "pos"


def test_each_clause_colours_its_own_theme() -> None:
    score = score_text("The teller was lovely but the app keeps crashing and is useless")
    polarity = {mention.theme: mention.polarity for mention in score.themes}
    assert polarity["staff_attitude"] is not None
    assert polarity["app_website"] is not None
    assert polarity["staff_attitude"] > 0 > polarity["app_website"]
    assert score.label == "mixed"


def test_the_words_that_decided_are_places_in_the_words_as_written() -> None:
    text = "  The STAFF were RUDE，态度很差！"
    score = score_text(text)
    assert score.deciding
    for span in score.deciding:
        assert text[span.start : span.end] == span.text
        assert -1 <= span.weight <= 1
    assert any(span.text == "RUDE" and span.weight < 0 for span in score.deciding)


def test_a_misspelt_complaint_is_still_a_complaint() -> None:
    assert _side("terible servce, very dissapointed") == "neg"


@given(st.text(max_size=400), st.sampled_from(["what_went_wrong", "improve", "praise", None]))
def test_any_text_gets_a_sane_score(text: str, question: str | None) -> None:
    score = score_text(text, question=question)
    assert score.label is None or score.label in LABELS
    assert (score.polarity is None) == (score.label is None) == (score.confidence is None)
    assert score.polarity is None or -1 <= score.polarity <= 1
    assert score.confidence is None or 0 <= score.confidence <= 1
    evidence = [mention.evidence for mention in score.themes] + [signal.evidence for signal in score.signals]
    for span in (*score.deciding, *evidence):
        assert text[span.start : span.end] == span.text


def test_the_same_words_always_get_the_same_score() -> None:
    assert score_text("慢 but friendly 👍") == score_text("慢 but friendly 👍")
