"""What may be said about a case: one form a deed."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.cases.models import Case
from app.cases.wording import CAUSES, cause_name
from app.console.case_words import OUTCOMES
from app.i18n import language
from surveys.people.models import Staff

LONGEST_NOTE = 2000
ATTEMPTS = {
    "reached": _l("Reached them"),
    "no_answer": _l("No answer"),
    "later": _l("They asked for another time"),
}


def _clean(said: str | None) -> str:
    # PostgreSQL keeps no null character.
    return (said or "").replace("\0", "").strip()


class DeedForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A deed without words."""


class CallForm(DeedForm):
    """A call that was made, how it went, and what was promised."""

    attempt = RadioField(
        _l("How did it go?"),
        choices=list(ATTEMPTS.items()),
        validators=[InputRequired(_l("Say how it went."))],
        validate_choice=True,
    )
    promise = DateTimeLocalField(_l("What did you promise, and by when?"), validators=[Optional()])
    note = TextAreaField(_l("Note"), validators=[Length(max=LONGEST_NOTE)], filters=[_clean])

    def validate(self, extra_validators: Any = None) -> bool:
        """Who asks for another time is given one."""
        fine = bool(super().validate(extra_validators))
        if self.attempt.data == "later" and not self.promise.data and not self.promise.errors:
            self.promise.errors = [_l("Which time did they ask for?")]
            fine = False
        return fine

    def promised_by(self, zone: str) -> datetime | None:
        """The promised moment, read on the branch's clock."""
        given: datetime | None = self.promise.data
        return given.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if given else None


class HandOverForm(DeedForm):
    """To whom."""

    to = SelectField(_l("To"), coerce=int, validators=[InputRequired(_l("Choose a colleague."))])

    def offer(self, colleagues: list[tuple[Staff, str]]) -> None:
        """The colleagues to choose from, with a word beside their name."""
        self.to.choices = [(person.id, beside) for person, beside in colleagues]


class CloseForm(DeedForm):
    """What came of it."""

    root_cause = SelectField(_l("Root cause"), validators=[InputRequired(_l("Choose the root cause."))])
    outcome = RadioField(
        _l("Outcome"),
        choices=list(OUTCOMES.items()),
        validators=[InputRequired(_l("Choose an outcome: the weekly report counts it."))],
    )
    done = StringField(_l("What was done"), validators=[Length(max=200)], filters=[_clean])

    def offer(self) -> None:
        """The causes, by name."""
        names = [(cause, cause_name(cause, language())) for cause in CAUSES]
        self.root_cause.choices = [("", str(_l("Choose"))), *names]


class NoteForm(DeedForm):
    """Words for colleagues, or the reason for a false alarm."""

    note = TextAreaField(
        _l("Note"),
        validators=[DataRequired(_l("Write a few words.")), Length(max=LONGEST_NOTE)],
        filters=[_clean],
    )


class Forms:
    """All forms of the page, each with its own prefix of ids; the one that was sent keeps what was written."""

    def __init__(self, case: Case, colleagues: list[tuple[Staff, str]], *, sent: str = "") -> None:
        def form(kind: type[DeedForm], name: str) -> Any:
            return kind() if name == sent else kind(formdata=None)

        self.acknowledge = form(DeedForm, "acknowledge")
        self.contact = form(CallForm, "contact")
        self.hand_over = form(HandOverForm, "hand_over")
        self.hand_over.offer(colleagues)
        self.close = form(CloseForm, "close")
        self.close.offer()
        self.dismiss = form(NoteForm, "dismiss")
        self.note = form(NoteForm, "note")
        if sent != "close" and case.root_cause:
            self.close.root_cause.data = case.root_cause
