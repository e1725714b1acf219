"""What makes publishing a questionnaire impossible: where it is, and what to do about it. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from surveys.questionnaires.flow import Condition, Definition, Kind, Question, Words
from surveys.questionnaires.piping import ANSWER, LINK, NAMES, placeholders
from surveys.questionnaires.reach import Reach, outcomes
from surveys.questionnaires.reading import FIXED, DefinitionError, raw_questions, read_languages, read_question
from surveys.questionnaires.sentences import sentence, word
from surveys.responses.catalogue import catalogue

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_CHOICES = 9


@dataclass(frozen=True)
class Fault:
    """One thing that must be mended first."""

    pointer: str
    code: str
    detail: str


def faults(data: Any, *, tongue: str = "en") -> tuple[Fault, ...]:
    """Everything that stands in the way of publishing, in order; empty when it may be published.

    `tongue`: the language of the sentences.
    """
    return tuple(dict.fromkeys(_Checks(data, tongue).found()))


class _Checks:
    def __init__(self, data: Any, tongue: str) -> None:
        self._data, self._tongue = data, tongue
        self._languages: tuple[str, ...] = ()
        self._whole = Definition(())
        self._reach = Reach(self._whole)

    def _fault(self, pointer: str, code: str, **values: object) -> Fault:
        return Fault(pointer, code, sentence("faults", code, self._tongue, **values))

    def found(self) -> Iterator[Fault]:
        try:
            raw = raw_questions(self._data, self._tongue)
            self._languages = read_languages(self._data, tongue=self._tongue)
        except DefinitionError as wrong:
            yield Fault(wrong.pointer, wrong.code, wrong.detail)
            return
        yield from self._head(self._data)
        if not raw:
            yield self._fault("questions", "no_questions")
        questions: list[tuple[str, Question]] = []
        for at, one in enumerate(raw):
            try:
                questions.append((f"questions/{at}", read_question(one, f"questions/{at}", tongue=self._tongue)))
            except DefinitionError as wrong:
                yield Fault(wrong.pointer, wrong.code, wrong.detail)
        self._whole = Definition(tuple(question for _, question in questions), languages=self._languages)
        self._reach = Reach(self._whole)
        for pointer, question in questions:
            yield from self._question(pointer, question)

    def _head(self, data: Mapping[str, Any]) -> Iterator[Fault]:
        if not KEY.fullmatch(str(data.get("key", ""))):
            yield self._fault("key", "bad_key")
        names = data.get("names")
        if not isinstance(names, Mapping) or not all(isinstance(name, str) for name in names.values()):
            yield self._fault("names", "malformed", field=word("field_names", self._tongue))
        elif not str(names.get(self._languages[0], "")).strip():
            yield self._fault(f"names/{self._languages[0]}", "no_name", language=self._language())

    def _language(self) -> str:
        return word(f"language_{self._languages[0]}", self._tongue)

    def _question(self, pointer: str, question: Question) -> Iterator[Fault]:
        if not KEY.fullmatch(question.key):
            yield self._fault(f"{pointer}/key", "bad_key")
        elif self._whole.question(question.key) is not question:
            yield self._fault(f"{pointer}/key", "duplicate_key", key=question.key)
            return  # what refers to this key means the other one
        yield from self._texts(pointer, question)
        yield from self._choices(pointer, question)
        if question.by:
            about = self._whole.earlier(question, question.by)
            yield from self._reference(f"{pointer}/by", question, question.by)
            if about is not None and not about.scale and about.kind is not Kind.TEXT:
                yield self._fault(f"{pointer}/by", "wrong_condition", key=question.by)
        for at, condition in enumerate(question.when):
            yield from self._condition(f"{pointer}/when/{at}", question, condition)
        if not self._reach.is_reachable(question):
            yield self._fault(f"{pointer}/when" if question.when else f"{pointer}/bands", "unreachable")

    def _texts(self, pointer: str, question: Question) -> Iterator[Fault]:
        first = self._languages[0]
        if not question.text:
            yield self._fault(f"{pointer}/text/{first}", "missing_text", language=self._language())
        for about, words in question.text.items():
            if not words.get(first):
                where = f"{pointer}/text/{about}/{first}" if about else f"{pointer}/text/{first}"
                yield self._fault(where, "missing_text", language=self._language())
        if question.text and question.by:
            known = question.text.keys()
            for about in sorted(self._reach.bands_at(question)):
                if not {about, "", "mid"} & known:
                    band = word(about or "none", self._tongue)
                    where = f"{pointer}/text/{about}" if about else f"{pointer}/text"
                    yield self._fault(where, "dead_end", band=band, key=question.by)
        for key in question.sms.values():
            if key not in catalogue().entries:
                yield self._fault(f"{pointer}/sms", "unknown_sms", key=key)
        for where, text in texts_of(question):
            by_sms = where.startswith("sms_text")
            for name in placeholders(text):
                yield from self._placeholder(f"{pointer}/{where}", question, name, by_sms=by_sms)

    def _placeholder(self, pointer: str, question: Question, name: str, *, by_sms: bool) -> Iterator[Fault]:
        if name in NAMES or (by_sms and name == LINK):
            return
        if name.startswith(ANSWER):
            yield from self._reference(pointer, question, name.removeprefix(ANSWER))
        else:
            yield self._fault(pointer, "unknown_placeholder", placeholder=f"{{{name}}}")

    def _reference(self, pointer: str, question: Question, key: str) -> Iterator[Fault]:
        if self._whole.earlier(question, key) is None:
            code = "unknown_question" if self._whole.question(key) is None else "later_question"
            yield self._fault(pointer, code, key=key)

    def _choices(self, pointer: str, question: Question) -> Iterator[Fault]:
        where = f"{pointer}/choices"
        if question.kind in FIXED:
            keys, fixed = [c.key for c in question.choices], [c.key for c in FIXED[question.kind]]
            if keys != fixed:
                yield self._fault(where, "fixed_choices", choices=", ".join(fixed))
        elif question.kind in (Kind.CHOICE, Kind.CHOICES):
            if len(question.choices) < 2:
                yield self._fault(where, "few_choices")
            if len(question.choices) > MOST_CHOICES:
                yield self._fault(where, "many_choices")
        for at, choice in enumerate(question.choices):
            if not KEY.fullmatch(choice.key):
                yield self._fault(f"{where}/{at}/key", "bad_key")
            elif question.choice(choice.key) is not choice:
                yield self._fault(f"{where}/{at}/key", "duplicate_choice", choice=choice.key)
            if not choice.label.get(self._languages[0]):
                name = choice.key or str(at + 1)
                pointed = f"{where}/{at}/label/{self._languages[0]}"
                yield self._fault(pointed, "missing_label", choice=name, language=self._language())

    def _condition(self, pointer: str, question: Question, condition: Condition) -> Iterator[Fault]:
        about = self._whole.earlier(question, condition.question)
        if about is None:
            yield from self._reference(pointer, question, condition.question)
            return
        compared = [condition.bands, condition.choices, condition.feelings]
        if sum(map(bool, compared)) != 1:
            yield self._fault(pointer, "empty_condition", key=about.key)
        elif (
            (condition.bands and not about.scale and about.kind is not Kind.TEXT)
            or (condition.feelings and about.kind is not Kind.TEXT)
            or (condition.choices and not about.choices)
        ):
            yield self._fault(pointer, "wrong_condition", key=about.key)
        for choice in condition.choices:
            if about.choices and choice not in outcomes(about):
                yield self._fault(pointer, "unknown_answer", key=about.key, choice=choice)


def texts_of(question: Question) -> Iterator[tuple[str, str]]:
    """Every text of a question with where it stands: "text/low/en", "choices/0/label/en"."""
    for name, per_band in (("text", question.text), ("sms_text", question.sms_text)):
        for about, words in per_band.items():
            yield from _each(f"{name}/{about}" if about else name, words)
    for name, words in (("hint", question.hint), ("low", question.low), ("high", question.high)):
        yield from _each(name, words)
    for at, choice in enumerate(question.choices):
        yield from _each(f"choices/{at}/label", choice.label)


def _each(pointer: str, words: Words) -> Iterator[tuple[str, str]]:
    for language, text in words.items():
        yield f"{pointer}/{language}", text
