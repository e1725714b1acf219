"""Every text about a case fits what it is paid for, in both languages, with the longest values."""

import pytest

from app.cases.wording import catalogue
from notifications.gsm import is_gsm, segments
from notifications.texts import LANGUAGES

KEYS = sorted(catalogue().entries)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_a_text_with_its_longest_values_has_the_segments_it_says(key: str, language: str) -> None:
    said = catalogue().longest(key, language)
    assert segments(said).count == catalogue().entries[key].segments[language]
    assert "!" not in said
    assert "！" not in said
    assert language != "en" or is_gsm(said)
