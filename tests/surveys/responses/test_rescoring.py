"""Another version of the model came: old words are scored again on command, and nobody is alerted a second time."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from app.cases.models import Case
from app.extensions import commit, db
from notifications.models import Message
from surveys.invitations.models import Invitation
from surveys.invitations.tokens import token_of
from surveys.responses.models import Answer, FreeText, Response
from surveys.scoring.model import MODEL_VERSION
from surveys.scoring.version import reading_version
from tests import world
from tests.conftest import ManualClock
from tests.phones import reply
from tests.world import CUSTOMER_PHONE as PHONE

Run = Callable[[], int]


def how_many(app: Flask, model: type) -> int:
    with app.app_context():
        return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


def answered(app: Flask, client: FlaskClient, clock: ManualClock, run_due: Run) -> str:
    with app.app_context():
        world.build(clock.now())
        world.served(clock.now())
        commit()
    run_due()
    with app.app_context():
        link = f"/s/{token_of(db.session.scalars(select(Invitation)).one())}"
    client.post(link, data={"question": "recommend", "answer": "2", "submission": "a"})
    client.post(link, data={"question": "why", "answer": "Terrible, I waited for an hour", "submission": "b"})
    client.post(link, data={"question": "call", "answer": "none", "submission": "c"})
    run_due()
    return link


def test_old_words_are_scored_again_once_and_nothing_else_happens(
    app: Flask, client: FlaskClient, clock: ManualClock, run_due: Run
) -> None:
    answered(app, client, clock, run_due)
    reply(app, PHONE, "Nobody ever answers your telephone, it is awful", clock.advance(days=30), run_due)
    run_due()
    with app.app_context():
        old = {"score_version": "0", "polarity": 0.9, "label": "very_positive"}
        db.session.execute(update(Answer).where(Answer.kind == "text").values(**old))
        db.session.execute(update(FreeText).values(**old))
        db.session.execute(update(Response).values(score_version="0", polarity=0.9, sentiment="very_positive"))
        commit()
    before = how_many(app, Case), how_many(app, Message)
    runner = app.test_cli_runner()
    said = runner.invoke(args=["rescore"])
    assert said.exit_code == 0, said.output
    assert f"{1 + how_many(app, FreeText)} scored again." in said.output
    run_due()
    with app.app_context():
        response = db.session.scalars(select(Response)).one()
        assert (response.score_version, response.sentiment) == (reading_version(None), "very_negative")
        assert response.polarity is not None and response.polarity < -0.5
        assert set(db.session.scalars(select(FreeText.score_version))) <= {reading_version(None)}
    assert (how_many(app, Case), how_many(app, Message)) == before
    assert "0 scored again." in runner.invoke(args=["rescore"]).output


def test_words_taken_back_take_their_feeling_with_them(
    app: Flask, client: FlaskClient, clock: ManualClock, run_due: Run
) -> None:
    link = answered(app, client, clock, run_due)
    client.post(link, data={"question": "why", "answer": "ขอบคุณ", "submission": "d"})
    run_due()
    with app.app_context():
        response = db.session.scalars(select(Response)).one()
        assert db.session.scalars(select(Answer.text).where(Answer.question_key == "why")).one() == "ขอบคุณ"
        assert (response.polarity, response.sentiment, response.themes) == (None, None, [])


def test_words_that_were_forgotten_leave_their_feeling_behind(
    app: Flask, client: FlaskClient, clock: ManualClock, run_due: Run
) -> None:
    answered(app, client, clock, run_due)
    with app.app_context():
        forgotten = update(Answer).where(Answer.kind == "text")
        db.session.execute(forgotten.values(score_version="0", text=None, original=None, deciding=[]))
        before = db.session.execute(select(Response.sentiment, Response.polarity, Response.themes)).one()
        assert before.sentiment is not None
        commit()
    assert "0 scored again." in app.test_cli_runner().invoke(args=["rescore"]).output
    with app.app_context():
        assert db.session.execute(select(Response.sentiment, Response.polarity, Response.themes)).one() == before


def test_words_read_by_other_rules_are_read_again_though_the_model_is_the_same(
    app: Flask, client: FlaskClient, clock: ManualClock, run_due: Run
) -> None:
    link = answered(app, client, clock, run_due)
    client.post(link, data={"question": "why", "answer": "I am closing my account today", "submission": "d"})
    run_due()
    with app.app_context():
        as_once = {"score_version": f"{MODEL_VERSION}+r000000", "signals": []}
        db.session.execute(update(Answer).where(Answer.kind == "text").values(**as_once))
        db.session.execute(update(Response).values(**as_once))
        commit()
    assert "1 scored again." in app.test_cli_runner().invoke(args=["rescore"]).output
    with app.app_context():
        assert db.session.scalars(select(Response.signals)).one() == ["intent_to_leave"]
    assert "0 scored again." in app.test_cli_runner().invoke(args=["rescore"]).output
