"""Texts kept as data, each with the longest values it is made for (pure): one file a room, both languages side by side.

Other languages than those two are more lines of a text; where one is missing the nearest language is written.
A file holds `cut` (placeholders with a person's own words), `[longest.<language>]` (characters a placeholder may take)
and `[texts.<key>]` (note, one text a language, `segments` when not 1, `longest` where the file's does not hold).
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from notifications.gsm import downgrade, segments

LANGUAGES = ("en", "zh-Hans")  # what every text has; a file may add more
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")
_GLUED = re.compile(r"[^\W\u2e80-\u9fff]")
_FEWEST = 4  # fewer of a customer's words say nothing
_BRACES = str.maketrans("{}", "()")


@dataclass(frozen=True)
class TooLong:
    """A value that would not fit where it is used; `most` is the room there is, in characters."""

    placeholder: str
    language: str
    value: str
    most: int


@dataclass(frozen=True)
class Entry:
    """One text: why it is sent, its wording in each language, the room of its placeholders, the segments expected."""

    key: str
    note: str
    texts: Mapping[str, str]
    longest: Mapping[str, Mapping[str, int]]
    segments: Mapping[str, int]
    cut: frozenset[str]

    def placeholders(self, language: str) -> tuple[str, ...]:
        """Names in braces, each once, in order."""
        names = (name for _, name, _, _ in Formatter().parse(self.texts[language]) if name)
        return tuple(dict.fromkeys(names))

    def filled(self, language: str, values: Mapping[str, Any]) -> str:
        """The text with its values; a person's own words give way until the expected segments hold."""
        given = {name: str(values[name]) for name in self.placeholders(language)}
        own = {name: " ".join(given[name].split()).translate(_BRACES) for name in given if name in self.cut}
        given |= {name: cut(words, self.longest[language][name]) for name, words in own.items()}
        text = self._with(language, given)
        for name, words in own.items():
            for most in range(len(given[name]) - 1, _FEWEST - 1, -1):
                if not self._over(text, language):
                    return text
                text = self._with(language, {**given, name: cut(words, most)})
        # Words in another alphabet may never fit one segment: then they are worth the second.
        return self._with(language, given) if self._over(text, language) else text

    def _with(self, language: str, given: Mapping[str, str]) -> str:
        text = self.texts[language].format_map(given)
        return downgrade(text) if language == "en" else text

    def _over(self, text: str, language: str) -> bool:
        return segments(text).count > self.segments[language]


class Catalogue:
    """The texts of one file."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries

    @classmethod
    def load(cls, path: Path) -> "Catalogue":
        """Reads a file. Raises ValueError naming a text that lacks a language or a placeholder without room."""
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        common, cutting = data.get("longest", {}), frozenset(data.get("cut", ()))
        entries = {key: _entry(key, raw, common, cutting) for key, raw in data["texts"].items()}
        return cls(entries)

    def render(self, key: str, language: str, **values: Any) -> str:
        """The text in that language; `{link}` stays as it is. Raises KeyError for an unknown key or a missing value."""
        entry = self.entries[key]
        tongue = next(name for name in fallbacks(language) if name in entry.texts)
        return entry.filled(tongue, {"link": "{link}", **values})

    def placeholders(self, key: str, language: str) -> tuple[str, ...]:
        """The values a text takes in that language."""
        entry = self.entries[key]
        return entry.placeholders(next(name for name in fallbacks(language) if name in entry.texts))

    def longest(self, key: str, language: str) -> str:
        """The text with the longest value in every placeholder: what its length is judged by."""
        entry = self.entries[key]
        sample = "字" if language.startswith("zh") else "x"
        return entry.filled(language, {name: sample * most for name, most in entry.longest[language].items()})

    def room(self, placeholder: str, language: str) -> int | None:
        """The fewest characters any text has for this value; None when no text uses it."""
        tongue = spoken(language)
        uses = [e.longest[tongue][placeholder] for e in self.entries.values() if placeholder in e.placeholders(tongue)]
        return min(uses, default=None)

    def refusals(self, language: str, **values: str) -> tuple[TooLong, ...]:
        """Values to refuse when they are set up (a branch, a name): they would not fit in every text that uses them."""
        return tuple(self._refusals(spoken(language), values))

    def _refusals(self, language: str, values: Mapping[str, str]) -> Iterator[TooLong]:
        for name, value in values.items():
            most = self.room(name, language)
            if most is not None and len(value) > most:
                yield TooLong(name, language, value, most)


@lru_cache(maxsize=256)
def fallbacks(language: str) -> tuple[str, ...]:
    """The names a text may stand under, best first: for zh-HK Traditional, then Simplified, then English."""
    tag = language.lower().replace("_", "-")
    if tag.startswith(_TRADITIONAL):
        return ("zh-Hant", "zh-Hans", "en")
    if tag.split("-")[0] == "zh":
        return ("zh-Hans", "zh-Hant", "en")
    return tuple(dict.fromkeys((language, tag.split("-")[0], "en")))


def spoken(language: str) -> str:
    """The catalogue's name of a language; English for one we do not write."""
    return "zh-Hans" if language.startswith("zh") else "en"


def cut(words: str, limit: int) -> str:
    """At most `limit` characters; what is left out ends as "..." after a word of English or a character of Chinese.

    Raises ValueError for a limit below 1.
    """
    if limit < 1:
        raise ValueError("words need room for one character")
    if len(words) <= limit:
        return words
    if limit <= 3:
        return words[:limit]
    kept = words[: limit - 3]
    if _GLUED.match(words[limit - 3]) and _GLUED.match(kept[-1]):
        # In the middle of a word: back to where it began, unless that would leave next to nothing.
        whole = re.sub(r"[^\W\u2e80-\u9fff]+$", "", kept).rstrip()
        kept = whole if len(whole) * 2 >= len(kept) else kept
    return re.sub(r"[\s,.;:!?，。；：！？、…]+$", "", kept) + "..."


def _nearest(table: Mapping[str, Any], language: str) -> Any:
    """What the table says for this language or the nearest one; English room says nothing about Chinese."""
    names = [name for name in fallbacks(language) if name != "en" or not language.startswith("zh")]
    return next((table[name] for name in names if name in table), {})


def _entry(key: str, raw: Mapping[str, Any], common: Mapping[str, Mapping[str, int]], cutting: frozenset[str]) -> Entry:
    missing = [language for language in LANGUAGES if not raw.get(language)]
    if missing:
        raise ValueError(f"the text {key} is missing in {', '.join(missing)}")
    texts = {name: text for name, text in raw.items() if isinstance(text, str) and name != "note"}
    longest = {
        language: {**_nearest(common, language), **_nearest(raw.get("longest", {}), language)} for language in texts
    }
    expected = raw.get("segments", 1)
    counts = {name: _nearest(expected, name) if isinstance(expected, dict) else expected for name in texts}
    entry = Entry(key, raw.get("note", ""), texts, longest, counts, cutting)
    for language in texts:
        unknown = [name for name in entry.placeholders(language) if name not in longest[language]]
        if unknown:
            raise ValueError(f"the text {key} has no longest value for {', '.join(unknown)} in {language}")
    return entry
