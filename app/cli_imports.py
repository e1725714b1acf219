"""`import-customers`, `import-transactions`, `import-events`: each reads a file in batches and commits each batch."""

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO, TypeVar

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import IntegrityError

from app.extensions import clock, commit, db, settings
from surveys.people import import_rows, imports
from surveys.people.csv_rows import Columns, Refused, Row, UnreadableError, read_rows
from surveys.people.imports import Outcome

CUSTOMERS_AT_ONCE = 500
TRANSACTIONS_AT_ONCE = 1000
EVENTS_AT_ONCE = 25  # each is decided about: a batch must not hold SQLite's one writer for long

T = TypeVar("T")

_source = click.option(
    "--source", default="core", show_default=True, help="The system whose references these are, as in its events."
)
_file = click.argument("file", type=click.File("rb"))


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


@click.command("import-customers")
@_file
@_source
@with_appcontext
def import_customers(file: BinaryIO, source: str) -> None:
    """Insert or update the customers of FILE (- is standard input).

    Columns: external_ref, name, phone, email, language, time_zone, branch, owner, region; only the first must be there.
    """

    def keep(rows: list[import_rows.CustomerRow]) -> Outcome:
        return imports.keep_customers(rows, source=source, now=clock().now())

    def read(row: Row) -> import_rows.CustomerRow | Refused:
        return import_rows.read_customer(row, default_country=settings().default_country)

    _import("customers", file, import_rows.CUSTOMER_COLUMNS, read, keep, CUSTOMERS_AT_ONCE)


@click.command("import-transactions")
@_file
@_source
@click.option("--create-customers", is_flag=True, help="Keep customers that are not known yet, by reference alone.")
@with_appcontext
def import_transactions(file: BinaryIO, source: str, create_customers: bool) -> None:
    """Add the transactions of FILE (- is standard input) that are not there yet.

    Columns: external_ref (the customer's), date, amount, margin (may be empty). A transaction is known by its customer,
    day and amount; identical rows are counted, so the same file again adds nothing.
    """
    repeats, today = import_rows.Repeats(), clock().now().date()

    def read(row: Row) -> import_rows.Purchase | Refused:
        return import_rows.read_transaction(row, repeats, today=today)

    def keep(purchases: list[import_rows.Purchase]) -> Outcome:
        return imports.keep_transactions(purchases, source=source, now=clock().now(), create_customers=create_customers)

    _import("transactions", file, import_rows.TRANSACTION_COLUMNS, read, keep, TRANSACTIONS_AT_ONCE)


@click.command("import-events")
@_file
@with_appcontext
def import_events(file: BinaryIO) -> None:
    """Receive the service events of FILE (- is standard input), exactly as the API would.

    Columns are the API's keys, a customer's as customer.phone and so on; attributes.* may hold anything.
    """
    from app.event_rows import event_columns, keep_events, read_event

    def keep(events: list[Any]) -> Outcome:
        return keep_events(events, now=clock().now())

    def read(row: Row) -> Any:
        return read_event(row, now=clock().now())

    _import("events", file, event_columns(), read, keep, EVENTS_AT_ONCE)


def _import(
    kind: str,
    file: BinaryIO,
    columns: Columns,
    read: Callable[[Row], T | Refused],
    keep: Callable[[list[T]], Outcome],
    at_once: int,
) -> None:
    hashed, total = _Hashed(file), Outcome()
    rows = read_rows(hashed, columns)
    try:
        first = next(rows, None)
    except UnreadableError as unreadable:
        raise click.ClickException(str(unreadable)) from None
    run = imports.begin_run(kind, now=clock().now())
    commit()
    try:
        for batch in _batches(_chained(first, rows), at_once):
            total.add(_one_batch(batch, read, keep))
            _progress(total)
    except UnreadableError as unreadable:
        total.refused.append(Refused(0, str(unreadable)))
        click.echo(str(unreadable), err=True)
    imports.end_run(db.session.merge(run), total, file_hash=hashed.hexdigest(), now=clock().now())
    commit()
    _tell(total)


def _chained(first: T | None, rest: Iterator[T]) -> Iterator[T]:
    if first is not None:
        yield first
        yield from rest


def _batches(rows: Iterable[T], at_once: int) -> Iterator[list[T]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, at_once)):
        yield batch


def _one_batch(
    rows: list[Row | Refused], read: Callable[[Row], T | Refused], keep: Callable[[list[T]], Outcome]
) -> Outcome:
    found = [row if isinstance(row, Refused) else read(row) for row in rows]
    taken = [item for item in found if not isinstance(item, Refused)]
    outcome = _kept(taken, keep)
    outcome.refused += [item for item in found if isinstance(item, Refused)]
    outcome.refused.sort(key=lambda refused: refused.line)
    for refused in outcome.refused:
        _clear_progress()
        click.echo(str(refused), err=True)
    return outcome


def _kept(taken: list[T], keep: Callable[[list[T]], Outcome]) -> Outcome:
    try:
        outcome = keep(taken)
        commit()
    except IntegrityError:
        # Somebody kept one of these at the same moment; now it is there, and the batch can be told so.
        db.session.rollback()
        outcome = keep(taken)
        commit()
    db.session.expunge_all()  # a long file must not gather in memory
    return outcome


def _progress(total: Outcome) -> None:
    if sys.stderr.isatty():
        done = total.new + total.changed + total.same + len(total.refused)
        click.echo(f"\r{done:,} lines", nl=False, err=True)


def _clear_progress() -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)


def _tell(total: Outcome) -> None:
    _clear_progress()
    refused = len(total.refused)
    click.echo(f"{total.new:,} new, {total.changed:,} changed, {total.same:,} as before, {refused:,} refused")
    if refused:
        raise SystemExit(1)
