"""What a customer's unasked text means for their case: thanks, a question, or that it is not right after all. Pure."""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from app.cases.phrases import any_of, plain, row_of
from surveys.scoring.language import simplified
from surveys.scoring.tenant import Tenant

CONTENT_FROM = 0.3
GREETINGS = frozenset({"hi", "hello", "你好", "您好", "hi hello", "hello hello"})  # they begin something
UNHAPPY_LABELS = frozenset({"negative", "very_negative", "mixed"})


class Meaning(StrEnum):
    """What somebody must make of it."""

    ACKNOWLEDGED = "acknowledged"  # "ok", "好的": says nothing about the case
    CONTENT = "content"
    NEUTRAL = "neutral"  # a question, or words without a feeling
    UNHAPPY = "unhappy"


@dataclass(frozen=True)
class Heard:
    """One text as it was understood; `label` and `signals` are the scorer's words, as triage takes them."""

    meaning: Meaning
    label: str | None = None
    signals: frozenset[str] = frozenset()


def hear(text: str, *, question: str | None = None, tenant: Tenant | None = None) -> Heard:
    """Read one text. `question` is what it answers, as the scorer knows it; none for a text nobody asked for.

    `tenant`: what the company's corrections add to the scorer.
    """
    table, said = _table(), plain(simplified(text))
    if said in GREETINGS:
        return Heard(Meaning.NEUTRAL)  # somebody who waits for a call knocks
    if table.acknowledges(said):
        return Heard(Meaning.ACKNOWLEDGED)
    from surveys.scoring.score import score_text  # its weights are no burden to a door that reads no words

    score = score_text(text, question=question, tenant=tenant)
    signals = frozenset(str(signal.kind) for signal in score.signals)
    if signals or score.label in UNHAPPY_LABELS or table.says_not_fixed(said):
        return Heard(Meaning.UNHAPPY, score.label, signals)
    if not said:
        return Heard(Meaning.ACKNOWLEDGED)  # a thumb, a row of dots
    asks = any(sign in text for sign in "?？吗")
    content = score.polarity is not None and score.polarity > CONTENT_FROM and not asks
    return Heard(Meaning.CONTENT if content else Meaning.NEUTRAL, score.label)


def needs_no_answer(text: str) -> bool:
    """Whether a text says "thanks" or "ok" and nothing else: a person would not answer it."""
    said = plain(simplified(text))
    return bool(said) and said not in GREETINGS and _table().acknowledges(said)


@dataclass(frozen=True)
class _Table:
    acknowledgement: re.Pattern[str]
    whole: frozenset[str]
    within: re.Pattern[str]

    def acknowledges(self, said: str) -> bool:
        return self.acknowledgement.fullmatch(said) is not None

    def says_not_fixed(self, said: str) -> bool:
        return said in self.whole or self.within.search(said) is not None


@lru_cache(maxsize=1)
def _table() -> _Table:
    raw = tomllib.loads((Path(__file__).parent / "replies.toml").read_text(encoding="utf-8"))
    row, within = re.compile(row_of(raw["acknowledgements"])), re.compile(any_of(raw["not_fixed_within"]))
    return _Table(row, frozenset(raw["not_fixed"]), within)
