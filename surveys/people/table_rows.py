"""A table from another system, whatever file it came in: its columns by our names, each row with its line. Pure.

A file is opened by `csv_rows` or `xlsx_rows` into a Table; `read_rows` gives its records our column names.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

OURS = ("line", "error")  # what a file of refused rows holds besides the rows; it is imported again as it stands
NO_TEXT = re.compile("[\0\ud800-\udfff]")
# An apostrophe that keeps a spreadsheet from taking a value for a formula is no part of the value.
_GUARD = re.compile(r"'(?=[=+\-@\t\r])")
_SPREADSHEET_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}


class Source(Protocol):
    """A file or standard input, opened for bytes."""

    def read(self, size: int = ..., /) -> bytes:
        """The next bytes; none at the end."""


class UnreadableError(ValueError):
    """The file as a whole cannot be used; the message names the line and says what to do."""


class Number(str):
    """A cell that a spreadsheet keeps as a number: zeros it once began with are gone."""

    __slots__ = ()


class Shortened(Number):
    """A number of more digits than a spreadsheet keeps: the last ones are no longer true."""

    __slots__ = ()


@dataclass(frozen=True)
class Row:
    """One record: the line it begins on and its values by column, without the empty ones; its cells as they came."""

    line: int
    values: dict[str, str]
    cells: tuple[str, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Refused:
    """A record that was not taken, and what to do about it; its cells as they came, where the reader has them."""

    line: int
    message: str
    cells: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


@dataclass
class Table:
    """An opened file: the heading as it is written, and the records under it, which are read as they are asked for."""

    header: list[str]
    records: Iterator[tuple[int, list[str] | Refused]]


@dataclass(frozen=True)
class Columns:
    """What a file may hold. `open_ended` says of a name that is not listed whether it is welcome all the same."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    open_ended: Callable[[str], bool] = field(default=lambda name: False)

    @property
    def known(self) -> tuple[str, ...]:
        """Every name that is listed."""
        return (*self.required, *self.optional)

    def welcomes(self, name: str) -> bool:
        """Whether a column may be called this."""
        return name in self.known or self.open_ended(name)

    def check(self, header: Collection[str]) -> None:
        """Raises UnreadableError when a column is missing, unknown or there twice."""
        missing = [name for name in self.required if name not in header]
        unknown = [name for name in header if not self.welcomes(name)]
        twice = sorted({name for name in header if list(header).count(name) > 1})
        if missing:
            raise UnreadableError(
                f"line 1: the column {', '.join(missing)} is missing. The first line names the columns"
                "; one of another name can be mapped."
            )
        if unknown:
            raise UnreadableError(
                f"line 1: the column {', '.join(unknown)} is not known; rename, map or remove it."
                f" Known: {', '.join(self.known)}."
            )
        if twice:
            raise UnreadableError(f"line 1: the column {', '.join(twice)} stands there twice; keep one.")


def plain(name: str) -> str:
    """A heading as it is compared: without the space around it, capitals and small letters alike."""
    return name.strip().lower()


def named(header: Collection[str], columns: Columns, mapping: Mapping[str, str]) -> list[str]:
    """What each column of the file is to us; empty for one that is left out. Raises UnreadableError.

    `mapping` says of a heading which of our columns it is, or by an empty name that it is left out.
    """
    wanted = {plain(name): plain(ours) for name, ours in mapping.items()}
    heads = [plain(name) for name in header]
    if absent := [name for name in mapping if plain(name) not in heads]:
        raise UnreadableError(
            f"line 1: there is no column {', '.join(absent)} to map. The file has: {', '.join(header)}."
        )
    if strange := [ours for ours in wanted.values() if ours and not columns.welcomes(ours)]:
        raise UnreadableError(
            f"line 1: nothing can be mapped to {', '.join(strange)}. Known: {', '.join(columns.known)}."
        )
    said = [wanted.get(head, "" if head in OURS and not columns.welcomes(head) else head) for head in heads]
    columns.check([ours for head, ours in zip(heads, said, strict=True) if ours or head == ""])
    return said


def read_rows(
    table: Table, columns: Columns, mapping: Mapping[str, str] | None = None, *, numbers: set[str] | None = None
) -> Iterator[Row | Refused]:
    """Every record, in order. The heading is checked at once: raises UnreadableError.

    Columns that hold a spreadsheet's numbers are added to `numbers`, by our names.
    """
    ours = named(table.header, columns, mapping or {})
    return rows_as(ours, table.records, set() if numbers is None else numbers)


def rows_as(
    ours: Sequence[str], records: Iterable[tuple[int, list[str] | Refused]], numbers: set[str]
) -> Iterator[Row | Refused]:
    """The records by our names of their columns, an empty name leaving one out."""
    width = len(ours)
    for line, found in records:
        if isinstance(found, Refused):
            yield found
            continue
        cells = tuple(found)
        if not any(cells):
            continue
        if any(map(NO_TEXT.search, cells)):
            advice = "holds bytes that are neither UTF-8 nor GB18030, or a NUL; save the file as CSV UTF-8"
            yield Refused(line, advice, tuple(NO_TEXT.sub("\ufffd", cell) for cell in cells))
            continue
        if len(cells) < width or any(cells[width:]):
            advice = f"has {len(cells)} values for {width} columns; quote a value that holds a comma"
            yield Refused(line, advice, cells)
            continue
        values, wrong = {}, ""
        for name, cell in zip(ours, cells, strict=False):
            if not cell or not name:
                continue
            if cell[0] == "'":
                cell = _GUARD.sub("", cell, count=1)
            elif cell[0] == "#" and cell in _SPREADSHEET_ERRORS:
                wrong = f"{name} is {cell}, an error of the spreadsheet; mend the formula or empty the cell"
            if isinstance(cell, Number):
                numbers.add(name)
                if isinstance(cell, Shortened):
                    wrong = (
                        f"{name} is a number of more than 15 digits, whose last digits the spreadsheet has lost;"
                        " format the column as text and enter it again"
                    )
            values[name] = cell
        yield Refused(line, wrong, cells) if wrong else Row(line, values, cells)
