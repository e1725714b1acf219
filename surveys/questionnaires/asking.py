"""How a question reads by SMS: its own words, a ready text of the catalogue, or its words with how to answer. Pure."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from notifications.gsm import downgrade
from notifications.texts import fallbacks
from surveys.questionnaires.flow import Band, Definition, Given, Kind, Question, band, in_language, said
from surveys.responses.nothing import says_nothing

_THANKS = {Band.LOW: "thanks_no_call", Band.MID: "thanks_mid", Band.HIGH: "thanks_high"}
NO_WORDS = frozenset({"thanks_mid_no_words", "thanks_high_no_words", "callback_no_words", "late_no_words"})
_FILE = Path(__file__).parent / "asking.toml"


@lru_cache(maxsize=1)
def _ways() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def sms_key(question: Question, about: str) -> str | None:
    """The ready text this question is asked by; None when it has its own words, or none at all."""
    if question.sms_text:
        return None
    return question.sms.get(about) or question.sms.get("") or question.sms.get(Band.MID)


def sms_words(definition: Definition, question: Question, about: str, language: str) -> str:
    """The words it is asked by where no ready text is used, with their placeholders."""
    own = said(question.sms_text, about, language)
    words = own or _made(question, about, language, "opening", opens=question.key == definition.first.key)
    return words if language.startswith("zh") else downgrade(words)


def reminder_words(definition: Definition, language: str) -> str:
    """The words that ask the first question for the second and last time."""
    words = _made(definition.first, "", language, "reminding", opens=True)
    return words if language.startswith("zh") else downgrade(words)


def closing(language: str) -> str:
    """How the first text says to stop."""
    return _way(language)["closing"]


def _way(language: str) -> Mapping[str, str]:
    return next((_ways()[tag] for tag in fallbacks(language) if tag in _ways()), _ways()["en"])


def _made(question: Question, about: str, language: str, begin: str, *, opens: bool) -> str:
    texts = question.text.get(about) or question.text.get("") or question.text.get(Band.MID) or {}
    # One language throughout, also where the wanted one is missing.
    language = next((tag for tag in fallbacks(language) if tag in texts), language)
    way = _way(language)
    text = said(question.text, about, language).replace("|", "").strip()
    parts = [way[begin].format(text=text), _answer(question, way, language)]
    if opens:
        parts.append(way["closing"])
    return way["joined"].join(parts)


def _answer(question: Question, way: Mapping[str, str], language: str) -> str:
    if question.scale:
        low, high = in_language(question.low, language), in_language(question.high, language)
        lowest, highest = question.scale
        return way["scale" if low and high else "numbers"].format(lowest=lowest, low=low, highest=highest, high=high)
    if question.kind is Kind.TEXT:
        return way["text"]
    offered = way["between"].join(
        way["numbered"].format(n=n, label=in_language(c.label, language)) for n, c in enumerate(question.choices, 1)
    )
    kind = question.kind if question.kind in (Kind.CHOICES, Kind.CALLBACK) else Kind.CHOICE
    return way[kind].format(choices=offered)


def thanks_key(definition: Definition, answers: Mapping[str, Given]) -> str:
    """The ready text a survey ends with, by what was answered."""
    recovered = answers.get("recovered")
    if recovered is not None and recovered.choice:
        return f"recovery_{recovered.choice}"
    called = next((answers[q.key] for q in definition.questions if q.asks_for_call and q.key in answers), None)
    if called is not None and called.choice and called.choice != "none":
        return "thanks_call"
    scored = next((q for q in definition.questions if q.scale), None)
    score = answers.get(scored.key) if scored else None
    if scored is None or score is None or score.value is None:
        return fitting("thanks_mid", definition, answers)
    return fitting(_THANKS[band(scored.kind, score.value)], definition, answers)


def fitting(key: str, definition: Definition, answers: Mapping[str, Given]) -> str:
    """The text itself, or the one that speaks of no words where none were given."""
    without = f"{key}_no_words"
    return key if without not in NO_WORDS or gave_words(definition, answers) else without


def gave_words(definition: Definition, answers: Mapping[str, Given]) -> bool:
    """Whether they said anything in words of their own; "nothing" is none."""
    written = (answers.get(question.key) for question in definition.questions if question.kind is Kind.TEXT)
    return any(given is not None and not given.skipped and not says_nothing(given.text) for given in written)
