"""Short answers that no model should guess at: emoji, one word, and what they mean to the question asked. Pure.

The tables stand in data/answers.toml and are read at the first use.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

Question = Literal["what_went_wrong", "improve", "praise"]

_FILE = Path(__file__).parent / "data" / "answers.toml"

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
        sign=re.compile("|".join(map(re.escape, sorted(signs, key=len, reverse=True)))),
    )


def _by_answer(table: dict[str, list[str]]) -> dict[str, float | None]:
    return {answer: None if value == "none" else float(value) for value, group in table.items() for answer in group}
