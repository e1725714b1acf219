"""What is asked next, decided from the answers alone. Pure.

A question is asked when its condition holds for the answers so far; conditions look backwards, so a path always ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of answer a question takes."""

    NPS = "nps"
    CSAT = "csat"
    CES = "ces"
    CHOICE = "choice"
    TEXT = "text"


class Band(StrEnum):
    """What a score means: detractor or dissatisfied, passive or neutral, promoter or satisfied."""

    LOW = "low"
    MID = "mid"
    HIGH = "high"


RANGE = {Kind.NPS: (0, 10), Kind.CSAT: (1, 5), Kind.CES: (1, 7)}
_LOW_TO = {Kind.NPS: 6, Kind.CSAT: 2, Kind.CES: 3}
_HIGH_FROM = {Kind.NPS: 9, Kind.CSAT: 4, Kind.CES: 5}


def band(kind: str, value: int) -> Band:
    """The band of a score: NPS 0-6, 7-8, 9-10; CSAT 1-2, 3, 4-5; CES 1-3, 4, 5-7."""
    scale = Kind(kind)
    if value <= _LOW_TO[scale]:
        return Band.LOW
    return Band.HIGH if value >= _HIGH_FROM[scale] else Band.MID


Words = Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    """One of the answers offered; by SMS it is the number of its place, from 1."""

    key: str
    label: Words


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. Texts that depend on an earlier score stand per band; "" holds when there is none."""

    key: str
    kind: Kind
    text: Mapping[str, Words]
    sms: Mapping[str, str]
    hint: Words = field(default_factory=dict)
    low: Words = field(default_factory=dict)
    high: Words = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    by: str | None = None
    bands: tuple[str, ...] = ()
    asks: Mapping[str, str] = field(default_factory=dict)

    @property
    def scale(self) -> tuple[int, int] | None:
        """Lowest and highest value, for a question answered by a number."""
        return RANGE.get(self.kind)

    def choice(self, key: str) -> Choice | None:
        """The choice with this key."""
        return next((c for c in self.choices if c.key == key), None)


@dataclass(frozen=True)
class Given:
    """An answer as the flow sees it."""

    value: int | None = None
    choice: str | None = None
    text: str | None = None
    skipped: bool = False


@dataclass(frozen=True)
class Definition:
    """The questions of one version, in order."""

    questions: tuple[Question, ...]

    def question(self, key: str) -> Question | None:
        """The question with this key."""
        return next((q for q in self.questions if q.key == key), None)

    @property
    def first(self) -> Question:
        return self.questions[0]

    def band_for(self, question: Question, answers: Mapping[str, Given]) -> str:
        """The band of the score this question speaks about, "" when it speaks about none or none was given."""
        about = self.question(question.by) if question.by else None
        given = answers.get(about.key) if about else None
        if about is None or given is None or given.value is None or about.scale is None:
            return ""
        return band(about.kind, given.value)

    def asked(self, question: Question, answers: Mapping[str, Given]) -> bool:
        """Whether the answers so far lead to this question."""
        return not question.bands or self.band_for(question, answers) in question.bands

    def path(self, answers: Mapping[str, Given]) -> tuple[Question, ...]:
        """Every question these answers lead past or to."""
        return tuple(q for q in self.questions if self.asked(q, answers))

    def next(self, answers: Mapping[str, Given]) -> Question | None:
        """The first question on the path that has no answer; None when the survey is complete."""
        return next((q for q in self.path(answers) if q.key not in answers), None)


def read_definition(data: Mapping[str, Any]) -> Definition:
    """A stored definition as values. Raises KeyError or ValueError when it is not one."""
    return Definition(tuple(_question(q) for q in data["questions"]))


def _question(data: Mapping[str, Any]) -> Question:
    def per_band(name: str) -> dict[str, Any]:
        value = data.get(name, {})
        return value if data.get("by") and isinstance(value, dict) and set(value) <= set(Band) else {"": value}

    return Question(
        key=data["key"],
        kind=Kind(data["kind"]),
        text=per_band("text"),
        sms=per_band("sms"),
        hint=data.get("hint", {}),
        low=data.get("low", {}),
        high=data.get("high", {}),
        choices=tuple(Choice(c["key"], c["label"]) for c in data.get("choices", ())),
        by=data.get("by"),
        bands=tuple(data.get("bands", ())),
        asks=per_band("asks") if data.get("asks") else {},
    )


def said(texts: Mapping[str, Words], band_key: str, language: str) -> str:
    """The text for this band in this language; English where a language is missing."""
    words = texts.get(band_key) or texts.get("") or texts.get(Band.MID) or {}
    return words.get(language) or words.get("en") or ""
