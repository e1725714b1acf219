"""Every text a customer gets in a survey fits what it is paid for, in both languages, with the longest values."""

import pytest

from notifications.gsm import is_gsm, segments
from notifications.texts import LANGUAGES
from surveys.questionnaires.flow import Kind
from surveys.questionnaires.service import library
from surveys.responses.catalogue import catalogue

KEYS = sorted(catalogue().entries)


@pytest.mark.parametrize("language", [*LANGUAGES, "zh-Hant"])
@pytest.mark.parametrize("key", KEYS)
def test_a_text_with_its_longest_values_has_the_segments_it_says(key: str, language: str) -> None:
    said = catalogue().longest(key, language)
    assert segments(said).count == catalogue().entries[key].segments[language]
    assert "!" not in said
    assert "！" not in said
    if language == "en":
        assert is_gsm(said)
    else:
        assert said.startswith("【")


@pytest.mark.parametrize("key", [k for k in KEYS if k.startswith(("invite", "reminder"))])
def test_whoever_is_asked_is_told_how_to_stop(key: str) -> None:
    texts = catalogue().entries[key].texts
    assert texts["en"].endswith("STOP to end")
    assert texts["zh-Hans"].endswith("拒收请回复R")
    assert texts["zh-Hant"].endswith("拒收請回覆R")


def test_every_question_of_the_ready_questionnaires_has_its_text() -> None:
    for definition in library().values():
        for question in definition["questions"]:
            sms = question.get("sms", {})
            said = sms if isinstance(sms, dict) else {"": sms}
            assert said or question["sms_text"], question["key"]
            assert set(said.values()) <= set(KEYS), question["key"]
            if question["kind"] != Kind.TEXT:
                assert f"reprompt_{question['kind']}" in KEYS


def test_no_full_stop_follows_a_link() -> None:
    for entry in catalogue().entries.values():
        assert all("{link}." not in text and "{link}。" not in text for text in entry.texts.values()), entry.key
