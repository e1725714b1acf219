"""What changed between two versions is told by question key, whatever the order."""

from copy import deepcopy

from surveys.questionnaires.diff import diff
from surveys.questionnaires.service import library
from tests.surveys.questionnaires.forms import form, question


def test_the_same_definition_has_no_differences() -> None:
    data = library()["branch_visit"]
    assert diff(data, deepcopy(data)) == ()


def test_a_reworded_question_is_changed_and_not_new() -> None:
    old, new = form(question("a", "nps", "How?")), form(question("a", "nps", "How likely?"))
    (change,) = diff(old, new)
    assert (change.kind, change.pointer, change.question) == ("changed", "questions/0/text/en", "a")
    assert (change.before, change.after) == ("How?", "How likely?")


def test_moving_one_question_moves_only_that_one() -> None:
    a, b, c = question("a", "nps"), question("b", "text"), question("c", "csat")
    assert [(x.kind, x.question, x.before, x.after) for x in diff(form(a, b, c), form(c, a, b))] == [
        ("moved", "c", "3", "1")
    ]


def test_new_and_removed_questions_are_told_with_their_words() -> None:
    changes = diff(form(question("a", "nps", "Old?")), form(question("b", "nps", "New?")))
    assert [(x.kind, x.question, x.before, x.after) for x in changes] == [
        ("added", "b", None, "New?"),
        ("removed", "a", "Old?", None),
    ]


def test_an_answer_offered_in_front_does_not_change_the_others() -> None:
    data = library()["branch_visit"]
    more = deepcopy(data)
    more["questions"][2]["choices"].insert(0, {"key": "now", "label": {"en": "Now"}})
    assert [(x.kind, x.field) for x in diff(data, more)] == [("changed", "choices"), ("added", "choices/now/label/en")]
