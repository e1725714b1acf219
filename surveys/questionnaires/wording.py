"""Whether the wording of a question helps an honest answer: leading, double-barrelled, hard to read. Pure."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from surveys.questionnaires.piping import PLACEHOLDER

MOST_GRADE = 9
MOST_CHARACTERS = 40

_FILE = Path(__file__).parent / "wording.toml"
_VOWELS = re.compile(r"[aeiouy]+")
_SENTENCE = re.compile(r"[.!?;:]+(?:\s|$)|\n+")
_HAN_SENTENCE = re.compile(r"[。！？；!?;\n]+")


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@lru_cache(maxsize=32)
def _pattern(part: str, tongue: str) -> re.Pattern[str]:
    said = _table()[part][tongue]
    flags = re.NOFLAG if part in ("carrier", "opt_out") else re.IGNORECASE
    return re.compile(said if isinstance(said, str) else "|".join(f"(?:{one})" for one in said), flags)


def _tongue(language: str) -> str | None:
    """The language whose wording we can judge."""
    return "zh" if language.startswith("zh") else "en" if language.startswith("en") else None


def leading(text: str, language: str) -> str | None:
    """The words that suggest an answer."""
    return _found("leading", _plain(text), language)


def double_barrelled(text: str, language: str) -> str | None:
    """The words that ask two things at once. For questions with one answer: open words can hold two."""
    tongue = _tongue(language)
    if tongue is None:
        return None
    return _found("double", _pattern("not_double", tongue).sub(" ", _plain(text)), language)


def carrier_word(text: str, language: str) -> str | None:
    """A word of the carrier that is asked for as an answer."""
    tongue = _tongue(language)
    if tongue is None:
        return None
    for pattern in (_pattern("carrier", tongue), _pattern("carrier", "en")):
        match = pattern.search(text)
        if match:
            return next((group for group in match.groups() if group), match[0])
    return None


def says_how_to_stop(text: str, language: str) -> bool:
    """Whether the way to stop stands in it; a language we cannot read is believed."""
    tongue = _tongue(language)
    return tongue is None or _pattern("opt_out", tongue).search(text) is not None


def grade(text: str) -> int:
    """The school year an English text reads like; the grade level of Kincaid et al. 1975, 0 for a few words."""
    words = re.findall(r"[A-Za-z']+", _plain(text))
    sentences = [part for part in _SENTENCE.split(_plain(text)) if re.search(r"[A-Za-z]", part)]
    if len(words) < 8:  # too short for an average to mean anything
        return 0
    syllables = sum(map(_syllables, words))
    return max(0, round(0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59))


def longest_sentence(text: str) -> int:
    """The characters of the longest Chinese sentence."""
    return max((len(part.strip()) for part in _HAN_SENTENCE.split(_plain(text))), default=0)


def _syllables(word: str) -> int:
    word = word.lower().strip("'")
    count = len(_VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and count > 1
    return max(1, count - silent)


def _plain(text: str) -> str:
    return PLACEHOLDER.sub("X", text.replace("|", ""))


def _found(part: str, text: str, language: str) -> str | None:
    tongue = _tongue(language)
    match = _pattern(part, tongue).search(text) if tongue else None
    return match[0].strip() if match else None
