"""What is asked next, decided from the answers alone. Pure.

A question is asked when all its conditions hold so far; conditions look backwards, so a path always ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.questionnaires.questions import (
    BAND_OF,
    RANGE,
    Band,
    Choice,
    Condition,
    Feeling,
    Kind,
    Question,
    Words,
    band,
    band_range,
    in_language,
    said,
)
from surveys.questionnaires.reading import DefinitionError, read_languages, read_questions

__all__ = [
    "RANGE",
    "Band",
    "Choice",
    "Condition",
    "Definition",
    "DefinitionError",
    "Feeling",
    "Given",
    "Kind",
    "Question",
    "Words",
    "band",
    "band_range",
    "in_language",
    "read_definition",
    "said",
]


@dataclass(frozen=True)
class Given:
    """An answer as the flow sees it."""

    value: int | None = None
    choice: str | None = None
    text: str | None = None
    skipped: bool = False
    choices: tuple[str, ...] = ()
    feeling: str | None = None


@dataclass(frozen=True)
class Definition:
    """The questions of one version, in order."""

    questions: tuple[Question, ...]
    key: str = ""
    names: Words = field(default_factory=dict)
    languages: tuple[str, ...] = ("en", "zh-Hans")

    def question(self, key: str) -> Question | None:
        """The question with this key."""
        return next((q for q in self.questions if q.key == key), None)

    @property
    def first(self) -> Question:
        return self.questions[0]

    def earlier(self, question: Question, key: str) -> Question | None:
        """The question with this key, when it stands before the other."""
        for other in self.questions:
            if other.key == question.key:
                return None
            if other.key == key:
                return other
        return None

    def feels(self, question: Question) -> bool:
        """Whether a later question depends on how the words given here feel."""
        if question.kind is not Kind.TEXT:
            return False
        return any(q.by == question.key or any(c.question == question.key for c in q.when) for q in self.questions)

    def band_for(self, question: Question, answers: Mapping[str, Given]) -> str:
        """The band of the answer this question speaks about, "" when it speaks about none or none was given."""
        about = self.earlier(question, question.by) if question.by else None
        return band_of(about, answers.get(about.key)) if about else ""

    def asked(self, question: Question, answers: Mapping[str, Given]) -> bool:
        """Whether the answers so far lead to this question."""
        return any(q.key == question.key for q in self.path(answers))

    def path(self, answers: Mapping[str, Given]) -> tuple[Question, ...]:
        """Every question these answers lead past or to: an answer to a question off the path leads nowhere."""
        passed: dict[str, Question] = {}
        for question in self.questions:
            if all(holds(c, passed.get(c.question), answers.get(c.question)) for c in question.conditions):
                passed[question.key] = question
        return tuple(passed.values())

    def next(self, answers: Mapping[str, Given]) -> Question | None:
        """The first question on the path that has no answer; None when the survey is complete."""
        return next((q for q in self.path(answers) if q.key not in answers), None)


def band_of(question: Question, given: Given | None) -> str:
    """The band of an answer by score or by feeling, "" when it has none."""
    if given is None:
        return ""
    if question.scale and given.value is not None:
        return band(question.kind, given.value)
    return BAND_OF[Feeling(given.feeling)] if given.feeling else ""


def holds(condition: Condition, about: Question | None, given: Given | None) -> bool:
    """Whether this answer is one the condition asks for."""
    if about is None or given is None:
        return False
    if condition.bands:
        return band_of(about, given) in condition.bands
    if condition.feelings:
        return given.feeling in condition.feelings
    return given.choice in condition.choices or any(key in condition.choices for key in given.choices)


def read_definition(data: Mapping[str, Any]) -> Definition:
    """A stored definition as values; `checks` looks at references. Raises DefinitionError for what cannot be one."""
    questions = read_questions(data)
    names = data.get("names")
    return Definition(
        questions, str(data.get("key", "")), names if isinstance(names, dict) else {}, read_languages(data)
    )
