"""`import-customers`, `import-transactions`, `import-events`: each reads a file in batches and commits each batch."""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TypeVar

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import IntegrityError

from app.extensions import clock, commit, db
from app.importing import NAMED_BY, Batch, Choices, Kind, Rehearsal, batches, importing
from surveys.people import imports
from surveys.people.files import open_table
from surveys.people.imports import Outcome
from surveys.people.refused_file import RefusedFile
from surveys.people.table_rows import Refused, UnreadableError, read_rows

Command = TypeVar("Command", bound=Callable[..., Any])


def _mapping(_context: click.Context, _option: click.Parameter, said: tuple[str, ...]) -> dict[str, str]:
    mapping = {}
    for one in said:
        theirs, equals, ours = one.rpartition("=")
        if not equals or not theirs.strip():
            raise click.BadParameter(f'{one!r}: write it like "Kundennummer=external_ref".')
        mapping[theirs.strip()] = ours.strip()
    return mapping


_source = click.option(
    "--source", default="core", show_default=True, help="The system whose references these are, as in its events."
)


def _file_options(command: Command) -> Command:
    """What all three commands take: the file and how it is read."""
    for option in reversed(
        (
            click.argument("file", type=click.File("rb")),
            click.option("--sheet", help="The sheet of an Excel workbook; the first when not said."),
            click.option(
                "--map",
                "mapping",
                multiple=True,
                callback=_mapping,
                metavar='"THEIRS=OURS"',
                help='A column of another name, like "Kundennummer=external_ref"; "Notes=" leaves one out. Repeatable.',
            ),
            click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing."),
            click.option(
                "--errors",
                type=click.Path(dir_okay=False, writable=True, allow_dash=False),
                help="Write the refused rows there as CSV, with line and error, to be mended and imported again.",
            ),
        )
    ):
        command = option(command)
    return command


@click.command("import-customers")
@_file_options
@_source
@with_appcontext
def import_customers(file: BinaryIO, source: str, **options: Any) -> None:
    """Insert or update the customers of FILE: CSV or an Excel workbook (- is standard input).

    Columns: external_ref, name, phone, email, language, time_zone, branch, owner, region,
    birth_date; only the first must be there.

    In a workbook, format columns of phones and references as text: zeros at the front of a number are lost when the
    spreadsheet keeps it, and cannot be brought back.
    """
    _import(Kind.CUSTOMERS, Choices(source=source), file, **options)


@click.command("import-transactions")
@_file_options
@_source
@click.option("--create-customers", is_flag=True, help="Keep customers that are not known yet, by reference alone.")
@with_appcontext
def import_transactions(file: BinaryIO, source: str, create_customers: bool, **options: Any) -> None:
    """Add the transactions of FILE that are not there yet: CSV or an Excel workbook (- is standard input).

    Columns: external_ref (the customer's), date, amount, margin (may be empty). A transaction is known by its customer,
    day and amount; identical rows are counted, so the same file again adds nothing.
    """
    _import(Kind.TRANSACTIONS, Choices(source=source, create_customers=create_customers), file, **options)


@click.command("import-events")
@_file_options
@with_appcontext
def import_events(file: BinaryIO, **options: Any) -> None:
    """Receive the service events of FILE (CSV, Excel workbook, or - for standard input), exactly as the API would.

    Columns are the API's keys, a customer's as customer.phone and so on; attributes.* may hold anything.
    """
    _import(Kind.EVENTS, Choices(), file, **options)


class _Hashed:
    """Passes bytes on and remembers what they were, without keeping them."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._hash = file, hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self._hash.update(data)
        return data

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def _import(
    kind: Kind,
    choices: Choices,
    file: BinaryIO,
    *,
    sheet: str | None,
    mapping: dict[str, str],
    dry_run: bool,
    errors: str | None,
) -> None:
    hashed, total, work, numbers = _Hashed(file), Outcome(), importing(kind, choices), set[str]()
    try:
        table = open_table(hashed, sheet=sheet)
        rows = read_rows(table, work.columns, mapping, numbers=numbers)
    except UnreadableError as unreadable:
        raise click.ClickException(str(unreadable)) from None
    rehearsal = Rehearsal(work) if dry_run else None
    if not dry_run:
        run = imports.begin_run(kind, now=clock().now())
        commit()
    with _refused_file(errors, table.header) as keep_refused:
        try:
            for batch in batches(rows, work.at_once):
                _one_batch(Batch(work, batch, clock().now()), rehearsal, total, keep_refused)
        except UnreadableError as unreadable:
            total.refused.append(Refused(0, str(unreadable)))
            click.echo(str(unreadable), err=True)
    if not dry_run:
        imports.end_run(db.session.merge(run), total, file_hash=hashed.hexdigest(), now=clock().now())
        commit()
    _tell(total, dry_run=dry_run, numbers=numbers)


@contextmanager
def _refused_file(path: str | None, header: list[str]) -> Iterator[Callable[[list[Refused]], None]]:
    if path is None:
        yield lambda refused: None
        return
    try:
        # It holds people's numbers: nobody else on the machine may read it.
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise click.ClickException(f"Cannot write {path}: {error.strerror}. Give --errors another place.") from None
    with os.fdopen(number, "w", encoding="utf-8", newline="") as out:
        yield RefusedFile(out, header).add


def _one_batch(
    batch: Batch, rehearsal: Rehearsal | None, total: Outcome, keep_refused: Callable[[list[Refused]], None]
) -> None:
    finish = commit if rehearsal is None else db.session.rollback
    try:
        outcome = batch.keep(clock().now())
        finish()
    except IntegrityError:
        # Somebody kept one of these at the same moment; now it is there, and the batch can be told so.
        db.session.rollback()
        outcome = batch.keep(clock().now())
        finish()
    db.session.expunge_all()  # a long file must not gather in memory
    if rehearsal is not None:
        rehearsal.correct(batch, outcome)
    for refused in outcome.refused:
        _clear_progress()
        click.echo(str(refused), err=True)
    keep_refused(outcome.refused)
    total.add(outcome)
    _progress(total)


def _progress(total: Outcome) -> None:
    if sys.stderr.isatty():
        done = total.new + total.changed + total.same + len(total.refused)
        click.echo(f"\r{done:,} lines", nl=False, err=True)


def _clear_progress() -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)


def _tell(total: Outcome, *, dry_run: bool, numbers: set[str]) -> None:
    _clear_progress()
    if lost := sorted(numbers & NAMED_BY):
        click.echo(
            f"{', '.join(lost)}: the spreadsheet keeps numbers there; zeros they began with are lost and cannot be"
            " brought back. Format the column as text where they matter.",
            err=True,
        )
    refused = len(total.refused)
    said = f"{total.new:,} new, {total.changed:,} changed, {total.same:,} as before, {refused:,} refused"
    click.echo(f"{said}; nothing was written" if dry_run else said)
    if refused:
        raise SystemExit(1)
