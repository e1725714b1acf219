"""Short answers that no model should guess at: emoji, one word, and what they mean to the question asked. Pure.

The tables stand in data/answers.toml and are read at the first use.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

Question = Literal["what_went_wrong", "improve", "praise"]

_FILE = Path(__file__).parent / "data" / "answers.toml"

# What a thing that is named and not judged means to a question; to any other it means nothing.
NAMED: dict[str, float] = {"improve": -0.5, "what_went_wrong": -0.65, "praise": 0.45}

# How far the question alone moves the log-odds of negative and of positive: what is named under "what could we improve"
# is a criticism unless it says otherwise.
TILT: dict[str, tuple[float, float]] = {
    "improve": (1.4, -1.0),
    "what_went_wrong": (2.0, -1.2),
    "praise": (-1.6, 1.4),
}


@dataclass(frozen=True, slots=True)
class Answers:
    """Whole answers and signs with the polarity they mean; None means they say nothing."""

    whole: dict[str, float | None]
    answered: dict[str, dict[str, float | None]]
    signs: dict[str, float]
    sign: re.Pattern[str]
    named: re.Pattern[str]
    unsaid: re.Pattern[str]


@lru_cache(maxsize=1)
def answers() -> Answers:
    """The tables, read once."""
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    emoji = {sign: float(value) for value, signs in raw["emoji"].items() for sign in signs}
    emoticons = {sign: float(value) for value, signs in raw["emoticon"].items() for sign in signs}
    signs = emoji | emoticons
    return Answers(
        whole=_by_answer(raw["whole"]),
        answered={question: _by_answer(table) for question, table in raw["answered"].items()},
        signs=signs,
        sign=_any_of(signs),
        named=_named(raw["named"]),
        unsaid=re.compile(rf"(?>(?:{_any_of(raw['unsaid']['words']).pattern})(?![a-z])\s*)++"),
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def _named(raw: dict[str, list[str]]) -> re.Pattern[str]:
    """Names of things in a row, and what joins two of them; at least one is a name."""
    english, joined = _any_of(raw["en"]).pattern, _any_of(raw["en_between"]).pattern
    han, joined_han = _any_of(raw["zh"]).pattern, _any_of(raw["zh_between"]).pattern
    row = rf"(?:(?:{joined})\s+)*(?:{english})(?:\s+(?:(?:{joined})\s+)*(?:{english}))*"
    # Possessive: a row that can be cut in many ways is cut in one.
    return re.compile(rf"{row}|(?:{han})(?>(?:{joined_han})*(?:{han}))*+")


def _by_answer(table: dict[str, list[str]]) -> dict[str, float | None]:
    return {answer: None if value == "none" else float(value) for value, group in table.items() for answer in group}
