"""The builder's own words: kinds of questions, bands, feelings, languages, and what a question is about in a line."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.i18n import gettext as _
from app.i18n import language
from surveys.questionnaires.questions import BAND_OF, RANGE, Band, Feeling, Kind
from surveys.questionnaires.reading import FIXED

KINDS = {
    Kind.NPS: (_l("Would recommend, 0 to 10"), _l("The NPS question: how likely they are to recommend you.")),
    Kind.CSAT: (_l("Satisfied, 1 to 5"), _l("How it was, from very bad to very good.")),
    Kind.CES: (_l("Easy, 1 to 7"), _l("How easy it was to get something done.")),
    Kind.YES_NO: (_l("Yes or no"), _l("One thing that was so, or was not.")),
    Kind.CHOICE: (_l("One answer of several"), _l("They choose one; by SMS they reply its number.")),
    Kind.CHOICES: (_l("Several answers at once"), _l("They tick what applies; by SMS they reply several numbers.")),
    Kind.TEXT: (_l("Their own words"), _l("What they would like to say. Its feeling is read as soon as it is sent.")),
    Kind.CALLBACK: (_l("A call back"), _l("Whether somebody may call them, and when.")),
}

BANDS: Mapping[str, Mapping[str, object]] = {
    Kind.NPS: {
        Band.LOW: _l("dissatisfied (0 to 6)"),
        Band.MID: _l("neutral (7 or 8)"),
        Band.HIGH: _l("satisfied (9 or 10)"),
    },
    Kind.CSAT: {
        Band.LOW: _l("dissatisfied (1 or 2)"),
        Band.MID: _l("neutral (3)"),
        Band.HIGH: _l("satisfied (4 or 5)"),
    },
    Kind.CES: {
        Band.LOW: _l("it was hard (1 to 3)"),
        Band.MID: _l("neither (4)"),
        Band.HIGH: _l("it was easy (5 to 7)"),
    },
}

BAND_NAMES = {
    Band.LOW: _l("When they are dissatisfied"),
    Band.MID: _l("When they are neither"),
    Band.HIGH: _l("When they are satisfied"),
}

FEELINGS: Mapping[str, object] = {
    Feeling.NEGATIVE: _l("unhappy words"),
    Feeling.NEUTRAL: _l("words without a feeling"),
    Feeling.POSITIVE: _l("happy words"),
}

LANGUAGES = {"en": _l("English"), "zh-Hans": _l("Simplified Chinese"), "zh-Hant": _l("Traditional Chinese")}
DEEDS = {
    "add_question": _l("a question was added"),
    "change_question": _l("a question was changed"),
    "double_question": _l("a question was doubled"),
    "move_question": _l("a question was moved"),
    "remove_question": _l("a question was removed"),
    "settings": _l("name or languages were changed"),
}
SHORT = {"en": "EN", "zh-Hans": "简", "zh-Hant": "繁"}
EVERY = tuple(LANGUAGES)


def languages_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The languages a questionnaire is written in, in our order."""
    said = data.get("languages") or data.get("names") or {}
    return tuple(tongue for tongue in EVERY if tongue in said) or ("en",)


def readers_first(languages: tuple[str, ...]) -> list[str]:
    """The same languages, the reader's own first."""
    return sorted(languages, key=lambda tongue: tongue != language())


def best(words: Mapping[str, str]) -> str:
    """These words in the reader's language; else in whichever there is."""
    ours = language()
    near = [ours, *(("zh-Hant", "en") if ours == "zh-Hans" else ("en",)), *EVERY]
    return next((words[tongue] for tongue in near if words.get(tongue)), "").replace("|", "")


def tongue_of(words: Mapping[str, str]) -> str:
    """The language `best` found these words in."""
    ours = language()
    near = [ours, *(("zh-Hant", "en") if ours == "zh-Hans" else ("en",)), *EVERY]
    return next((tongue for tongue in near if words.get(tongue)), ours)


def wording(question: Mapping[str, Any], part: str = "text") -> Mapping[str, str]:
    """The usual words of a question: those for everybody, or for whoever is neither happy nor unhappy."""
    said = question.get(part) or {}
    usual: Mapping[str, str] = said
    if said and set(said) <= set(Band):
        usual = said.get(Band.MID) or next(iter(said.values()))
    return usual


def phrase(question: Mapping[str, Any], most: int = 60) -> str:
    """What a question asks, short enough to speak of it."""
    said = best(wording(question)) or question["key"]
    return said if len(said) <= most else said[: most - 3].rstrip() + "..."


def kind_name(kind: str) -> str:
    """The kind, by name."""
    return str(KINDS[Kind(kind)][0]) if kind in set(Kind) else kind


def condition_words(question: Mapping[str, Any], questions: list[dict[str, Any]]) -> list[str]:
    """When a question is asked, one line a condition; none for one that everybody is asked."""
    return [_condition(condition, questions) for condition in conditions_of(question)]


def conditions_of(question: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What must hold for a question to be asked; `bands` beside `by` is how older definitions say it."""
    found = list(question.get("when") or ())
    if question.get("by") and question.get("bands"):
        found.insert(0, {"question": question["by"], "bands": question["bands"]})
    return found


def _condition(condition: Mapping[str, Any], questions: list[dict[str, Any]]) -> str:
    about = next((q for q in questions if q["key"] == condition.get("question")), None)
    if about is None:
        return _("only by the answer to a question that is no longer here")
    said = _(" or ").join(answers_in_words(about, condition))
    return _('only if "%(question)s": %(answers)s', question=phrase(about, 40), answers=said)


def answers_in_words(about: Mapping[str, Any], condition: Mapping[str, Any]) -> list[str]:
    """The answers a condition names."""
    if about["kind"] in RANGE:
        return [str(BANDS[about["kind"]][band]) for band in condition.get("bands", ()) if band in set(Band)]
    if about["kind"] == Kind.TEXT and condition.get("bands"):
        return [str(FEELINGS[feeling]) for feeling, band in BAND_OF.items() if band in condition["bands"]]
    if about["kind"] == Kind.TEXT:
        return [str(FEELINGS[feeling]) for feeling in condition.get("feelings", ()) if feeling in FEELINGS]
    labels = dict(choices_of(about))
    return [labels.get(key) or key for key in condition.get("choices", ())]


def choices_of(question: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Key and words of each answer to choose from, in the reader's language where there is one."""
    offered = [(choice["key"], choice["label"]) for choice in question.get("choices") or ()]
    offered = offered or [(choice.key, choice.label) for choice in FIXED.get(question["kind"], ())]
    return [(key, best(label) or key) for key, label in offered]


def other_wordings(question: Mapping[str, Any]) -> list[tuple[str, Mapping[str, str]]]:
    """The words for happy and for unhappy customers, each with when they are used."""
    said = question.get("text") or {}
    if not said or not set(said) <= set(Band):
        return []
    return [(str(BAND_NAMES[band]), said[band]) for band in Band if said.get(band) and said[band] != wording(question)]
