"""Reads the questions of a stored definition. Pure; strict about shapes; references are for `checks`."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from surveys.questionnaires.questions import Band, Choice, Condition, Feeling, Kind, Question, Words
from surveys.questionnaires.sentences import sentence, word

LANGUAGES = ("en", "zh-Hans")
YES_NO = (
    Choice("yes", {"en": "Yes", "zh-Hans": "是", "zh-Hant": "是"}),
    Choice("no", {"en": "No", "zh-Hans": "否", "zh-Hant": "否"}),
)
CALLS = (
    Choice("today", {"en": "Today", "zh-Hans": "今天", "zh-Hant": "今天"}),
    Choice("tomorrow", {"en": "Tomorrow", "zh-Hans": "明天", "zh-Hant": "明天"}),
    Choice("none", {"en": "No, please do not call", "zh-Hans": "不用打电话", "zh-Hant": "不用打電話"}),
)
FIXED = {Kind.YES_NO: YES_NO, Kind.CALLBACK: CALLS}
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


class DefinitionError(ValueError):
    """A definition that cannot be read: where (`pointer`), what sort (`code`), and what to do about it."""

    def __init__(self, pointer: str, code: str, tongue: str, **values: object) -> None:
        self.pointer, self.code = pointer, code
        self.detail = sentence("faults", code, tongue, **values)
        super().__init__(f"{pointer}: {self.detail}" if pointer else self.detail)


def read_questions(data: Any, *, tongue: str = "en") -> tuple[Question, ...]:
    """Every question of a definition. Raises DefinitionError at the first that is none."""
    return tuple(read_question(q, f"questions/{at}", tongue=tongue) for at, q in enumerate(raw_questions(data, tongue)))


def raw_questions(data: Any, tongue: str) -> Sequence[Any]:
    """The questions as they stand. Raises DefinitionError when this is no definition at all."""
    if not isinstance(data, Mapping):
        raise DefinitionError("", "not_a_definition", tongue, what=type(data).__name__)
    questions = data.get("questions", [])
    if not isinstance(questions, list | tuple):
        raise DefinitionError("questions", "malformed", tongue, field=word("field_question", tongue))
    return questions


def read_languages(data: Mapping[str, Any], *, tongue: str = "en") -> tuple[str, ...]:
    """The languages a definition is written in, the first one whole. Raises DefinitionError for what names none."""
    languages = data.get("languages", LANGUAGES)
    named = isinstance(languages, list | tuple) and all(isinstance(n, str) and _TAG.fullmatch(n) for n in languages)
    if not named or not languages or len(set(languages)) != len(languages):
        raise DefinitionError("languages", "bad_languages", tongue)
    return tuple(languages)


def read_question(data: Any, pointer: str, *, tongue: str = "en") -> Question:
    """One question. Raises DefinitionError where its shape is wrong."""
    if not isinstance(data, Mapping):
        raise DefinitionError(pointer, "malformed", tongue, field=word("field_question", tongue))
    if data.get("kind") not in set(Kind):
        raise DefinitionError(f"{pointer}/kind", "unknown_kind", tongue, kind=data.get("kind"))
    reader = _Reader(data, pointer, tongue)
    kind = Kind(data["kind"])
    return Question(
        key=reader.string("key") or "",
        kind=kind,
        text=reader.per_band("text"),
        sms=reader.keys_per_band("sms"),
        sms_text=reader.per_band("sms_text"),
        hint=reader.words("hint", data.get("hint")),
        low=reader.words("low", data.get("low")),
        high=reader.words("high", data.get("high")),
        choices=reader.choices() or FIXED.get(kind, ()),
        by=reader.string("by"),
        bands=reader.strings("bands", data.get("bands"), Band),
        when=reader.conditions(),
        optional=data.get("optional") is True,
        asks=reader.keys_per_band("asks"),
    )


class _Reader:
    def __init__(self, data: Mapping[str, Any], pointer: str, tongue: str) -> None:
        self._data, self._pointer, self._tongue = data, pointer, tongue

    def _wrong(self, name: str, code: str = "malformed") -> DefinitionError:
        field = word(f"field_{name.split('/')[0]}", self._tongue)
        return DefinitionError(f"{self._pointer}/{name}", code, self._tongue, field=field)

    def string(self, name: str) -> str | None:
        value = self._data.get(name)
        if value is not None and not isinstance(value, str):
            raise self._wrong(name)
        return value or None

    def strings(self, name: str, value: Any, among: type[Band] | type[Feeling] | None = None) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            raise self._wrong(name)
        if among is not None and not set(value) <= set(among):
            raise self._wrong(name)
        return tuple(value)

    def words(self, name: str, value: Any) -> Words:
        if value is None:
            return {}
        if not isinstance(value, Mapping) or not all(
            isinstance(tag, str) and isinstance(text, str) for tag, text in value.items()
        ):
            raise self._wrong(name)
        if set(value) & set(Band):
            raise self._wrong(name, "no_by")
        if not all(_TAG.fullmatch(tag) for tag in value):
            raise self._wrong(name)
        return {tag: text for tag, text in value.items() if text.strip()}

    def _bands(self, name: str) -> Mapping[str, Any]:
        value = self._data.get(name)
        if not value:
            return {}
        return value if self._data.get("by") and isinstance(value, Mapping) and set(value) <= set(Band) else {"": value}

    def per_band(self, name: str) -> Mapping[str, Words]:
        found = {about: self.words(f"{name}/{about}".rstrip("/"), v) for about, v in self._bands(name).items()}
        return {about: words for about, words in found.items() if words}

    def keys_per_band(self, name: str) -> Mapping[str, str]:
        found = self._bands(name)
        if not all(isinstance(key, str) for key in found.values()):
            raise self._wrong(name, "no_by" if set(self._data[name]) <= set(Band) else "malformed")
        return {about: key for about, key in found.items() if key}

    def choices(self) -> tuple[Choice, ...]:
        value = self._data.get("choices") or ()
        if not isinstance(value, list | tuple):
            raise self._wrong("choices")
        found = []
        for at, choice in enumerate(value):
            name = f"choices/{at}"
            if not isinstance(choice, Mapping) or not isinstance(choice.get("key"), str):
                raise self._wrong(name)
            found.append(Choice(choice["key"], self.words(f"{name}/label", choice.get("label"))))
        return tuple(found)

    def conditions(self) -> tuple[Condition, ...]:
        value = self._data.get("when") or ()
        if not isinstance(value, list | tuple):
            raise self._wrong("when")
        found = []
        for at, condition in enumerate(value):
            name = f"when/{at}"
            if not isinstance(condition, Mapping) or not isinstance(condition.get("question"), str):
                raise self._wrong(name)
            found.append(
                Condition(
                    condition["question"],
                    bands=self.strings(f"{name}/bands", condition.get("bands"), Band),
                    choices=self.strings(f"{name}/choices", condition.get("choices")),
                    feelings=self.strings(f"{name}/feelings", condition.get("feelings"), Feeling),
                )
            )
        return tuple(found)
