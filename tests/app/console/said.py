"""Customers who answer in words, managers who correct how these were read, and what is kept of it."""

import json

from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db
from app.tasks import run_due as run_all
from surveys.responses.correction_models import Correction
from surveys.responses.models import Answer
from tests import world
from tests.app.console.office import send, sign_in
from tests.conftest import ManualClock
from tests.phones import reply

SAID = "The new machine was sick"


def says(app: Flask, clock: ManualClock, number: int, words: str) -> Answer:
    """Another customer answers 9 and writes these words."""
    phone = f"+1500555120{number}"

    def run() -> int:
        with app.app_context():
            return run_all(clock.now())

    with app.app_context():
        world.served(clock.now(), ref=f"T-{number}", phone=phone, customer_ref=f"C-{number}")
        commit()
    run()
    reply(app, phone, "9", clock.now(), run)
    reply(app, phone, words, clock.now(), run)
    run()
    return answer(app, words)


def answer(app: Flask, words: str) -> Answer:
    """The latest answer in these words."""
    with app.app_context():
        found = db.session.scalars(select(Answer).where(Answer.text == words).order_by(Answer.id.desc())).first()
        assert found is not None
        db.session.expunge(found)
        return found


def corrects(app: Flask, clock: ManualClock, said: Answer, **fields: str) -> None:
    """Central's manager says what these words mean, and it is learnt."""
    path = f"/console/answers/{said.response_id}"
    assert send(sign_in(app, "manager"), path, f"{path}/reading", answer=str(said.id), **fields).status_code == 303
    with app.app_context():
        run_all(clock.now())


def scored(app: Flask, text: str) -> dict[str, object]:
    """What the command says of a text."""
    found: dict[str, object] = json.loads(app.test_cli_runner().invoke(args=["score"], input=f"{text}\n").output)
    return found


def kept(app: Flask) -> list[Correction]:
    """Every correction there ever was."""
    with app.app_context():
        found = list(db.session.scalars(select(Correction).order_by(Correction.id)))
        for one in found:
            db.session.expunge(one)
        return found
