"""What the survey page says around the questions. A table read once, so that a page costs no catalogue look-ups."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from notifications.texts import fallbacks

USUAL = ("en", "zh-Hans")  # spoken on every page, whatever the questionnaire speaks


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))


def tongues_we_speak() -> tuple[str, ...]:
    """Every language the words around the questions are written in."""
    return tuple(_tables())


@cache
def words(language: str) -> Mapping[str, str]:
    """The table of the language, or of the nearest one we speak."""
    return next(_tables()[name] for name in fallbacks(language) if name in _tables())


def say(language: str, key: str, **values: Any) -> str:
    """One text with its values."""
    return words(language)[key].format(**values)


def others(language: str, offered: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The other languages the page can be read in, each with its own name for itself."""
    tables = _tables()
    both_scripts = {"zh-Hans", "zh-Hant"} <= {language, *offered}
    return tuple(
        (tag, "中文" if tag == "zh-Hans" and not both_scripts else tables[tag]["name"] if tag in tables else tag)
        for tag in offered
        if tag != language
    )
