"""A programme as a form. What stays empty is the company's own number, which stands beside it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FloatField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from surveys.invitations.eligibility import Channel
from surveys.invitations.models import Programme
from surveys.invitations.programmes import Plan

CHANNELS = {
    Channel.SMS: _l("by SMS, as a conversation"),
    Channel.SMS_LINK: _l("by SMS, with the link alone"),
    Channel.EMAIL: _l("by e-mail, with the link"),
}
WEEKDAYS = (
    (0, _l("Monday")),
    (1, _l("Tuesday")),
    (2, _l("Wednesday")),
    (3, _l("Thursday")),
    (4, _l("Friday")),
    (5, _l("Saturday")),
    (6, _l("Sunday")),
)
HOLIDAYS = (
    ("", _l("as the company does")),
    ("yes", _l("no, nothing leaves on them")),
    ("no", _l("yes, as on any day")),
)
NUMBERS = (
    "cap_days",
    "answer_cap_days",
    "relationship_cap_days",
    "stale_hours",
    "quota",
    "drip_per_day",
    "reminder_after_hours",
    "survey_open_days",
)


def _clean(said: str | None) -> str:
    return (said or "").replace("\0", "").strip()


def _number(label: Any, low: int, high: int) -> IntegerField:
    message = _l("Write a whole number from %(low)s to %(high)s, or leave it empty.", low=low, high=f"{high:,}")
    return IntegerField(label, validators=[Optional(), NumberRange(low, high, message)])


def _name(label: Any, *more: Any) -> StringField:
    return StringField(label, validators=[*more, Length(max=80)], filters=[_clean])


class DeedForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A deed without words."""


class TouchpointForm(FlaskForm):  # type: ignore[misc]
    """A new kind of moment."""

    english = _name(_l("Name in English"), InputRequired(_l("Name it in English: the key is made of this name.")))
    chinese = _name(_l("Name in Chinese"))


class ProgrammeForm(FlaskForm):  # type: ignore[misc]
    """Which moment asks which questionnaire, whom, how and how often."""

    english = _name(_l("Name in English"), InputRequired(_l("Give it a name colleagues will know it by.")))
    chinese = _name(_l("Name in Chinese"))
    touchpoint = SelectField(_l("After which moment?"), coerce=int)
    survey = SelectField(_l("Which questionnaire?"), coerce=int)
    branch = SelectField(_l("Where?"), coerce=int)
    segment = SelectField(_l("Which customers?"))
    first = SelectField(_l("First"))
    second = SelectField(_l("If not, then"))
    third = SelectField(_l("And if not, then"))
    delay = IntegerField(
        _l("Minutes to wait after the moment"),
        validators=[InputRequired(_l("Write 0 to ask at once.")), NumberRange(0, 10080, _l("At most a week: 10,080."))],
    )
    share = FloatField(
        _l("How many in a hundred are asked?"),
        validators=[InputRequired(_l("Write 100 to ask everybody.")), NumberRange(0, 100, _l("From 0 to 100."))],
    )
    quota = _number(_l("Most a day from one branch"), 1, 1_000_000)
    drip_per_day = _number(_l("Spread over the day: this many from one branch"), 1, 1_000_000)
    reminder = BooleanField(_l("Remind once whoever does not answer"))
    reminder_after_hours = _number(_l("After how many hours?"), 1, 8760)
    reminder_channel = SelectField(_l("By what?"))
    survey_open_days = _number(_l("Days the survey takes answers"), 1, 365)
    cap_days = _number(_l("Days between two surveys of one customer"), 0, 3650)
    answer_cap_days = _number(_l("Days after an answer"), 0, 3650)
    relationship = BooleanField(_l("It asks about the whole relationship, and keeps the longer distance"))
    relationship_cap_days = _number(_l("Days between two of those"), 0, 3650)
    stale_hours = _number(_l("Hours after which it is too late to ask"), 1, 8760)
    opens = _number(_l("Not before this hour"), 0, 23)
    closes = _number(_l("Not from this hour on"), 1, 24)
    weekdays = SelectMultipleField(_l("Only on these days"), coerce=int)
    holidays = RadioField(_l("On public holidays?"))

    def offer(
        self,
        *,
        touchpoints: Sequence[tuple[int, str]],
        surveys: Sequence[tuple[int, str]],
        branches: Sequence[tuple[int, str]],
        segments: Sequence[tuple[str, str]],
    ) -> None:
        """What there is to choose from."""
        self.touchpoint.choices, self.survey.choices = touchpoints, surveys
        self.branch.choices, self.segment.choices = branches, segments
        ways = [(str(channel), name) for channel, name in CHANNELS.items()]
        self.first.choices = ways
        self.second.choices = self.third.choices = [("", _l("nothing else")), *ways]
        self.reminder_channel.choices = [("", _l("the same way")), *ways]
        self.weekdays.choices, self.holidays.choices = WEEKDAYS, HOLIDAYS

    def validate(self, extra_validators: Any = None) -> bool:
        """Hours come in pairs, and a channel is tried once."""
        fine = bool(super().validate(extra_validators))
        if (self.opens.data is None) != (self.closes.data is None):
            missing = self.opens if self.opens.data is None else self.closes
            missing.errors = [*missing.errors, _l("Write both hours, or neither.")]
            return False
        if self.opens.data is not None and self.closes.data is not None and self.opens.data >= self.closes.data:
            self.closes.errors = [*self.closes.errors, _l("It must be later than the hour before it.")]
            return False
        chosen = [way.data for way in (self.first, self.second, self.third) if way.data]
        if len(set(chosen)) < len(chosen):
            last = self.third if self.third.data in (self.first.data, self.second.data) else self.second
            last.errors = [*last.errors, _l("This way is tried already; choose another, or nothing else.")]
            return False
        return fine

    def plan(self, *, keep: dict[str, Any]) -> Plan:
        """What was written. `keep`: numbers of the programme that this form does not show."""
        policy = {name: getattr(self, name).data for name in NUMBERS if getattr(self, name).data is not None}
        if self.relationship.data:
            policy["relationship"] = True
        if self.opens.data is not None:
            policy["company_hours"] = [self.opens.data, self.closes.data]
        if self.weekdays.data and len(self.weekdays.data) < len(WEEKDAYS):
            policy["weekdays"] = sorted(self.weekdays.data)
        if self.holidays.data:
            policy["respect_holidays"] = self.holidays.data == "yes"
        return Plan(
            names=in_both(self.english, self.chinese),
            touchpoint_id=self.touchpoint.data,
            survey_id=self.survey.data,
            branch_id=self.branch.data or None,
            segment=self.segment.data or None,
            channels=tuple(way.data for way in (self.first, self.second, self.third) if way.data),
            delay_minutes=self.delay.data or 0,
            sampling_rate=(self.share.data or 0) / 100,
            reminder=self.reminder.data,
            reminder_channel=self.reminder_channel.data or None,
            policy={**keep, **policy},
        )


def in_both(english: StringField, chinese: StringField) -> dict[str, str]:
    """A name in both languages; the English one stands for a Chinese one that is missing."""
    return {"en": english.data or "", "zh-Hans": chinese.data or english.data or ""}


def as_written(programme: Programme) -> dict[str, Any]:
    """A programme as its form shows it."""
    policy, order = programme.policy, [*programme.channels, "", ""]
    hours = policy.get("company_hours") or (None, None)
    holidays = policy.get("respect_holidays")
    return {
        "english": programme.names.get("en", ""),
        "chinese": programme.names.get("zh-Hans", ""),
        "touchpoint": programme.touchpoint_id,
        "survey": programme.survey_id,
        "branch": programme.branch_id or 0,
        "segment": programme.segment or "",
        "first": order[0],
        "second": order[1],
        "third": order[2],
        "delay": programme.delay_minutes,
        "share": _plainly(programme.sampling_rate * 100),
        "reminder": programme.reminder,
        "reminder_channel": programme.reminder_channel or "",
        "relationship": bool(policy.get("relationship")),
        "opens": hours[0],
        "closes": hours[1],
        "weekdays": policy.get("weekdays") or [day for day, _ in WEEKDAYS],
        "holidays": "" if holidays is None else "yes" if holidays else "no",
        **{name: policy.get(name) for name in NUMBERS},
    }


def _plainly(share: float) -> float:
    return int(share) if share == int(share) else round(share, 2)


def hidden_numbers(programme: Programme) -> dict[str, Any]:
    """What the form does not show and must not lose: that a question is owed."""
    return {name: value for name, value in programme.policy.items() if name == "exempt_from_caps"}
