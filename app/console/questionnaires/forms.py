"""The forms of the builder. A question's form is made for its kind, its languages and what is asked before it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length

from app.console.questionnaires.words import BANDS, FEELINGS, choices_of, phrase
from surveys.questionnaires.questions import RANGE, Kind
from surveys.questionnaires.reading import FIXED

LONGEST = {"text": 300, "hint": 300, "low": 60, "high": 60, "label": 80, "sms": 480, "name": 80}
MOST_CHOICES = 9  # by SMS each is one digit
CHOOSING = (Kind.CHOICE, Kind.CHOICES, *FIXED)
READY, MADE, OWN = "ready", "made", "own"


def clean(said: str | None) -> str:
    """Without marks a database refuses, in one line."""
    return " ".join((said or "").replace("\0", "").split())


def _words(languages: Sequence[str], most: int, *, area: bool = False) -> type[Form]:
    """One box a language."""
    kind: type[StringField] = TextAreaField if area else StringField
    checks = [Length(max=most, message=_l("At most %(max)d characters fit here."))]
    fields = {language: kind(validators=checks, filters=[clean]) for language in languages}
    return type("Words", (Form,), fields)


class PlainForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A deed without words."""


class NewForm(FlaskForm):  # type: ignore[misc]
    """An empty questionnaire: what it is called."""

    name_en = StringField(_l("Name in English"), validators=[Length(max=LONGEST["name"])], filters=[clean])
    name_zh = StringField(_l("Name in Chinese"), validators=[Length(max=LONGEST["name"])], filters=[clean])

    def validate(self, extra_validators: Any = None) -> bool:
        """One of the names is enough."""
        fine = bool(super().validate(extra_validators))
        if not self.name_en.data and not self.name_zh.data:
            self.name_en.errors = [_l("Give it a name; colleagues find it by that.")]
            return False
        return fine


class SettingsBase(FlaskForm):  # type: ignore[misc]
    """What a questionnaire is called and which languages it is written in."""

    names: Any
    languages: Any

    def validate(self, extra_validators: Any = None) -> bool:
        """A name, and a language to ask in."""
        fine = bool(super().validate(extra_validators))
        if not any(self.names.data.values()):
            self.names.form_errors.append(_l("Give it a name; colleagues find it by that."))
            fine = False
        if not self.languages.data:
            self.languages.errors = [_l("Tick at least one language.")]
            fine = False
        return fine


def settings_form(offered: Mapping[str, str], **kwargs: Any) -> SettingsBase:
    """The settings with these languages to choose from."""
    fields = {
        "names": FormField(_words(tuple(offered), LONGEST["name"])),
        "languages": SelectMultipleField(choices=list(offered.items()), validate_choice=True),
    }
    made: SettingsBase = type("SettingsForm", (SettingsBase,), fields)(**kwargs)
    return made


class QuestionBase(FlaskForm):  # type: ignore[misc]
    """One question; `question_form` adds the boxes that its kind and its neighbours call for."""

    seen = HiddenField()
    kind = HiddenField()
    optional = BooleanField(_l("Customers may skip it"))
    text: Any
    hint: Any
    by: Any
    sms_mode: Any
    sms: Any

    @property
    def conditions(self) -> dict[str, SelectMultipleField]:
        """The boxes of "only if", by the earlier question's key."""
        return {name.removeprefix("when_"): field for name, field in self._fields.items() if name.startswith("when_")}

    @property
    def has_other_words(self) -> bool:
        """Whether somebody reads other words than those for everybody."""
        return any(any(self[f"{part}_{band}"].data.values()) for part in ("text", "sms") for band in ("low", "high"))

    def validate(self, extra_validators: Any = None) -> bool:
        """What would leave the editor at a loss; all else is kept and pointed at by the checks."""
        fine = bool(super().validate(extra_validators))
        if not any(self.text.data.values()):
            self.text.form_errors.append(_l("Write the question, at least in one language."))
            fine = False
        if self.has_other_words and not self.by.data:
            self.by.errors = [_l("Choose the answer that decides which words they read.")]
            fine = False
        return fine


def question_form(
    kind: str, languages: Sequence[str], before: Sequence[Mapping[str, Any]], *, ready: bool, **kwargs: Any
) -> QuestionBase:
    """The form of a question of this kind; `before`: what is asked earlier, `ready`: whether a ready text exists."""
    fields: dict[str, Any] = {
        "text": FormField(_words(languages, LONGEST["text"], area=True)),
        "hint": FormField(_words(languages, LONGEST["hint"])),
        "by": SelectField(choices=_scored(before), validate_choice=True),
        "sms_mode": RadioField(choices=_modes(ready)),
        "sms": FormField(_words(languages, LONGEST["sms"], area=True)),
    }
    for band in ("low", "high"):
        fields[f"text_{band}"] = FormField(_words(languages, LONGEST["text"], area=True))
        fields[f"sms_{band}"] = FormField(_words(languages, LONGEST["sms"], area=True))
    if kind in RANGE:
        fields |= {end: FormField(_words(languages, LONGEST[end])) for end in ("low", "high")}
    if kind in CHOOSING:
        row = type("ChoiceRow", (_words(languages, LONGEST["label"]),), {"key": HiddenField()})
        fields["choices"] = FieldList(FormField(row), max_entries=MOST_CHOICES)
    for question in before:
        offered = answers_of(question)
        if offered:
            fields[f"when_{question['key']}"] = SelectMultipleField(choices=offered, validate_choice=False)
    made: QuestionBase = type("QuestionForm", (QuestionBase,), fields)(**kwargs)
    return made


def _scored(before: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    scored = [(one["key"], phrase(one)) for one in before if one["kind"] in RANGE or one["kind"] == Kind.TEXT]
    return [("", str(_l("The same words for everybody"))), *scored]


def _modes(ready: bool) -> list[tuple[str, str]]:
    made = (MADE, _l("Made from the question, with how to answer"))
    own = (OWN, _l("My own words"))
    return [(READY, _l("The ready text")), made, own] if ready else [made, own]


def answers_of(question: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a later question may depend on: bands of a score, the choices, the feeling of a text."""
    kind = question["kind"]
    if kind in RANGE:
        return [(band, str(said)) for band, said in BANDS[kind].items()]
    if kind == Kind.TEXT:
        return [(feeling, str(said)) for feeling, said in FEELINGS.items()]
    return choices_of(question)
