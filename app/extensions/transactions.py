"""Transactions: readers that block nobody, writers that wait their turn, names that are held until the commit."""

import select
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakKeyDictionary

from flask import g, has_app_context
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import Pool
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

from app.extensions.database import db

BUSY_SECONDS = 15
MOST_PREPARED = 500
_HOLD_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
# One statement and one order for everybody: many names cost one round trip and cannot dead-lock with others.
_WANTED = "(SELECT unnest(CAST(:names AS text[])) AS name ORDER BY name) AS wanted"
_HOLD = text(f"SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM {_WANTED}")
_turns: WeakKeyDictionary[Engine, threading.Lock] = WeakKeyDictionary()  # whose turn it is to write, per SQLite file


@contextmanager
def reading() -> Iterator[None]:
    """Read without ever blocking a writer: the transactions begun inside are deferred and refuse to write."""
    before = g.get("reading", False)
    db.session.rollback()
    g.reading = True
    try:
        yield
    finally:
        stop_reading()
        g.reading = before


def stop_reading() -> None:
    """End a reader's transaction.

    It has nothing to take back, so PostgreSQL is told to commit: psycopg forgets all its prepared statements on a
    rollback.
    """
    connection = held_connection()
    if connection is not None and connection.dialect.name == "postgresql":
        driver: Any = connection.connection.dbapi_connection
        if driver.read_only and driver.info.transaction_status.name == "INTRANS":
            with suppress(Exception):  # the rollback that follows meets the same trouble, and knows what to make of it
                driver.commit()
    db.session.rollback()


def held_connection() -> Connection | None:
    """The connection of the session's transaction; None while there is none. Asked of the session it costs more."""
    return db.session.info.get("connection")


@event.listens_for(Session, "after_begin")
def _begun(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    session.info["connection"] = connection
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.dbapi_connection
        if driver.read_only is not (read_only := _is_reading()):
            driver.read_only = read_only  # goes out with the driver's own BEGIN


@event.listens_for(Session, "after_transaction_end")
def _ended(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("connection", None)


def _is_reading() -> bool:
    return has_app_context() and bool(g.get("reading", False))


@event.listens_for(Engine, "connect")
def _connected(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # the driver must not begin on its own; _begin does
        # recursive_triggers: without it INSERT OR REPLACE would slip past the ledgers' delete trigger.
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "recursive_triggers=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
    else:
        connection.prepared_max = MOST_PREPARED  # psycopg would keep 100, and prepare the rest over and over
        from app.extensions.cursors import LeanCursor  # with it comes psycopg, which nobody needs for SQLite

        connection.cursor_factory = LeanCursor


def watch(engine: Engine) -> None:
    """Begin each transaction of SQLite as a reader's or a writer's. PostgreSQL's begin with the session.

    Not for every engine there may be: one that is listened to asks its listeners four times a statement.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", _begin)


def _begin(connection: Connection) -> None:
    # An upgrade from a deferred read to a write can fail at any moment; so writers take the lock at once.
    read_only = _is_reading()
    if not read_only:
        _queue_up(connection)
    _let_write(connection, not read_only)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _let_write(connection: Any, writing: bool) -> None:
    known = connection.connection.info  # gone with the connection to the file, as the pragma is
    if known.get("writes") is not writing:
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
        known["writes"] = writing


def _queue_up(connection: Any) -> None:
    # SQLite's own wait polls with naps of up to 100 ms and is unfair: in one process of many threads an alert waited
    # seconds behind others. Here the next writer is woken. Whoever waits too long is told so by SQLite itself.
    held = connection.connection.record_info
    if "writing" not in held:
        turn = _turns.setdefault(connection.engine, threading.Lock())
        if turn.acquire(timeout=BUSY_SECONDS):
            held["writing"] = turn


@event.listens_for(Pool, "checkout")
def _leave_the_dead(connection: Any, _record: Any, _proxy: Any) -> None:
    # A server that went away has closed its end, and a closed end can be read. Asking the socket costs no round trip.
    if isinstance(connection, sqlite3.Connection):
        return
    if connection.closed:
        raise InvalidatePoolError
    asked = select.poll()
    asked.register(connection.fileno(), select.POLLIN)
    if asked.poll(0):
        raise InvalidatePoolError


@event.listens_for(Pool, "checkin")
def _hand_back(connection: Any, record: Any) -> None:
    of_postgresql = connection is not None and not isinstance(connection, sqlite3.Connection)
    if of_postgresql and connection.read_only and not connection.closed:
        connection.read_only = False  # whoever has it next may write without a session
    if (turn := record.record_info.pop("writing", None)) is not None:
        turn.release()


def plan_afresh() -> None:
    """Until the transaction ends PostgreSQL plans each query for the tables as they are, not as they once were.

    A plan kept from an empty table goes through all rows for every batch once an import has filled it.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))


def lock(*names: str) -> None:
    """Hold these names until the transaction ends; whoever asks for one of them waits. SQLite's writers hold all."""
    if not names or db.session.get_bind().dialect.name != "postgresql":
        return
    if len(names) == 1:
        db.session.connection().execute(_HOLD_ONE, {"name": names[0]})
    else:
        db.session.connection().execute(_HOLD, {"names": list(names)})


class LockNamed(FunctionElement[Any]):
    """An expression that holds the name it is given, as `lock` does, once a statement selects it.

    For a name that is read in the same statement. What else must be read under the name is read after it.
    """

    inherit_cache = True
    type = NullType()


@compiles(LockNamed)
def _nothing(element: LockNamed, compiler: Any, **options: Any) -> str:
    return "NULL"


@compiles(LockNamed, "postgresql")
def _advisory(element: LockNamed, compiler: Any, **options: Any) -> str:
    return f"pg_advisory_xact_lock(hashtextextended({compiler.process(element.clauses, **options)}, 0))"
