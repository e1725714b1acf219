"""Deeds, languages and differences of theme books in words a person would use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.console.questionnaires.words import LANGUAGES
from app.console.themes.room import name_of
from app.i18n import gettext as _
from surveys.understanding.diff import Change, ChangeKind, diff

BOXES = {"en": _l("Found in English comments"), "zh": _l("Found in Chinese comments")}
DEEDS = {
    "add_theme": _l("a theme added"),
    "change_theme": _l("a theme renamed"),
    "switch_theme": _l("a theme switched on or off"),
    "remove_theme": _l("a theme taken out"),
    "add_part": _l("a part added"),
    "change_part": _l("a part changed"),
    "switch_part": _l("a part switched on or off"),
    "remove_part": _l("a part taken out"),
    "take_in": _l("a file taken in"),
    "adopt": _l("a new word adopted"),
}
_WHAT = {
    ChangeKind.ADDED: _l("New"),
    ChangeKind.REMOVED: _l("Taken out"),
    ChangeKind.SWITCHED_ON: _l("Switched on"),
    ChangeKind.SWITCHED_OFF: _l("Switched off"),
    ChangeKind.RENAMED: _l("Renamed"),
    ChangeKind.WORDS: _l("Keywords"),
}
_TONGUES = {"en": "en", "zh": "zh-Hans"}

__all__ = ["BOXES", "DEEDS", "LANGUAGES", "Told", "path_words", "told", "word_count"]


@dataclass(frozen=True)
class Told:
    """One difference: what happened, to what, and the words that went and came, in their language."""

    what: str
    where: str
    before: str
    after: str
    language: str


def told(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Told]:
    """Every difference between two books."""
    return [_told(change) for change in diff(old, new)]


def _told(change: Change) -> Told:
    where = name_of(change.theme)
    if change.subtheme is not None:
        where = f"{where}{_(': ')}{name_of(change.subtheme)}"
    if change.kind is ChangeKind.RENAMED:
        where = f"{where}{_(', ')}{LANGUAGES[change.language]}"
    stop = _(", ")
    tongue = _TONGUES.get(change.language, change.language)
    return Told(str(_WHAT[change.kind]), where, stop.join(change.before), stop.join(change.after), tongue)


def path_words(path: str, names: Mapping[str, Mapping[str, str]]) -> str:
    """A theme or a part of one ("waiting.queue") by name, a part after its theme."""
    theme, _dot, part = path.partition(".")
    said = name_of({"key": theme, "names": names.get(theme, {})})
    part = name_of({"key": part, "names": names.get(path, {})}) if part else ""
    return f"{said}{_(': ')}{part}" if part not in ("", said) else said


def word_count(one: Mapping[str, Any]) -> int:
    """How many keywords a part has, or a theme in all its parts."""
    parts = one.get("subthemes", [one])
    return sum(len(words) for part in parts for words in part["words"].values())
