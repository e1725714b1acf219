"""One response whole, whatever was asked; also after the next version was published."""

import re
from collections.abc import Callable
from copy import deepcopy

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db
from surveys.questionnaires.models import SurveyVersion
from surveys.questionnaires.service import publish
from surveys.responses.models import Response
from tests import world
from tests.app.console.office import sign_in
from tests.conftest import ManualClock
from tests.phones import reply
from tests.surveys.questionnaires.forms import choices, form, question
from tests.world import CUSTOMER_PHONE as PHONE

FIRST = form(
    question("score", "nps", "How likely?"),
    question("used", "choices", "What did you use at {branch}?", choices=choices("app", "desk", "phone")),
    question("call", "callback", "May we call you?"),
    key="branch_visit",
)


@pytest.fixture
def answered(house: Flask, clock: ManualClock, run_due: Callable[[], int]) -> int:
    """Clara answered the first version; the id of her response."""
    with house.app_context():
        assert isinstance(publish(FIRST, now=clock.now()), SurveyVersion)
        world.served(clock.now())
        commit()
    run_due()
    for said in ("2", "1 3", "tomorrow after 3"):
        reply(house, PHONE, said, clock.now(), run_due)
    with house.app_context():
        return int(db.session.scalars(select(Response)).one().id)


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_what_was_chosen_is_told_in_words(house: Flask, answered: int) -> None:
    page = plain(sign_in(house, "manager").get(f"/console/answers/{answered}").text)
    assert "What did you use at Central? The app, The phone" in page
    assert "May we call you? Tomorrow: tomorrow after 3" in page


def test_a_reordered_and_reworded_version_leaves_old_answers_with_what_was_asked(
    house: Flask, clock: ManualClock, answered: int
) -> None:
    second = deepcopy(FIRST)
    second["questions"] = [second["questions"][2], second["questions"][0]]
    second["questions"][1]["text"]["en"] = "All in all, how likely?"
    with house.app_context():
        assert isinstance(publish(second, now=clock.now()), SurveyVersion)
        commit()
    client = sign_in(house, "manager")
    page = plain(client.get(f"/console/answers/{answered}").text)
    assert "How likely? 2 of 10" in page
    assert "All in all" not in page
    assert "What did you use at Central? The app, The phone" in page
    assert "1 answer" in client.get("/console/answers").text
