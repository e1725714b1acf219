"""The file of refused rows: as they came, with the line and what to mend, to be mended and imported again. Pure."""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from surveys.people.table_rows import OURS, Refused, plain

MARK = "\ufeff"  # without it Excel takes UTF-8 for the code page of the machine
_FORMULA = re.compile(r"[=+\-@\t\r]")
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class Out(Protocol):
    """Where text goes."""

    def write(self, text: str, /) -> object:
        """Takes the next piece."""


class RefusedFile:
    """Writes refused rows under the heading of the file they came in."""

    def __init__(self, out: Out, header: Sequence[str]) -> None:
        out.write(MARK)
        # A file of refused rows that is imported again brings these two along; they are written afresh.
        self._kept = [number for number, name in enumerate(header) if plain(name) not in OURS]
        self._width = len(header)
        self._csv = csv.writer(out)
        self._csv.writerow([*(guarded(header[number]) for number in self._kept), *OURS])

    def add(self, rows: Iterable[Refused]) -> None:
        """Write these rows; one without cells is named by its line alone."""
        for refused in rows:
            cells = [*refused.cells, *[""] * (self._width - len(refused.cells))]
            extra = [cell for cell in cells[self._width :] if cell]
            kept = [guarded(cells[number]) for number in self._kept]
            self._csv.writerow([*kept, refused.line, guarded(refused.message), *map(guarded, extra)])


def guarded(value: str) -> str:
    """The value as no spreadsheet takes for a formula; our reader takes the apostrophe away again."""
    return f"'{value}" if _FORMULA.match(value) and not _PLAIN_NUMBER.fullmatch(value) else value
