"""Keeping a row once, whoever else keeps it at the same moment."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import Model, db


def insert_once(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert the rows whose keys are not there yet; the ids of those. Waits for a rival's commit, never fails on it.

    All rows name the same columns.
    """
    if not rows:
        return []
    connection = db.session.connection()
    # The rows are parameters, not part of the statement: it is compiled once.
    return list(connection.execute(_insert(model, connection.dialect.name), [dict(row) for row in rows]).scalars())


@lru_cache(maxsize=64)
def _insert(model: type[Model], dialect: str) -> Executable:
    return inserting_once(model, dialect).returning(model.__table__.c.id)


def inserting_once(model: type[Model], dialect: str) -> postgresql.Insert | sqlite.Insert:
    """The statement that inserts rows whose keys are not there yet, in the words of this database."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(model.__table__).on_conflict_do_nothing()  # type: ignore[arg-type]  # a FromClause to it


def storable(text: str) -> str:
    """The text without what no database keeps: NUL, and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def carrier_id(given: str) -> str:
    """The key to keep a carrier's message by: its own 34 letters and digits, or a hash of whatever else it sent."""
    if re.fullmatch(r"[\w.:-]{1,64}", given, re.ASCII):
        return given
    return sha256(given.encode("utf-8", "surrogatepass")).hexdigest()
