"""A carrier with the rules of mainland China: signed texts, a way out in every question, no personal links."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from app.extensions import commit, db
from app.tasks import run_due as sweep
from config import Config
from notifications import is_opted_out
from notifications.gsm import segments
from notifications.models import Message
from surveys.invitations.codes import code_of, invitation_by_code
from surveys.invitations.models import Invitation
from surveys.responses.models import Response
from tests import world
from tests.conftest import ManualClock
from tests.phones import received, reply
from tests.world import CUSTOMER_PHONE as PHONE

Run = Callable[[], int]


@pytest.fixture
def app(sqlite_url: str, clock: ManualClock) -> Iterator[Flask]:
    """Heed on a carrier of mainland China."""
    config = Config(environment="testing", database_url=sqlite_url, simulator_profile="mainland_china")
    app = create_app(config, clock=clock)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def run_due(app: Flask, clock: ManualClock) -> Run:
    def run() -> int:
        with app.app_context():
            return sweep(clock.now())

    return run


def asked(app: Flask, clock: ManualClock, run_due: Run, language: str = "zh-Hans") -> str:
    with app.app_context():
        world.build(clock.now())
        world.served(clock.now(), language=language)
        commit()
    run_due()
    return received(app, PHONE)[0]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_question_is_signed_says_the_way_out_and_is_counted_as_it_leaves(
    app: Flask, clock: ManualClock, run_due: Run, language: str
) -> None:
    text = asked(app, clock, run_due, language)
    assert text.startswith("【海港银行】") and text.count("海港银行") == 1
    assert "Harbour Bank" not in text
    assert any(way in text for way in ("拒收请回复R", "退订", "STOP"))
    assert re.search(r"/s/\w", text) is None, "a link that differs for each person"
    with app.app_context():
        message = db.session.scalars(select(Message)).one()
        assert message.segments == segments(text).count


def test_a_survey_is_answered_by_digits_and_the_way_out_is_understood(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    asked(app, clock, run_due)
    answer = reply(app, PHONE, "3", clock.advance(minutes=1), run_due)
    assert answer.startswith("【海港银行】")
    with app.app_context():
        assert db.session.scalars(select(Response.nps)).one() == 3
    reply(app, PHONE, "R", clock.advance(minutes=1), run_due)
    with app.app_context():
        assert is_opted_out(PHONE)


def test_where_a_link_is_offered_it_is_one_for_all_with_a_code_of_ones_own(
    app: Flask, client: FlaskClient, clock: ManualClock, run_due: Run
) -> None:
    offered = asked(app, clock, run_due, "en")
    found = re.search(r"http://127\.0\.0\.1:5000/s code ([0-9A-Z]+-[0-9A-Z]{5})", offered)
    assert found is not None, offered
    code = found[1]
    assert client.get("/s").status_code == 200
    for typed in (code, code.lower().replace("-", " "), code.replace("0", "O").replace("1", "l")):
        led = client.post("/s", data={"code": typed})
        assert led.status_code == 303
        assert client.get(led.headers["Location"]).status_code == 200
        assert "Set-Cookie" not in led.headers
    wrong = client.post("/s", data={"code": code[:-1] + ("2" if code[-1] != "2" else "3"), "lang": "zh-Hans"})
    assert wrong.status_code == 404
    assert "没有这个编号" in wrong.text


def test_guessing_codes_is_stopped_after_twenty_in_a_minute(
    app: Flask, client: FlaskClient, clock: ManualClock, run_due: Run
) -> None:
    asked(app, clock, run_due)
    answers = [client.post("/s", data={"code": f"1-{number:05d}"}).status_code for number in range(22)]
    assert answers[:20] == [404] * 20
    assert answers[20:] == [429] * 2


@pytest.mark.parametrize("typed", ["", "-", "1", "12345", "1-0000U", "Z" * 18, "9" * 40, "１-ABCDE", "甲乙丙丁戊己庚"])
def test_what_is_no_code_leads_nowhere(app: Flask, clock: ManualClock, run_due: Run, typed: str) -> None:
    asked(app, clock, run_due)
    with app.app_context():
        assert invitation_by_code(typed) is None
        invitation = db.session.scalars(select(Invitation)).one()
        assert invitation_by_code(code_of(invitation)) is invitation
        invitation.sent_at = None
        assert invitation_by_code(code_of(invitation)) is None
        db.session.rollback()
