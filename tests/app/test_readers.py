"""Readers hold up nobody and write nothing; whoever has their connection next may."""

import pytest
from flask import Flask
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from app.extensions import Heartbeat, commit, db, reading, real_now


def beat(name: str) -> dict[str, object]:
    return {"name": name, "at": real_now()}


def test_a_reader_cannot_write_and_the_next_on_its_connection_can(any_app: Flask) -> None:
    with any_app.app_context():
        with reading():
            db.session.scalars(select(Heartbeat)).all()
            with pytest.raises(DBAPIError):
                db.session.execute(insert(Heartbeat).values(beat("reader")))
        with db.engine.begin() as connection:  # without a session, as the simulated carrier writes
            connection.execute(insert(Heartbeat).values(beat("engine")))
        with reading():
            db.session.scalars(select(Heartbeat)).all()
        db.session.add(Heartbeat(**beat("session")))
        commit()
        assert set(db.session.scalars(select(Heartbeat.name))) == {"engine", "session"}


def test_what_a_reader_had_prepared_is_still_prepared_for_the_next(pg_app: Flask) -> None:
    prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%heartbeats%'")
    with pg_app.app_context():
        for _ in range(8):
            with reading():
                db.session.scalars(select(Heartbeat)).all()
        assert db.session.scalar(prepared) == 1


def test_a_result_is_described_to_whoever_asks_and_never_as_another(pg_app: Flask) -> None:
    with pg_app.app_context():
        cursor = db.session.connection().connection.cursor()
        cursor.execute("SELECT 1 AS one, 'b' AS two")
        assert cursor.description is not None
        assert len(cursor.description) == 2
        assert [column[0] for column in cursor.description] == ["one", "two"]
        stale = cursor.description
        cursor.execute("SELECT 3 AS three")
        with pytest.raises(RuntimeError, match="before the next statement"):
            stale[0]
        cursor.execute("SET LOCAL lock_timeout = 1")
        assert cursor.description is None
