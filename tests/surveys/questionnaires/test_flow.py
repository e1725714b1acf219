"""The next question is decided by the answers alone: scores, choices, feelings, and only looking back."""

import pytest

from surveys.questionnaires.flow import Definition, DefinitionError, Given, read_definition, said
from surveys.questionnaires.service import library
from tests.surveys.questionnaires.forms import Data, choices, form, question, words


def keys(definition: Definition, **answers: Given) -> list[str]:
    return [q.key for q in definition.path(answers)]


def test_a_choice_leads_on_and_another_does_not() -> None:
    asked = read_definition(
        form(
            question("reason", "choice", choices=choices("loan", "card")),
            question("rate", "csat", when=[{"question": "reason", "choices": ["loan"]}]),
        )
    )
    assert keys(asked, reason=Given(choice="loan")) == ["reason", "rate"]
    assert keys(asked, reason=Given(choice="card")) == ["reason"]


def test_one_of_several_choices_is_enough() -> None:
    asked = read_definition(
        form(
            question("used", "choices", choices=choices("app", "desk", "phone")),
            question("app_ease", "ces", when=[{"question": "used", "choices": ["app"]}]),
        )
    )
    assert keys(asked, used=Given(choices=("desk", "app"))) == ["used", "app_ease"]
    assert keys(asked, used=Given(choices=("desk", "phone"))) == ["used"]


def test_the_feeling_of_the_words_just_given_chooses_the_question_and_its_wording() -> None:
    asked = read_definition(
        form(
            question("why", "text"),
            {
                "key": "more",
                "kind": "text",
                "by": "why",
                "text": {
                    "low": words("What should we mend first?", "先改哪里？"),
                    "mid": words("What else?", "还有呢？"),
                    "high": words("Whom may we thank?", "该谢谁？"),
                },
            },
            question("call", "callback", when=[{"question": "why", "feelings": ["negative"]}]),
        )
    )
    unhappy = {"why": Given(text="awful", feeling="negative")}
    more = asked.question("more")
    assert more is not None
    assert said(more.text, asked.band_for(more, unhappy), "en") == "What should we mend first?"
    assert keys(asked, **unhappy) == ["why", "more", "call"]
    assert keys(asked, why=Given(text="lovely", feeling="positive")) == ["why", "more"]
    assert keys(asked, why=Given(skipped=True)) == ["why", "more"]


def test_all_conditions_must_hold() -> None:
    asked = read_definition(
        form(
            question("score", "nps"),
            question("again", "yes_no"),
            question(
                "call",
                "callback",
                when=[{"question": "score", "bands": ["low"]}, {"question": "again", "choices": ["no"]}],
            ),
        )
    )
    assert "call" in keys(asked, score=Given(value=2), again=Given(choice="no"))
    assert "call" not in keys(asked, score=Given(value=2), again=Given(choice="yes"))
    assert "call" not in keys(asked, score=Given(value=9), again=Given(choice="no"))


def test_an_answer_that_is_off_the_path_leads_nowhere() -> None:
    asked = read_definition(
        form(
            question("score", "nps"),
            question("again", "yes_no", when=[{"question": "score", "bands": ["low"]}]),
            question("call", "callback", when=[{"question": "again", "choices": ["no"]}]),
        )
    )
    changed = {"score": Given(value=10), "again": Given(choice="no")}
    assert keys(asked, **changed) == ["score"]


def test_the_old_way_of_writing_a_condition_means_the_same() -> None:
    old = form(
        question("score", "csat"), question("call", "choice", by="score", bands=["low"], choices=choices("a", "b"))
    )
    new = form(
        question("score", "csat"),
        question("call", "choice", choices=choices("a", "b"), when=[{"question": "score", "bands": ["low"]}]),
    )
    for value in range(1, 6):
        answers = {"score": Given(value=value)}
        assert keys(read_definition(old), **answers) == keys(read_definition(new), **answers)


def test_a_question_that_looks_forward_is_never_asked_and_never_asks_for_ever() -> None:
    asked = read_definition(
        form(
            question("first", "yes_no", when=[{"question": "second", "choices": ["yes"]}]),
            question("second", "yes_no", when=[{"question": "first", "choices": ["yes"]}]),
        )
    )
    assert keys(asked, first=Given(choice="yes"), second=Given(choice="yes")) == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh-Hant", "繁"), ("zh-TW", "繁"), ("zh-HK", "繁"), ("zh-CN", "简"), ("zh", "简"), ("en-GB", "E"), ("fr", "E")],
)
def test_a_language_falls_back_to_the_nearest_one(language: str, expected: str) -> None:
    assert said({"": {"en": "E", "zh-Hans": "简", "zh-Hant": "繁"}}, "", language) == expected


def test_traditional_falls_back_to_simplified_before_english() -> None:
    assert said({"": {"en": "E", "zh-Hans": "简"}}, "", "zh-HK") == "简"


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"questions": "none"}, "questions"),
        ({"questions": [{"key": "a", "kind": "slider"}]}, "questions/0/kind"),
        ({"questions": [{"key": "a", "kind": "nps", "text": "How?"}]}, "questions/0/text"),
        ({"questions": [{"key": "a", "kind": "nps", "text": {"low": {"en": "?"}}}]}, "questions/0/text"),
        (
            {"questions": [question("a", "nps", when=[{"question": "b", "bands": ["worst"]}])]},
            "questions/0/when/0/bands",
        ),
        ({"questions": [], "languages": []}, "languages"),
    ],
)
def test_what_is_no_definition_is_refused_with_its_place(data: Data, pointer: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        read_definition(data)
    assert refused.value.pointer == pointer
    assert refused.value.detail


def test_ready_questionnaires_can_all_be_read() -> None:
    for data in library().values():
        assert read_definition(data).questions
