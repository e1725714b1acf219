"""Reads the CSV files other systems write: UTF-8 with or without a mark, or GB18030; each record has its line. Pure."""

import csv
from collections import deque
from collections.abc import Iterator

from surveys.people.table_rows import NO_TEXT, Refused, Source, Table, UnreadableError

CHUNK = 1 << 20
LONGEST_RECORD = 30  # lines a quoted field may run over before its quotation mark counts as never closed


def open_csv(file: Source) -> Table:
    """The table of a CSV file, read as it is asked for and never held in memory. Raises UnreadableError."""
    lines = enumerate(_lines(file), start=1)
    heading = next(lines, None)
    if heading is None:
        raise UnreadableError("line 1: the file is empty. The first line names the columns.")
    delimiter = max(",;\t", key=heading[1].count)
    header = [NO_TEXT.sub("\ufffd", cell).strip() for cell in _cells(heading[1], delimiter) or ()]
    while header and not header[-1]:
        header.pop()  # spreadsheets leave empty columns behind
    return Table(header, _stripped(_records(lines, delimiter, len(header))))


def _stripped(
    records: Iterator[tuple[int, list[str] | Refused]],
) -> Iterator[tuple[int, list[str] | Refused]]:
    for line, found in records:
        yield line, found if isinstance(found, Refused) else [cell.strip() for cell in found]


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
        if cells is None:
            yield line, Refused(line, "a quotation mark is opened and not closed; close it", _apart(text, delimiter))
        else:
            yield line, cells


def _apart(text: str, delimiter: str) -> tuple[str, ...]:
    """The pieces of a record that cannot be read, as they came."""
    return tuple(NO_TEXT.sub("\ufffd", cell).strip() for cell in text.split(delimiter))


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
