"""What would be better otherwise in a questionnaire: each with its place, in plain words. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from notifications.gsm import downgrade, segments
from notifications.optout_words import classify
from notifications.texts import fallbacks
from surveys.questionnaires import wording
from surveys.questionnaires.asking import closing, sms_key, sms_words
from surveys.questionnaires.flow import Definition, Kind, Question, Words, said
from surveys.questionnaires.paths import paths
from surveys.questionnaires.piping import fill, longest_values
from surveys.questionnaires.reach import Reach
from surveys.questionnaires.sentences import sentence, word
from surveys.responses.catalogue import catalogue

MOST_STEPS = 3
MOST_SEGMENTS = 2
NO_LINKS = frozenset({"zh-Hans"})  # where carriers let no link through that differs from person to person


class Level(StrEnum):
    """How much it matters."""

    WARN = "warn"
    HINT = "hint"


@dataclass(frozen=True)
class Advice:
    """One thing to make better."""

    pointer: str
    code: str
    detail: str
    level: Level


def advice(
    definition: Definition,
    *,
    longest: Mapping[str, str] | None = None,
    tongue: str = "en",
    no_links: Collection[str] = NO_LINKS,
    approved_only: bool = False,
) -> tuple[Advice, ...]:
    """Everything worth a second look, in the order of the questions; nothing here forbids publishing.

    `longest`: the longest values placeholders really take; `no_links`: languages whose carriers let no link through;
    `approved_only`: the carrier wants to see every wording first.
    """
    return tuple(dict.fromkeys(_Lint(definition, longest, tongue, no_links, approved_only).found()))


class _Lint:
    def __init__(
        self,
        definition: Definition,
        longest: Mapping[str, str] | None,
        tongue: str,
        no_links: Collection[str],
        approved_only: bool,
    ) -> None:
        self._definition, self._longest = definition, longest
        self._tongue, self._no_links, self._approved_only = tongue, no_links, approved_only
        self._reach = Reach(definition)

    def _advice(self, pointer: str, code: str, level: Level = Level.WARN, **values: object) -> Advice:
        return Advice(pointer, code, sentence("advice", code, self._tongue, **values), level)

    def _language(self, language: str) -> str:
        return word(f"language_{language}", self._tongue)

    def found(self) -> Iterator[Advice]:
        ways = paths(self._definition)
        steps = max((len(path.steps) for path in ways), default=0)
        if steps > MOST_STEPS:
            yield self._advice("questions", "many_steps", steps=steps, most=MOST_STEPS)
        yield from self._missing("names", "names", self._definition.names)
        for at, question in enumerate(self._definition.questions):
            yield from self._translations(f"questions/{at}", question)
            yield from self._wording(f"questions/{at}", question)
            for language in self._definition.languages:
                for about in sorted(self._reach.bands_at(question)):
                    yield from self._sms(f"questions/{at}", question, about, language, opens=at == 0)

    def _missing(self, pointer: str, field: str, words: Words) -> Iterator[Advice]:
        for language in self._definition.languages:
            if words and not words.get(language):
                named, tongue = word(f"field_{field}", self._tongue), self._language(language)
                yield self._advice(f"{pointer}/{language}", "missing_translation", field=named, language=tongue)

    def _translations(self, pointer: str, question: Question) -> Iterator[Advice]:
        for field, per_band in (("text", question.text), ("sms_text", question.sms_text)):
            for about, words in per_band.items():
                yield from self._missing(f"{pointer}/{field}/{about}".rstrip("/"), field, words)
        for field, words in (("hint", question.hint), ("low", question.low), ("high", question.high)):
            yield from self._missing(f"{pointer}/{field}", field, words)
        for at, choice in enumerate(question.choices):
            yield from self._missing(f"{pointer}/choices/{at}/label", "choices", choice.label)
            for language, label in choice.label.items():
                if classify(label) is not None:
                    where = f"{pointer}/choices/{at}/label/{language}"
                    yield self._advice(where, "carrier_word", word=label)

    def _wording(self, pointer: str, question: Question) -> Iterator[Advice]:
        for about, words in question.text.items():
            for language, text in words.items():
                where = f"{pointer}/text/{about}/{language}" if about else f"{pointer}/text/{language}"
                if leads := wording.leading(text, language):
                    yield self._advice(where, "leading", words=leads)
                double = wording.double_barrelled(text, language) if question.kind is not Kind.TEXT else None
                if double:
                    yield self._advice(where, "double_barrelled", words=double)
                yield from self._reading(where, text, language)

    def _reading(self, pointer: str, text: str, language: str) -> Iterator[Advice]:
        if language.startswith("en") and (grade := wording.grade(text)) > wording.MOST_GRADE:
            yield self._advice(pointer, "hard_to_read", level=Level.HINT, grade=grade)
        length = wording.longest_sentence(text) if language.startswith("zh") else 0
        if length > wording.MOST_CHARACTERS:
            most = wording.MOST_CHARACTERS
            yield self._advice(pointer, "long_sentence", level=Level.HINT, length=length, most=most)

    def _sms(self, pointer: str, question: Question, about: str, language: str, *, opens: bool) -> Iterator[Advice]:
        field, raw = self._as_sent(question, about, language)
        where = f"{pointer}/{field}/{about}".rstrip("/")
        named = self._language(language)
        values = longest_values(self._definition, language, self._longest)
        text = fill(raw, values, language)
        counted = segments(text if language.startswith("zh") else downgrade(text))
        if counted.count > MOST_SEGMENTS:
            units, most = counted.units, MOST_SEGMENTS
            yield self._advice(where, "long_text", language=named, segments=counted.count, units=units, most=most)
        if found := wording.carrier_word(raw, language):
            yield self._advice(where, "carrier_word", word=found)
        if opens and not wording.says_how_to_stop(raw, language):
            yield self._advice(where, "no_opt_out", language=named, closing=closing(language))
        if language in self._no_links and ("{link}" in raw or "http" in raw.lower()):
            yield self._advice(where, "link_not_let_through", language=named)
        if self._approved_only and field != "sms":
            yield self._advice(where, "needs_approval", language=named)

    def _as_sent(self, question: Question, about: str, language: str) -> tuple[str, str]:
        """The field an SMS comes from, and its words with their placeholders."""
        key = sms_key(question, about)
        if key is not None and key in catalogue().entries:
            texts = catalogue().entries[key].texts
            return "sms", next(texts[tag] for tag in fallbacks(language) if tag in texts)
        field = "sms_text" if said(question.sms_text, about, language) else "text"
        return field, sms_words(self._definition, question, about, language)
