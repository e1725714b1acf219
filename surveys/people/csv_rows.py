"""Reads the CSV files other systems write: UTF-8 with or without a mark, or GB18030; each row knows its line. Pure."""

import csv
from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Protocol

CHUNK = 1 << 20
LONGEST_RECORD = 30  # lines a quoted field may run over before its quotation mark counts as never closed


class Source(Protocol):
    """A file or standard input, opened for bytes."""

    def read(self, size: int = ..., /) -> bytes:
        """The next bytes; none at the end."""


class UnreadableError(ValueError):
    """The file as a whole cannot be used; the message names the line and says what to do."""


@dataclass(frozen=True)
class Row:
    """One record: the line it begins on and its values by column, without the empty ones."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True)
class Refused:
    """A record that was not taken, and what to do about it."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


@dataclass(frozen=True)
class Columns:
    """What a file may hold. `open_ended` says of a name that is not listed whether it is welcome all the same."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    open_ended: Callable[[str], bool] = field(default=lambda name: False)

    def check(self, header: Collection[str]) -> None:
        """Raises UnreadableError when a column is missing, unknown or there twice."""
        missing = [name for name in self.required if name not in header]
        known = (*self.required, *self.optional)
        unknown = [name for name in header if name not in known and not self.open_ended(name)]
        twice = sorted({name for name in header if list(header).count(name) > 1})
        if missing:
            raise UnreadableError(
                f"line 1: the column {', '.join(missing)} is missing. The first line names the columns."
            )
        if unknown:
            listed = ", ".join(known)
            raise UnreadableError(
                f"line 1: the column {', '.join(unknown)} is not known; rename or remove it. Known: {listed}."
            )
        if twice:
            raise UnreadableError(f"line 1: the column {', '.join(twice)} stands there twice; keep one.")


def read_rows(file: Source, columns: Columns) -> Iterator[Row | Refused]:
    """Every record after the heading, in order, without holding the file in memory. Raises UnreadableError."""
    lines = enumerate(_lines(file), start=1)
    heading = next(lines, None)
    if heading is None:
        raise UnreadableError("line 1: the file is empty. The first line names the columns.")
    delimiter = max(",;\t", key=heading[1].count)
    cells = _cells(heading[1], delimiter)
    header = [cell.strip().lower() for cell in cells or ()]
    while header and not header[-1]:
        header.pop()  # spreadsheets leave empty columns behind
    columns.check(header)
    for line, found in _records(lines, delimiter, len(header)):
        if isinstance(found, Refused):
            yield found
            continue
        values = [cell.strip() for cell in found]
        if not any(values):
            continue
        if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for value in values for sign in value):
            yield Refused(line, "holds bytes that are neither UTF-8 nor GB18030, or a NUL; save the file as CSV UTF-8")
            continue
        if len(values) < len(header) or any(values[len(header) :]):
            yield Refused(line, f"has {len(values)} values for {len(header)} columns; quote a value that holds a comma")
            continue
        yield Row(line, {name: value for name, value in zip(header, values, strict=False) if value})


def _cells(text: str, delimiter: str) -> list[str] | None:
    """The values of one record; None while a quotation mark is open."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        if "unexpected end" in str(error):
            return None
        # A stray quotation mark inside a value is what people write; read it as it stands.
        return next(csv.reader([text], delimiter=delimiter), [])


def _records(lines: Iterator[tuple[int, str]], delimiter: str, width: int) -> Iterator[tuple[int, list[str] | Refused]]:
    waiting: deque[tuple[int, str]] = deque()
    while True:
        first = waiting.popleft() if waiting else next(lines, None)
        if first is None:
            return
        line, text = first
        cells = _cells(text, delimiter)
        if cells is None:
            cells = _run_on(text, waiting, lines, delimiter, width)
        # A mark that is never closed costs its own line only: those after it are read afresh.
        yield line, cells if cells is not None else Refused(line, "a quotation mark is opened and not closed; close it")


def _run_on(
    text: str, waiting: deque[tuple[int, str]], lines: Iterator[tuple[int, str]], delimiter: str, width: int
) -> list[str] | None:
    for more in range(LONGEST_RECORD):
        if more == len(waiting):
            following = next(lines, None)
            if following is None:
                return None
            waiting.append(following)
        text += waiting[more][1]
        cells = _cells(text, delimiter)
        if cells is not None:
            if len(cells) != width:
                return None
            for _ in range(more + 1):
                waiting.popleft()
            return cells
    return None


def _lines(file: Source) -> Iterator[str]:
    """Decoded lines. Neither encoding uses the byte of a line end inside a character, so bytes are cut there."""
    encoding, rest, number, first = "ascii", b"", 0, True
    while True:
        chunk = file.read(CHUNK)
        block = rest + chunk
        if first:
            block, first = _without_mark(block), False
        cut = block.rfind(b"\n") + 1 if chunk else len(block)
        whole, rest = block[:cut], block[cut:]
        if len(rest) > 4 * CHUNK:
            raise UnreadableError(f"line {number + 1}: the line does not end; is this a CSV file?")
        if encoding == "ascii" and not whole.isascii():
            encoding = _encoding(whole)
        for raw in whole.splitlines(keepends=True):
            number += 1
            yield raw.decode(encoding, "surrogateescape")  # what cannot be read costs its own line only
        if not chunk:
            return


def _without_mark(block: bytes) -> bytes:
    if block[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableError("line 1: the file is UTF-16; save it as CSV UTF-8 and import it again.")
    return block.removeprefix(b"\xef\xbb\xbf")


def _encoding(whole: bytes) -> str:
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError:
        # A UTF-8 file with one broken byte must not be read as Chinese from end to end.
        broken = len(whole.decode("utf-8", "replace")) - len(whole.decode("utf-8", "ignore"))
        foreign = sum(byte > 127 for byte in whole)
        return "utf-8" if broken * 4 < foreign else "gb18030"
    return "utf-8"
