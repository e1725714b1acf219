"""The forms of the theme book."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Form, FormField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from app.console.questionnaires.forms import clean
from app.i18n import language
from surveys.scoring.themes import WORDS
from surveys.understanding.checks import LONGEST_NAME, worded_wrong
from surveys.understanding.editing import listed

NAMES = ("en", "zh-Hans", "zh-Hant")
MOST_TYPED = 20_000


def _fits(most: int) -> Length:
    return Length(max=most, message=_l("At most %(max)d characters fit here."))


_Names = type("Names", (Form,), {one: StringField(validators=[_fits(LONGEST_NAME)], filters=[clean]) for one in NAMES})
_Words = type("Words", (Form,), {one: TextAreaField(validators=[_fits(MOST_TYPED)]) for one in WORDS})


class DeedForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A deed without words; `seen`: how the book stood when it was decided."""

    seen = HiddenField()


class FileForm(FlaskForm):  # type: ignore[misc]
    """A book as a file."""

    file = FileField(_l("File"))


class NameForm(FlaskForm):  # type: ignore[misc]
    """A theme: its names, and whether it is looked for."""

    seen = HiddenField()
    names: Any = FormField(_Names)
    off = BooleanField(_l("Switched off: it is not looked for"))

    def validate(self, extra_validators: Any = None) -> bool:
        """One of the names is enough."""
        fine = bool(super().validate(extra_validators))
        if not self.names.data["en"] and not self.names.data["zh-Hans"]:
            self.names.form_errors.append(_l("Give it a name, in English or in Chinese."))
            return False
        return fine

    @property
    def said(self) -> dict[str, str]:
        """The names that were filled in."""
        return {tongue: name for tongue in NAMES if (name := self.names.data[tongue])}


class WordsForm(NameForm):
    """A part of a theme: with its keywords."""

    words: Any = FormField(_Words)

    def validate(self, extra_validators: Any = None) -> bool:
        """What cannot be looked for is said beside the box it was typed in."""
        fine = super().validate(extra_validators)
        for tongue in WORDS:
            one = {"key": "", "names": self.said, "words": {tongue: self.listed[tongue]}, "off": True}
            wrong = [detail for _code, detail in worded_wrong(one, language())]
            self.words[tongue].errors = [*self.words[tongue].errors, *wrong]
            fine = fine and not wrong
        return fine

    @property
    def listed(self) -> dict[str, list[str]]:
        """The keywords of both languages."""
        return {tongue: listed(self.words.data[tongue]) for tongue in WORDS}


def typed(words: Mapping[str, list[str]]) -> dict[str, str]:
    """Keywords as they stand in the boxes, one a line."""
    return {tongue: "\n".join(words.get(tongue) or ()) for tongue in WORDS}
