"""Opens a file of another system by what is in it, never by its name."""

import os
import tempfile
from typing import IO

from surveys.people.csv_rows import open_csv
from surveys.people.table_rows import Source, Table, UnreadableError
from surveys.people.xlsx_rows import open_xlsx

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_COPIED_AT_ONCE = 1 << 20


class _Begun:
    """A source whose first bytes were looked at already."""

    def __init__(self, first: bytes, rest: Source) -> None:
        self._first, self._rest = first, rest

    def read(self, size: int = -1, /) -> bytes:
        first, self._first = self._first, b""
        return first or self._rest.read(size)


def open_table(file: Source, *, sheet: str | None = None) -> Table:
    """The table of a CSV file or an Excel workbook. Raises UnreadableError with what to do."""
    first = file.read(len(_ZIP))
    while 0 < len(first) < len(_ZIP) and (more := file.read(len(_ZIP) - len(first))):
        first += more
    if first == _OLD_EXCEL:
        raise UnreadableError(
            "the file is of an old Excel (.xls) or locked by a password; save it as .xlsx without one, or as CSV UTF-8."
        )
    if first == _ZIP:
        return open_xlsx(_seekable(_Begun(first, file)), sheet)
    if sheet is not None:
        raise UnreadableError("a CSV file has no sheets; leave --sheet out.")
    return open_csv(_Begun(first, file))


def _seekable(file: Source) -> IO[bytes]:
    # A workbook is read from its end, which standard input cannot do; the copy has no name and goes with the process.
    copy = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as its rows are read
    while chunk := file.read(_COPIED_AT_ONCE):
        copy.write(chunk)
    copy.seek(0, os.SEEK_SET)
    return copy
