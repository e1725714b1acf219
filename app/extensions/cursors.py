"""A cursor for psycopg that describes a result only to whoever reads the description.

SQLAlchemy knows the columns of a statement from its first time; after that it only asks whether there are any. psycopg
makes an object of each of them at every result all the same, which costs more than fetching a row.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, overload

from psycopg import Column, Cursor


class _Described(Sequence[Column]):
    """The columns of one result, made when the first of them is read."""

    def __init__(self, cursor: "LeanCursor", count: int) -> None:
        self._cursor, self._result, self._count = cursor, cursor.pgresult, count

    @cached_property
    def _columns(self) -> list[Column]:
        if self._cursor.pgresult is not self._result:
            raise RuntimeError("the result this describes is gone: read its columns before the next statement")
        return super(LeanCursor, self._cursor).description or []

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns)

    @overload
    def __getitem__(self, index: int) -> Column: ...
    @overload
    def __getitem__(self, index: slice) -> list[Column]: ...
    def __getitem__(self, index: int | slice) -> Column | list[Column]:
        return self._columns[index]


class LeanCursor(Cursor[Any]):
    """psycopg's cursor, but for that."""

    @property
    def description(self) -> Any:
        """The columns of the current result; None where it has none."""
        result = self.pgresult
        return _Described(self, result.nfields) if result and result.nfields else super().description
