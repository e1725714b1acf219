"""What a manager's note says beyond its words (pure): whether a call was answered, and what a case came to.

Only the whole note or its beginning counts: "left a voicemail" loses no customer, and who was "busy but happy" was
reached.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.cases.phrases import any_of, plain
from app.cases.wording import CAUSE_BY_DIGIT, CAUSES

_CAUSE = re.compile(r"(?:cause|原因)?\s*[:：]?\s*([1-5])(?!\d)")
_GAP = " \t\r\n,.;:!-，。；：！、"


@dataclass(frozen=True)
class Ending:
    """How a note closes a case. `cause` is None where it names none; `note` is what else it says, for colleagues."""

    cause: str | None
    outcome: str
    note: str


def was_reached(note: str) -> bool:
    """Whether a note about a call says that somebody answered, as it does unless it begins by saying they did not."""
    return _table().no_answer.match(plain(note)) is None


def ending(rest: str) -> Ending:
    """Read "1", "1 lost, went elsewhere", "fees refunded": a cause, perhaps an outcome, perhaps words."""
    cause, note = _cause(rest.strip())
    said = plain(note)
    outcome = next((o for o, pattern in _table().outcomes.items() if pattern.match(said)), "saved")
    return Ending(cause, outcome, note)


def _cause(rest: str) -> tuple[str | None, str]:
    if found := _CAUSE.match(rest.translate(str.maketrans("１２３４５", "12345"))):
        return CAUSE_BY_DIGIT[found[1]], rest[found.end() :].strip(_GAP)
    folded = rest.casefold()
    for cause, names in CAUSES.items():
        name = next((name for name in names.values() if folded.startswith(name)), None)
        if name is not None:
            return cause, rest[len(name) :].strip(_GAP)
    return None, rest


@dataclass(frozen=True)
class _Table:
    no_answer: re.Pattern[str]
    outcomes: dict[str, re.Pattern[str]]


@lru_cache(maxsize=1)
def _table() -> _Table:
    raw = tomllib.loads((Path(__file__).parent / "notes.toml").read_text(encoding="utf-8"))
    whole = raw["outcomes_whole"]
    outcomes = {
        outcome: re.compile(rf"{any_of(begins)}|{any_of(whole[outcome])}$")
        for outcome, begins in raw["outcomes"].items()
    }
    return _Table(re.compile(rf"(?:{any_of(raw['who'])}\s*)?{any_of(raw['no_answer'])}"), outcomes)
