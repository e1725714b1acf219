"""Split over several processes: a nudge through RabbitMQ or Redis reaches a worker; a dead broker holds up nobody."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app import create_app
from app.extensions import beat_alive, commit, db, hurry
from config import ROOT, Config
from notifications import PhoneNumber, Purpose, queue_sms
from notifications.models import Message
from tests import world
from tests.conftest import answers
from tests.live import free_port, wait_for

BROKERS = {"rabbitmq": ("amqp://guest:guest@127.0.0.1:5672//", 5672), "redis": ("redis://127.0.0.1:6379/7", 6379)}


def queued(url: str, broker: str, key: str) -> float:
    """Queue one text as a door does; how long the commit and its nudge took, in seconds."""
    app = create_app(Config(environment="development", database_url=url, broker_url=broker))
    with app.app_context():
        begun = time.perf_counter()
        queue_sms(
            PhoneNumber.trusted("+15005551001"),
            "Harbour Bank: hello",
            purpose=Purpose.CASE,
            dedupe_key=key,
            now=datetime.now(UTC),
        )
        commit()
        took = time.perf_counter() - begun
        time.sleep(1)  # the nudge leaves from a thread of its own
        db.session.remove()
        db.engine.dispose()
    return took


def states(url: str) -> list[str]:
    app = create_app(Config(environment="testing", database_url=url))
    with app.app_context():
        found = list(db.session.scalars(select(Message.state)))
        db.session.remove()
        db.engine.dispose()
    return found


@pytest.mark.parametrize("name", ["rabbitmq", "redis"])
def test_a_nudge_reaches_a_worker_before_any_sweeper_ticks(postgres_url: str, tmp_path: Path, name: str) -> None:
    broker, port = BROKERS[name]
    if not answers("127.0.0.1", port):
        pytest.skip(f"{name} does not answer on 127.0.0.1:{port}")
    with worked(postgres_url, broker, tmp_path, "worker", "--concurrency", "1"):
        queued(postgres_url, broker, f"nudge:{name}")
        wait_for(lambda: states(postgres_url) == ["sent"], seconds=40, what="the worker sends it")


def test_worker_and_scheduler_as_the_readme_starts_them_keep_the_heart_beating(
    postgres_url: str, tmp_path: Path
) -> None:
    broker, port = BROKERS["rabbitmq"]
    if not answers("127.0.0.1", port):
        pytest.skip(f"rabbitmq does not answer on 127.0.0.1:{port}")
    scheduler = ("beat", "--scheduler", "celery.beat:Scheduler", "--max-interval", "1")
    with worked(postgres_url, broker, tmp_path, "worker"), worked(postgres_url, broker, tmp_path, *scheduler):
        app = create_app(Config(environment="testing", database_url=postgres_url))

        def alive() -> bool:
            with app.app_context():
                return beat_alive("scheduler", within=timedelta(seconds=30))

        wait_for(alive, seconds=40, what="a heartbeat")
        with app.app_context():
            db.engine.dispose()


@contextmanager
def worked(url: str, broker: str, folder: Path, *command: str, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """One of Celery's processes, as the README starts it, for as long as the block lasts."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("HEED_")}
    with (folder / f"{command[0]}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "wsgi:celery", *command, "--loglevel", "WARNING"],
            cwd=ROOT,
            env={**clean, "HEED_DATABASE_URL": url, "HEED_BROKER_URL": broker, **env},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_web_process_without_a_worker_gathers_no_nudges(sqlite_url: str) -> None:
    app = create_app(Config(environment="development", database_url=sqlite_url))
    with app.app_context(), app.extensions["celery"].connection_for_write() as broker:
        channel = broker.default_channel
        channel.queue_purge("celery")
        before = threading.active_count()
        for number in range(50):
            hurry("notifications.deliver_message", number)
            commit()
        assert threading.active_count() == before, "nobody publishes"
        assert channel._size("celery") == 0
        db.session.remove()
        db.engine.dispose()


def test_a_dead_broker_neither_holds_nor_fails_a_request(sqlite_url: str) -> None:
    broker = f"amqp://guest:guest@127.0.0.1:{free_port()}//"
    assert queued(sqlite_url, broker, "dead") < 0.5
    assert states(sqlite_url) == ["queued"]
    app = create_app(Config(environment="testing", database_url=sqlite_url))
    with app.app_context():
        from app.tasks import run_due

        world.build(datetime.now(UTC))
        commit()
        run_due(datetime.now(UTC))  # the next tick finds the row
        assert db.session.scalars(select(Message.state)).one() in ("sent", "delivered")
        db.session.remove()
        db.engine.dispose()
