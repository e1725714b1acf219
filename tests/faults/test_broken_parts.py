"""The broker dies with everything it held, the database restarts, all in the middle of the work: nothing is lost."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from app import create_app
from app.extensions import commit, db
from config import Config
from notifications import PhoneNumber, Purpose, queue_sms
from notifications.models import Message, SimulatedMessage, State
from tests.conftest import answers
from tests.faults.test_brokers import worked
from tests.live import LiveServer, free_port, wait_for

TEXTS = 400
# Segments a second the carrier takes, so that no machine is fast enough to be done before the fault.
PACE = {"HEED_SMS_PER_SECOND": "40"}
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def queue_many(app: Flask) -> None:
    with app.app_context():
        for number in range(TEXTS):
            queue_sms(
                PhoneNumber.trusted(f"+1500556{number:04d}"),
                "How was it?",
                purpose=Purpose.SURVEY,
                dedupe_key=f"k{number}",
                now=datetime.now(UTC),
            )
        commit()
        db.session.remove()


def sent(app: Flask) -> int:
    with app.app_context():
        query = select(func.count()).where(Message.state.in_((State.SENT, State.DELIVERED)))
        found = db.session.scalar(query) or 0
        db.session.remove()
        return found


def texts_by_phone(app: Flask) -> Counter[int]:
    """How many phones got how many texts."""
    with app.app_context():
        counted = Counter(
            db.session.scalars(select(func.count(SimulatedMessage.id)).group_by(SimulatedMessage.phone_index))
        )
        db.session.remove()
        db.engine.dispose()
        return counted


@contextmanager
def redis(port: int) -> Iterator[None]:
    """A Redis of its own that keeps nothing, killed at the end of the block."""
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: answers("127.0.0.1", port), seconds=20, what="Redis listens")
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")
def test_a_broker_that_dies_with_all_it_held_costs_seconds_and_no_text(postgres_url: str, tmp_path: Path) -> None:
    port = free_port()
    broker = f"redis://127.0.0.1:{port}/0"
    app = create_app(Config(environment="development", database_url=postgres_url, broker_url=broker))
    scheduler = ("beat", "--scheduler", "celery.beat:Scheduler", "--max-interval", "1")
    with redis(port):
        queue_many(app)
        with ExitStack() as house:
            house.enter_context(kept_running(postgres_url, broker, tmp_path, "worker", "--concurrency", "2"))
            house.enter_context(kept_running(postgres_url, broker, tmp_path, *scheduler))
            wait_for(lambda: sent(app) > 0, seconds=60, what="some texts leave")
            kept = house.pop_all()
    with kept:
        assert sent(app) < TEXTS, "the run was over before it could be disturbed"
        time.sleep(2)
        with redis(port):
            wait_for(lambda: sent(app) == TEXTS, seconds=120, what="every text leaves")
    assert texts_by_phone(app) == {1: TEXTS}


@contextmanager
def kept_running(url: str, broker: str, folder: Path, *command: str) -> Iterator[None]:
    """One of Celery's processes, started again when it ends, as compose.yaml does: a worker may die with Redis."""
    over = threading.Event()

    def keep() -> None:
        while not over.is_set():
            with worked(url, broker, folder, *command, **PACE) as process:
                while process.poll() is None and not over.wait(0.2):
                    pass

    keeper = threading.Thread(target=keep)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


@contextmanager
def cluster() -> Iterator[tuple[str, list[str]]]:
    """A PostgreSQL server of its own: its address, and the command that restarts it as a crash would."""
    folder, port = Path(tempfile.mkdtemp(prefix="heed-pg-")), free_port()
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_postgres:
        shutil.chown(folder, "postgres")
    control = [*as_postgres, str(BINARIES[-1] / "pg_ctl"), "-D", str(folder / "data"), "-l", str(folder / "log"), "-w"]

    def run(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd="/")

    run(*as_postgres, str(BINARIES[-1] / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust")
    run(*control, "-o", f"-p {port} -k {folder} -c listen_addresses=127.0.0.1", "start")
    try:
        yield f"127.0.0.1:{port}", [*control, "-m", "immediate", "restart"]
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.skipif(not BINARIES, reason="the programs of a PostgreSQL server are not installed")
def test_a_database_that_crashes_and_comes_back_costs_no_text(tmp_path: Path) -> None:
    with cluster() as (address, restart):
        with psycopg.connect(f"postgresql://postgres@{address}/postgres", autocommit=True) as admin:
            admin.execute("CREATE DATABASE heed")
        url = f"postgresql+psycopg://postgres@{address}/heed"
        app = create_app(Config(environment="testing", database_url=url))
        with app.app_context():
            upgrade()
        queue_many(app)
        with LiveServer(url, tmp_path / "serve.log", **PACE) as live:
            wait_for(lambda: sent(app) > 0, seconds=60, what="some texts leave")
            subprocess.run(restart, check=True, capture_output=True, cwd="/")
            with app.app_context():
                db.engine.dispose()
            disturbed = sent(app)
            wait_for(lambda: sent(app) == TEXTS, seconds=120, what="every text leaves")
            assert live.process is not None
            assert live.process.poll() is None, "the server lived on"
        assert disturbed < TEXTS, "the run was over before it could be disturbed"
        assert texts_by_phone(app) == {1: TEXTS}
