"""A code at the counter: a walk-in scans it, answers without a name, and leaves a number only to be called."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.cases.models import Case
from app.extensions import commit, db
from notifications.models import Message
from surveys.invitations.counters import CHANNEL, answered_at, counter_link, end_counter, open_counter
from surveys.invitations.models import Counter, Invitation, InvitationState, Programme
from surveys.invitations.queries import dispositions, results
from surveys.people.models import Branch, Consent, Customer
from surveys.responses.models import Answer, Response
from tests import world
from tests.conftest import ManualClock
from tests.world import CUSTOMER_PHONE as PHONE

Run = Callable[[], int]
FIRST = {"question": "recommend", "answer": "2", "submission": "tap-1"}


@pytest.fixture
def code(app: Flask, clock: ManualClock) -> str:
    """The path in the code at counter 3 of the branch in Beijing."""
    with app.app_context():
        world.build(clock.now())
        branch = db.session.scalars(select(Branch).where(Branch.code == "BJ-01")).one()
        programme = db.session.scalars(select(Programme).where(Programme.key == "branch_visit")).one()
        counter = open_counter(branch, "Counter 3", programme, now=clock.now())
        commit()
        return counter_link(counter).removeprefix("http://127.0.0.1:5000")


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


def test_looking_at_the_code_keeps_nothing_and_sets_nothing(app: Flask, client: FlaskClient, code: str) -> None:
    page = client.get(code)
    assert page.status_code == 200
    assert "Counter 3" in page.text and "Set-Cookie" not in page.headers
    assert len(page.data) <= 14_000
    assert client.get(f"{code}?lang=zh-Hans").text.count("推荐") >= 1
    assert (count(app, Invitation), count(app, Response)) == (0, 0)


def test_the_first_answer_leads_to_a_link_of_ones_own_and_a_second_tap_to_the_same(
    app: Flask, client: FlaskClient, code: str
) -> None:
    led = client.post(code, data={**FIRST, "lang": "zh-Hans"})
    assert led.status_code == 303
    own = led.headers["Location"]
    assert own.startswith("/s/") and client.post(code, data={**FIRST, "lang": "zh-Hans"}).headers["Location"] == own
    page = client.get(own).text
    assert "很抱歉" in page
    assert "/stop" not in page  # nobody ever asks them
    client.post(code, data={**FIRST, "submission": "tap-2", "answer": "9"})  # the next in the queue
    with app.app_context():
        assert set(db.session.scalars(select(Response.nps))) == {2, 9}
        assert set(db.session.scalars(select(Response.channel))) == {CHANNEL}


def test_a_walk_in_without_a_number_opens_no_case_and_hears_nothing(
    app: Flask, client: FlaskClient, code: str, run_due: Run
) -> None:
    own = client.post(code, data=FIRST).headers["Location"].partition("?")[0]
    client.post(own, data={"question": "why", "answer": "I will close my account and sue you", "submission": "b"})
    last = client.post(own, data={"question": "call", "answer": "none", "submission": "c"})
    assert last.status_code == 200
    run_due()
    assert (count(app, Case), count(app, Message)) == (0, 0)
    with app.app_context():
        assert db.session.scalars(select(Answer.signals).where(Answer.question_key == "why")).one()  # read all the same


def test_whoever_wants_a_call_leaves_a_number_and_is_called(
    app: Flask, client: FlaskClient, code: str, run_due: Run
) -> None:
    own = client.post(code, data=FIRST).headers["Location"].partition("?")[0]
    page = client.post(own, data={"question": "why", "answer": "Nobody came", "submission": "b"})
    assert 'name="phone"' in page.text
    run_due()
    for wrong in ("", "12", "call me maybe"):
        answer = {"question": "call", "answer": "today", "submission": "c", "phone": wrong}
        refused = client.post(own, data=answer)
        assert refused.status_code == 422
        assert "Please write a number we can call" in refused.text
    assert client.post(own, data={**answer, "phone": "13800138077"}).status_code == 200
    run_due()
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert case.call_choice == "today"
        assert case.customer.contact_points[0].address == "+8613800138077"
        assert db.session.scalars(select(Response.customer_id)).one() == case.customer_id
        agreed = select(Consent.granted, Consent.wording).where(Consent.customer_id == case.customer_id)
        assert db.session.execute(agreed).all() == [(False, "only to be called back about this answer")]


def test_a_number_we_know_is_the_person_we_know(app: Flask, client: FlaskClient, code: str, clock: ManualClock) -> None:
    with app.app_context():
        known = world.served(clock.now()).event.customer_id
        commit()
    own = client.post(code, data=FIRST).headers["Location"].partition("?")[0]
    client.post(own, data={"question": "why", "answer": "Nobody came", "submission": "b"})
    client.post(own, data={"question": "call", "answer": "today", "submission": "c", "phone": PHONE})
    with app.app_context():
        assert db.session.scalars(select(Response.customer_id)).one() == known
        assert set(db.session.scalars(select(Consent.granted).where(Consent.customer_id == known))) == {True}


def test_walk_ins_are_counted_apart(app: Flask, client: FlaskClient, code: str, clock: ManualClock) -> None:
    for number in range(3):
        client.post(code, data={**FIRST, "submission": f"tap-{number}"})
    with app.app_context():
        counter = db.session.scalars(select(Counter)).one()
        assert answered_at(counter.branch_id)[counter.id][0] == 3
        day = {"since": clock.advance(days=-1), "until": clock.advance(days=2)}
        assert not dispositions(counter.programme_id, **day)
        assert counter.programme_id not in results(since=day["since"])
        assert set(db.session.scalars(select(Invitation.state))) == {InvitationState.STARTED}
        assert db.session.scalars(select(Customer)).one().name == "Counter 3"


def test_an_ended_code_leads_nowhere_and_nobody_stuffs_the_box(
    app: Flask, client: FlaskClient, code: str, clock: ManualClock
) -> None:
    answers = [client.post(code, data={**FIRST, "submission": f"tap-{n}"}).status_code for n in range(61)]
    assert answers == [303] * 60 + [429]
    with app.app_context():
        end_counter(db.session.scalars(select(Counter)).one(), now=clock.now())
        commit()
    assert client.get(code).status_code == 404
    assert client.post(code, data=FIRST).status_code == 404


@pytest.mark.parametrize(
    "data",
    [{}, {"question": "why", "answer": "x"}, {"question": "recommend", "answer": "11"}, {"question": "recommend"}],
)
def test_what_is_no_first_answer_is_asked_for_again(
    app: Flask, client: FlaskClient, code: str, data: dict[str, str]
) -> None:
    assert client.post(code, data=data).status_code == 422
    assert count(app, Response) == 0
