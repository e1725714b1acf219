"""What may be said of a place: its facts, its closures, and that it closes for good."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.auth.roles import Scope
from app.console import labels
from app.console.queries_places import places
from app.console.queries_staff import colleagues
from app.extensions import db
from app.i18n import language
from surveys.people.models import Branch, BranchKind, Staff
from surveys.people.places import LONGEST_REASON, PlaceFacts
from surveys.people.refusals import Wrong

Row = TypeVar("Row", Branch, Staff)

KINDS = {
    BranchKind.COMPANY: _l("company"),
    BranchKind.REGION: _l("region"),
    BranchKind.BRANCH: _l("branch"),
}
WEEKDAYS = {
    "1": _l("Monday"),
    "2": _l("Tuesday"),
    "3": _l("Wednesday"),
    "4": _l("Thursday"),
    "5": _l("Friday"),
    "6": _l("Saturday"),
    "7": _l("Sunday"),
}
NO_DAY = _l("Write a day, like 2026-11-20.")


def clean(said: str | None) -> str:
    """What was typed, without spaces around it; PostgreSQL keeps no null character."""
    return (said or "").replace("\0", "").strip()


def text(field: Field) -> str:
    """What was typed into a field of one line."""
    return str(field.data or "")


def day(field: Field) -> date:
    """The day a validated field holds."""
    found: date = field.data
    return found


def chosen(model: type[Row], field: Field) -> Row | None:
    """The row a select names; None for its first choice."""
    return db.session.get(model, field.data) if field.data else None


def line(label: Any, most: int) -> StringField:
    """A field of one line."""
    return StringField(label, validators=[Length(max=most)], filters=[clean])


class DeedForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A deed without words."""

    def take(self, wrong: Iterable[Wrong], names: dict[str, str] | None = None) -> None:
        """Put each refusal at the field it speaks of."""
        for one in wrong:
            name = (names or {}).get(one.field, one.field)
            field: Field = self[name] if name in self._fields else next(iter(self._fields.values()))
            field.errors = [*field.errors, one.message(language())]


class PlaceForm(DeedForm):
    """All that is known of a place."""

    name_en = line(_l("Name in English"), 80)
    name_hans = line(_l("Name in simplified Chinese"), 80)
    name_hant = line(_l("Name in traditional Chinese"), 80)
    code = line(_l("Code"), 40)
    kind = SelectField(_l("Kind"), choices=list(KINDS.items()))
    parent = SelectField(_l("Place above"), coerce=int)
    manager = SelectField(_l("Manager"), coerce=int)
    on_call = SelectField(_l("On call"), coerce=int)
    phone = line(_l("Telephone"), 40)
    opens_at = line(_l("Opens at"), 5)
    closes_at = line(_l("Closes at"), 5)
    weekdays = SelectMultipleField(
        _l("Open on"),
        choices=list(WEEKDAYS.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    time_zone = line(_l("Time zone"), 40)
    country = line(_l("Country"), 2)
    subdivision = line(_l("Part of the country"), 12)

    AT = {"names.en": "name_en", "names.zh-Hans": "name_hans", "names.zh-Hant": "name_hant"}  # noqa: RUF012

    def offer(self, scope: Scope, place: Branch | None) -> None:
        """The places and people to choose from: those in scope, and whoever stands there already."""
        above = [one for one in places(scope) if one.kind != BranchKind.BRANCH and one is not place]
        people = colleagues(scope)
        if place is not None:
            above += [place.parent] if place.parent and place.parent not in above else []
            people += [p for p in (place.manager, place.on_call) if p is not None and p not in people]
        self.parent.choices = [(0, _l("none, it is the company")), *((p.id, labels.branch_name(p)) for p in above)]
        named = [(0, _l("as at the place above")), *((p.id, f"{p.name} ({p.code})") for p in people)]
        self.manager.choices = self.on_call.choices = named

    def show(self, place: Branch) -> None:
        """What is known, to be changed."""
        self.code.data, self.kind.data = place.code, place.kind
        self.name_en.data = place.names.get("en", "")
        self.name_hans.data, self.name_hant.data = place.names.get("zh-Hans", ""), place.names.get("zh-Hant", "")
        self.parent.data = place.parent_id or 0
        self.manager.data, self.on_call.data = place.manager_id or 0, place.on_call_id or 0
        self.phone.data = place.phone or ""
        self.opens_at.data, self.closes_at.data = place.opens_at or "", place.closes_at or ""
        self.weekdays.data = list(place.weekdays or "")
        self.time_zone.data, self.country.data = place.time_zone, place.country
        self.subdivision.data = place.subdivision or ""

    def facts(self) -> PlaceFacts:
        """What was typed."""
        names = {"en": self.name_en, "zh-Hans": self.name_hans, "zh-Hant": self.name_hant}
        return PlaceFacts(
            code=text(self.code),
            kind=text(self.kind),
            names={tongue: text(field) for tongue, field in names.items()},
            parent=chosen(Branch, self.parent),
            time_zone=text(self.time_zone),
            country=text(self.country).upper(),
            subdivision=text(self.subdivision) or None,
            phone=text(self.phone) or None,
            opens_at=text(self.opens_at) or None,
            closes_at=text(self.closes_at) or None,
            weekdays="".join(self.weekdays.data or []) or None,
            manager=chosen(Staff, self.manager),
            on_call=chosen(Staff, self.on_call),
        )


class ClosureForm(DeedForm):
    """Days on which a place is closed, or open against the calendar."""

    first_day = DateField(_l("First day"), validators=[InputRequired(NO_DAY)])
    last_day = DateField(_l("Last day"), validators=[Optional()])
    what = RadioField(
        _l("That day the place is"),
        choices=[("closed", _l("closed all day")), ("open", _l("open all the same"))],
        default="closed",
    )
    reason = line(_l("Why"), LONGEST_REASON)

    @property
    def last(self) -> date:
        """The last day; one day when only the first was given."""
        return day(self.last_day) if self.last_day.data else day(self.first_day)


class CloseForm(DeedForm):
    """From when a place serves nobody any more."""

    closed_on = DateField(_l("From which day?"), validators=[InputRequired(NO_DAY)])
