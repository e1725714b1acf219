"""What may be said of a member of staff: who they are, that the phone is theirs, when they are away and leave."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SearchField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from app.auth.roles import Scope
from app.console import labels
from app.console.place_forms import NO_DAY, DeedForm, chosen, clean, line, text
from app.console.queries_places import places
from app.console.queries_staff import colleagues
from surveys.people.models import Branch, Staff
from surveys.people.staffing import LONGEST_EMAIL, StaffFacts

ROLES = {
    "agent": _l("counter"),
    "account_manager": _l("account manager"),
    "deputy": _l("deputy manager"),
    "branch_manager": _l("branch manager"),
    "regional_manager": _l("regional manager"),
}
LANGUAGES = {"en": "English", "zh-Hans": "中文"}


class FindForm(DeedForm):
    """Whom to show; read from the address, so that the list can be sent to somebody."""

    class Meta:
        csrf = False

    q = SearchField(_l("Name or code"), validators=[Length(max=80)], filters=[clean])
    place = SelectField(_l("Place"), coerce=int)

    def offer(self, scope: Scope) -> None:
        """The places of the scope."""
        self.place.choices = [(0, _l("all places")), *((p.id, labels.branch_name(p)) for p in places(scope))]


class StaffForm(DeedForm):
    """All that is known of somebody."""

    name = line(_l("Name"), 80)
    code = line(_l("Code"), 40)
    role = SelectField(_l("Role"), choices=list(ROLES.items()))
    branch = SelectField(_l("Works at"), coerce=int)
    language = SelectField(_l("Language of their texts"), choices=list(LANGUAGES.items()))
    phone = line(_l("Mobile phone"), 40)
    email = line(_l("E-mail"), LONGEST_EMAIL)
    manager = SelectField(_l("Their manager"), coerce=int)
    deputy = SelectField(_l("Stands in when they are away"), coerce=int)

    def offer(self, scope: Scope, person: Staff | None) -> None:
        """The places and people to choose from: those in scope, and whoever is named there already."""
        people = [one for one in colleagues(scope) if one is not person]
        if person is not None:
            people += [p for p in (person.manager, person.deputy) if p is not None and p not in people]
        named = [(0, _l("nobody")), *((p.id, f"{p.name} ({p.code})") for p in people)]
        self.manager.choices = self.deputy.choices = named
        self.branch.choices = [(p.id, labels.branch_name(p)) for p in places(scope)]

    def show(self, person: Staff) -> None:
        """What is known, to be changed."""
        self.name.data, self.code.data, self.role.data = person.name, person.code, person.role
        self.branch.data, self.language.data = person.branch_id, person.language
        self.phone.data, self.email.data = person.phone or "", person.email or ""
        self.manager.data, self.deputy.data = person.manager_id or 0, person.deputy_id or 0

    def facts(self) -> StaffFacts:
        """What was typed."""
        return StaffFacts(
            code=text(self.code),
            name=text(self.name),
            role=text(self.role),
            branch=chosen(Branch, self.branch),
            language=text(self.language),
            phone=text(self.phone) or None,
            email=text(self.email) or None,
            manager=chosen(Staff, self.manager),
            deputy=chosen(Staff, self.deputy),
        )


class CodeForm(DeedForm):
    """The code they read from their phone."""

    code = line(_l("Code from their phone"), 12)


class AbsenceForm(DeedForm):
    """Days away; without a last one until that is said."""

    first_day = DateField(_l("First day away"), validators=[InputRequired(NO_DAY)])
    last_day = DateField(_l("Last day away"), validators=[Optional()])


class HeirForm(DeedForm):
    """Somebody else, and from when."""

    successor = SelectField(_l("Who takes over?"), coerce=int)
    on = DateField(_l("From which day?"), validators=[InputRequired(NO_DAY)])

    def offer(self, people: Iterable[Staff], person: Staff) -> None:
        """Everybody but themselves."""
        named = [(p.id, f"{p.name} ({p.code})") for p in people if p is not person]
        self.successor.choices = [(0, _l("Choose")), *named]
