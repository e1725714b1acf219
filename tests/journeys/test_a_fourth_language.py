"""A questionnaire that also speaks Spanish is data alone: the customer is asked, answered and looked after."""

import json
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.cases.models import Case
from app.extensions import commit, db
from surveys.invitations.models import Invitation
from surveys.invitations.tokens import token_of
from surveys.people.import_rows import language_of
from surveys.people.models import Customer
from surveys.questionnaires.models import SurveyVersion
from surveys.questionnaires.service import library, publish
from tests import world
from tests.conftest import ManualClock
from tests.phones import received, reply
from tests.world import CUSTOMER_PHONE as PHONE

Run = Callable[[], int]


def spanish(key: str) -> dict[str, Any]:
    """The ready questionnaire of a branch visit with Spanish beside its languages."""
    data: dict[str, Any] = json.loads(json.dumps(library()[key]))
    data["languages"] = [*data["languages"], "es"]
    first = data["questions"][0]
    first["text"]["es"] = "¿Nos recomendaría a un amigo?"
    first["low"]["es"], first["high"]["es"] = "Nunca", "Seguro"
    first.pop("sms", None)
    first["sms_text"] = {
        "en": "{org}: 0 to 10, would you recommend us to a friend? STOP to end",
        "zh-Hans": "【{org}】0到10分，您会向朋友推荐我们吗？回复TD退订",
        "es": "{org}: de 0 a 10, nos recomendaria a un amigo? STOP para no recibir mas",
    }
    return data


def test_a_customer_is_asked_and_looked_after_in_a_language_that_came_as_data(
    app: Flask, client: FlaskClient, clock: ManualClock, run_due: Run
) -> None:
    with app.app_context():
        world.build(clock.now())
        made = publish(spanish("branch_visit"), now=clock.now())
        assert isinstance(made, SurveyVersion), made
        world.served(clock.now(), language=language_of("es-MX") or "")
        commit()
    run_due()
    with app.app_context():
        assert db.session.scalars(select(Customer.language)).one() == "es"
        link = f"/s/{token_of(db.session.scalars(select(Invitation)).one())}"
    assert "de 0 a 10" in received(app, PHONE)[0]
    page = client.get(link).text
    assert '<html lang="es">' in page and "¿Nos recomendaría a un amigo?" in page
    for said in ("2", "Nadie me ayudo", "1"):
        assert reply(app, PHONE, said, clock.advance(minutes=1), run_due)
    run_due()
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert case.rating == 2
    assert client.get(link).status_code == 200
