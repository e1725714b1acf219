"""What can be imported from a file, and how one batch of its rows is kept; commands and the worker commit it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from itertools import islice
from typing import Any

from app.extensions import settings
from surveys.people import import_rows, imports
from surveys.people.imports import Outcome
from surveys.people.table_rows import Columns, Refused, Row

# Where a spreadsheet's numbers are read as names of people: zeros they began with may be missing.
NAMED_BY = {"external_ref", "phone", "customer.external_ref", "customer.phone"}


class Kind(StrEnum):
    """What the rows of a file are."""

    CUSTOMERS = "customers"
    TRANSACTIONS = "transactions"
    EVENTS = "events"


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What somebody chose for a whole file; transactions may make the customers they name."""

    source: str = "core"
    create_customers: bool = False


@dataclass(frozen=True, kw_only=True)
class Importing:
    """One kind at work: how a row is read, a batch kept, and what makes two rows of a file the same thing."""

    columns: Columns
    at_once: int
    read: Callable[[Row, datetime], Any]
    keep: Callable[[Sequence[Any], datetime], Outcome]
    key: Callable[[Any], str]
    content: Callable[[Any], int]
    conflict: Callable[[Any], Refused] | None = None  # where the same thing with another content is refused
    counts_repeats: bool = False  # what a row means depends on all rows before it


def columns_of(kind: Kind) -> Columns:
    """The columns a file of this kind may have."""
    return importing(kind, Choices()).columns


def importing(kind: Kind, choices: Choices) -> Importing:
    """How files of this kind are read and kept. One for each file: it counts the transactions it has seen."""
    if kind == Kind.CUSTOMERS:
        return _customers(choices)
    return _transactions(choices) if kind == Kind.TRANSACTIONS else _events()


def _customers(choices: Choices) -> Importing:
    country = settings().default_country
    return Importing(
        columns=import_rows.CUSTOMER_COLUMNS,
        at_once=1000,
        read=lambda row, now: import_rows.read_customer(row, default_country=country, today=now.date()),
        keep=lambda rows, now: imports.keep_customers(rows, source=choices.source, now=now),
        key=lambda customer: customer.external_ref,
        content=lambda customer: hash(replace(customer, line=0)),
    )


def _transactions(choices: Choices) -> Importing:
    repeats = import_rows.Repeats()

    def keep(purchases: Sequence[import_rows.Purchase], now: datetime) -> Outcome:
        return imports.keep_transactions(
            purchases, source=choices.source, now=now, create_customers=choices.create_customers
        )

    return Importing(
        columns=import_rows.TRANSACTION_COLUMNS,
        at_once=1000,
        read=lambda row, now: import_rows.read_transaction(row, repeats, today=now.date()),
        keep=keep,
        key=lambda purchase: purchase.key,
        content=lambda purchase: hash(purchase.margin_cents),
        counts_repeats=True,
    )


def _events() -> Importing:
    from app.event_rows import event_columns, keep_events, read_event, received_before

    return Importing(
        columns=event_columns(),
        at_once=25,  # each is decided about: a batch must not hold SQLite's one writer for long
        read=lambda row, now: read_event(row, now=now),
        keep=lambda rows, now: keep_events(rows, now=now),
        key=lambda row: f"{row.event.source}:{row.event.external_ref}",
        content=lambda row: hash(row.event.body_hash),
        conflict=received_before,
    )


def batches(rows: Iterable[Any], at_once: int) -> Iterator[list[Any]]:
    """The rows in lists of so many."""
    waiting = iter(rows)
    while batch := list(islice(waiting, at_once)):
        yield batch


class Batch:
    """Rows that were read once and may be kept again."""

    def __init__(self, work: Importing, rows: Sequence[Row | Refused], now: datetime) -> None:
        self._work = work
        found = [row if isinstance(row, Refused) else work.read(row, now) for row in rows]
        self.taken = [item for item in found if not isinstance(item, Refused)]
        self._refused = [item for item in found if isinstance(item, Refused)]
        self._cells = {row.line: row.cells for row in rows}

    def keep(self, now: datetime) -> Outcome:
        """Keep what can be kept; what cannot comes back in the order of its lines, with its cells.

        May run any number of times; raises IntegrityError when somebody keeps one of them at the same moment: then
        roll back and keep again.
        """
        outcome = self._work.keep(self.taken, now)
        outcome.refused += self._refused
        self.complete(outcome)
        return outcome

    def complete(self, outcome: Outcome) -> None:
        """Put what is refused in the order of its lines and give it its cells."""
        found = (replace(one, cells=self._cells.get(one.line, ())) for one in outcome.refused)
        outcome.refused = sorted(found, key=lambda refused: refused.line)


class Rehearsal:
    """Counts what a file would do although each batch is taken back: a thing named twice is new only once."""

    def __init__(self, work: Importing) -> None:
        self._work = work
        self._seen: dict[bytes, int] = {}

    def correct(self, batch: Batch, outcome: Outcome) -> None:
        """Count rows anew whose thing an earlier batch would have made."""
        new = set(outcome.new_lines)
        for item in batch.taken:
            if item.line not in new:
                continue
            key, content = blake2b(self._work.key(item).encode(), digest_size=12).digest(), self._work.content(item)
            if key not in self._seen:
                self._seen[key] = content
                continue
            outcome.new -= 1
            if self._seen[key] == content:
                outcome.same += 1
            elif self._work.conflict is not None:
                outcome.refused.append(self._work.conflict(item))
            else:
                outcome.changed += 1
        batch.complete(outcome)
