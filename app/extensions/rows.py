"""Rows read and written past the unit of work: it costs more than the statement itself, on the hottest paths."""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Connection,
    CursorResult,
    Executable,
    Insert,
    Select,
    Update,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions.database import Model, db
from app.extensions.transactions import held_connection


def read_rows(query: Executable, **values: Any) -> CursorResult[*tuple[Any, ...]]:
    """Run a query of columns; what waits in the session is written first, as ever."""
    db.session.flush()
    return _connection().execute(query, values)


def insert_row(model: type[Model], **values: Any) -> int:
    """Insert one row; its id. Columns left out take their defaults. Raises IntegrityError as the database does."""
    return int(_connection().execute(_insert(model), values).scalar_one())


def update_row(model: type[Model], row_id: int, **values: Any) -> None:
    """Set these columns of one row. An instance that is loaded keeps what it knew: `change` is for those."""
    _connection().execute(_update(model), {"row_id": row_id, **values})


def hold_row(model: type[Model], row_id: int) -> bool:
    """Hold one row until the commit; False when there is none. Whoever writes it waits, SQLite's writers hold all.

    What else is read of it is read after that: a statement sees what was committed before it began.
    """
    return _connection().execute(_held(model), {"row_id": row_id}).scalar() is not None


def change(row: Any, **values: Any) -> None:
    """Set these columns of a row that was read, in the database and on what was read alike; what says so already stays.

    `row`: an instance, or a value that names the model it is a row of (`row_of`).
    """
    fresh = {name: value for name, value in values.items() if getattr(row, name) != value}
    if fresh:
        update_row(getattr(row, "row_of", type(row)), row.id, **fresh)
    keep = set_committed_value if isinstance(row, Model) else setattr
    for name, value in fresh.items():
        keep(row, name, value)


def _connection() -> Connection:
    return held_connection() or db.session.connection()


@lru_cache(maxsize=64)
def _insert(model: type[Model]) -> Insert:
    table: Any = model.__table__
    return insert(table).returning(table.c.id)


@lru_cache(maxsize=64)
def _update(model: type[Model]) -> Update:
    table: Any = model.__table__
    return update(table).where(table.c.id == bindparam("row_id"))


@lru_cache(maxsize=64)
def _held(model: type[Model]) -> Select[int]:
    table: Any = model.__table__
    # Not against rows that only refer to it: those are written while it is held.
    return select(table.c.id).where(table.c.id == bindparam("row_id")).with_for_update(key_share=True)
