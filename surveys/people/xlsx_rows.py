"""Reads the first sheet, or a named one, of an Excel workbook row by row; a cell becomes the text a CSV would hold."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from surveys.people.table_rows import Number, Refused, Shortened, Table, UnreadableError

LARGEST_UNPACKED = 1 << 30  # of the whole workbook: more is no list of customers
LARGEST_WORDS = 128 << 20  # of the words all cells share, which are held in memory while the sheet is read
MOST_COLUMNS = 200
EXACT_DIGITS = 15

_BROKEN = "the workbook is damaged or no Excel workbook (.xlsx); open it in the spreadsheet and save it again."
# What openpyxl and zipfile raise for parts that are missing, cut off or nonsense.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


def open_xlsx(file: IO[bytes], sheet: str | None = None) -> Table:
    """The table of a sheet, read as it is asked for. `file` can seek. Raises UnreadableError, also while it is read."""
    _refuse_bombs(file)
    book = _book(file)
    names = list(book.sheetnames)
    if sheet is not None and sheet not in names:
        raise UnreadableError(f"there is no sheet {sheet!r}; the workbook has: {', '.join(names)}.")
    chosen = [one for one in book.worksheets if sheet in (None, one.title)]
    if not chosen:
        raise UnreadableError("the sheet holds no cells; choose one that does by its name.")
    records = _records(book, chosen[0])
    line, header = next(records, (1, []))
    if isinstance(header, Refused) or not any(header):
        raise UnreadableError(f"line {line}: the sheet is empty. The first line names the columns.")
    while header and not header[-1]:
        header.pop()
    return Table(header, _as_wide(records, len(header)))


def _refuse_bombs(file: IO[bytes]) -> None:
    """Raises UnreadableError before anything is unpacked; zipfile then unpacks no more than is stated here."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except _DAMAGE:
        raise UnreadableError(_BROKEN) from None
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableError("the workbook is locked by a password; save it without one.")
    words = sum(part.file_size for part in parts if part.filename.endswith(("haredStrings.xml", "tyles.xml")))
    if len(parts) > 5000 or words > LARGEST_WORDS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise UnreadableError("the workbook is too large when unpacked; save the sheet as CSV UTF-8 and import that.")
    file.seek(0)


def _book(file: IO[bytes]) -> Any:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (*_DAMAGE, InvalidFileException):
        raise UnreadableError(_BROKEN) from None


def _records(book: Any, sheet: Any) -> Iterator[tuple[int, list[str] | Refused]]:
    """Every row with its number as the spreadsheet shows it."""
    sheet.reset_dimensions()  # what a program wrote about the size of its sheet is often wrong
    line = 0
    with closing(book):
        try:
            for line, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
                cells = [_text(cell) for cell in row]
                while cells and not cells[-1]:
                    cells.pop()
                yield line, cells
        except _DAMAGE:
            raise UnreadableError(f"line {line + 1}: {_BROKEN}") from None


def _as_wide(
    records: Iterator[tuple[int, list[str] | Refused]], width: int
) -> Iterator[tuple[int, list[str] | Refused]]:
    """A row whose last cells are empty is not written whole."""
    for line, cells in records:
        if isinstance(cells, list) and 0 < len(cells) < width:
            cells += [""] * (width - len(cells))
        yield line, cells


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number(value: float, shown_as: str) -> str:
    """A number as text: 1.38E10 is 13800000000, 0.1 + 0.2 is 0.3; a format of zeros alone gives its zeros back."""
    exact = Decimal(format(value, f".{EXACT_DIGITS}g"))
    digits = format(exact, "f")
    if "." in digits:
        return Number(digits.rstrip("0").rstrip("."))
    if shown_as and not shown_as.strip("0") and value >= 0:
        digits = digits.zfill(len(shown_as))
        return digits if len(digits) <= EXACT_DIGITS else Shortened(digits)
    return Number(digits) if abs(value) < 10**EXACT_DIGITS else Shortened(digits)
