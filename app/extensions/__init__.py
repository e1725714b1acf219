"""The floor: database, column types, clock, jobs. Imports none of our code but config, so that all may stand on it."""

from contextlib import suppress
from pathlib import Path

from flask import Flask, appcontext_pushed, g, request
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.extensions.clocks import Clock, ClockAnchor, Heartbeat, beat_alive, clock, real_now
from app.extensions.columns import Blind, BlindIndex, Encrypted, Keys, UtcDateTime, blind, keys
from app.extensions.database import Base, BigId, Model, db, migrate, settings
from app.extensions.jobs import FlaskTask, Hurry, RecordedNudges, commit, hurry, init_celery
from app.extensions.rows import change, hold_row, insert_row, read_rows, update_row
from app.extensions.transactions import LockNamed, lock, plan_afresh, reading, stop_reading, watch
from app.extensions.troubles import Trouble, one_by_one
from config import ROOT, Config

__all__ = [
    "Base",
    "BigId",
    "Blind",
    "BlindIndex",
    "Clock",
    "ClockAnchor",
    "Encrypted",
    "FlaskTask",
    "Heartbeat",
    "Hurry",
    "Keys",
    "LockNamed",
    "Model",
    "RecordedNudges",
    "Trouble",
    "UtcDateTime",
    "beat_alive",
    "blind",
    "change",
    "clock",
    "commit",
    "db",
    "hold_row",
    "hurry",
    "init_app",
    "init_celery",
    "insert_row",
    "keys",
    "lock",
    "migrate",
    "one_by_one",
    "plan_afresh",
    "read_rows",
    "reading",
    "real_now",
    "settings",
    "stop_reading",
    "update_row",
]


def _make_folder(database_url: str) -> None:
    # SQLite makes its file and not the folder; a fresh clone has no folder yet.
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def init_app(app: Flask, config: Config) -> None:
    """Ties the floor to one application: keys, database, migrations, jobs, and reading transactions for GET."""
    app.extensions["heed.keys"] = Keys(config)
    _make_folder(config.database_url)
    db.init_app(app)
    with app.app_context():
        watch(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    celery = init_celery(app, config)
    app.extensions["heed.hurry"] = (
        RecordedNudges() if config.environment == "testing" else Hurry(celery, heard=not config.embedded)
    )

    @appcontext_pushed.connect_via(app)
    def _tie_the_clock(_app: Flask, **_: object) -> None:
        with suppress(OperationalError, ProgrammingError):  # before the first migration there is no place for it
            clock().anchor()

    @app.before_request
    def _readers_never_block() -> None:
        g.reading = request.method in ("GET", "HEAD", "OPTIONS")

    @app.teardown_request
    def _back_to_writing(_error: BaseException | None) -> None:
        if g.get("reading"):
            stop_reading()
        g.pop("reading", None)
