"""A carrier that says 500 after it has accepted, breaks the line, and asks for pauses: nobody gets a text twice."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.serving import make_server

from app.extensions import commit, db, real_now
from notifications import PhoneNumber, Purpose, queue_sms
from notifications.channels.twilio import CAPABILITIES, Twilio
from notifications.claims import WAITING
from notifications.delivery import sweep_due
from notifications.models import Circuit, Message, SimulatedMessage, State
from tests.conftest import FRIDAY

TEXTS = 300
FAILS, THROTTLES = 0.05, 0.20


class Moody:
    """In front of the simulated carrier: some requests go wrong before it has the text, some after."""

    def __init__(self, app: Flask, seed: int) -> None:
        self.app, self.random, self.lock = app, random.Random(seed), threading.Lock()
        self.moods: Counter[str] = Counter()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        mood = self._mood(environ["REQUEST_METHOD"])
        if mood == "throttled":
            start_response("429 Too Many Requests", [("Content-Type", "application/json"), ("Retry-After", "1")])
            return [b'{"code": 20429, "message": "Too Many Requests", "status": 429}']
        if mood in ("lost", "kept"):
            if mood == "kept":
                b"".join(self.app.wsgi_app(environ, lambda *_: lambda _: None))
            start_response("500 Internal Server Error", [("Content-Type", "application/json")])
            return [b'{"code": 20500, "message": "Internal Server Error", "status": 500}']
        if mood == "broken":
            b"".join(self.app.wsgi_app(environ, lambda *_: lambda _: None))
            start_response("201 Created", [("Content-Type", "application/json"), ("Content-Length", "4000")])
            return [b'{"sid": "SM']  # and the line breaks
        return self.app.wsgi_app(environ, start_response)

    def _mood(self, method: str) -> str:
        with self.lock:
            drawn = self.random.random()
            mood = "well"
            if method == "GET":
                mood = "lost" if drawn < FAILS else "well"
            elif drawn < 3 * FAILS:
                mood = ("lost", "kept", "broken")[int(drawn / FAILS)]
            elif drawn < 3 * FAILS + THROTTLES:
                mood = "throttled"
            self.moods[f"{method} {mood}"] += 1
            return mood


class Quick(Twilio):
    """The real channel onto a carrier whose list is settled at once."""

    capabilities = replace(CAPABILITIES, settle_seconds=0)


@pytest.fixture
def moody(app: Flask) -> Iterator[Moody]:
    carrier = Moody(app, seed=20261125)
    server = make_server("127.0.0.1", 0, carrier, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config = replace(app.extensions["heed.config"], twilio_api_url=f"http://127.0.0.1:{server.server_port}/simulator")
    app.extensions["heed.channels"] = {"sms": Quick(config)}
    yield carrier
    server.shutdown()


def time_passes() -> None:
    """What waits for its next attempt has waited long enough, and a carrier left alone is tried again."""
    db.session.execute(update(Message).where(Message.state.in_(WAITING)).values(next_attempt_at=real_now()))
    db.session.execute(update(Circuit).values(probe_at=None, outages=0))
    commit()


def test_surveys_arrive_once_or_not_at_all_and_alerts_always(app: Flask, moody: Moody) -> None:
    with app.app_context():
        for number in range(TEXTS):
            purpose = Purpose.ESCALATION if number % 10 == 0 else Purpose.SURVEY
            phone = PhoneNumber.trusted(f"+1500556{number:04d}")
            queue_sms(phone, "How was it?", purpose=purpose, dedupe_key=f"k{number}", now=FRIDAY)
        commit()
        for _ in range(40):
            sweep_due(FRIDAY)
            time_passes()
            if not db.session.scalar(select(func.count()).where(Message.state.in_(WAITING))):
                break
        assert all(moody.moods[f"POST {mood}"] for mood in ("lost", "kept", "broken", "throttled")), moody.moods
        texts = Counter(db.session.scalars(select(SimulatedMessage.phone_index)))
        for message in db.session.scalars(select(Message)):
            got = texts[message.to_index]
            if message.purpose == Purpose.ESCALATION:
                assert message.state in (State.SENT, State.DELIVERED)
                assert got >= 1
            elif message.state == State.FAILED:
                assert (message.error_code, message.resends) == ("unknown_outcome", 1)
                assert got == 0, "given up, so it must not have gone out"
            else:
                assert message.state in (State.SENT, State.DELIVERED)
                assert got == 1, "a survey is asked once"
        given_up = db.session.scalar(select(func.count()).where(Message.state == State.FAILED))
        assert given_up is not None
        assert given_up <= TEXTS * 0.03
