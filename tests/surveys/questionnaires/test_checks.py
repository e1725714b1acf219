"""What makes publishing impossible is told with its place and what to do."""

import json

import pytest

from surveys.questionnaires.checks import faults
from surveys.questionnaires.service import library
from tests.surveys.questionnaires.forms import Data, choices, form, question, words


def codes(data: Data) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in faults(data)]


@pytest.mark.parametrize("key", sorted(library()))
def test_a_ready_questionnaire_may_be_published(key: str) -> None:
    assert faults(library()[key]) == ()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (form(), ("questions", "no_questions")),
        (form(question("a", "nps"), question("a", "csat")), ("questions/1/key", "duplicate_key")),
        (form(question("Why?", "text")), ("questions/0/key", "bad_key")),
        (form({"key": "a", "kind": "nps", "text": {"zh-Hans": "好吗？"}}), ("questions/0/text/en", "missing_text")),
        (form({"key": "a", "kind": "slider"}), ("questions/0/kind", "unknown_kind")),
        (form(question("a", "choice", choices=choices("one"))), ("questions/0/choices", "few_choices")),
        (form(question("a", "choices", choices=choices("x", "x"))), ("questions/0/choices/1/key", "duplicate_choice")),
        (form(question("a", "yes_no", choices=choices("yes", "maybe"))), ("questions/0/choices", "fixed_choices")),
        (
            form(question("a", "text", when=[{"question": "b", "bands": ["low"]}]), question("b", "nps")),
            ("questions/0/when/0", "later_question"),
        ),
        (
            form(question("a", "text", when=[{"question": "ghost", "bands": ["low"]}])),
            ("questions/0/when/0", "unknown_question"),
        ),
        (
            form(question("a", "yes_no"), question("b", "text", when=[{"question": "a", "choices": ["maybe"]}])),
            ("questions/1/when/0", "unknown_answer"),
        ),
        (
            form(question("a", "yes_no"), question("b", "text", when=[{"question": "a", "bands": ["low"]}])),
            ("questions/1/when/0", "wrong_condition"),
        ),
        (
            form(question("a", "nps"), question("b", "text", when=[{"question": "a"}])),
            ("questions/1/when/0", "empty_condition"),
        ),
        (form(question("a", "text", "How is {weather}?")), ("questions/0/text/en", "unknown_placeholder")),
        (form(question("a", "text", "Open {link}")), ("questions/0/text/en", "unknown_placeholder")),
        (form(question("a", "text", "You said {answer.b}")), ("questions/0/text/en", "unknown_question")),
        (form(question("a", "nps", sms="no_such_text")), ("questions/0/sms", "unknown_sms")),
        (form(question("a", "nps"), names={"zh-Hans": "只有中文"}), ("names/en", "no_name")),
        (form(question("a", "nps"), languages=["en", "en"]), ("languages", "bad_languages")),
    ],
)
def test_a_fault_is_told_with_its_place(data: Data, expected: tuple[str, str]) -> None:
    assert expected in codes(data)


def test_conditions_that_exclude_each_other_make_a_question_unreachable_also_along_the_way() -> None:
    data = form(
        question("score", "nps"),
        question("sorry", "yes_no", when=[{"question": "score", "bands": ["low"]}]),
        question(
            "thanks",
            "text",
            when=[{"question": "sorry", "choices": ["yes"]}, {"question": "score", "bands": ["high"]}],
        ),
    )
    assert codes(data) == [("questions/2/when", "unreachable")]


def test_two_choices_of_several_exclude_nothing() -> None:
    data = form(
        question("used", "choices", choices=choices("app", "desk", "phone")),
        question(
            "both",
            "text",
            when=[{"question": "used", "choices": ["app"]}, {"question": "used", "choices": ["desk"]}],
        ),
    )
    assert codes(data) == []


def test_a_band_without_words_is_a_dead_end_only_where_somebody_gets_there() -> None:
    why: Data = {"key": "why", "kind": "text", "by": "score", "text": {"low": words("What went wrong?", "怎么了？")}}
    assert ("questions/1/text/high", "dead_end") in codes(form(question("score", "nps"), why))
    assert codes(form(question("score", "nps"), {**why, "bands": ["low"]})) == []


def test_several_faults_are_all_told_at_once() -> None:
    data = form(question("a", "slider"), question("B", "nps"), question("c", "choice"))
    assert {code for _, code in codes(data)} == {"unknown_kind", "bad_key", "few_choices"}


def test_faults_are_told_in_the_readers_language() -> None:
    assert faults(form(), tongue="zh-Hans")[0].detail == "请至少添加一道题。"


@pytest.mark.parametrize("broken", [None, [], "text", 7, {"questions": {"a": 1}}, {"questions": [1, None, []]}])
def test_anything_at_all_is_answered_with_faults_and_never_with_an_error(broken: object) -> None:
    assert faults(json.loads(json.dumps(broken)))
