"""Editing a definition: keys that say what they are about and stay, and nothing changed in place."""

from copy import deepcopy
from typing import Any

import pytest

from surveys.questionnaires import editing

THREE: dict[str, Any] = {
    "key": "visit",
    "names": {"en": "Visit"},
    "questions": [
        {"key": "recommend", "kind": "nps", "text": {"en": "Would you recommend us?"}},
        {"key": "why", "kind": "text", "by": "recommend", "text": {"low": {"en": "Why?"}}},
        {"key": "more", "kind": "text", "text": {"en": "You gave {answer.recommend}. Anything else?"}},
    ],
}


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("How likely are you to recommend {org} to a friend?", "likely_recommend_friend"),
        ("What is it?", "what_is_it"),
        ("May the branch manager call you?", "branch_manager_call"),
        ("您有多大可能推荐我们？", "question_1"),
        ("24 hours?", "question_1"),
        ("Incomprehensibilitiesofallkinds", "incomprehensibilitiesofa"),
    ],
)
def test_a_key_is_made_from_the_telling_words(words: str, key: str) -> None:
    assert editing.key_from(words, (), otherwise="question_1") == key


def test_a_key_that_is_taken_gets_a_number() -> None:
    assert editing.key_from("Recommend", ["recommend"], otherwise="q") == "recommend_2"
    assert editing.key_from("Recommend", ["recommend", "recommend_2"], otherwise="q") == "recommend_3"


def test_editing_gives_a_new_definition_and_leaves_the_old() -> None:
    before = deepcopy(THREE)
    assert editing.keys(editing.moved(THREE, "why", up=True)) == ["why", "recommend", "more"]
    assert editing.keys(editing.moved(THREE, "recommend", up=True)) == ["recommend", "why", "more"]
    assert editing.keys(editing.moved(THREE, "more", up=False)) == ["recommend", "why", "more"]
    assert editing.keys(editing.removed(THREE, "why")) == ["recommend", "more"]
    doubled, key = editing.doubled(THREE, "why")
    assert (editing.keys(doubled), key) == (["recommend", "why", "why_2", "more"], "why_2")
    assert before == THREE


def test_it_is_known_which_questions_lean_on_another() -> None:
    assert [question["key"] for question in editing.leaning_on(THREE, "recommend")] == ["why", "more"]
    assert editing.leaning_on(THREE, "more") == []


def test_what_comes_before_a_question() -> None:
    assert [question["key"] for question in editing.earlier(THREE, "more")] == ["recommend", "why"]
    assert editing.earlier(THREE, "recommend") == []
    assert len(editing.earlier(THREE, None)) == 3
