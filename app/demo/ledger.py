"""Collects the rows of the demo company and writes them in bulk, in an order the foreign keys allow."""

from typing import Any

from sqlalchemy import ColumnDefault, Table, func, insert, select, text

from app.extensions import Model, db

AT_ONCE = 2000


class Ledger:
    """Rows by table. Ids are given out here, so that rows can speak of each other before anything is written."""

    def __init__(self) -> None:
        self._rows: dict[Table, list[dict[str, Any]]] = {}
        self._next: dict[Table, int] = {}
        self._blank: dict[Table, dict[str, Any]] = {}
        self._made: dict[Table, list[tuple[str, Any]]] = {}

    def add(self, model: type[Model], **values: Any) -> dict[str, Any]:
        """Keep one row with its id; it may be changed until it is written. Raises KeyError for an unknown column."""
        table = model.__table__
        assert isinstance(table, Table)
        if table not in self._rows:
            self._begin(table)
        row = {**self._blank[table], **values}
        if len(row) != len(self._blank[table]):
            raise KeyError(f"{table.name} has no {sorted(set(values) - set(self._blank[table]))}")
        for name, default in self._made[table]:
            if name not in values:
                row[name] = default(None)
        if "id" in row and row["id"] is None:
            row["id"] = self._next[table]
            self._next[table] += 1
        self._rows[table].append(row)
        return row

    def rows(self, model: type[Model]) -> list[dict[str, Any]]:
        """What was kept for this table so far."""
        return self._rows.get(model.__table__, [])  # type: ignore[call-overload, no-any-return]  # a Table is hashable

    def write(self) -> int:
        """Write everything; how many rows."""
        count = 0
        for table in db.metadata.sorted_tables:
            rows = self._rows.get(table, [])
            for start in range(0, len(rows), AT_ONCE):
                db.session.execute(insert(table), rows[start : start + AT_ONCE])
            count += len(rows)
            if rows and "id" in table.c:
                self._move_sequence(table)
        self._rows.clear()
        return count

    def _begin(self, table: Table) -> None:
        self._rows[table] = []
        if "id" in table.c:
            self._next[table] = (db.session.scalar(select(func.max(table.c.id))) or 0) + 1
        self._blank[table] = {
            column.name: column.default.arg if isinstance(column.default, ColumnDefault) and _plain(column) else None
            for column in table.c
        }
        self._made[table] = [
            (column.name, column.default.arg)
            for column in table.c
            if isinstance(column.default, ColumnDefault) and not _plain(column)
        ]

    @staticmethod
    def _move_sequence(table: Table) -> None:
        # PostgreSQL does not notice ids it did not give out itself.
        if db.session.get_bind().dialect.name == "postgresql":
            query = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))"
            db.session.execute(text(query))


def _plain(column: Any) -> bool:
    return not callable(column.default.arg)
