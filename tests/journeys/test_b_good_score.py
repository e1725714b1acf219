"""B. A good score and nothing else: nobody need look at it, so it is seen through in the turn that keeps it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.cases.models import Case
from app.extensions import commit, db
from app.inbox import handle, waiting
from surveys.people.models import Staff
from surveys.responses.models import Response
from tests.conftest import ManualClock
from tests.phones import reply, text_in
from tests.world import CUSTOMER_PHONE as PHONE

Run = Callable[[], int]
REVIEW = "app.review_response"


def read(app: Flask, body: str, clock: ManualClock) -> tuple[bool, bool, bool]:
    """A text comes in and is read, and nothing else runs: due for review, reviewed, and whether a task was made."""
    text_in(app, PHONE, body, clock.now())
    nudges = app.extensions["heed.hurry"]
    nudges.clear()
    with app.app_context():
        handle(waiting(1)[0], now=clock.now())
        commit()
        response = db.session.scalars(select(Response)).one()
        return response.review_due, response.reviewed_at == clock.now(), any(task == REVIEW for task, _ in nudges)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("body", ["9", "7", "10/10"])
def test_a_good_score_is_seen_through_and_no_task_is_made(app: Flask, clock: ManualClock, body: str) -> None:
    assert read(app, body, clock) == (False, True, False)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("body", ["6", "3", "9 but the queue was endless", "it was fine, quick and kind"])
def test_a_low_score_and_any_word_are_looked_at(app: Flask, clock: ManualClock, body: str) -> None:
    assert read(app, body, clock) == (True, False, True)


@pytest.mark.usefixtures("asked")
def test_the_words_that_follow_a_good_score_still_open_a_case(app: Flask, clock: ManualClock, run_due: Run) -> None:
    reply(app, PHONE, "9", clock.now(), run_due)
    clock.advance(minutes=1)
    assert read(app, "Your clerk stole from me, I am calling the police and closing my account", clock) == (
        True,
        False,
        True,
    )
    run_due()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Case)) == 1


@pytest.mark.usefixtures("asked")
def test_a_score_put_right_downwards_is_looked_at(app: Flask, clock: ManualClock, run_due: Run) -> None:
    reply(app, PHONE, "9", clock.now(), run_due)
    clock.advance(minutes=1)
    assert read(app, "sorry, I meant 1", clock) == (True, False, True)
    run_due()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Case)) == 1


@pytest.mark.usefixtures("asked")
def test_a_good_score_from_a_telephone_of_staff_is_looked_at_and_noted(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    with app.app_context():
        person = db.session.scalars(select(Staff).limit(1)).one()
        person.phone, person.phone_index, person.phone_verified_at = PHONE, PHONE, None
        commit()
    assert read(app, "9", clock) == (True, False, True)
    run_due()
    with app.app_context():
        assert db.session.scalars(select(Response.doubts)).one() == ["staff_phone"]


@pytest.mark.usefixtures("asked")
def test_good_scores_are_looked_at_where_one_of_them_came_from_a_device(
    app: Flask, clock: ManualClock, link: str
) -> None:
    app.test_client().post(link, data={"question": "recommend", "answer": "8"})
    assert read(app, "sorry, I meant 9", clock) == (True, False, True)
