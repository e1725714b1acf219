"""What differs between two theme books. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from surveys.scoring.themes import WORDS, Data
from surveys.understanding.editing import subtheme_of, theme_of


class ChangeKind(StrEnum):
    """What happened to a theme or a part of one."""

    ADDED = "added"
    REMOVED = "removed"
    SWITCHED_ON = "switched_on"
    SWITCHED_OFF = "switched_off"
    RENAMED = "renamed"
    WORDS = "words"


@dataclass(frozen=True)
class Change:
    """One difference. `before` and `after` are names, or the keywords that went and came in `language`."""

    kind: ChangeKind
    theme: Data
    subtheme: Data | None = None
    language: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def diff(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every difference in the order of the new book; what is gone comes last."""
    return tuple(_changes(old, new))


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for theme in new["themes"]:
        before = theme_of(old, theme["key"])
        if before is None:
            yield Change(ChangeKind.ADDED, theme)
            yield from (_whole(theme, one) for one in theme["subthemes"])
            continue
        yield from _one(theme, None, before, theme)
        for one in theme["subthemes"]:
            was = subtheme_of(before, one["key"])
            yield from _one(theme, one, was, one) if was is not None else (_whole(theme, one),)
        gone = (one for one in before["subthemes"] if subtheme_of(theme, one["key"]) is None)
        yield from (Change(ChangeKind.REMOVED, theme, one) for one in gone)
    yield from (Change(ChangeKind.REMOVED, one) for one in old["themes"] if theme_of(new, one["key"]) is None)


def _whole(theme: Data, one: Data) -> Change:
    words = tuple(word for language in WORDS for word in one["words"].get(language, ()))
    return Change(ChangeKind.ADDED, theme, one, after=words)


def _one(theme: Data, subtheme: Data | None, before: Data, after: Data) -> Iterator[Change]:
    if bool(before.get("off")) != bool(after.get("off")):
        yield Change(ChangeKind.SWITCHED_OFF if after.get("off") else ChangeKind.SWITCHED_ON, theme, subtheme)
    for language in dict.fromkeys((*after["names"], *before["names"])):
        was, now = before["names"].get(language), after["names"].get(language)
        if was != now:
            yield Change(
                ChangeKind.RENAMED, theme, subtheme, language, *((said,) if said else () for said in (was, now))
            )
    for language in WORDS if subtheme is not None else ():
        was, now = before["words"].get(language, []), after["words"].get(language, [])
        gone, new = tuple(w for w in was if w not in now), tuple(w for w in now if w not in was)
        if gone or new:
            yield Change(ChangeKind.WORDS, theme, subtheme, language, gone, new)
