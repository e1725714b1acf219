"""What a builder does to a definition: add, replace, move, double and take away questions. Pure: gives a new one.

A question's key is made from its words once and then stays: answers are mapped by it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

Data = dict[str, Any]

LONGEST_KEY = 24
_FILLERS = frozenset(
    re.findall(
        "[a-z]+",
        "a an and are at be by can could did do does for from had has have how i if in is it may me my of on or our "
        "please shall should so that the their there these they this to us was we were what when which who will with "
        "would you your",
    )
)


def key_from(words: str, taken: Iterable[str], *, otherwise: str) -> str:
    """A short key that says what it is about, made from English words; `otherwise` where there are none."""
    found = re.findall(r"[a-z0-9]+", re.sub(r"\{[^}]*\}", " ", words.lower()))
    telling = [word for word in found if word not in _FILLERS] or found
    key = ""
    for word in telling[:3]:
        longer = f"{key}_{word}" if key else word[:LONGEST_KEY]
        if len(longer) > LONGEST_KEY:
            break
        key = longer
    return _free(key if key[:1].isalpha() else otherwise, set(taken))


def another_key(key: str, taken: Iterable[str]) -> str:
    """A key like this one that is not taken."""
    return _free(re.sub(r"_\d+$", "", key), set(taken))


def _free(key: str, taken: set[str]) -> str:
    if key not in taken:
        return key
    return next(f"{key}_{n}" for n in range(2, len(taken) + 3) if f"{key}_{n}" not in taken)


def empty(key: str, names: Mapping[str, str], languages: Sequence[str]) -> Data:
    """A questionnaire that asks nothing yet."""
    return {"key": key, "names": dict(names), "languages": list(languages), "questions": []}


def copied(data: Mapping[str, Any], key: str, names: Mapping[str, str]) -> Data:
    """The same questions under another name. Their keys stay, so that answers can be laid side by side."""
    return {**deepcopy(dict(data)), "key": key, "names": dict(names)}


def keys(data: Mapping[str, Any]) -> list[str]:
    """The keys of the questions, in order."""
    return [question["key"] for question in data["questions"]]


def question_of(data: Mapping[str, Any], key: str) -> Data | None:
    """The question with this key, as data."""
    return next((question for question in data["questions"] if question["key"] == key), None)


def earlier(data: Mapping[str, Any], key: str | None) -> list[Data]:
    """The questions before this one; all of them for one that is new."""
    found = []
    for question in data["questions"]:
        if question["key"] == key:
            break
        found.append(question)
    return found


def added(data: Mapping[str, Any], question: Data) -> Data:
    """With one more question at the end."""
    return {**data, "questions": [*data["questions"], question]}


def replaced(data: Mapping[str, Any], key: str, question: Data) -> Data:
    """With this question instead of the one with that key."""
    return {**data, "questions": [question if each["key"] == key else each for each in data["questions"]]}


def moved(data: Mapping[str, Any], key: str, *, up: bool) -> Data:
    """One place further up or down; the first cannot go up, nor the last down."""
    questions = list(data["questions"])
    here = keys(data).index(key)
    there = here - 1 if up else here + 1
    if 0 <= there < len(questions):
        questions[here], questions[there] = questions[there], questions[here]
    return {**data, "questions": questions}


def doubled(data: Mapping[str, Any], key: str) -> tuple[Data, str]:
    """With the same question once more, right after it; also the key of the second."""
    new = another_key(key, keys(data))
    questions = []
    for question in data["questions"]:
        questions.append(question)
        if question["key"] == key:
            questions.append({**deepcopy(question), "key": new})
    return {**data, "questions": questions}, new


def removed(data: Mapping[str, Any], key: str) -> Data:
    """Without this question. What speaks about it stays as it was written; the checks point at it."""
    return {**data, "questions": [question for question in data["questions"] if question["key"] != key]}


def leaning_on(data: Mapping[str, Any], key: str) -> list[Data]:
    """The questions that are asked, worded or filled in by the answer to this one."""
    return [question for question in data["questions"] if question["key"] != key and _leans(question, key)]


def _leans(question: Mapping[str, Any], key: str) -> bool:
    conditions = question.get("when") or ()
    if question.get("by") == key or any(condition.get("question") == key for condition in conditions):
        return True
    return f"{{answer.{key}}}" in str(question)
