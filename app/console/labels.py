"""Stored words as people read them: bands, channels, states, moods, times; one place for all console pages."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup, escape

from app.cases import wording
from app.cases.reasons import reason_words
from app.i18n import language
from app.reports import telling
from app.reports.wording import theme_name
from surveys.people.models import Branch
from surveys.questionnaires.flow import RANGE, Band, Kind, band, in_language
from surveys.questionnaires.service import definition_of
from surveys.responses.models import Response
from surveys.scoring.language import detect
from surveys.understanding.books import names_in_use

BANDS = {
    Band.LOW: lazy_gettext("dissatisfied"),
    Band.MID: lazy_gettext("neutral"),
    Band.HIGH: lazy_gettext("satisfied"),
}
TONES = {Band.LOW: "bad", Band.MID: "", Band.HIGH: "good"}
CHANNELS = {"sms": lazy_gettext("by SMS"), "web": lazy_gettext("on the web"), "counter": lazy_gettext("at a counter")}
MOODS = {
    "very_negative": lazy_gettext("words very negative"),
    "negative": lazy_gettext("words negative"),
    "neutral": lazy_gettext("words neutral"),
    "positive": lazy_gettext("words positive"),
    "very_positive": lazy_gettext("words very positive"),
    "mixed": lazy_gettext("words mixed"),
}
READINGS = {
    "very_negative": lazy_gettext("very negative"),
    "negative": lazy_gettext("negative"),
    "neutral": lazy_gettext("neither good nor bad"),
    "positive": lazy_gettext("positive"),
    "very_positive": lazy_gettext("very positive"),
    "mixed": lazy_gettext("mixed, good and bad"),
    "none": lazy_gettext("no opinion at all"),
}
WORD_MEANINGS = {
    "praise": lazy_gettext("It is praise here"),
    "criticism": lazy_gettext("It is criticism here"),
    "nothing": lazy_gettext("It says nothing here"),
}
STATES = {
    "scheduled": lazy_gettext("will be asked"),
    "skipped": lazy_gettext("not asked"),
    "cancelled": lazy_gettext("replaced by a later one"),
    "sent": lazy_gettext("asked, no answer yet"),
    "reminded": lazy_gettext("asked and reminded once"),
    "started": lazy_gettext("has begun to answer"),
    "completed": lazy_gettext("answered"),
    "partial": lazy_gettext("answered in part"),
    "expired": lazy_gettext("did not answer"),
    "refused": lazy_gettext("asked us to stop"),
    "undeliverable": lazy_gettext("the text did not arrive"),
}
CASE_STATES = {
    "open": lazy_gettext("waits to be read"),
    "acknowledged": lazy_gettext("read by its owner"),
    "contacted": lazy_gettext("called"),
    "reopened": lazy_gettext("opened again"),
    "resolved": lazy_gettext("put right, asking whether it is"),
    "closed": lazy_gettext("closed"),
    "dismissed": lazy_gettext("no case after all"),
}
ANSWER_STATES = {
    "finished": lazy_gettext("Only answers that were finished"),
    "unfinished": lazy_gettext("Only answers stopped half-way"),
    "late": lazy_gettext("Only answers that came too late to count"),
    "words": lazy_gettext("Only answers with words"),
    "recovery": lazy_gettext("They were asked whether it is put right."),
    "doubted": lazy_gettext("Only answers worth a second look"),
}
DOUBTS = {
    "same_device": lazy_gettext("Three customers or more answered on one device within a week."),
    "same_words": lazy_gettext("Another customer wrote the same, word for word, within a month."),
    "too_fast": lazy_gettext("The words were there within two seconds: pasted, or written by a machine."),
    "staff_phone": lazy_gettext("The survey went to the telephone of somebody who works here."),
    "staff_device": lazy_gettext("Somebody who works here signed in on the same device."),
}
RECOVERED = {"yes": "good", "no": "bad"}
MEASURES = {
    "nps": lazy_gettext("would recommend us"),
    "csat": lazy_gettext("satisfaction"),
    "ces": lazy_gettext("effort"),
}
CONSENT_SOURCES = {
    "customer": lazy_gettext("said by the customer"),
    "service_relationship": lazy_gettext("assumed from being a customer"),
    "branch_form": lazy_gettext("a form at the branch"),
}
PROOFS = {
    "form": lazy_gettext("on form %(ref)s"),
    "event": lazy_gettext("with visit %(ref)s"),
    "complaint": lazy_gettext("with complaint %(ref)s"),
    "text": lazy_gettext("by text no. %(ref)s"),
    "invitation": lazy_gettext("by survey no. %(ref)s"),
}
TIERS = {
    "MVC": ("A", lazy_gettext("most valuable")),
    "MGC": ("B", lazy_gettext("most growable")),
    "STANDARD": ("C", lazy_gettext("standard")),
    "MIGRATOR": ("D", lazy_gettext("drifting away")),
    "BZ": ("E", lazy_gettext("costs more than it earns")),
}


def rating_of(response: Response) -> tuple[str, int] | None:
    """The headline measure and its value: recommendation before satisfaction before effort."""
    for kind in ("nps", "csat", "ces"):
        value = getattr(response, kind)
        if value is not None:
            return kind, value
    return None


def rating_words(kind: str, value: int) -> str:
    """A rating with its scale and band: "3 of 10, dissatisfied"."""
    top, word = RANGE[Kind(kind)][1], BANDS[band(kind, value)]
    return str(_("%(value)s of %(top)s, %(band)s", value=value, top=top, band=word))


def rating_tone(kind: str, value: int) -> str:
    """The tint that goes with the word."""
    return TONES[band(kind, value)]


def headline(response: Response) -> tuple[str, str]:
    """What an answer comes to, with its tint: the rating, else the first choice they made, else that there is none."""
    rating = rating_of(response)
    if rating:
        return rating_tone(*rating), rating_words(*rating)
    chosen = next((a for a in response.answers if a.choice), None)
    if chosen is not None:
        question = definition_of(response.invitation.version).question(chosen.question_key)
        choice = question.choice(chosen.choice or "") if question else None
        if choice:
            tone = RECOVERED.get(choice.key, "") if chosen.question_key == "recovered" else ""
            return tone, in_language(choice.label, language())
    return "", str(_("no rating"))


def theme_words(themes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every theme once, by name."""
    return [_named(key) for key in dict.fromkeys(str(t["theme"]) for t in themes)]


def theme_parts(themes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every theme once, by name, with the parts of it that were named."""
    said = []
    for one in themes:
        parts = [_named(f"{one['theme']}.{part}") for part in one.get("parts", ())]
        name = _named(str(one["theme"]))
        others = [part for part in parts if part != name]
        said.append(f"{name}{_(': ')}{_(', ').join(others)}" if others else name)
    return list(dict.fromkeys(said))


def _named(path: str) -> str:
    """A theme of the company's book, or a part of one, for people; asked for once a request."""
    if "theme_names" not in g:
        g.theme_names = names_in_use()
    names = g.theme_names.get(path)
    return theme_name(path.rpartition(".")[2], language(), names)


def signal_words(signal: str) -> str:
    """What a signal says of the customer."""
    return reason_words([signal], language())


def moment(at: datetime, zone: str, *, now: datetime) -> str:
    """A time as a colleague says it, with the year when it is another one: "14:12", "Fri 14:12", "2 Sep"."""
    said = wording.staff_time(at, zone, language(), now=now)
    there, here = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if there.year == here.year or abs((here.date() - there.date()).days) <= 6:
        return said
    return f"{there.year}年{said}" if language() == "zh-Hans" else f"{said} {there.year}"


def full_moment(at: datetime, zone: str, *, now: datetime) -> str:
    """A time with its hour, however long ago: "2 Sep, 14:12"."""
    said = moment(at, zone, now=now)
    if ":" in said:
        return said
    there = f"{at.astimezone(ZoneInfo(zone)):%H:%M}"
    return f"{said}{there}" if language() == "zh-Hans" else f"{said}, {there}"


def branch_name(branch: Branch | None) -> str:
    """A place by the name people know."""
    return branch.name(language()) if branch else ""


def tongue(stored: str | None, fallback: str = "en") -> str:
    """The lang attribute for words in a stored language ("zh", "mixed", "en", None)."""
    if stored in ("zh", "mixed", "zh-Hans"):
        return "zh-Hans"
    return "en" if stored == "en" else fallback


def phrases(text: str) -> Markup:
    """A Chinese heading that may break after its stops only; other text as it is."""
    parts = [part for part in re.split(r"(?<=[，。：；|])", text) if part]
    return Markup("<wbr>").join(escape(part.rstrip("|")) for part in parts)


def day_of(at: datetime, zone: str) -> str:
    """A day: "2 Sep", "9月2日"."""
    return wording.day(at, zone, language())


def skip_words(rule: str) -> str:
    """Why somebody was left alone, as the weekly report says it."""
    return telling.wording(language()).reasons.get(rule, rule)


def proof_words(proof: str) -> str:
    """What shows a consent: our own kinds in the reader's language, another system's as it was given."""
    kind, _space, ref = proof.partition(" ")
    return str(PROOFS[kind] % {"ref": ref}) if kind in PROOFS else proof


def hold_words(reason: str) -> str:
    """Why somebody is on hold; a branch writes its own reasons."""
    return str(_("a case of theirs is open")) if reason == "open_case" else reason


def money(cents: int) -> str:
    """An amount in whole units of the company's currency."""
    return f"{round(cents / 100):,}"


def tongue_of(text: str) -> str:
    """The lang attribute for words nobody has scored."""
    return "zh-Hans" if detect(text) in ("zh", "mixed") else "en"
