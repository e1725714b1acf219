"""What the pages of imports show: past runs, the columns of a file with what stands in them, the first rows as read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select

from app.auth.models import User
from app.extensions import db
from app.i18n import gettext as _
from app.importing import NAMED_BY, Choices, Kind, columns_of, importing
from notifications import EmailAddress, PhoneNumber
from surveys.people import import_files
from surveys.people.column_names import guesses
from surveys.people.import_models import ImportFile, State
from surveys.people.models import ImportRun
from surveys.people.table_rows import Number, Refused, rows_as

RUNS_SHOWN = 50
SAMPLES = 3
ROWS_SHOWN = 5

NAMES = {
    "external_ref": lazy_gettext("Customer number"),
    "name": lazy_gettext("Name"),
    "phone": lazy_gettext("Phone"),
    "email": lazy_gettext("E-mail"),
    "language": lazy_gettext("Language"),
    "time_zone": lazy_gettext("Time zone"),
    "branch": lazy_gettext("Home branch (code)"),
    "owner": lazy_gettext("Looked after by (staff code)"),
    "region": lazy_gettext("Region of sending hours"),
    "birth_date": lazy_gettext("Birth date"),
    "date": lazy_gettext("Date"),
    "amount": lazy_gettext("Amount"),
    "margin": lazy_gettext("Margin"),
}
OF_A_VISIT = {
    "source": lazy_gettext("System"),
    "external_ref": lazy_gettext("Number of the visit"),
    "touchpoint": lazy_gettext("Touchpoint"),
    "occurred_at": lazy_gettext("Time, with its zone"),
    "branch": lazy_gettext("Branch (code)"),
    "staff": lazy_gettext("Served by (staff code)"),
    "reopens": lazy_gettext("Reopens visit"),
    "attributes.complaint": lazy_gettext("Was a complaint"),
    "customer.consent.sms": lazy_gettext("Consent to SMS"),
    "customer.consent.source": lazy_gettext("Consent: where"),
    "customer.consent.wording": lazy_gettext("Consent: wording"),
    **{f"customer.{name}": said for name, said in NAMES.items() if name not in ("date", "amount", "margin")},
}
KINDS = {
    Kind.CUSTOMERS: lazy_gettext("Customers"),
    Kind.TRANSACTIONS: lazy_gettext("Purchases"),
    Kind.EVENTS: lazy_gettext("Visits and calls"),
}


STATES = {
    State.READING: lazy_gettext("being read"),
    State.CHOOSING: lazy_gettext("waits for its columns"),
    State.CHECKING: lazy_gettext("being checked"),
    State.CHECKED: lazy_gettext("waits to be started"),
    State.IMPORTING: lazy_gettext("being imported"),
    State.DONE: lazy_gettext("imported"),
    State.FAILED: lazy_gettext("could not be read"),
    State.DISCARDED: lazy_gettext("deleted"),
}


@dataclass(frozen=True)
class PastRun:
    """A line of the list: a run, its file when it came through the console, and who sent it."""

    run: ImportRun
    file: ImportFile | None
    who: str | None

    @property
    def what(self) -> str:
        """What its rows are."""
        return str(KINDS[Kind(self.run.kind)]) if self.run.kind in set(Kind) else self.run.kind

    @property
    def state(self) -> str:
        """How far it has come, in words."""
        if self.file is not None:
            return str(STATES[State(self.file.state)])
        return _("imported") if self.run.finished_at else _("not finished; the command can be run again")

    @property
    def counts(self) -> str:
        """What became of its rows, in words; empty while nobody knows."""
        counts = self.run.counts
        if not counts or (self.file is not None and self.file.state != State.DONE):
            return ""
        return _(
            "%(new)s new, %(changed)s changed, %(same)s as before, %(refused)s refused",
            **{name: f"{counts.get(name, 0):,}" for name in ("new", "changed", "same", "refused")},
        )


@dataclass(frozen=True)
class Column:
    """A column of a file: its heading, what stands in it, what it is taken for."""

    heading: str
    samples: list[str]
    ours: str
    other: str | None  # a name of ours that is not on the list but welcome
    loses_zeros: bool


@dataclass(frozen=True)
class Sample:
    """The first rows as they would be read."""

    names: list[str]
    rows: list[tuple[int, list[str]]]


def past_runs() -> list[PastRun]:
    """The latest imports, by console and by command."""
    query = (
        select(ImportRun, ImportFile, User.name)
        .outerjoin(ImportFile, ImportFile.run_id == ImportRun.id)
        .outerjoin(User, User.id == ImportFile.user_id)
        .order_by(ImportRun.id.desc())
        .limit(RUNS_SHOWN)
    )
    return [PastRun(run, file, who) for run, file, who in db.session.execute(query)]


def import_file(file_id: int) -> ImportFile | None:
    """The file with this number."""
    return db.session.get(ImportFile, file_id)


def column_choices(kind: Kind) -> list[tuple[str, str]]:
    """What a column may be, with the words for it."""
    words = OF_A_VISIT if kind == Kind.EVENTS else NAMES
    names = (*columns_of(kind).known, *(["attributes.complaint"] if kind == Kind.EVENTS else []))
    return [(name, str(words.get(name, name))) for name in names]


def columns_of_file(file: ImportFile, chosen: Sequence[str]) -> list[Column]:
    """Every column of the file; what was chosen before, or a guess from its heading."""
    kind = Kind(file.kind)
    known = {name for name, _words in column_choices(kind)}
    ours = list(chosen) or guesses(file.header, kind, columns_of(kind))
    rows = [found for _line, found in import_files.records(file.id, 0) if isinstance(found, list)]
    found = []
    for number, heading in enumerate(file.header):
        cells = [row[number] for row in rows if number < len(row) and row[number]]
        found.append(
            Column(
                heading=heading,
                samples=list(dict.fromkeys(cells))[:SAMPLES],
                ours=ours[number],
                other=ours[number] if ours[number] and ours[number] not in known else None,
                loses_zeros=ours[number] in NAMED_BY and any(isinstance(cell, Number) for cell in cells),
            )
        )
    return found


def first_rows(file: ImportFile, *, now: datetime) -> Sample:
    """The first rows that can be read, as they would be kept."""
    kind = Kind(file.kind)
    work = importing(kind, Choices(source=file.source, create_customers=file.create_customers))
    words = dict(column_choices(kind))
    names = [name for name in file.mapping if name]
    rows: list[tuple[int, list[str]]] = []
    for row in rows_as(file.mapping, import_files.records(file.id, 0), set()):
        if len(rows) == ROWS_SHOWN:
            break
        if isinstance(row, Refused):
            continue
        item = work.read(row, now)
        if not isinstance(item, Refused):
            rows.append((row.line, [_as_kept(item, name, row.values.get(name, "")) for name in names]))
    return Sample([words.get(name, name) for name in names], rows)


def _as_kept(item: Any, name: str, said: str) -> str:
    if name in ("amount", "margin"):
        cents = getattr(item, f"{name}_cents", None)
        return f"{cents / 100:,.2f}" if cents is not None else ""
    value = getattr(item, "on" if name == "date" else name, None)
    if isinstance(value, PhoneNumber):
        return value.e164
    if isinstance(value, EmailAddress):
        return value.address
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, str) and value else said
