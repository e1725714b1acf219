"""A whole survey as its SMS thread, before anybody is asked. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from notifications.dressing import PLAIN, Dress
from notifications.gsm import downgrade, segments
from notifications.texts import fallbacks
from surveys.questionnaires.asking import sms_key, sms_words, thanks_key
from surveys.questionnaires.flow import Definition, Given, Question
from surveys.questionnaires.paths import Path, PathStep
from surveys.questionnaires.piping import answers_in_words, fill, neutral
from surveys.responses.catalogue import catalogue
from surveys.responses.holder import said_of

# What only a running survey knows, as it will look.
_SAMPLES = {
    "link": "heed.example/s/Ab3dEf7",
    "time": "17:00",
    "promise": "17:00",
    "days": "90",
    "phone": "+861055550100",
}


@dataclass(frozen=True)
class Text:
    """One text of the thread, from us ("out") or from the customer ("in"); `question` is "" for the thanks."""

    direction: Literal["out", "in"]
    body: str
    segments: int
    question: str = ""


def sms_thread(
    definition: Definition, path: Path, *, language: str, values: Mapping[str, str], dress: Dress = PLAIN
) -> tuple[Text, ...]:
    """The texts of one way through, as the carrier wants them.

    `values` fill the placeholders, neutral words stand for those it lacks.
    """
    thread: list[Text] = []
    answers: dict[str, Given] = {}
    for step in path.steps:
        about = definition.band_for(step.question, answers)
        known = {**values, **answers_in_words(definition, answers, language)}
        body = asked_as(definition, step.question, about, language=language, values=known)
        body = body if language.startswith("zh") else downgrade(body)
        thread.append(_text("out", dress.on(body, asks=not thread), step.question.key))
        thread.append(_text("in", _replied(step, language), step.question.key))
        answers[step.question.key] = step.given
    if thread:
        thanks = _ready(thanks_key(definition, answers), language, values)
        thread.append(_text("out", dress.on(thanks, asks=False), ""))
    return tuple(thread)


def asked_as(
    definition: Definition, question: Question, about: str, *, language: str, values: Mapping[str, str]
) -> str:
    """The text a question is asked by, filled in."""
    key = sms_key(question, about)
    if key is not None and key in catalogue().entries:
        return _ready(key, language, values)
    return fill(sms_words(definition, question, about, language), {**_SAMPLES, **values}, language)


def cost(thread: Sequence[Text], price_per_segment: Decimal) -> Decimal:
    """What our side of the thread costs."""
    return sum((text.segments for text in thread if text.direction == "out"), 0) * price_per_segment


def _ready(key: str, language: str, values: Mapping[str, str]) -> str:
    texts = catalogue().entries[key].texts
    text = next(texts[tag] for tag in fallbacks(language) if tag in texts)
    who = said_of("branch", values.get("branch") or neutral("branch", language), language)
    return fill(text, {**_SAMPLES, **who, **values}, language)


def _text(direction: Literal["out", "in"], body: str, question: str) -> Text:
    return Text(direction, body, segments(body).count, question)


def _replied(step: PathStep, language: str) -> str:
    """The example as it is typed: a digit, digits, or words."""
    given, choices = step.given, [choice.key for choice in step.question.choices]
    if given.value is not None:
        return str(given.value)
    if given.choice is not None:
        return str(choices.index(given.choice) + 1)
    if given.choices:
        return " ".join(str(choices.index(key) + 1) for key in given.choices)
    return step.words(language)
