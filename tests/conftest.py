"""Real parts for every story: a migrated database of its own, a clock that stands until moved, nudges in a list."""

import gc
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import select

from app import create_app
from app.extensions import Clock, Trouble, db, reading
from config import Config

# A Friday, 14:00 in Shanghai: inside everybody's hours.
FRIDAY = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
ARGON2 = PasswordHasher.hash
POSTGRES = os.environ.get("HEED_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")


def pytest_collection_finish() -> None:
    """What was imported stays: looking through it for garbage again and again took a fifth of the whole run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@lru_cache
def _hashed(password: str) -> str:
    return ARGON2(PasswordHasher(), password)


class Compiled(BytecodeCache):
    """Templates are compiled once a process, and not once for the app of every story."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@pytest.fixture(scope="session", autouse=True)
def _one_hash_a_password() -> Iterator[None]:
    """A password is slow to hash on purpose; the same few are given to the people of every story."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PasswordHasher, "hash", lambda _self, password: _hashed(password))
        yield


class ManualClock(Clock):
    """Stands still until a story moves it."""

    def __init__(self, at: datetime = FRIDAY) -> None:
        super().__init__()
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> datetime:
        """Move on by hours=, minutes=, days= and tell the new time."""
        self.at += timedelta(**by)
        return self.at


def answers(host: str, port: int) -> bool:
    """Whether a server listens there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "heed.sqlite"
    app = create_app(Config(environment="testing", database_url=f"sqlite:///{path}"))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    if not answers("127.0.0.1", 5432):
        pytest.skip("PostgreSQL does not answer on 127.0.0.1:5432")
    name = f"heed_template_{uuid4().hex[:12]}"
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        app = create_app(Config(environment="testing", database_url=driver_url(name)))
        with app.app_context():
            upgrade()
            db.session.remove()
            db.engine.dispose()
        yield name
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def driver_url(database: str) -> str:
    """SQLAlchemy's address of a database on the test server."""
    return POSTGRES.replace("postgresql://", "postgresql+psycopg://") + f"/{database}"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh migrated SQLite database."""
    path = tmp_path / "heed.sqlite"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_template: str) -> Iterator[str]:
    """A fresh migrated PostgreSQL database."""
    name = f"heed_test_{uuid4().hex[:12]}"
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
        yield driver_url(name)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _running(url: str, clock: Clock) -> Iterator[Flask]:
    app = create_app(Config(environment="testing", database_url=url), clock=clock)
    app.jinja_env.bytecode_cache = COMPILED
    yield app
    with app.app_context():
        db.session.remove()
        with reading():
            set_aside = [(t.work, t.error) for t in db.session.scalars(select(Trouble))]
        db.session.remove()
        db.engine.dispose()
    assert set_aside == [], "rows that raised; a story that wants one forgives it at its end"


@pytest.fixture
def app(sqlite_url: str, clock: ManualClock) -> Iterator[Flask]:
    """Heed on a fresh SQLite database."""
    yield from _running(sqlite_url, clock)


@pytest.fixture
def pg_app(postgres_url: str, clock: ManualClock) -> Iterator[Flask]:
    """Heed on a fresh PostgreSQL database."""
    yield from _running(postgres_url, clock)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_app(request: pytest.FixtureRequest, clock: ManualClock) -> Flask:
    """Heed on each database in turn."""
    chosen: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "pg_app")
    return chosen


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def run_due(app: Flask, clock: ManualClock) -> Callable[[], int]:
    """Do everything that is due at the clock's time, as the sweepers do in production."""

    def run() -> int:
        from app.tasks import run_due

        with app.app_context():
            return run_due(clock.now())

    return run
