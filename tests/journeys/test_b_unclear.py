"""B, what is not clear: no word is lost, talk of stopping is asked about once, and the number may come after all."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.cases.models import Case
from app.extensions import db
from surveys.invitations.models import Invitation
from surveys.responses.models import FreeText, Response
from tests import world
from tests.conftest import ManualClock
from tests.journeys.test_b_odd_replies import cases, free_texts, outcomes
from tests.journeys.test_b_sms_reply import answers
from tests.phones import received, reply
from tests.world import CUSTOMER_PHONE as PHONE

Run = Callable[[], int]
SHALL_WE_STOP = "shall we stop these texts? Reply STOP"


def flagged(app: Flask) -> list[str]:
    """The texts that are put before a person as a possible wish to stop."""
    with app.app_context():
        return list(db.session.scalars(select(FreeText.text).where(FreeText.maybe_stop).order_by(FreeText.id)))


@pytest.mark.usefixtures("asked")
def test_a_complaint_without_a_number_reaches_the_manager_though_the_number_never_comes(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    assert "like 2 or 9" in reply(app, PHONE, "The teller was rude and lost my card", clock.now(), run_due)
    assert answers(app) == {"why": "The teller was rude and lost my card"}
    with app.app_context():
        assert db.session.scalars(select(Case.words)).one() == "The teller was rude and lost my card"
    assert any("The teller was rude" in text for text in received(app, world.MANAGER_PHONE))


@pytest.mark.usefixtures("asked")
def test_whoever_told_the_reason_first_is_not_asked_for_it_again(app: Flask, clock: ManualClock, run_due: Run) -> None:
    reply(app, PHONE, "The teller was rude and lost my card", clock.now(), run_due)
    assert "May we call you" in reply(app, PHONE, "1", clock.now(), run_due)
    assert answers(app) == {"recommend": 1, "why": "The teller was rude and lost my card"}
    assert cases(app) == 1


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("unclear", [("who knows", "really"), ("", ""), ("\U0001f44d", "\U0001f620")])
def test_the_number_that_comes_after_we_gave_up_is_the_answer(
    app: Flask, clock: ManualClock, run_due: Run, unclear: tuple[str, str]
) -> None:
    for text in unclear:
        last = reply(app, PHONE, text, clock.now(), run_due)
    assert "To give a number after all, reply with it" in last
    reply(app, PHONE, "8", clock.advance(hours=20), run_due)
    assert answers(app)["recommend"] == 8
    with app.app_context():
        assert not db.session.scalars(select(Response.late)).one()


@pytest.mark.usefixtures("asked")
def test_words_without_a_number_after_we_gave_up_are_for_a_person(app: Flask, clock: ManualClock, run_due: Run) -> None:
    for text in ("who knows", "really"):
        reply(app, PHONE, text, clock.now(), run_due)
    assert "a person will read this" in reply(app, PHONE, "when do you open", clock.now(), run_due)
    assert free_texts(app) == ["when do you open"]


@pytest.mark.usefixtures("asked")
def test_a_digit_that_answers_for_the_case_is_no_score(app: Flask, clock: ManualClock, run_due: Run) -> None:
    for text in ("The teller was rude and lost my card", "nobody cares"):
        reply(app, PHONE, text, clock.now(), run_due)
    assert "Reply 1 it is fixed" in reply(app, PHONE, "STATUS", clock.now(), run_due)
    assert "We are glad it is right" in reply(app, PHONE, "1", clock.now(), run_due)
    assert "recommend" not in answers(app)


@pytest.mark.usefixtures("asked")
def test_a_photo_twice_is_not_said_to_be_words(app: Flask, clock: ManualClock, run_due: Run) -> None:
    reply(app, PHONE, "", clock.now(), run_due)
    last = reply(app, PHONE, "", clock.now(), run_due)
    assert "We see words and numbers only" in last and "kept your words" not in last


@pytest.mark.usefixtures("asked")
def test_the_same_reason_twice_is_kept_once(app: Flask, clock: ManualClock, run_due: Run) -> None:
    for _ in range(2):
        reply(app, PHONE, "1 excellent, love it", clock.now(), run_due)
    assert answers(app) == {"recommend": 1, "why": "excellent, love it"}


# ---- talk of stopping -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("asked")
def test_talk_of_stopping_is_asked_about_once_and_put_before_a_person(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    assert SHALL_WE_STOP in reply(app, PHONE, "enough texts already", clock.now(), run_due)
    assert SHALL_WE_STOP not in reply(app, PHONE, "enough texts already", clock.now(), run_due)
    assert "What is the one thing" in reply(app, PHONE, "8", clock.now(), run_due)
    assert flagged(app) == ["enough texts already"] * 2
    assert answers(app) == {"recommend": 8}


@pytest.mark.usefixtures("asked")
def test_who_says_stop_to_that_is_stopped(app: Flask, clock: ManualClock, run_due: Run) -> None:
    reply(app, PHONE, "enough texts already", clock.now(), run_due)
    assert "no more surveys" in reply(app, PHONE, "stop", clock.now(), run_due)
    with app.app_context():
        assert db.session.scalar(select(Invitation.state)) == "refused"


@pytest.mark.usefixtures("asked")
def test_talk_of_stopping_in_the_reason_is_the_reason_and_asked_about_at_the_end(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    reply(app, PHONE, "8", clock.now(), run_due)
    last = reply(app, PHONE, "you send too many texts honestly", clock.now(), run_due)
    assert "Shall we stop these texts?" in last and "you need do nothing" in last
    assert answers(app)["why"] == "you send too many texts honestly"
    assert flagged(app) == ["you send too many texts honestly"]


@pytest.mark.usefixtures("asked")
def test_an_unhappy_customer_is_still_asked_whether_we_may_call(app: Flask, clock: ManualClock, run_due: Run) -> None:
    reply(app, PHONE, "2", clock.now(), run_due)
    said = "you harass me with texts and the teller was rude"
    assert "May we call you" in reply(app, PHONE, said, clock.now(), run_due)
    assert flagged(app) == [said]
    assert "We will not call" in reply(app, PHONE, "3", clock.now(), run_due)


@pytest.mark.usefixtures("asked")
def test_talk_of_stopping_with_nothing_asked_is_asked_about_once_a_month(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    for text in ("9", "nice"):
        reply(app, PHONE, text, clock.now(), run_due)
    said = "do you always text so much, spam is not nice"
    asked = [SHALL_WE_STOP.lower() in reply(app, PHONE, said, clock.now(), run_due).lower() for _ in range(2)]
    assert asked == [True, False]


# ---- what needs no answer -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("text", ["Thanks!", "ok thank you", "谢谢", "好的，谢谢您。"])
def test_thanks_for_our_thanks_are_not_answered(app: Flask, clock: ManualClock, run_due: Run, text: str) -> None:
    for said in ("9", "nice"):
        reply(app, PHONE, said, clock.now(), run_due)
    assert reply(app, PHONE, text, clock.now(), run_due) == ""
    assert (free_texts(app), outcomes(app)[-1]) == ([], "courtesy")
    assert "a person will read this" in reply(app, PHONE, "hello", clock.now(), run_due)
