"""What a comment is about: two levels, two languages, keywords kept as data. Pure.

A theme's polarity comes from the clauses it is named in, so the caller hands in clauses with their polarity.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from surveys.scoring.language import fold
from surveys.scoring.spans import Span, place

_FILE = Path(__file__).parent / "data" / "themes.toml"

# The labels of a file and the languages they are in; the keywords of a file are in English and in Chinese.
LABELS = {"en_label": "en", "zh_label": "zh-Hans", "zh_hant_label": "zh-Hant"}
WORDS = ("en", "zh")

# A book as it is stored: {"themes": [{"key", "names", "off"?, "subthemes": [{"key", "names", "off"?, "words"}]}]}
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ThemeMention:
    """One theme named in a comment: by which subthemes, first where, and how the customer felt in those clauses.

    `polarity` is None when nothing is known of that.
    """

    theme: str
    subthemes: tuple[str, ...]
    polarity: float | None
    evidence: Span

    @property
    def subtheme(self) -> str:
        """The subtheme that is named first."""
        return self.subthemes[0]


@dataclass(frozen=True, slots=True)
class Subtheme:
    """The second level: names and the compiled keywords of both languages."""

    key: str
    names: Mapping[str, str]
    english: re.Pattern[str] | None
    chinese: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Theme:
    """The first level: a name per language and its subthemes."""

    key: str
    names: Mapping[str, str]
    subthemes: tuple[Subtheme, ...]


@dataclass(frozen=True, eq=False)
class ThemeBook:
    """All themes of one company at one version, without those that are switched off. Equal to itself alone."""

    version: str
    themes: dict[str, Theme]


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the folded comment and how it sounds."""

    start: int
    end: int
    polarity: float | None


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A keyword found: where in the folded comment, and of which subtheme."""

    start: int
    end: int
    subtheme: str


def read_data(text: str) -> tuple[str, Data]:
    """The version and the book of a TOML text (shape: data/themes.toml); ValueError or KeyError for another shape."""
    raw = tomllib.loads(text)
    version = str(raw.pop("version"))
    return version, {"themes": [_theme_data(key, body) for key, body in raw.items()]}


def _theme_data(key: str, body: Mapping[str, Any]) -> Data:
    parts = [(name, part) for name, part in body.items() if isinstance(part, dict)]
    subthemes = [_named(name, part) | {"words": {one: _words(part.get(one)) for one in WORDS}} for name, part in parts]
    return _named(key, body) | {"subthemes": subthemes}


def _named(key: str, body: Mapping[str, Any]) -> Data:
    names = {language: str(body[label]) for label, language in LABELS.items() if label in body or label == "en_label"}
    return {"key": key, "names": names} | ({"off": True} if body.get("off") else {})


def _words(value: object) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError("keywords must be a list")
    return [str(word) for word in value]


def compiled(data: Mapping[str, Any], version: str) -> ThemeBook:
    """The book ready to find themes with; what is switched off is left out."""
    themes = {}
    for theme in data["themes"]:
        subthemes = tuple(_subtheme(one) for one in theme["subthemes"] if not one.get("off"))
        if subthemes and not theme.get("off"):
            themes[theme["key"]] = Theme(theme["key"], theme["names"], subthemes)
    return ThemeBook(version, themes)


def _subtheme(one: Mapping[str, Any]) -> Subtheme:
    words = one["words"]
    return Subtheme(one["key"], one["names"], _english_pattern(words.get("en", ())), _chinese_pattern(words["zh"]))


def _english_pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    parts = [re.escape(word).replace(r"\*", "[a-z]*").replace(r"\ ", r"\s+") for word in _longest_first(words)]
    return re.compile(r"(?<![a-z'])(?:" + "|".join(parts) + r")(?![a-z])") if parts else None


def _chinese_pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    parts = [re.escape(word) for word in _longest_first(words)]
    return re.compile("|".join(parts)) if parts else None


def _longest_first(words: Iterable[str]) -> list[str]:
    # Comments are folded before they are looked through, so what is looked for is folded too.
    return sorted({fold(word) for word in words}, key=lambda word: (-len(word), word))


def read_book(text: str) -> ThemeBook:
    """Read themes from TOML (shape: data/themes.toml); raises ValueError or KeyError when it has another shape."""
    version, data = read_data(text)
    return compiled(data, version)


@lru_cache(maxsize=1)
def standard_data() -> tuple[str, Data]:
    """Version and themes the product ships with, read once. Not to be changed: make a copy."""
    return read_data(_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def standard_book() -> ThemeBook:
    """The themes the product ships with, ready to find themes with."""
    version, data = standard_data()
    # The digest changes with every word of the file, whether or not somebody raised the number.
    digest = sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:6]
    return compiled(data, f"built-in-{version}+{digest}")


def in_language(names: Mapping[str, str], language: str) -> str:
    """A name in a language; another spelling of it, else English, else whatever there is."""
    wanted = (language, "zh-Hans", "zh-Hant", "en") if language.startswith("zh") else (language, "en")
    return next((names[one] for one in wanted if names.get(one)), None) or next(iter(names.values()), "")


def label(theme_key: str, language: str) -> str:
    """The name of a standard theme for people, in "en" or "zh"; raises KeyError for an unknown theme."""
    return in_language(standard_book().themes[theme_key].names, language)


def hits(folded: str, *, language: str, book: ThemeBook) -> dict[str, list[Hit]]:
    """Every keyword of every theme found in a folded comment, each theme's in the order of the comment."""
    found = {}
    for theme in book.themes.values():
        here = [hit for subtheme in theme.subthemes for hit in _hits(subtheme, folded, language)]
        if here:
            found[theme.key] = sorted(here)
    return found


def find_themes(
    text: str, folded: str, clauses: tuple[Clause, ...], *, language: str, book: ThemeBook | None = None
) -> tuple[ThemeMention, ...]:
    """Name the themes of a comment, first the one named first; one mention per theme, polarity over its clauses."""
    mentions = []
    for theme, here in hits(folded, language=language, book=book or standard_book()).items():
        felt = [clause.polarity for clause in clauses if any(clause.start <= hit.start < clause.end for hit in here)]
        known = [polarity for polarity in felt if polarity is not None]
        polarity = round(sum(known) / len(known), 3) if known else None
        subthemes = tuple(dict.fromkeys(hit.subtheme for hit in here))
        mentions.append(ThemeMention(theme, subthemes, polarity, place(text, here[0].start, here[0].end)))
    return tuple(sorted(mentions, key=lambda mention: mention.evidence.start))


def _hits(subtheme: Subtheme, folded: str, language: str) -> list[Hit]:
    patterns = (subtheme.english if language != "zh" else None, subtheme.chinese if language != "en" else None)
    return [Hit(*match.span(), subtheme.key) for pattern in patterns if pattern for match in pattern.finditer(folded)]
