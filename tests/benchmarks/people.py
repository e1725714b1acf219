"""A hundred thousand customers from a file, new and once more, in one process: seconds, memory, and the rows after."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, text

from app import create_app
from app.extensions import commit, db
from config import ROOT, Config
from tests import world
from tests.benchmarks.rig import Row

PEOPLE = 100_000
TABLES = ("customers", "customer_references", "contact_points", "consents")


def write_people(path: Path, count: int) -> None:
    """A file of customers as a bank's system writes it; the last column is one of two branches."""
    with path.open("w", encoding="utf-8") as out:
        out.write("external_ref,name,phone,email,language,branch\n")
        for number in range(count):
            language = "zh-Hans" if number % 3 else "en"
            name = f"客户{number}" if number % 3 else f"Customer {number}"
            phone = f"+86138{number:08d}" if number % 2 else f"138 {number // 10_000:04d} {number % 10_000:04d}"
            branch = f"BJ-0{number % 2 + 1}"
            out.write(f"C-{number:07d},{name},{phone},person{number}@mail.harbour-bank.cn,{language},{branch}\n")


@dataclass(frozen=True)
class Ran:
    """A command that ended well: wall and CPU seconds, its largest memory in MB, and what it said."""

    seconds: float
    cpu: float
    memory: float
    said: str


def run(database_url: str, *args: str) -> Ran:
    """A command in a process of its own."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *args],
        cwd=ROOT,
        env={**{k: v for k, v in os.environ.items() if not k.startswith("HEED_")}, "HEED_DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, said
    return Ran(time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said)


def counted(database_url: str) -> dict[str, int]:
    """How many rows each table of customers holds."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        found = {table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in TABLES}
    engine.dispose()
    return found


def measure(name: str, database_url: str, folder: Path, count: int = PEOPLE) -> list[Row]:
    """Two lines: the file for the first time, and again when all is as before."""
    app = create_app(Config(environment="testing", database_url=database_url))
    with app.app_context():
        world.build(datetime.now(UTC))
        commit()
        db.session.remove()
        db.engine.dispose()
    file = folder / "people.csv"
    write_people(file, count)
    rows = []
    for what, told in (("new", f"{count:,} new"), ("once more", f"{count:,} as before")):
        ran = run(database_url, "import-customers", str(file))
        assert told in ran.said, ran.said
        found = counted(database_url)
        assert found == dict(zip(TABLES, (count, count, 2 * count, count), strict=True)), found
        rows.append(
            Row(
                f"import of {count:,} customers, {what}, {name}",
                f"{ran.seconds:.1f} s ({ran.cpu:.1f} CPU), {ran.memory:.0f} MB",
                "<= 60 s, <= 400 MB",
                verified=f"{count:,} customers, {2 * count:,} addresses",
            )
        )
    return rows
