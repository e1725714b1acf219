"""What a comment is about: two levels, two languages, keywords kept as data. Pure.

A theme's polarity comes from the clauses it is named in, so the caller hands in clauses with their polarity.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from surveys.scoring.spans import Span, place

_FILE = Path(__file__).parent / "data" / "themes.toml"


@dataclass(frozen=True, slots=True)
class ThemeMention:
    """One theme named in a comment: where, and how the customer felt in those clauses (None: nothing known)."""

    theme: str
    subtheme: str
    polarity: float | None
    evidence: Span


@dataclass(frozen=True, slots=True)
class Subtheme:
    """The second level: labels and the compiled keywords of both languages."""

    key: str
    labels: dict[str, str]
    english: re.Pattern[str] | None
    chinese: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Theme:
    """The first level: a label per language and its subthemes."""

    key: str
    labels: dict[str, str]
    subthemes: tuple[Subtheme, ...]


@dataclass(frozen=True, slots=True)
class ThemeBook:
    """All themes of one company at one version."""

    version: str
    themes: dict[str, Theme]


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the folded comment and how it sounds."""

    start: int
    end: int
    polarity: float | None


def read_book(text: str) -> ThemeBook:
    """Read themes from TOML (shape: data/themes.toml); raises ValueError or KeyError when it has another shape."""
    raw = tomllib.loads(text)
    version = str(raw.pop("version"))
    themes = {}
    for key, body in raw.items():
        subthemes = tuple(_subtheme(name, part) for name, part in body.items() if isinstance(part, dict))
        themes[key] = Theme(key, {"en": body["en_label"], "zh": body["zh_label"]}, subthemes)
    return ThemeBook(version, themes)


def _subtheme(key: str, body: dict[str, object]) -> Subtheme:
    return Subtheme(
        key=key,
        labels={"en": str(body["en_label"]), "zh": str(body["zh_label"])},
        english=_english_pattern([str(word) for word in _words(body.get("en"))]),
        chinese=_chinese_pattern([str(word) for word in _words(body.get("zh"))]),
    )


def _words(value: object) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError("keywords must be a list")
    return value


def _english_pattern(words: list[str]) -> re.Pattern[str] | None:
    if not words:
        return None
    longest_first = sorted(words, key=len, reverse=True)
    parts = [re.escape(word).replace(r"\*", "[a-z]*").replace(r"\ ", r"\s+") for word in longest_first]
    return re.compile(r"(?<![a-z'])(?:" + "|".join(parts) + r")(?![a-z])")


def _chinese_pattern(words: list[str]) -> re.Pattern[str] | None:
    if not words:
        return None
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


@lru_cache(maxsize=1)
def standard_book() -> ThemeBook:
    """The themes the product ships with, read once."""
    return read_book(_FILE.read_text(encoding="utf-8"))


def label(theme_key: str, language: str) -> str:
    """The name of a standard theme for people, in "en" or "zh"; raises KeyError for an unknown theme."""
    theme = standard_book().themes[theme_key]
    return theme.labels["zh" if language.startswith("zh") else "en"]


def find_themes(
    text: str, folded: str, clauses: tuple[Clause, ...], *, language: str, book: ThemeBook | None = None
) -> tuple[ThemeMention, ...]:
    """Name the themes of a comment, first the one named first; one mention per theme, polarity over its clauses."""
    book = book or standard_book()
    mentions = []
    for theme in book.themes.values():
        hits = [hit for subtheme in theme.subthemes for hit in _hits(subtheme, folded, language)]
        if not hits:
            continue
        hits.sort()
        start, end, subtheme_key = hits[0]
        felt = [clause.polarity for clause in clauses if any(clause.start <= hit[0] < clause.end for hit in hits)]
        known = [polarity for polarity in felt if polarity is not None]
        polarity = round(sum(known) / len(known), 3) if known else None
        mentions.append(ThemeMention(theme.key, subtheme_key, polarity, place(text, start, end)))
    return tuple(sorted(mentions, key=lambda mention: mention.evidence.start))


def _hits(subtheme: Subtheme, folded: str, language: str) -> list[tuple[int, int, str]]:
    patterns = (subtheme.english if language != "zh" else None, subtheme.chinese if language != "en" else None)
    return [(*match.span(), subtheme.key) for pattern in patterns if pattern for match in pattern.finditer(folded)]
