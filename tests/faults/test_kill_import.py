"""kill -9 in the middle of an import, again and again: by command or by the worker, the rows of an undisturbed run.

4,000 customers; with HEED_FULL=1 the 100,000 of the issue.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.extensions import commit, db, reading
from app.import_worker import sweep_imports
from config import ROOT, Config
from surveys.people import import_files
from surveys.people.import_models import ImportFile
from surveys.people.models import Branch, Consent, ContactPoint, Customer, CustomerReference, Staff
from tests import world
from tests.benchmarks.people import write_people
from tests.live import LiveServer, wait_for

PEOPLE = 100_000 if os.environ.get("HEED_FULL") else 4_000
KILLS = 6 if os.environ.get("HEED_FULL") else 2


def company(url: str) -> Flask:
    """The small company on a database."""
    app = create_app(Config(environment="testing", database_url=url))
    with app.app_context():
        world.build(datetime.now(UTC))
        commit()
        db.session.remove()
    return app


def begin(url: str, file: Path) -> subprocess.Popen[str]:
    """The command, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "import-customers", str(file)],
        cwd=ROOT,
        env={**{k: v for k, v in os.environ.items() if not k.startswith("HEED_")}, "HEED_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def known(app: Flask) -> int:
    """How many customers there are by now."""
    # Only reading: on SQLite a transaction that may write would queue up behind the import and see its end.
    with app.app_context(), reading():
        return db.session.scalar(select(func.count()).select_from(Customer)) or 0


def people(app: Flask) -> Iterator[tuple[str, ...]]:
    """Everything an import writes about each customer but the row's number and the time it was written."""
    home, owner = Branch.code.label("home"), Staff.code.label("owner")
    columns = Customer.name, Customer.language, Customer.time_zone, Customer.region, Customer.demo
    customers = (
        select(CustomerReference.source, CustomerReference.external_ref, *columns, home, owner)
        .select_from(Customer)
        .outerjoin(CustomerReference, CustomerReference.customer_id == Customer.id)
        .outerjoin(Branch, Branch.id == Customer.branch_id)
        .outerjoin(Staff, Staff.id == Customer.owner_id)
    )
    reference = CustomerReference.external_ref
    point = ContactPoint
    points = select(reference, point.kind, point.address, point.address_index, point.ends, point.deliverable).outerjoin(
        CustomerReference, CustomerReference.customer_id == point.customer_id
    )
    consents = select(
        reference, Consent.purpose, Consent.channel, Consent.granted, Consent.source, Consent.wording
    ).outerjoin(CustomerReference, CustomerReference.customer_id == Consent.customer_id)
    with app.app_context():
        for name, query in (("customer", customers), ("point", points), ("consent", consents)):
            for row in db.session.execute(query.execution_options(yield_per=5000)):
                yield (name, *map(str, row))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> tuple[Path, list[tuple[str, ...]]]:
    """A file of people, and the rows its import leaves behind when nobody disturbs it."""
    folder = tmp_path_factory.mktemp("undisturbed")
    database, file = folder / "heed.sqlite", folder / "people.csv"
    database.write_bytes(sqlite_template.read_bytes())
    write_people(file, PEOPLE)
    calm = company(f"sqlite:///{database}")
    assert f"{PEOPLE:,} new" in begin(f"sqlite:///{database}", file).communicate()[0]
    rows = sorted(people(calm))
    ends(calm)
    return file, rows


def ends(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_rows_are_those_of_an_undisturbed_run(
    request: pytest.FixtureRequest, undisturbed: tuple[Path, list[tuple[str, ...]]], database: str
) -> None:
    file, rows = undisturbed
    url = request.getfixturevalue("sqlite_url" if database == "sqlite" else "postgres_url")
    disturbed, chance = company(url), random.Random()

    kills = 0
    for _ in range(KILLS):
        running = begin(url, file)
        # Somewhere behind what the last attempt had kept, at a moment nobody chose.
        goal = known(disturbed) + chance.randrange(1, PEOPLE // (KILLS + 1))
        while running.poll() is None and known(disturbed) < goal:
            time.sleep(0.01)
        time.sleep(chance.random() * 0.2)
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            kills += known(disturbed) < PEOPLE
        running.communicate()
    assert kills, "the run was over before it could be disturbed"

    again = begin(url, file)
    said = again.communicate()[0]
    assert again.returncode == 0, said
    assert known(disturbed) == PEOPLE
    assert sorted(people(disturbed)) == rows
    ends(disturbed)


def file_state(app: Flask, number: int) -> str:
    """How far a file that came by the console is."""
    with app.app_context(), reading():
        return db.session.scalars(select(ImportFile.state).where(ImportFile.id == number)).one()


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_worker_goes_on_where_it_was_killed(
    request: pytest.FixtureRequest, tmp_path: Path, undisturbed: tuple[Path, list[tuple[str, ...]]], database: str
) -> None:
    file, rows = undisturbed
    url = request.getfixturevalue("sqlite_url" if database == "sqlite" else "postgres_url")
    disturbed, chance = company(url), random.Random()

    with disturbed.app_context(), file.open("rb") as content:
        now = datetime.now(UTC)
        kept = import_files.receive(
            content, kind="customers", name="people.csv", source="core", sheet=None,
            create_customers=False, user_id=1, now=now,
        )  # fmt: skip
        commit()
        number = kept.id
        # Read and checked here: it is the writing that is disturbed.
        sweep_imports(now)
        kept = db.session.get_one(ImportFile, number)
        assert import_files.choose(kept, kept.header)
        commit()
        sweep_imports(now)
        assert known(disturbed) == 0
        assert import_files.start(db.session.get_one(ImportFile, number))
        commit()
        db.session.remove()

    kills = 0
    server = LiveServer(url, tmp_path / "serve.log")
    try:
        for _ in range(KILLS // 2):  # each costs the time for which a dead worker is still waited for
            before = known(disturbed)
            server.start()
            wait_for(
                lambda b=before: known(disturbed) > b or file_state(disturbed, number) == "done",
                seconds=60,
                what="the worker goes on",
            )
            time.sleep(chance.random() * 0.2)
            server.kill()
            kills += file_state(disturbed, number) != "done"
        assert kills, "the run was over before it could be disturbed"
        server.start()
        wait_for(lambda: file_state(disturbed, number) == "done", seconds=60 + PEOPLE / 200, what="the file is in")
    finally:
        server.kill()
    with disturbed.app_context():
        done = db.session.get_one(ImportFile, number)
        assert (done.counts["new"], done.counts["same"], done.counts["refused"]) == (PEOPLE, 0, 0)
    assert sorted(people(disturbed)) == rows
    ends(disturbed)
