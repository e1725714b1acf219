"""C, the edges: what the survey page does not take, and what it takes after the end."""

import base64
import re
from collections.abc import Callable
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.cases.models import Case
from app.extensions import commit, db
from notifications import is_opted_out
from surveys.invitations.models import Invitation, InvitationState
from surveys.people.models import Consent, Customer
from surveys.responses.models import Answer, AnswerRevision, Response
from tests import world
from tests.conftest import ManualClock
from tests.journeys.test_c_web_answer import stored
from tests.phones import reply
from tests.world import CUSTOMER_PHONE as PHONE

Run = Callable[[], int]


def state(app: Flask) -> str | None:
    with app.app_context():
        return db.session.scalar(select(Invitation.state))


def set_state(app: Flask, to: InvitationState, clock: ManualClock) -> None:
    with app.app_context():
        invitation = db.session.scalars(select(Invitation)).one()
        invitation.state, invitation.closed_at = to, clock.now()
        commit()


# ---- what is no answer ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["0011", "9" * 5000, "000" + "9" * 5000, "011", "1.0", "+9", " 9 9", "٣", "9\n\n8"])
def test_a_number_is_one_or_two_digits_and_nothing_else(
    app: Flask, client: FlaskClient, link: str, written: str
) -> None:
    page = client.get(link, query_string={"a": written})
    assert page.status_code == 200
    assert "You chose" not in page.text
    page = client.post(link, data={"question": "recommend", "answer": written})
    assert page.status_code == 422
    assert "Please choose one of the numbers." in page.text
    assert stored(app) == {}


def test_a_text_too_long_is_said_to_be_so_and_stays_in_the_box(app: Flask, client: FlaskClient, link: str) -> None:
    client.post(link, data={"question": "recommend", "answer": "3"})
    words = "It was dreadful. " * 500
    page = client.post(link, data={"question": "why", "answer": words})
    assert page.status_code == 422
    assert "your words are still in the box" in page.text
    assert words in page.text
    assert stored(app) == {"recommend": 3}
    assert client.post(link, data={"question": "why", "answer": words[:7900]}).status_code == 200
    assert str(stored(app)["why"]).startswith("It was dreadful.")


def test_words_with_a_nul_are_kept_without_it(app: Flask, client: FlaskClient, link: str) -> None:
    assert client.post(link, data={"question": "why", "answer": "so \0slow"}).status_code == 200
    assert stored(app) == {"why": "so slow"}


def test_a_question_the_answers_do_not_lead_to_takes_no_answer(app: Flask, client: FlaskClient, link: str) -> None:
    page = client.post(link, data={"question": "call", "answer": "today"})
    assert page.status_code == 409
    assert "How likely are you to recommend" in page.text
    client.post(link, data={"question": "recommend", "answer": "10"})
    assert client.post(link, data={"question": "call", "answer": "today"}).status_code == 409
    assert stored(app) == {"recommend": 10}


# ---- after the end --------------------------------------------------------------------------------------------------


def test_after_the_end_what_was_given_stands_and_one_comment_may_be_added(
    app: Flask, client: FlaskClient, link: str, clock: ManualClock, run_due: Run
) -> None:
    client.post(link, data={"question": "recommend", "answer": "9"})
    clock.advance(days=8)
    run_due()
    assert client.post(link, data={"question": "recommend", "answer": "0"}).status_code == 409
    assert client.post(link, data={"question": "why", "answer": "Still waiting for the card"}).status_code == 200
    assert client.post(link, data={"question": "why", "answer": "No, all is well"}).status_code == 409
    assert stored(app) == {"recommend": 9, "why": "Still waiting for the card"}
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AnswerRevision)) == 0
        comment = db.session.scalars(select(Answer).where(Answer.question_key == "why")).one()
        assert comment.at == clock.now()
        assert comment.label is None, "not read yet"
    run_due()
    with app.app_context():
        assert db.session.scalars(select(Response)).one().review_due is False


def test_until_the_end_the_last_answer_holds(app: Flask, client: FlaskClient, link: str, clock: ManualClock) -> None:
    client.post(link, data={"question": "recommend", "answer": "9"})
    clock.advance(days=6, hours=23)
    assert client.post(link, data={"question": "recommend", "answer": "2"}).status_code == 200
    assert stored(app) == {"recommend": 2}
    with app.app_context():
        assert db.session.scalars(select(Response.late)).one() is False


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        (InvitationState.CANCELLED, "This survey closed on 20 Nov"),
        (InvitationState.REFUSED, "You asked us to stop. We ask nothing more."),
    ],
)
def test_a_survey_that_was_replaced_or_refused_takes_a_comment_and_changes_nothing(
    app: Flask, client: FlaskClient, link: str, clock: ManualClock, ended: InvitationState, told: str
) -> None:
    client.post(link, data={"question": "recommend", "answer": "9"})
    set_state(app, ended, clock)
    page = client.get(f"{link}?change=recommend")
    assert told in page.text
    assert client.post(link, data={"question": "recommend", "answer": "0"}).status_code == 409
    assert client.post(link, data={"question": "why", "answer": "Nobody called"}).status_code == 200
    assert stored(app) == {"recommend": 9, "why": "Nobody called"}
    assert state(app) == ended


# ---- stopping -------------------------------------------------------------------------------------------------------


def test_stopping_on_the_page_stops_the_phone_that_was_asked_and_the_one_they_have_now(
    app: Flask, client: FlaskClient, link: str, clock: ManualClock
) -> None:
    new = "+15005551777"
    with app.app_context():
        world.served(clock.now(), ref="T-2", phone=new)
        commit()
    client.post(f"{link}/stop")
    with app.app_context():
        assert is_opted_out(PHONE)
        assert is_opted_out(new)


def test_the_button_tapped_again_writes_no_second_line(app: Flask, client: FlaskClient, link: str) -> None:
    def lines() -> int:
        with app.app_context():
            return db.session.scalar(select(func.count()).select_from(Consent).where(Consent.granted.is_(False))) or 0

    for _ in range(3):
        assert client.post(f"{link}/stop").status_code == 200
    assert lines() == 1


def test_who_came_back_by_text_and_stops_again_is_written_down_again(
    app: Flask, client: FlaskClient, link: str, clock: ManualClock, run_due: Run
) -> None:
    client.post(f"{link}/stop")
    assert "welcome back" in reply(app, PHONE, "START", clock.advance(minutes=1), run_due)
    client.post(f"{link}/stop")
    with app.app_context():
        customer = db.session.scalars(select(Customer.id)).one()
        said = select(Consent.granted).where(Consent.customer_id == customer, Consent.source == "customer")
        assert list(db.session.scalars(said.order_by(Consent.id))) == [False, True, False]
        assert is_opted_out(PHONE)


def test_the_first_page_is_small_and_sets_nothing(app: Flask, client: FlaskClient, link: str) -> None:
    for path in (link, f"{link}?a=3", f"{link}/stop", "/privacy", f"{link}?lang=zh-Hans"):
        page = client.get(path)
        assert len(page.data) <= 14_000, path
        assert "Set-Cookie" not in page.headers
        scripts = re.findall(r"<script>(.*?)</script>", page.text)
        for script in scripts:
            assert len(script.encode()) <= 2048
            assert (
                base64.b64encode(sha256(script.encode()).digest()).decode() in page.headers["Content-Security-Policy"]
            )
        assert page.text.count("<script") == len(scripts) == (path != "/privacy")


def test_a_link_ends_thirty_days_after_its_case_was_closed_and_shows_nothing_of_it(
    app: Flask, client: FlaskClient, link: str, clock: ManualClock, run_due: Run
) -> None:
    client.post(link, data={"question": "recommend", "answer": "1", "submission": "a"})
    client.post(link, data={"question": "why", "answer": "Nobody came to the counter", "submission": "b"})
    run_due()
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        case.state, case.closed_at, case.next_check_at = "closed", clock.advance(days=9), None
        commit()
    clock.advance(days=29)
    assert client.get(link).status_code == 200
    clock.advance(days=1)
    page = client.get(link)
    assert page.status_code == 410
    assert "This link has ended" in page.text and "Nobody came" not in page.text
    assert "這個連結" in client.get(f"{link}?lang=zh-Hant").text
    before = stored(app)
    late = client.post(link, data={"question": "why", "answer": "Still nobody", "submission": "c"})
    assert late.status_code == 410 and stored(app) == before


# ---- the case of an answer that was never finished ------------------------------------------------------------------


def test_who_left_the_last_question_open_sees_their_case_when_the_survey_is_over(
    app: Flask, client: FlaskClient, clock: ManualClock, run_due: Run, link: str
) -> None:
    for said in ("2", "Nobody came to the counter"):
        reply(app, PHONE, said, clock.now(), run_due)
    clock.advance(days=8)
    run_due()
    page = client.get(f"{link}?lang=en").text
    assert "You told us" in page and "We call you" in page and "Nobody came to the counter" in page
    assert "This survey" not in page


def test_who_gave_a_number_alone_sees_their_case_and_may_still_say_why(
    app: Flask, client: FlaskClient, clock: ManualClock, run_due: Run, link: str
) -> None:
    reply(app, PHONE, "2", clock.now(), run_due)
    clock.advance(days=8)
    run_due()
    page = client.get(f"{link}?lang=en").text
    assert "You told us" in page and "What should we know?" in page
    page = client.post(link, data={"question": "why", "answer": "The card never came", "lang": "en"}).text
    assert "The card never came" in page and "What should we know?" not in page
    run_due()
    with app.app_context():
        assert "The card never came" in (db.session.scalars(select(Case)).one().words or "")


def test_a_high_score_with_words_that_opened_a_case_shows_it_too(
    app: Flask, client: FlaskClient, clock: ManualClock, run_due: Run, link: str
) -> None:
    for said in ("9", "Your teller stole money from my account"):
        reply(app, PHONE, said, clock.now(), run_due)
    page = client.get(f"{link}?lang=en").text
    assert "You told us" in page and "We will not ask you again" not in page
