"""Everything five times at once changes nothing after the first."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app.auth.service import create_api_key
from app.cases.models import Case
from app.extensions import commit, db
from app.tasks import review, run_due
from surveys.invitations.models import Invitation, ServiceEvent
from surveys.invitations.service import send_invitation
from surveys.invitations.tokens import token_of
from surveys.people.models import Customer
from surveys.responses.models import Answer, Response
from tests import world
from tests.conftest import ManualClock
from tests.journeys.test_a_event_to_sms import event
from tests.phones import received

TIMES = 5


def at_once(work: Any) -> list[Any]:
    """The same work five times at once."""
    with ThreadPoolExecutor(TIMES) as pool:
        return [future.result() for future in [pool.submit(work) for _ in range(TIMES)]]


def count(app: Flask, model: Any) -> int:
    with app.app_context():
        return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


def test_the_same_event(any_app: Flask, clock: ManualClock) -> None:
    with any_app.app_context():
        world.build(clock.now())
        key = create_api_key("core", now=clock.now())
        commit()
    body = event(clock)
    headers = {"Authorization": f"Bearer {key}"}
    answers = at_once(
        lambda: any_app.test_client().post("/api/v1/service-events", json=body, headers=headers).status_code
    )
    assert sorted(answers) == [200, 200, 200, 200, 201]
    assert (count(any_app, ServiceEvent), count(any_app, Customer), count(any_app, Invitation)) == (1, 1, 1)


def test_different_events_of_one_customer_find_one_person(any_app: Flask, clock: ManualClock) -> None:
    with any_app.app_context():
        world.build(clock.now())
        key = create_api_key("core", now=clock.now())
        commit()
    headers = {"Authorization": f"Bearer {key}"}
    numbers = iter(range(TIMES))
    bodies = [event(clock, external_ref=f"T-{number}") for number in numbers]

    def post(body: dict[str, Any]) -> int:
        return any_app.test_client().post("/api/v1/service-events", json=body, headers=headers).status_code

    with ThreadPoolExecutor(TIMES) as pool:
        assert list(pool.map(post, bodies)) == [201] * TIMES
    assert count(any_app, Customer) == 1


def test_the_same_invitation_sent_by_several_workers(any_app: Flask, clock: ManualClock) -> None:
    with any_app.app_context():
        world.build(clock.now())
        invitation = world.served(clock.now()).invitation
        assert invitation is not None
        number = invitation.id
        commit()

    def send() -> bool:
        with any_app.app_context():
            sent = send_invitation(number, now=clock.now())
            commit()
            return sent

    assert sum(at_once(send)) == 1
    with any_app.app_context():
        run_due(clock.now())
    assert len(received(any_app, world.CUSTOMER_PHONE)) == 1


def test_the_same_answer_tapped_and_reviewed(any_app: Flask, clock: ManualClock) -> None:
    with any_app.app_context():
        world.build(clock.now())
        world.served(clock.now())
        commit()
        run_due(clock.now())
        token = token_of(db.session.scalars(select(Invitation)).one())
    taps = {"question": "recommend", "answer": "1", "submission": "the same"}
    assert set(at_once(lambda: any_app.test_client().post(f"/s/{token}", data=taps).status_code)) == {200}
    assert (count(any_app, Response), count(any_app, Answer)) == (1, 1)
    with any_app.app_context():
        number = db.session.scalars(select(Response.id)).one()

    def look() -> bool:
        with any_app.app_context():
            return review(number, clock.now())

    assert sum(at_once(look)) == 1
    assert count(any_app, Case) == 1
    with any_app.app_context():
        run_due(clock.now())
    assert len(received(any_app, world.MANAGER_PHONE)) == 1
