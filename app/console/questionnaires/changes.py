"""What differs between two definitions, in words a person would use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.console.questionnaires.words import (
    BAND_NAMES,
    LANGUAGES,
    choices_of,
    condition_words,
    kind_name,
    languages_of,
    phrase,
)
from app.i18n import gettext as _
from surveys.questionnaires.diff import Change, ChangeKind, diff
from surveys.questionnaires.editing import question_of
from surveys.questionnaires.questions import Band

PARTS = {
    "text": _l("the question"),
    "hint": _l("the line of help"),
    "low": _l("the low end of the scale"),
    "high": _l("the high end of the scale"),
    "sms_text": _l("the SMS"),
    "sms": _l("the SMS"),
    "asks": _l("the SMS"),
    "choices": _l("the answers"),
    "kind": _l("the sort of answer"),
    "optional": _l("whether it may be passed over"),
    "by": _l("whose answer decides the words"),
    "when": _l("whom it is asked"),
    "bands": _l("whom it is asked"),
    "names": _l("the name"),
    "languages": _l("the languages"),
}
_CODES = frozenset({"sms", "asks"})  # a code says nothing to a person: only that it changed


@dataclass(frozen=True)
class Told:
    """One difference: what happened, to what, and the words before and after in their language."""

    what: str
    where: str
    before: str = ""
    after: str = ""
    language: str = ""


def told(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Told]:
    """Every difference, in the order of the new definition; each is told once."""
    return list(dict.fromkeys(_told(change, old, new) for change in diff(old, new)))


def _told(change: Change, old: Mapping[str, Any], new: Mapping[str, Any]) -> Told:
    before, after = question_of(old, change.question), question_of(new, change.question)
    name = phrase(after or before or {"key": change.question, "kind": ""}) if change.question else ""
    if not change.field:
        return _whole(change, name)
    part, *rest = change.field.split("/")
    where = ": ".join(filter(None, (name, ", ".join([str(PARTS.get(part, part)), *_which(rest, after or before)]))))
    if part in _CODES:
        return Told(_("Changed"), where)
    if change.question and part in ("when", "bands", "choices", "kind", "optional") and not rest:
        return Told(_("Changed"), where, _said(part, before, old), _said(part, after, new))
    if part == "by":
        return Told(_("Changed"), where, _asked(old, change.before), _asked(new, change.after))
    if part == "languages":
        return Told(_("Changed"), where, _languages(old), _languages(new))
    what = {ChangeKind.ADDED: _("Written"), ChangeKind.REMOVED: _("Taken out")}.get(change.kind, _("Reworded"))
    language = next((piece for piece in reversed(rest) if piece in LANGUAGES), "")
    return Told(what, where, (change.before or "").replace("|", ""), (change.after or "").replace("|", ""), language)


def _whole(change: Change, name: str) -> Told:
    if change.kind is ChangeKind.MOVED:
        return Told(
            _("Moved"),
            _("%(question)s: from place %(old)s to %(new)s", question=name, old=change.before, new=change.after),
        )
    return Told(_("New question") if change.kind is ChangeKind.ADDED else _("Removed question"), name)


def _which(rest: list[str], question: Mapping[str, Any] | None) -> list[str]:
    labels = dict(choices_of(question)) if question else {}
    found = []
    for piece in rest:
        if piece in LANGUAGES:
            found.append(str(LANGUAGES[piece]))
        elif piece in set(Band):
            found.append(str(BAND_NAMES[Band(piece)]).lower())
        elif piece in labels:
            found.append(labels[piece])
    return found


def _said(part: str, question: Mapping[str, Any] | None, data: Mapping[str, Any]) -> str:
    if question is None:
        return ""
    if part in ("when", "bands"):
        return _("; ").join(condition_words(question, data["questions"])) or _("everybody")
    if part == "choices":
        return _("; ").join(label for _key, label in choices_of(question))
    if part == "kind":
        return kind_name(question["kind"])
    return _("yes") if question.get("optional") else _("no")


def _asked(data: Mapping[str, Any], key: str | None) -> str:
    question = question_of(data, key) if key else None
    return phrase(question) if question else _("the same words for everybody")


def _languages(data: Mapping[str, Any]) -> str:
    return _(", ").join(str(LANGUAGES[language]) for language in languages_of(data))
