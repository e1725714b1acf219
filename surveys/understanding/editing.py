"""What is done to a theme book that is being written: add, change, switch off, take away, take back. Pure.

Every function gives a new book. A key is made from the name once and then stays: stored mentions are known by it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from surveys.questionnaires.editing import key_from
from surveys.scoring.language import fold
from surveys.scoring.themes import WORDS, Data

_PARTED = re.compile(r"[\n,;，、；]+")


def theme_of(data: Mapping[str, Any], key: str) -> Data | None:
    """The theme with this key."""
    return next((theme for theme in data["themes"] if theme["key"] == key), None)


def subtheme_of(theme: Mapping[str, Any], key: str) -> Data | None:
    """The subtheme with this key."""
    return next((one for one in theme["subthemes"] if one["key"] == key), None)


def listed(written: str | None) -> list[str]:
    """Keywords as they are typed, one a line or parted by commas: each once, in that order."""
    words = (" ".join(part.replace("\0", "").split()) for part in _PARTED.split(written or ""))
    return list({fold(word): word for word in words if word}.values())


def with_theme(data: Mapping[str, Any], names: Mapping[str, str], words: Mapping[str, list[str]]) -> tuple[Data, str]:
    """With a new theme at the end, whose words stand in one subtheme of the same name; also its key."""
    key = key_from(names.get("en") or "", [theme["key"] for theme in data["themes"]], otherwise=_next("theme", data))
    first = {"key": key, "names": dict(names), "words": _both(words)}
    theme = {"key": key, "names": dict(names), "subthemes": [first]}
    return {**data, "themes": [*data["themes"], theme]}, key


def with_subtheme(
    data: Mapping[str, Any], theme: str, names: Mapping[str, str], words: Mapping[str, list[str]]
) -> tuple[Data, str]:
    """With a new subtheme at the end of this theme; also its key."""
    whole = theme_of(data, theme)
    assert whole is not None
    taken = [one["key"] for one in whole["subthemes"]]
    key = key_from(names.get("en") or "", taken, otherwise=f"part_{len(taken) + 1}")
    one = {"key": key, "names": dict(names), "words": _both(words)}
    return _with(data, theme, {**whole, "subthemes": [*whole["subthemes"], one]}), key


def renamed(data: Mapping[str, Any], theme: str, names: Mapping[str, str], *, off: bool) -> Data:
    """With this theme under these names, switched on or off."""
    whole = theme_of(data, theme)
    assert whole is not None
    changed = _switched({**whole, "names": dict(names)}, off)
    only = whole["subthemes"][0] if len(whole["subthemes"]) == 1 else None
    if only is not None and only["key"] == theme and only["names"] == whole["names"]:
        changed["subthemes"] = [{**only, "names": dict(names)}]  # a theme of one part has one name
    return _with(data, theme, changed)


def reworded(
    data: Mapping[str, Any],
    theme: str,
    subtheme: str,
    *,
    names: Mapping[str, str],
    words: Mapping[str, list[str]],
    off: bool,
) -> Data:
    """With this subtheme under these names and keywords, switched on or off."""
    whole = theme_of(data, theme)
    assert whole is not None
    subthemes = [
        _switched({**one, "names": dict(names), "words": _both(words)}, off) if one["key"] == subtheme else one
        for one in whole["subthemes"]
    ]
    return _with(data, theme, {**whole, "subthemes": subthemes})


def with_word(data: Mapping[str, Any], theme: str, subtheme: str, word: str, *, language: str) -> Data:
    """With one more keyword at the end of a subtheme's list; the same book when it is there already."""
    whole = theme_of(data, theme)
    assert whole is not None
    subthemes = []
    for one in whole["subthemes"]:
        words = one["words"].get(language, [])
        if one["key"] == subtheme and fold(word) not in map(fold, words):
            one = {**one, "words": {**one["words"], language: [*words, word]}}
        subthemes.append(one)
    return _with(data, theme, {**whole, "subthemes": subthemes})


def without(data: Mapping[str, Any], theme: str, subtheme: str | None = None) -> Data:
    """Without this theme, or this subtheme of it."""
    whole = theme_of(data, theme)
    assert whole is not None
    if subtheme is None:
        return {**data, "themes": [one for one in data["themes"] if one["key"] != theme]}
    return _with(data, theme, {**whole, "subthemes": [one for one in whole["subthemes"] if one["key"] != subtheme]})


def kept(data: Mapping[str, Any], live: Mapping[str, Any]) -> Data:
    """This book with all that the live one has beside it, switched off: stored mentions keep their names."""
    themes = []
    for theme in data["themes"]:
        before = theme_of(live, theme["key"]) or {"subthemes": []}
        gone = [_switched(one, True) for one in before["subthemes"] if subtheme_of(theme, one["key"]) is None]
        themes.append({**theme, "subthemes": [*theme["subthemes"], *gone]})
    gone = [_switched(theme, True) for theme in live["themes"] if theme_of(data, theme["key"]) is None]
    return {**data, "themes": [*themes, *gone]}


def way_back(before: Mapping[str, Any], after: Mapping[str, Any]) -> Data:
    """What it takes to come from `after` back to `before`: the themes that differ, and the order."""
    keys = dict.fromkeys([theme["key"] for book in (before, after) for theme in book["themes"]])
    changed = {key: theme_of(before, key) for key in keys if theme_of(before, key) != theme_of(after, key)}
    return {"order": [theme["key"] for theme in before["themes"]], "was": changed}


def taken_back(data: Mapping[str, Any], back: Mapping[str, Any]) -> Data:
    """The book as it was before a deed, by its way back."""
    now = {theme["key"]: theme for theme in data["themes"]} | back["was"]
    return {**data, "themes": [now[key] for key in back["order"]]}


def _with(data: Mapping[str, Any], key: str, theme: Data) -> Data:
    return {**data, "themes": [theme if one["key"] == key else one for one in data["themes"]]}


def _switched(one: Mapping[str, Any], off: bool) -> Data:
    bare = {name: value for name, value in one.items() if name != "off"}
    return bare | {"off": True} if off else bare


def _both(words: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    return {language: list(words.get(language, ())) for language in WORDS}


def _next(name: str, data: Mapping[str, Any]) -> str:
    return f"{name}_{len(data['themes']) + 1}"
