"""What makes a theme book impossible to use: where it is, and what to do about it. Pure."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from surveys.scoring.language import fold
from surveys.scoring.themes import WORDS, in_language

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_THEMES = 60
MOST_SUBTHEMES = 30
MOST_WORDS = 500
LONGEST_WORD = 60
LONGEST_NAME = 60
SHORTEST_STEM = 3

_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Fault:
    """One thing that must be mended first. `subtheme` is "" for the theme itself, `theme` is "" for the book."""

    theme: str
    subtheme: str
    code: str
    detail: str


@lru_cache(maxsize=1)
def _sentences() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))


def sentence(code: str, tongue: str, **values: object) -> str:
    """The sentence of this code in the reader's language, with its values."""
    return in_language(_sentences()[code], tongue).format_map({name: str(value) for name, value in values.items()})


def faults(data: Mapping[str, Any], *, tongue: str = "en") -> tuple[Fault, ...]:
    """Everything that stands in the way of publishing, in order; empty when it may be published."""
    return tuple(_faults(data, tongue))


def _faults(data: Mapping[str, Any], tongue: str) -> Iterator[Fault]:
    themes = data["themes"]
    if len(themes) > MOST_THEMES:
        yield Fault("", "", "many_themes", sentence("many_themes", tongue, most=MOST_THEMES))
    if all(theme.get("off") for theme in themes):
        yield Fault("", "", "nothing_on", sentence("nothing_on", tongue))
    yield from _same_names("", themes, tongue)
    for theme in themes:
        for code, detail in named_wrong(theme, tongue):
            yield Fault(theme["key"], "", code, detail)
        subthemes = theme["subthemes"]
        if len(subthemes) > MOST_SUBTHEMES:
            yield Fault(theme["key"], "", "many_subthemes", sentence("many_subthemes", tongue, most=MOST_SUBTHEMES))
        if not theme.get("off") and all(one.get("off") for one in subthemes):
            name = in_language(theme["names"], tongue) or theme["key"]
            yield Fault(theme["key"], "", "empty_theme", sentence("empty_theme", tongue, name=name))
        yield from _same_names(theme["key"], subthemes, tongue)
        for one in subthemes:
            wrong = [*named_wrong(one, tongue), *worded_wrong(one, tongue)]
            yield from (Fault(theme["key"], one["key"], code, detail) for code, detail in wrong)


def named_wrong(one: Mapping[str, Any], tongue: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the names of a theme or subtheme: code and sentence."""
    if not one["names"].get("en") and not one["names"].get("zh-Hans"):
        yield "no_name", sentence("no_name", tongue, key=one["key"])
    for name in one["names"].values():
        if len(name) > LONGEST_NAME:
            yield "long_name", sentence("long_name", tongue, name=name[:LONGEST_NAME], most=LONGEST_NAME)


def worded_wrong(one: Mapping[str, Any], tongue: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the keywords of a subtheme: code and sentence."""
    name = in_language(one["names"], tongue) or one["key"]
    if not one.get("off") and not any(one["words"].get(language) for language in WORDS):
        yield "no_words", sentence("no_words", tongue, name=name)
    for language in WORDS:
        words = one["words"].get(language) or []
        if len(words) > MOST_WORDS:
            yield "many_words", sentence("many_words", tongue, name=name, most=MOST_WORDS)
        yield from (_word_wrong(word, language, tongue) for word in words if _wrong(word, language))


def _wrong(word: str, language: str) -> str | None:
    folded = fold(word)
    if len(word) > LONGEST_WORD:
        return "long_word"
    if not _LETTER.search(folded) or folded != " ".join(folded.split()):
        return "no_letters"
    stem, star, _ = folded.partition("*")
    if star and language != "en":
        return "star_in_chinese"
    return "short_stem" if star and len(stem) < SHORTEST_STEM else None


def _word_wrong(word: str, language: str, tongue: str) -> tuple[str, str]:
    code = _wrong(word, language)
    assert code is not None
    values = {"word": word[:LONGEST_WORD], "most": LONGEST_WORD, "stem": SHORTEST_STEM}
    return code, sentence(code, tongue, **values)


def _same_names(theme: str, named: list[Mapping[str, Any]], tongue: str) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for one in named:
        for name in {fold(name.strip()) for name in one["names"].values() if name.strip()}:
            if seen.setdefault(name, one["key"]) != one["key"]:
                detail = sentence("same_name", tongue, name=in_language(one["names"], tongue))
                yield Fault(theme or one["key"], one["key"] if theme else "", "same_name", detail)
                break
