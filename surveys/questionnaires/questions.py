"""What a question is, and what an answer to it means. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from notifications.texts import fallbacks


class Kind(StrEnum):
    """What sort of answer a question takes."""

    NPS = "nps"
    CSAT = "csat"
    CES = "ces"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    CALLBACK = "callback"


class Band(StrEnum):
    """What a score means: detractor or dissatisfied, passive or neutral, promoter or satisfied."""

    LOW = "low"
    MID = "mid"
    HIGH = "high"


class Feeling(StrEnum):
    """What words mean for the flow; where nothing in them tells, they are neutral."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


RANGE = {Kind.NPS: (0, 10), Kind.CSAT: (1, 5), Kind.CES: (1, 7)}
_LOW_TO = {Kind.NPS: 6, Kind.CSAT: 2, Kind.CES: 3}
_HIGH_FROM = {Kind.NPS: 9, Kind.CSAT: 4, Kind.CES: 5}
BAND_OF = {Feeling.NEGATIVE: Band.LOW, Feeling.NEUTRAL: Band.MID, Feeling.POSITIVE: Band.HIGH}


def band(kind: str, value: int) -> Band:
    """The band of a score: NPS 0-6, 7-8, 9-10; CSAT 1-2, 3, 4-5; CES 1-3, 4, 5-7."""
    scale = Kind(kind)
    if value <= _LOW_TO[scale]:
        return Band.LOW
    return Band.HIGH if value >= _HIGH_FROM[scale] else Band.MID


def band_range(kind: str, about: str) -> tuple[int, int]:
    """The lowest and highest score of a band."""
    values = [v for v in range(RANGE[Kind(kind)][0], RANGE[Kind(kind)][1] + 1) if band(kind, v) == about]
    return values[0], values[-1]


Words = Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    """One of the answers offered; by SMS it is the number of its place, from 1."""

    key: str
    label: Words


@dataclass(frozen=True)
class Condition:
    """What an earlier answer must be; of the three the one that fits the question's kind is filled."""

    question: str
    bands: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    feelings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. Texts that depend on an earlier answer stand per band; "" holds when there is none."""

    key: str
    kind: Kind
    text: Mapping[str, Words]
    sms: Mapping[str, str]
    sms_text: Mapping[str, Words] = field(default_factory=dict)
    hint: Words = field(default_factory=dict)
    low: Words = field(default_factory=dict)
    high: Words = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    by: str | None = None
    bands: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    optional: bool = False
    asks: Mapping[str, str] = field(default_factory=dict)

    @property
    def scale(self) -> tuple[int, int] | None:
        """Lowest and highest value, for a question answered by a number."""
        return RANGE.get(self.kind)

    @property
    def asks_for_call(self) -> bool:
        """Whether its answer says when we may call; "call" is what such a question was known by before its kind."""
        return self.kind is Kind.CALLBACK or (self.kind is Kind.CHOICE and self.key == "call")

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Everything that must hold for it to be asked."""
        return (Condition(self.by, bands=self.bands), *self.when) if self.by and self.bands else self.when

    def choice(self, key: str) -> Choice | None:
        """The choice with this key."""
        return next((c for c in self.choices if c.key == key), None)


def in_language(words: Words, language: str) -> str:
    """The words in this language, else in the nearest one they have, else "" ."""
    found = (words.get(name) for name in fallbacks(language))
    return next((said for said in found if said), "") or next(iter(words.values()), "")


def said(texts: Mapping[str, Words], band_key: str, language: str) -> str:
    """The text for this band in this language, or in the nearest one."""
    return in_language(texts.get(band_key) or texts.get("") or texts.get(Band.MID) or {}, language)
