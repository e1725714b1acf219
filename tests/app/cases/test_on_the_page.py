"""What was just chosen on the page is heard before the next one is drawn: that tells how it stands after it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from surveys.invitations.models import Invitation
from surveys.invitations.tokens import token_of
from tests.app.cases.unhappy import ANGRY, kinds, says, served, the_case, work
from tests.conftest import ManualClock
from tests.phones import received
from tests.world import MANAGER_PHONE, REGION_PHONE

PROMISE = "The manager of Central will call you before "


def chosen(app: Flask, client: FlaskClient, question: str, answer: str) -> str:
    """What the heading of the page says that comes back, by the latest link; nothing else was done meanwhile."""
    with app.app_context():
        latest = db.session.scalars(select(Invitation).order_by(Invitation.id.desc()).limit(1)).one()
        link = f"/s/{token_of(latest)}"
    page = client.post(link, data={"question": question, "answer": answer})
    assert page.status_code == 200
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
    assert heading is not None
    return re.sub(r"<[^>]+>", "", heading[1]).strip()


@pytest.fixture
def unhappy(app: Flask, client: FlaskClient, clock: ManualClock) -> Flask:
    """Somebody gave a 3 and said why on the page; the manager has the case and was told."""
    served(app, clock)
    for question, answer in (("recommend", "3"), ("why", ANGRY)):
        chosen(app, client, question, answer)
        work(app, clock.now())
    return app


def test_who_wants_no_call_is_promised_none(unhappy: Flask, client: FlaskClient, clock: ManualClock) -> None:
    before = len(received(unhappy, MANAGER_PHONE))
    said = chosen(unhappy, client, "call", "none")
    assert said.startswith("Thank you. We will not call. The manager of Central looks into it and texts you by ")
    assert the_case(unhappy).call_choice == "none"
    work(unhappy, clock.now())  # the review hears it a second time
    assert kinds(the_case(unhappy)).count("call_choice") == 1
    assert len(received(unhappy, MANAGER_PHONE)) - before <= 1


def test_who_changes_their_mind_reads_the_promise_that_holds(
    unhappy: Flask, client: FlaskClient, clock: ManualClock
) -> None:
    said = [chosen(unhappy, client, "call", choice) for choice in ("today", "none", "tomorrow")]
    assert said[0].startswith(f"Thank you. {PROMISE}")
    assert said[1].startswith("Thank you. We will not call.")
    assert said[2].startswith(f"Thank you. {PROMISE}")
    assert the_case(unhappy).call_choice == "tomorrow"


def test_not_put_right_is_open_again_on_the_very_next_page(
    unhappy: Flask, client: FlaskClient, clock: ManualClock
) -> None:
    says(unhappy, clock, f"DONE {the_case(unhappy).code} 1", phone=MANAGER_PHONE)
    clock.advance(days=2, hours=1)
    work(unhappy, clock.now())
    said = chosen(unhappy, client, "recovered", "no")
    assert said.startswith("It is open again. We call you before "), said
    case = the_case(unhappy)
    assert (case.state, case.recovery) == ("reopened", "no")
    work(unhappy, clock.now())
    assert kinds(the_case(unhappy)).count("reopened") == 1
    assert len([text for text in received(unhappy, REGION_PHONE) if "没解决" in text]) == 1
