"""The language of a reply, from its letters alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.scoring.language import detect, fold


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The staff were kind", "en"),
        ("ok", "en"),
        ("服务很好", "zh"),
        ("服務態度很差，等了很久", "zh"),
        ("APP老是闪退", "zh"),
        ("ATM坏了没人修", "zh"),
        ("服务员很rude", "mixed"),
        ("服务很好 but the queue was too long", "mixed"),
        ("", "unknown"),
        ("5", "unknown"),
        ("10/10 !!!", "unknown"),
        ("👍👍", "unknown"),
        ("Обслуживание ужасное", "unknown"),
        ("とても良いサービスでした", "unknown"),
        ("서비스가 좋아요", "unknown"),
        ("الخدمة سيئة", "unknown"),
        ("Très mauvais service, je ne suis pas content", "unknown"),
        ("muy mal servicio, no me gusta para nada", "unknown"),
        ("Der Service war sehr schlecht und ich bin nicht zufrieden", "unknown"),
    ],
)
def test_the_script_tells_the_language(text: str, language: str) -> None:
    assert detect(text) == language


def test_traditional_and_full_width_letters_are_read_as_simplified_and_plain() -> None:
    assert fold("服務態度很差，ＡＰＰ閃退") == "服务态度很差,app闪退"


def test_curly_apostrophes_are_straight_after_folding() -> None:
    assert fold("WASN\u2019T") == "wasn't"


@given(st.text(max_size=200))
def test_any_text_has_one_of_four_languages(text: str) -> None:
    assert detect(text) in {"en", "zh", "mixed", "unknown"}


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing_that_matters_to_the_language(text: str) -> None:
    assert detect(fold(text)) == detect(text)
