"""The business clock: every process and every restart agree, and tying it waits for nobody."""

import time
from datetime import timedelta
from pathlib import Path

from flask import Flask

from app import create_app
from app.auth.service import create_api_key
from app.extensions import clock, commit, db, real_now
from config import Config
from tests import world


def fast(url: str, speed: float = 600.0) -> Flask:
    return create_app(Config(environment="testing", database_url=url, clock_speed=speed))


def test_a_request_is_the_first_to_ask_for_the_time(sqlite_url: str) -> None:
    still = create_app(Config(environment="testing", database_url=sqlite_url))
    with still.app_context():
        world.build(real_now())
        key = create_api_key("core", now=real_now())
        commit()
    body = {
        "source": "core",
        "external_ref": "T-1",
        "touchpoint": "branch_visit",
        "branch": "BJ-01",
        "occurred_at": real_now().isoformat(),
        "customer": {"external_ref": "C-1"},
    }
    begun = time.monotonic()
    posted = (
        fast(sqlite_url)
        .test_client()
        .post("/api/v1/service-events", json=body, headers={"Authorization": f"Bearer {key}"})
    )
    read = fast(sqlite_url).test_client().get("/metrics")
    assert (posted.status_code, read.status_code) == (201, 200)
    assert time.monotonic() - begun < 10


def test_two_processes_agree_and_a_new_speed_goes_on_from_where_it_was(sqlite_url: str) -> None:
    one, two = fast(sqlite_url), fast(sqlite_url)
    with one.app_context():
        first = clock().now()
    with two.app_context():
        assert abs(clock().now() - first) < timedelta(minutes=30)  # at 600 times the speed: three real seconds
    time.sleep(0.2)
    with fast(sqlite_url, speed=1200.0).app_context():
        later = clock().now()
        assert first < later < first + timedelta(hours=1)
        db.session.remove()


def test_before_the_first_migration_there_is_no_place_for_it(tmp_path: Path) -> None:
    app = fast(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    assert app.test_client().get("/healthz").status_code == 200
