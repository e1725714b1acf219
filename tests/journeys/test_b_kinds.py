"""B. Yes or no, several choices, a call at a time of one's own, words followed up by how they feel: all by SMS."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.cases.models import Case
from app.console.case_words import line
from app.extensions import db
from surveys.people.models import Customer
from surveys.questionnaires.service import library
from surveys.responses.models import FreeText
from tests.conftest import ManualClock
from tests.journeys.asking import asked_by, kept
from tests.phones import received, reply
from tests.surveys.questionnaires.forms import choices, form, question, words
from tests.world import CUSTOMER_PHONE as PHONE
from tests.world import MANAGER_PHONE

CALL = question("call", "callback", "May we call you?", "可以给您打电话吗？")


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("1", "yes"),
        ("2", "no"),
        ("YES", "yes"),
        ("No.", "no"),
        ("没有", "no"),
        ("是的", "yes"),
        ("不要", "no"),
        ("N", "no"),
    ],
)
def test_yes_and_no_are_digits_and_also_words_where_they_are_asked_for(
    app: Flask, clock: ManualClock, run_due: Callable[[], int], said: str, stored: str
) -> None:
    data = form(question("fixed", "yes_no", "Is it mended?", "修好了吗？"), question("why", "text"))
    asked_by(app, data, clock.now(), run_due)
    assert received(app, PHONE)[-1] == "Harbour Bank: Is it mended? Reply 1 Yes, 2 No. STOP to end"
    assert reply(app, PHONE, said, clock.now(), run_due).startswith("Harbour Bank: How was it?")
    assert kept(app)["fixed"].choice == stored
    with app.app_context():
        assert db.session.scalars(select(FreeText)).all() == []  # an answer alone is nothing a person must read


@pytest.mark.parametrize("word", ["END", "cancel", "T"])
def test_a_word_of_the_carrier_is_no_answer_to_yes_or_no(
    app: Flask, clock: ManualClock, run_due: Callable[[], int], word: str
) -> None:
    asked_by(app, form(question("fixed", "yes_no")), clock.now(), run_due)
    assert "no more surveys" in reply(app, PHONE, word, clock.now(), run_due)
    assert kept(app) == {}


def test_several_choices_are_several_digits_and_lead_on_by_any_of_them(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    data = form(
        question("used", "choices", "What did you use?", choices=choices("app", "desk", "phone")),
        question("ease", "ces", "How easy was {answer.used}?", when=[{"question": "used", "choices": ["app"]}]),
    )
    asked_by(app, data, clock.now(), run_due)
    assert "1 The app, 2 The desk, 3 The phone" in received(app, PHONE)[-1]
    assert "numbers that apply" in reply(app, PHONE, "this and that", clock.now(), run_due)
    assert "How easy was The app, The phone?" in reply(app, PHONE, "1,3", clock.now(), run_due)
    assert kept(app)["used"].choices == ["app", "phone"]


def test_a_time_of_their_own_is_kept_promised_and_told_to_the_manager(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    asked_by(app, form(question("score", "nps"), CALL), clock.now(), run_due)
    assert "or a time like tomorrow after 3" in reply(app, PHONE, "2", clock.now(), run_due)
    last = reply(app, PHONE, "today, 3 to 4 pm", clock.now(), run_due)
    assert "The manager of Central will call you before 16:00" in last
    run_due()
    stored = kept(app)["call"]
    assert (stored.choice, stored.text) == ("today", "today, 3 to 4 pm")
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert case.call_choice == "today"
    assert any("today, 3 to 4 pm" in text for text in received(app, MANAGER_PHONE))


@pytest.mark.parametrize("said", ["Monday at 10", "周一上午十点"])
def test_a_later_day_in_words_is_promised_and_shown_to_the_manager_as_a_window(
    app: Flask, clock: ManualClock, run_due: Callable[[], int], said: str
) -> None:
    asked_by(app, form(question("score", "nps"), CALL), clock.now(), run_due)
    reply(app, PHONE, "2", clock.now(), run_due)
    assert "11:00" in reply(app, PHONE, said, clock.now(), run_due)
    run_due()
    with app.app_context(), app.test_request_context():
        case = db.session.scalars(select(Case)).one()
        assert case.promised_by == datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # Monday, 11:00 in Shanghai
        asked = next(event for event in case.history if event.kind == "call_choice")
        shown = line(asked, reader=None, zone="Asia/Shanghai", now=clock.now())
        assert shown == "They asked to be called between Mon 10:00 and 11:00."
    assert any(said in text for text in received(app, MANAGER_PHONE))


def test_a_content_customer_who_asks_for_a_call_is_called(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    asked_by(app, form(question("score", "nps"), CALL), clock.now(), run_due)
    reply(app, PHONE, "10", clock.now(), run_due)
    assert "will call you before 17:00" in reply(app, PHONE, "1", clock.now(), run_due)
    with app.app_context():
        assert db.session.scalars(select(Case)).one().reasons == ["call_request"]


def test_no_call_is_no_case_for_a_content_customer(app: Flask, clock: ManualClock, run_due: Callable[[], int]) -> None:
    asked_by(app, form(question("score", "nps"), CALL), clock.now(), run_due)
    reply(app, PHONE, "10", clock.now(), run_due)
    assert "Your answer goes to the people" in reply(app, PHONE, "please don't call me", clock.now(), run_due)
    with app.app_context():
        assert db.session.scalars(select(Case)).all() == []


@pytest.mark.parametrize(
    ("said", "follow_up", "feeling"),
    [
        ("I waited an hour and nobody cared, terrible", "What should we mend first?", "negative"),
        ("everybody was wonderful, thank you", "Whom may we thank?", "positive"),
        ("I was there on Tuesday", "What else?", "neutral"),
    ],
)
def test_the_feeling_of_the_words_just_given_chooses_what_is_asked_next(
    app: Flask, clock: ManualClock, run_due: Callable[[], int], said: str, follow_up: str, feeling: str
) -> None:
    more = {
        "key": "more",
        "kind": "text",
        "by": "how",
        "text": {
            "low": words("What should we mend first?", "先改哪里？"),
            "mid": words("What else?", "还有呢？"),
            "high": words("Whom may we thank?", "该谢谢谁？"),
        },
    }
    asked_by(app, form(question("how", "text", "How was it?"), more), clock.now(), run_due)
    assert follow_up in reply(app, PHONE, said, clock.now(), run_due)
    assert kept(app)["how"].feeling == feeling


def test_somebody_who_reads_traditional_is_written_to_in_it_and_may_choose_it(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    asked_by(app, library()["branch_visit"], clock.now(), run_due, language="zh-Hans")
    assert "推荐给朋友" in received(app, PHONE)[-1]
    assert "推薦給朋友" in reply(app, PHONE, "繁體", clock.now(), run_due)
    assert "是哪裡沒做好" in reply(app, PHONE, "給3分", clock.now(), run_due)
    with app.app_context():
        assert db.session.scalars(select(Customer)).one().language == "zh-Hant"
    reply(app, PHONE, "等太久了", clock.now(), run_due)
    assert "不打電話" in reply(app, PHONE, "不用打電話", clock.now(), run_due)


def test_traditional_falls_back_where_a_questionnaire_lacks_it(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    asked_by(app, form(question("score", "csat", "How?", "满意吗？")), clock.now(), run_due, language="zh-Hant")
    assert received(app, PHONE)[-1] == "【海港銀行】满意吗？请回复1到5的数字。拒收请回复R"


def test_a_question_that_may_be_passed_over_is(app: Flask, clock: ManualClock, run_due: Callable[[], int]) -> None:
    data = form(question("score", "csat", optional=True), question("why", "text", "Why?"))
    asked_by(app, data, clock.now(), run_due)
    assert "Why?" in reply(app, PHONE, "skip", clock.now(), run_due)
    assert kept(app)["score"].skipped
