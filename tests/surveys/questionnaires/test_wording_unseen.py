"""Wordings nobody had in mind when the lint was written: what leads, what asks two things, and what only looks so."""

import pytest

from surveys.questionnaires.wording import double_barrelled, leading


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Why do you love our app?", "en"),
        ("Most customers like us. How about you?", "en"),
        ("大家都喜欢我们的手机银行，您呢？", "zh-Hans"),
        ("您不认为柜员很专业吗？", "zh-Hans"),
        ("您不覺得櫃員很專業嗎？", "zh-Hant"),
    ],
)
def test_what_suggests_an_answer_is_found(text: str, language: str) -> None:
    assert leading(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Why do you come to this branch?", "en"),
        ("How likely are you to recommend us?", "en"),
        ("您更喜欢哪种联系方式？", "zh-Hans"),
        ("您觉得哪里不方便？", "zh-Hans"),
    ],
)
def test_an_open_wording_is_left_alone(text: str, language: str) -> None:
    assert leading(text, language) is None


@pytest.mark.parametrize(
    "text", ["柜员热情且专业吗？", "网点干净、好找吗？", "您对办理速度和服务态度满意吗？", "环境、设施如何？"]
)
def test_two_things_at_once_are_found_in_chinese(text: str) -> None:
    assert double_barrelled(text, "zh-Hans")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thinking of your visit and of nothing else, how was it?", "en"),
        ("How was the bed and breakfast?", "en"),
        ("Was the staff member at the deposits and loans desk helpful?", "en"),
        ("How easy was it to log in and out?", "en"),
        ("您对和解结果满意吗？", "zh-Hans"),
        ("这个问题姑且算解决了吗？", "zh-Hans"),
        ("您满意还是不满意？", "zh-Hans"),
    ],
)
def test_one_thing_with_two_words_is_left_alone(text: str, language: str) -> None:
    assert double_barrelled(text, language) is None
