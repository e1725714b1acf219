"""kill -9 in the middle of an import, again and again; then the same command: the rows of an undisturbed run.

8,000 customers; with HEED_FULL=1 the 100,000 of the issue.
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
from app.extensions import commit, db
from config import ROOT, Config
from surveys.people.models import Branch, Consent, ContactPoint, Customer, CustomerReference, Staff
from tests import world
from tests.benchmarks.people import write_people

PEOPLE = 100_000 if os.environ.get("HEED_FULL") else 8_000
KILLS = 6 if os.environ.get("HEED_FULL") else 3


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
    with app.app_context():
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


def ends(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_rows_are_those_of_an_undisturbed_run(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path, database: str
) -> None:
    url = request.getfixturevalue("sqlite_url" if database == "sqlite" else "postgres_url")
    calm_file = tmp_path / "calm.sqlite"
    calm_file.write_bytes(sqlite_template.read_bytes())
    file = tmp_path / "people.csv"
    write_people(file, PEOPLE)
    calm, disturbed, chance = company(f"sqlite:///{calm_file}"), company(url), random.Random()

    undisturbed = begin(f"sqlite:///{calm_file}", file)
    assert f"{PEOPLE:,} new" in undisturbed.communicate()[0]

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
    assert sorted(people(disturbed)) == sorted(people(calm))
    ends(calm)
    ends(disturbed)
