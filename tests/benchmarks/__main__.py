"""`make bench`: the figures of the design, each beside its floor, every count verified by rows. Takes minutes."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from flask_migrate import upgrade

from app import create_app
from app.extensions import db
from config import Config
from tests.benchmarks import alerts, outbox, people, sms, web
from tests.benchmarks.rig import Row, postmaster, table
from tests.conftest import POSTGRES, answers, driver_url


def _migrated(url: str) -> str:
    app = create_app(Config(environment="testing", database_url=url))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return url


@contextmanager
def postgres() -> Iterator[str]:
    """A migrated PostgreSQL database of its own."""
    name = f"heed_bench_{uuid4().hex[:10]}"
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield _migrated(driver_url(name))
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def main(count: int) -> None:
    """Run everything and print the table."""
    folder = Path(tempfile.mkdtemp(prefix="heed-bench-"))

    def sqlite(name: str) -> str:
        return _migrated(f"sqlite:///{folder / name}.sqlite")

    rows: list[Row] = []
    try:
        if answers("127.0.0.1", 5432):
            pids = [postmaster()]
            with postgres() as url:
                rows.append(web.measure("PostgreSQL", url, url, pids, folder, count))
            with postgres() as url:
                rows += sms.measure("PostgreSQL", url, pids, folder, count)
            with postgres() as url:
                rows.append(outbox.measure("PostgreSQL", url, count * 10))
            with postgres() as url:
                rows += people.measure("PostgreSQL", url, folder)
        else:
            print("PostgreSQL does not answer: its figures are left out", file=sys.stderr)
        rows.append(web.measure("SQLite", sqlite("web"), f"sqlite:///{folder / 'floor.sqlite'}", [], folder, count))
        rows += sms.measure("SQLite", sqlite("sms"), [], folder, count)
        rows += people.measure("SQLite", sqlite("people"), folder)
        rows.append(sms.sentiment())
        rows += alerts.measure(sqlite("alerts"), folder, min(count, 200))
    finally:
        print(table(rows))
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
