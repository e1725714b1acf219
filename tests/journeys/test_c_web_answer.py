"""C. The survey on the web: one question a page, saved as answered, no script, no cookies."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from surveys.invitations.models import Invitation
from surveys.invitations.tokens import token_of
from surveys.responses.models import AnswerRevision, Response
from tests import world
from tests.app.cases.unhappy import served
from tests.conftest import ManualClock
from tests.phones import received, reply
from tests.world import CUSTOMER_PHONE as PHONE


def stored(app: Flask) -> dict[str, object]:
    with app.app_context():
        response = db.session.scalar(select(Response))
        answers = response.answers if response else []
        return {a.question_key: a.value if a.value is not None else a.choice or a.text for a in answers}


def test_the_link_in_the_text_opens_the_first_question_and_records_nothing(
    app: Flask, client: FlaskClient, link: str
) -> None:
    assert link in received(app, PHONE)[0]
    page = client.get(link)
    assert page.status_code == 200
    assert "How likely are you to recommend Harbour Bank to a friend?" in page.text
    assert "Set-Cookie" not in page.headers
    assert len(page.data) < 14_000
    assert stored(app) == {}


def test_three_taps_and_the_customer_is_told_what_happens_next(app: Flask, client: FlaskClient, link: str) -> None:
    second = client.post(link, data={"question": "recommend", "answer": "3"})
    assert second.status_code == 200
    assert "We are sorry. What went wrong?" in second.text
    assert stored(app) == {"recommend": 3}
    third = client.post(link, data={"question": "why", "answer": "The counter closed in front of me"})
    assert "May the branch manager call you?" in third.text
    last = client.post(link, data={"question": "call", "answer": "today"})
    assert "The counter closed in front of me" in last.text
    assert stored(app) == {"recommend": 3, "why": "The counter closed in front of me", "call": "today"}
    assert "Set-Cookie" not in last.headers
    with app.app_context():
        assert db.session.scalar(select(Invitation.state)) == "completed"


def test_a_link_that_carries_an_answer_preselects_it_and_only_the_button_records(
    app: Flask, client: FlaskClient, link: str
) -> None:
    page = client.get(f"{link}?a=3")
    assert "You chose 3 out of 10. Is that right?" in page.text
    assert stored(app) == {}


def test_an_answer_can_be_changed_and_what_stood_before_is_kept(app: Flask, client: FlaskClient, link: str) -> None:
    client.post(link, data={"question": "recommend", "answer": "3", "submission": "a"})
    client.post(link, data={"question": "recommend", "answer": "3", "submission": "a"})
    page = client.get(f"{link}?change=recommend")
    assert re.search(r'value="3" aria-current="true"', page.text)
    client.post(link, data={"question": "recommend", "answer": "8", "submission": "b"})
    assert stored(app) == {"recommend": 8}
    with app.app_context():
        assert [r.value for r in db.session.scalars(select(AnswerRevision))] == [3]


def test_what_is_begun_by_text_can_be_finished_on_the_web_and_back(
    app: Flask, client: FlaskClient, link: str, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    reply(app, PHONE, "2", clock.now(), run_due)
    assert "What went wrong?" in client.get(link).text
    client.post(link, data={"question": "why", "answer": "Nobody helped"})
    assert "We will not call" in reply(app, PHONE, "3", clock.now(), run_due)
    assert stored(app) == {"recommend": 2, "why": "Nobody helped", "call": "none"}


@pytest.mark.parametrize("wrong", ["11", "-1", "abc", "", "９"])
def test_a_wrong_number_is_asked_for_again_in_words(client: FlaskClient, app: Flask, link: str, wrong: str) -> None:
    page = client.post(link, data={"question": "recommend", "answer": wrong})
    assert page.status_code == 422
    assert "Please choose one of the numbers." in page.text
    assert stored(app) == {}


def test_an_expired_survey_says_when_it_closed_and_still_takes_words(
    app: Flask, client: FlaskClient, link: str, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    clock.advance(days=8)
    run_due()
    page = client.get(link)
    assert page.status_code == 200
    assert "This survey closed on 27 Nov" in page.text
    thanks = client.post(link, data={"question": "why", "answer": "It is still not fixed"})
    assert "it is not too late for us" in thanks.text
    with app.app_context():
        assert db.session.scalar(select(Response.late)) is True


@pytest.mark.parametrize(
    ("language", "to_branch", "to_own", "to_whoever"),
    [
        ("en", "Send to the branch manager", "Send to your account manager", "Send to the manager"),
        ("zh-Hans", "发给支行行长", "发给客户经理", "发给负责人"),
        ("zh-HK", "發給分行經理", "發給客戶經理", "發給負責人"),
    ],
)
@pytest.mark.parametrize("owner", ["S-17", ""])
def test_the_button_names_who_gets_the_words(
    app: Flask,
    client: FlaskClient,
    clock: ManualClock,
    run_due: Callable[[], int],
    language: str,
    to_branch: str,
    to_own: str,
    to_whoever: str,
    owner: str,
) -> None:
    served(app, clock, language=language, **({"owner": owner} if owner else {}))
    with app.app_context():
        link = f"/s/{token_of(db.session.scalars(select(Invitation)).one())}"
    asked = client.post(link, data={"question": "recommend", "answer": "3"}).text
    run_due()
    clock.advance(days=8)
    run_due()
    late = client.get(link).text
    for page, button in ((asked, to_own if owner else to_branch), (late, to_whoever)):
        assert re.findall(r'<button class="go">(.*)</button>', page) == [button]


@pytest.mark.parametrize(
    ("owner", "holder"), [("S-17", "Your account manager reads"), ("", "The manager of Central reads")]
)
def test_the_last_page_names_who_reads_it_before_anybody_has_it(
    app: Flask, client: FlaskClient, clock: ManualClock, owner: str, holder: str
) -> None:
    served(app, clock, **({"owner": owner} if owner else {}))
    with app.app_context():
        link = f"/s/{token_of(db.session.scalars(select(Invitation)).one())}"
    client.post(link, data={"question": "recommend", "answer": "3"})
    client.post(link, data={"question": "why", "skip": "1"})
    assert (
        f"{holder} your answer and acts on it." in client.post(link, data={"question": "call", "answer": "none"}).text
    )


def test_an_unknown_link_is_404_and_many_of_them_429(client: FlaskClient, link: str) -> None:
    for _ in range(20):
        assert client.get("/s/AAAAAAAAAAAAA").status_code == 404
    many = client.get("/s/AAAAAAAAAAAAA")
    assert many.status_code == 429
    assert many.headers["Retry-After"] == "60"
    assert client.get(link).status_code == 200


def test_the_page_speaks_chinese_and_remembers_it(app: Flask, client: FlaskClient, link: str) -> None:
    page = client.get(f"{link}?lang=zh-Hans")
    assert '<html lang="zh-Hans">' in page.text
    assert "<wbr>推荐给朋友" in page.text
    second = client.post(link, data={"question": "recommend", "answer": "10", "lang": "zh-Hans"})
    assert "该谢谢谁" in second.text
    assert "该谢谢谁" in client.get(link).text


def test_opening_the_stop_link_stops_nothing_and_the_button_does(
    app: Flask, client: FlaskClient, link: str, clock: ManualClock
) -> None:
    assert "Shall we stop asking you?" in client.get(f"{link}/stop").text
    with app.app_context():
        assert db.session.scalar(select(Invitation.state)) == "sent"
    client.post(f"{link}/stop")
    with app.app_context():
        assert db.session.scalar(select(Invitation.state)) == "refused"
        assert world.served(clock.advance(days=200), ref="T-9").event.decision == "skipped"
        assert db.session.scalar(select(func.count()).select_from(Response)) == 0
    page = client.get(link)
    assert page.status_code == 200
    assert "You asked us to stop. We ask nothing more." in page.text
    assert f"{link}/stop" not in page.text, "they need not ask a second time"
    assert "If something is still not right, tell us here" in page.text
