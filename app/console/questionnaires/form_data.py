"""Between a question as data and a question on a form. Nothing of a question that the form does not show is lost."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.console.questionnaires.forms import MADE, OWN, READY, QuestionBase, answers_of
from app.console.questionnaires.words import conditions_of
from surveys.questionnaires.editing import key_from
from surveys.questionnaires.questions import RANGE, Band, Choice, Kind
from surveys.questionnaires.reading import FIXED

Data = dict[str, Any]
_OVERRIDES = (Band.LOW, Band.HIGH)


def on_form(question: Mapping[str, Any]) -> Data:
    """What the form shows for this question. Where words go by a score, the usual ones are those of the middle."""
    text, sms = _per_band(question, "text"), _per_band(question, "sms_text")
    shown: Data = {
        "kind": question["kind"],
        "optional": bool(question.get("optional")),
        "by": question.get("by") or "",
        "text": dict(text[Band.MID]),
        "sms": dict(sms[Band.MID]),
        "sms_mode": OWN if question.get("sms_text") else READY if question.get("sms") else MADE,
        **{name: dict(question.get(name) or {}) for name in ("hint", "low", "high")},
        "choices": [{"key": key, **label} for key, label in _offered(question)],
    }
    for band in _OVERRIDES:
        shown[f"text_{band}"] = dict(text[band]) if text[band] != text[Band.MID] else {}
        shown[f"sms_{band}"] = dict(sms[band]) if sms[band] != sms[Band.MID] else {}
    for condition in conditions_of(question):
        shown[f"when_{condition['question']}"] = [
            answer for name in ("bands", "choices", "feelings") for answer in condition.get(name, ())
        ]
    return shown


def _offered(question: Mapping[str, Any]) -> list[tuple[str, Mapping[str, str]]]:
    """Its answers to choose from; a kind with fixed ones has them from the start."""
    written = [(choice["key"], choice["label"]) for choice in question.get("choices") or ()]
    fixed = {choice.key: choice.label for choice in FIXED.get(question["kind"], ())}
    return (
        written if written and (not fixed or [key for key, _label in written] == list(fixed)) else list(fixed.items())
    )


def _per_band(question: Mapping[str, Any], part: str) -> dict[Band, Mapping[str, str]]:
    said = question.get(part) or {}
    if said and set(said) <= set(Band):
        usual = said.get(Band.MID) or next(iter(said.values()))
        return {band: said.get(band) or usual for band in Band}
    return dict.fromkeys(Band, said)


def from_form(form: QuestionBase, old: Mapping[str, Any], before: Sequence[Mapping[str, Any]], *, key: str) -> Data:
    """The question the form describes; languages and fields it does not show are taken over from `old`."""
    kind = Kind(form.kind.data or "")
    by = form.by.data or ""
    question: Data = {"key": key, "kind": kind.value, "text": _banded(form, "text", old, by)}
    if by:
        question["by"] = by
    for name in ("hint", "low", "high"):
        words = _merged(old.get(name) or {}, form[name].data) if name in form else {}
        if words:
            question[name] = words
    if "choices" in form and (choices := _choices(form, old)) != _as_data(FIXED.get(kind, ())):
        question["choices"] = choices
    mode = form.sms_mode.data
    if mode == OWN and (own := _banded(form, "sms", {**old, "sms": old.get("sms_text") or {}}, by)):
        question["sms_text"] = own
    same = kind == old.get("kind")
    # Ready texts that go by an answer cannot outlive the choice of that answer.
    carried = [
        part for part in ("sms", "asks") if old.get(part) and (isinstance(old[part], str) or by == old.get("by"))
    ]
    if same and mode in (READY, OWN):
        question |= {part: old[part] for part in carried}
    if conditions := _conditions(form, before):
        question["when"] = conditions
    if form.optional.data:
        question["optional"] = True
    if by and not any(_is_banded(question.get(part)) for part in ("text", "sms", "sms_text", "asks")):
        del question["by"]  # nothing goes by it
    return question


def _merged(old: Mapping[str, str], new: Mapping[str, str | None]) -> dict[str, str]:
    words = {language: said for language, said in old.items() if language not in new}
    return words | {language: said for language, said in new.items() if said}


def _banded(form: QuestionBase, part: str, old: Mapping[str, Any], by: str) -> Any:
    before = _per_band(old, part)
    usual = _merged(before[Band.MID], form[part].data)
    if not by or not any(any(form[f"{part}_{band}"].data.values()) for band in _OVERRIDES):
        return usual
    low, high = ({**usual, **_merged(before[band], form[f"{part}_{band}"].data)} for band in _OVERRIDES)
    return {Band.LOW.value: low, Band.MID.value: usual, Band.HIGH.value: high}


def _is_banded(words: Any) -> bool:
    return isinstance(words, Mapping) and bool(words) and set(words) <= set(Band)


def _choices(form: QuestionBase, old: Mapping[str, Any]) -> list[Data]:
    before = dict(_offered({**old, "kind": form.kind.data}))
    taken = {row["key"].data for row in form["choices"] if row["key"].data}
    found = []
    for row in form["choices"]:
        said = {name: value for name, value in row.data.items() if name != "key"}
        if not any(said.values()):
            continue
        key = row["key"].data
        if not key:
            key = key_from(said.get("en") or "", taken, otherwise=f"choice_{len(taken) + 1}")
            taken.add(key)
        found.append({"key": key, "label": _merged(before.get(key, {}), said)})
    return found


def _as_data(choices: Sequence[Choice]) -> list[Data]:
    return [{"key": choice.key, "label": dict(choice.label)} for choice in choices]


def _conditions(form: QuestionBase, before: Sequence[Mapping[str, Any]]) -> list[Data]:
    found = []
    for question in before:
        field = form.conditions.get(question["key"])
        if field is None:
            continue
        offered = [value for value, _label in answers_of(question)]
        ticked = [value for value in offered if value in (field.data or ())]
        if ticked:
            name = "bands" if question["kind"] in RANGE else "feelings" if question["kind"] == Kind.TEXT else "choices"
            found.append({"question": question["key"], name: ticked})
    return found
