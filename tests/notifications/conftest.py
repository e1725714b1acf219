"""The engine on a fresh database of each kind; a carrier that can be told to fail."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade

from app.extensions import db
from tests.conftest import POSTGRES, ManualClock, answers, driver_url
from tests.notifications.parts import engine_only


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "heed.sqlite"
    _migrated(engine_only(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    if not answers("127.0.0.1", 5432):
        pytest.skip("PostgreSQL does not answer on 127.0.0.1:5432")
    name = f"heed_template_{uuid4().hex[:12]}"
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        _migrated(engine_only(driver_url(name)))
        yield name
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _migrated(app: Flask) -> None:
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


def _inside(url: str, clock: ManualClock) -> Iterator[Flask]:
    app = engine_only(url, clock=clock)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def engine(sqlite_url: str, clock: ManualClock) -> Iterator[Flask]:
    """The engine on SQLite, its context pushed."""
    yield from _inside(sqlite_url, clock)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_engine(request: pytest.FixtureRequest, clock: ManualClock) -> Iterator[Flask]:
    """The engine on each database in turn, its context pushed."""
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    yield from _inside(url, clock)
