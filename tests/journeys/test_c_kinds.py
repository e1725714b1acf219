"""C. The same kinds on the web page, in three languages; old answers after a new version."""

from collections.abc import Callable
from copy import deepcopy

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.cases.models import Case
from app.extensions import commit, db
from surveys.questionnaires.service import definition_of, library, publish
from surveys.responses.kept import given_answers
from surveys.responses.models import AnswerRevision, Response
from tests.conftest import ManualClock
from tests.journeys.asking import asked_by, kept
from tests.surveys.questionnaires.forms import choices, form, question


def test_several_boxes_are_ticked_changed_and_what_stood_before_is_kept(
    app: Flask, client: FlaskClient, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    data = form(
        question("used", "choices", "What did you use?", choices=choices("app", "desk", "phone")),
        question("why", "text"),
    )
    link = asked_by(app, data, clock.now(), run_due)
    page = client.get(link).text
    assert page.count('type="checkbox"') == 3
    none = client.post(link, data={"question": "used"})
    assert none.status_code == 422
    assert "at least one" in none.text
    assert client.post(link, data={"question": "used", "answer": ["phone", "app", "ghost"]}).status_code == 200
    assert kept(app)["used"].choices == ["app", "phone"]
    changed = client.get(f"{link}?change=used").text
    assert changed.count(" checked") == 2
    client.post(link, data={"question": "used", "answer": "desk"})
    assert kept(app)["used"].choices == ["desk"]
    with app.app_context():
        assert db.session.scalars(select(AnswerRevision)).one().choices == ["app", "phone"]


def test_a_call_is_asked_for_with_a_time_on_the_page(
    app: Flask, client: FlaskClient, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    data = form(question("again", "yes_no", "Would you come again?"), question("call", "callback", "May we call you?"))
    link = asked_by(app, data, clock.now(), run_due)
    assert "May we call you?" in client.post(link, data={"question": "again", "answer": "no"}).text
    assert client.post(link, data={"question": "call", "answer": "tomorrow", "time": "x" * 200}).status_code == 422
    client.post(link, data={"question": "call", "answer": "tomorrow", "time": "after 3 pm"})
    run_due()
    assert (kept(app)["call"].choice, kept(app)["call"].text) == ("tomorrow", "after 3 pm")
    with app.app_context():
        assert db.session.scalars(select(Case)).one().call_choice == "tomorrow"


def test_the_feeling_is_known_on_the_page_without_the_workers_scorer(
    app: Flask, client: FlaskClient, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    data = form(
        question("how", "text"), question("call", "callback", when=[{"question": "how", "feelings": ["negative"]}])
    )
    link = asked_by(app, data, clock.now(), run_due)
    page = client.post(link, data={"question": "how", "answer": "等太久了，态度很差，非常失望"})
    assert 'value="tomorrow"' in page.text
    assert kept(app)["how"].feeling == "negative"
    client.post(link, data={"question": "how", "answer": "大家都很热情，非常满意"})
    assert kept(app)["how"].feeling == "positive"


@pytest.mark.parametrize(
    ("language", "heading", "other"),
    [("zh-Hant", "推薦給朋友", "简体"), ("zh-Hans", "推荐给朋友", "繁體"), ("en", "to a friend?", "繁體")],
)
def test_the_page_speaks_the_customers_language_and_offers_the_others(
    app: Flask,
    client: FlaskClient,
    clock: ManualClock,
    run_due: Callable[[], int],
    language: str,
    heading: str,
    other: str,
) -> None:
    link = asked_by(app, library()["branch_visit"], clock.now(), run_due, language=language)
    page = client.get(link).text.replace("<wbr>", "")
    assert f'<html lang="{language}">' in page
    assert heading in page
    assert f">{other}</a>" in page
    assert len(page) < 14_000
    assert "推薦給朋友" in client.get(f"{link}?lang=zh-Hant").text.replace("<wbr>", "")


def test_answers_to_an_old_version_stay_with_their_questions_when_a_new_one_is_reworded_and_reordered(
    app: Flask, client: FlaskClient, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    first = form(question("score", "nps", "How likely?"), question("fast", "yes_no", "Was it fast?"))
    link = asked_by(app, first, clock.now(), run_due)
    client.post(link, data={"question": "score", "answer": "9"})
    second = deepcopy(first) | {"key": "branch_visit"}
    second["questions"] = [second["questions"][1], second["questions"][0]]
    second["questions"][1]["text"]["en"] = "All in all, how likely?"
    with app.app_context():
        publish(second, now=clock.now())
        commit()
    assert "Was it fast?" in client.get(link).text  # an invitation is bound to its version
    client.post(link, data={"question": "fast", "answer": "yes"})
    with app.app_context():
        response = db.session.scalars(select(Response)).one()
        definition, given = definition_of(response.invitation.version), given_answers(response)
        assert definition.first.text[""]["en"] == "How likely?"
        assert (given["score"].value, given["fast"].choice, response.nps) == (9, "yes", 9)
