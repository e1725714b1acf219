"""The product as it ships: one process with web, worker and scheduler; from a service event to the manager's phone."""

import json
import os
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from app import create_app
from app.auth.service import create_api_key
from app.extensions import commit, db
from config import ROOT, Config
from surveys.invitations.models import Programme
from tests import world
from tests.conftest import ManualClock
from tests.live import LiveServer, daytime, free_port, wait_for
from tests.phones import received
from tests.world import CUSTOMER_PHONE, MANAGER_PHONE


def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
    """POST and read the answer."""
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=20) as reply:
        return reply.status, reply.read()


def company(url: str, now: datetime) -> tuple[Flask, str]:
    """The small company, with texts allowed at any hour, and an API key."""
    app = create_app(Config(environment="testing", database_url=url), clock=ManualClock(now))
    with app.app_context():
        world.build(now)
        for programme in db.session.scalars(select(Programme)):
            programme.policy = {**programme.policy, "company_hours": [0, 24]}
        key = create_api_key("core", now=now)
        commit()
        db.session.remove()
    return app, key


def test_from_a_service_event_to_the_managers_phone(sqlite_url: str, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    app, key = company(sqlite_url, now)
    event = {
        "source": "core",
        "external_ref": "T-1",
        "touchpoint": "branch_visit",
        "occurred_at": (now - timedelta(minutes=5)).isoformat(),
        "branch": "BJ-01",
        # Somewhere it is daytime now, whatever the hour in which this story is told.
        "customer": {"phone": CUSTOMER_PHONE, "language": "en", "region": "ANY", "time_zone": daytime(now)},
    }
    with LiveServer(sqlite_url, tmp_path / "serve.log") as live:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        status, answer = post(f"{live.url}/api/v1/service-events", json.dumps(event).encode(), headers)
        assert status == 201
        assert json.loads(answer)["decision"] == "scheduled", answer
        wait_for(lambda: len(received(app, CUSTOMER_PHONE)) == 1, seconds=20, what="the customer is asked")
        fields = {"MessageSid": "SM" + "5" * 32, "From": CUSTOMER_PHONE, "To": "+15005550001", "Body": "1 nobody cared"}
        address = f"{live.url}/webhooks/twilio/sms"
        signature = RequestValidator(Config.twilio_auth_token).compute_signature(address, fields)
        form = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
        status, answer = post(address, urllib.parse.urlencode(fields).encode(), form)
        assert (status, b"<Response" in answer) == (200, True)
        wait_for(lambda: received(app, MANAGER_PHONE), seconds=30, what="the manager's phone rings")
        assert "nobody cared" in received(app, MANAGER_PHONE)[0]
        wait_for(lambda: ready(live.url), seconds=20, what="/readyz is green")
    with app.app_context():
        db.engine.dispose()


def ready(url: str) -> bool:
    """Whether /readyz says so."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as reply:
            return bool(reply.status == 200)
    except urllib.error.HTTPError:
        return False


def test_make_run_answers_and_tells_who_may_sign_in(tmp_path: Path) -> None:
    port = free_port()
    clean = {k: v for k, v in os.environ.items() if not k.startswith("HEED_")}
    env = {**clean, "HEED_PORT": str(port), "HEED_DATABASE_URL": f"sqlite:///{tmp_path / 'not yet' / 'run.sqlite'}"}
    log = tmp_path / "run.log"
    with log.open("wb") as out:
        process = subprocess.Popen(["make", "run"], cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True)
    try:
        wait_for(lambda: ready(f"http://127.0.0.1:{port}") if listening(port) else False, seconds=90, what="/readyz")
        said = log.read_text("utf-8")
        assert f"http://127.0.0.1:{port}" in said
        assert "harbour.example" in said
        assert "Traceback" not in said
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def listening(port: int) -> bool:
    """Whether the web is up."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
            return True
    except OSError:
        return False
