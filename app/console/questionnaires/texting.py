"""The SMS beside a question: ready, made from its words, or one's own; each counted with the longest names in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l

from app.auth.roles import Permission
from app.console import blueprint
from app.console.needs import needs
from app.console.questionnaires.forms import QuestionBase, clean
from app.console.questionnaires.room import Work, work_on
from app.console.questionnaires.words import BAND_NAMES, phrase
from app.i18n import gettext as _
from app.i18n import ngettext
from notifications import sms_dress
from notifications.gsm import Encoding, downgrade, segments
from notifications.texts import fallbacks
from surveys.questionnaires.asking import sms_key, sms_words
from surveys.questionnaires.editing import earlier
from surveys.questionnaires.flow import Definition, read_definition
from surveys.questionnaires.piping import ANSWER, NAMES, fill, longest_values
from surveys.questionnaires.questions import Band
from surveys.responses.catalogue import catalogue

BECOMES = {
    "org": _l("your company's name"),
    "branch": _l("the branch that served them"),
    "staff": _l("who served them"),
    "customer": _l("their name"),
    "service": _l("what kind of visit it was"),
    "thing": _l("what they came for, as the event says it"),
    "day": _l("the day they were served, like 20 Nov"),
    "when": _l("the day as people say it, like yesterday"),
    "ends": _l("the last digits of their phone"),
}
ROOM = {Encoding.GSM_7: 160, Encoding.UCS_2: 70}


@dataclass(frozen=True)
class Filled:
    """One placeholder: how it is written, what it becomes, and the room it may take in English and in Chinese."""

    name: str
    becomes: str
    english: int
    chinese: int


@dataclass(frozen=True)
class Text:
    """One SMS as it stands before its names are filled in."""

    language: str
    text: str
    count: str
    long: bool


def placeholders(work: Work, key: str | None) -> list[Filled]:
    """What may be written into this question."""
    before = earlier(work.data, key)
    definition = read_definition({**work.data, "questions": before})
    english, chinese = longest_values(definition, "en"), longest_values(definition, "zh-Hans")
    names = [(name, str(BECOMES[name])) for name in NAMES]
    for question in before:
        said = _('what they answered to "%(question)s"', question=phrase(question, 40))
        names.append((f"{ANSWER}{question['key']}", said))
    return [Filled(f"{{{name}}}", said, len(english[name]), len(chinese[name])) for name, said in names]


def texts_of(work: Work, asked: Mapping[str, Any], *, ready: bool) -> list[tuple[str, list[Text]]]:
    """How this question reads by SMS when it has no words of its own: the ready text, or the one made from it.

    For each of the wordings it has: when it is used, and the text in each language.
    """
    plain = {name: value for name, value in asked.items() if name != "sms_text" and (ready or name != "sms")}
    questions = [plain if each["key"] == asked["key"] else each for each in work.data["questions"]]
    definition = read_definition({**work.data, "questions": questions})
    question = definition.question(asked["key"])
    assert question is not None
    bands = [str(band) for band in Band if band in (question.sms if ready else question.text)] or [""]
    found: list[tuple[str, list[Text]]] = []
    for band in bands:
        found.append((str(BAND_NAMES[Band(band)]) if band else "", []))
        key = sms_key(question, band)
        for language in work.languages:
            if not ready:
                text = sms_words(definition, question, band, language)
            elif key in catalogue().entries:
                texts = catalogue().entries[str(key)].texts
                text = next(texts[tag] for tag in fallbacks(language) if tag in texts)
            else:
                continue
            segment, words = count(definition, text, language)
            found[-1][1].append(Text(language, text, words, segment > 1))
    return found


def count(definition: Definition, text: str, language: str) -> tuple[int, str]:
    """Segments of a text with the longest names in it, and that in words."""
    if not text.strip():
        return 0, ""
    whole = fill(text, longest_values(definition, language), language)
    whole = whole if language.startswith("zh") else downgrade(whole)
    counted = segments(sms_dress().on(whole, asks=True))
    said = ngettext(
        "%(num)s segment, %(units)s of %(room)s signs with the longest names",
        "%(num)s segments, %(units)s signs with the longest names",
        counted.count,
        units=counted.units,
        room=ROOM[counted.encoding],
    )
    return counted.count, said


def sms_counts(work: Work, form: QuestionBase) -> dict[str, dict[str, tuple[int, str]]]:
    """How long one's own words on the form are, a box at a time."""
    definition = read_definition(work.data)
    return {
        name: {language: count(definition, words or "", language) for language, words in form[name].data.items()}
        for name in ("sms", "sms_low", "sms_high")
    }


@blueprint.post("/questionnaires/<int:survey_id>/count")
@needs(Permission.ADMINISTER)
def count_segments(survey_id: int) -> dict[str, object]:
    """The same count for a page that asks while somebody types. Writes nothing."""
    work = work_on(survey_id)
    text, language = clean(request.form.get("text"))[:2000], request.form.get("language", "en")
    segment, words = count(read_definition(work.data), text, language)
    return {"segments": segment, "words": words}
