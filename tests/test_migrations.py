"""Migrations make exactly the models, on both databases, and can be undone; ledgers refuse to be rewritten."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.auth.models import AuditEntry
from app.extensions import commit, db
from config import Config
from tests.conftest import POSTGRES, answers, driver_url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """Heed on a database without any table."""
    if request.param == "sqlite":
        yield create_app(Config(environment="testing", database_url=f"sqlite:///{tmp_path / 'empty.sqlite'}"))
        return
    if not answers("127.0.0.1", 5432):
        pytest.skip("PostgreSQL does not answer on 127.0.0.1:5432")
    name = f"heed_test_{uuid4().hex[:12]}"
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        app = create_app(Config(environment="testing", database_url=driver_url(name)))
        yield app
        with app.app_context():
            db.engine.dispose()
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def index_definitions() -> dict[str, str]:
    """Every index as the database itself prints it."""
    if db.engine.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    else:
        query = (
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
    with db.engine.connect() as connection:
        return {name: " ".join(sql.split()).replace('"', "") for name, sql in connection.execute(text(query))}


def test_an_empty_database_becomes_exactly_the_models_and_goes_back(empty: Flask) -> None:
    with empty.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []
        migrated = index_definitions()
        downgrade(revision="base")
        db.session.remove()
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        db.create_all()
        assert index_definitions() == migrated
        db.session.remove()
        db.engine.dispose()


def test_replacing_a_line_of_a_ledger_is_refused_too(app: Flask) -> None:
    with app.app_context():
        line = (
            "(id, at, actor_kind, action, subject_kind, detail) VALUES (1, '2026-11-20', 'system', 'x', 'none', '{}')"
        )
        db.session.execute(text(f"INSERT INTO audit_log {line}"))
        commit()
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(f"INSERT OR REPLACE INTO audit_log {line}"))
        db.session.rollback()


@pytest.mark.parametrize("deed", ["UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log"])
def test_the_database_refuses_to_rewrite_the_audit_log(any_app: Flask, deed: str) -> None:
    with any_app.app_context():
        entry = AuditEntry(
            at=datetime(2026, 11, 20, tzinfo=UTC), actor_kind="system", action="test", subject_kind="none", detail={}
        )
        db.session.add(entry)
        commit()
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(deed))
        db.session.rollback()
