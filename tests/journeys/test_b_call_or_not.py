"""B, who wants no call is promised none, and whoever really has the case is the one that is named."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db
from surveys.people.models import Absence, Staff
from tests.app.cases.unhappy import served
from tests.conftest import ManualClock
from tests.journeys.test_b_next_step import case, told_off
from tests.phones import mails, received, reply
from tests.world import CUSTOMER_PHONE as PHONE
from tests.world import DEPUTY_PHONE, MANAGER_PHONE, OWNER_PHONE, REGION_PHONE

Run = Callable[[], int]
NO_CALL = {"en": "We will not call", "zh-Hans": "我们不打电话", "zh-HK": "我們不打電話"}


def closed(app: Flask, clock: ManualClock, run_due: Run, *, language: str, no: str) -> None:
    """They wanted no call, and the manager closed the case."""
    told_off(app, clock, run_due, language=language)
    assert NO_CALL[language] in reply(app, PHONE, no, clock.now(), run_due)
    reply(app, MANAGER_PHONE, f"DONE {case(app).code} 2", clock.advance(minutes=30), run_due)


@pytest.mark.parametrize(
    ("language", "no", "back"),
    [
        ("en", "please don't call me", "still not fixed"),
        ("zh-Hans", "不用打", "还是没解决"),
        ("zh-HK", "唔好打", "未解決"),
    ],
)
def test_a_case_that_comes_back_promises_no_call_to_who_wants_none(
    app: Flask, clock: ManualClock, run_due: Run, language: str, no: str, back: str
) -> None:
    closed(app, clock, run_due, language=language, no=no)
    said = reply(app, PHONE, back, clock.advance(minutes=5), run_due)
    assert NO_CALL[language] in said, said
    assert ("27 Nov" if language == "en" else "11月27日") in said
    assert (case(app).state, case(app).call_choice) == ("reopened", "none")
    alert = received(app, MANAGER_PHONE)[-1]
    assert "Open again, no call, fix by 27 Nov." in alert
    assert "no call, fix by" in mails(app, "s-10@harbour.example")[-1].subject


def test_a_no_to_whether_it_is_put_right_promises_no_call_to_who_wants_none(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    closed(app, clock, run_due, language="en", no="3")
    clock.advance(days=2, hours=1)
    run_due()
    said = reply(app, PHONE, "3", clock.now(), run_due)
    assert "now with the regional manager. We will not call, and text you by" in said
    assert "短信答复" in received(app, REGION_PHONE)[-1]


def test_the_digit_that_says_not_fixed_leaves_the_choice(app: Flask, clock: ManualClock, run_due: Run) -> None:
    told_off(app, clock, run_due)
    for said in ("3", "STATUS"):
        reply(app, PHONE, said, clock.advance(minutes=1), run_due)
    assert "call" not in reply(app, PHONE, "2", clock.advance(minutes=1), run_due)
    assert "says it is not fixed and wants no call. Put it right by" in received(app, MANAGER_PHONE)[-1]


def test_nobody_is_reminded_of_a_call_that_is_not_wanted(app: Flask, clock: ManualClock, run_due: Run) -> None:
    told_off(app, clock, run_due)
    reply(app, PHONE, "3", clock.now(), run_due)
    for _ in range(8):
        clock.advance(hours=12)
        run_due()
    after = [*received(app, MANAGER_PHONE)[2:], *received(app, DEPUTY_PHONE)]
    assert any("no answer by" in text for text in after)
    assert not any("Call by" in text or "call by" in text or "still call" in text for text in after), after


@pytest.mark.parametrize(
    ("state", "asks"), [("open", "please call me after all"), ("closed", "it is not right, please call me")]
)
def test_who_asks_for_a_call_after_all_is_called(
    app: Flask, clock: ManualClock, run_due: Run, state: str, asks: str
) -> None:
    if state == "open":
        told_off(app, clock, run_due)
        reply(app, PHONE, "3", clock.now(), run_due)
    else:
        closed(app, clock, run_due, language="en", no="3")
    said = reply(app, PHONE, asks, clock.advance(minutes=5), run_due)
    assert "call" in said and "before 17:00" in said and "not call" not in said
    assert case(app).call_choice == "today"
    told = received(app, MANAGER_PHONE)[-2:]
    assert any("call by 17:00" in text or "called by 17:00" in text for text in told), told


def up_to_the_region(app: Flask, clock: ManualClock, run_due: Run) -> None:
    for _ in range(11):
        clock.advance(hours=12)
        run_due()
    assert case(app).level == 3


@pytest.mark.parametrize(
    ("language", "holder", "branch"),
    [
        ("en", "the regional manager", "manager of Central"),
        ("zh-Hans", "区域经理", "行长"),
        ("zh-HK", "區域經理", "中心支行"),
    ],
)
def test_once_the_region_has_it_the_customer_reads_so(
    app: Flask, clock: ManualClock, run_due: Run, language: str, holder: str, branch: str
) -> None:
    told_off(app, clock, run_due, language=language)
    reply(app, PHONE, "1", clock.now(), run_due)
    up_to_the_region(app, clock, run_due)
    texts = [reply(app, PHONE, said, clock.advance(minutes=1), run_due) for said in ("STATUS", "hello?")]
    reply(app, REGION_PHONE, f"OK {case(app).code}", clock.advance(minutes=1), run_due)
    texts.append(received(app, PHONE)[-1])
    texts.append(reply(app, PHONE, "STATUS", clock.advance(minutes=1), run_due))
    for text in texts:
        assert holder.casefold() in text.casefold() and branch not in text, text


def test_a_reason_that_comes_days_later_is_with_who_has_the_case_by_then(
    app: Flask, clock: ManualClock, run_due: Run, asked: None
) -> None:
    reply(app, PHONE, "2", clock.now(), run_due)
    up_to_the_region(app, clock, run_due)
    assert "your words are with the regional manager" in reply(app, PHONE, "rude", clock.now(), run_due)
    assert "The regional manager will call you" in reply(app, PHONE, "1", clock.now(), run_due)


def test_the_customer_of_an_account_manager_is_told_that_it_is_theirs(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    served(app, clock, owner="S-17")
    assert "Your account manager will read them." in reply(app, PHONE, "2", clock.now(), run_due)
    assert "your words are with your account manager" in reply(app, PHONE, "rude", clock.now(), run_due)
    assert "Your account manager will call you before 17:00" in reply(app, PHONE, "1", clock.now(), run_due)
    reply(app, OWNER_PHONE, f"OK {case(app).code}", clock.advance(minutes=1), run_due)
    assert "your account manager has read your words" in received(app, PHONE)[-1]


def test_before_there_is_a_case_they_read_who_would_get_it(app: Flask, clock: ManualClock, run_due: Run) -> None:
    served(app, clock, owner="S-17", language="zh-Hans", name="陈静")
    with app.app_context():
        account_manager = db.session.scalars(select(Staff).where(Staff.code == "S-17")).one()
        db.session.add(Absence(staff_id=account_manager.id, first_day=clock.now().date()))
        commit()
    assert "中心支行负责同事会亲自看" in reply(app, PHONE, "2", clock.now(), run_due), "their deputy's by then"


@pytest.mark.parametrize(
    ("language", "no"), [("zh-HK", "唔使打喇"), ("zh-Hans", "不用打了"), ("en", "no need to call")]
)
def test_a_call_that_was_promised_is_taken_back_in_any_tongue(
    app: Flask, clock: ManualClock, run_due: Run, language: str, no: str
) -> None:
    told_off(app, clock, run_due, language=language)
    reply(app, PHONE, "2", clock.now(), run_due)
    assert NO_CALL[language] in reply(app, PHONE, no, clock.advance(minutes=5), run_due)
    assert case(app).call_choice == "none"


@pytest.mark.parametrize("hour", ["after 8pm", "晚上9点以后"])
def test_no_call_is_promised_for_an_hour_that_was_not_asked_for(
    app: Flask, clock: ManualClock, run_due: Run, hour: str
) -> None:
    told_off(app, clock, run_due)
    assert "May we call you? Reply 1 today" in reply(app, PHONE, hour, clock.now(), run_due)


def test_words_that_speak_of_stopping_are_news_once(app: Flask, clock: ManualClock, run_due: Run, asked: None) -> None:
    reply(app, PHONE, "2", clock.now(), run_due)
    told = len(received(app, MANAGER_PHONE))
    reply(app, PHONE, "too slow STOP", clock.now(), run_due)
    assert len(received(app, MANAGER_PHONE)) == told + 1


def test_who_only_asks_to_be_called_has_no_empty_score(app: Flask, clock: ManualClock, run_due: Run) -> None:
    served(app, clock, touchpoint="card_delivery")
    for said in ("not yet", "2"):
        reply(app, PHONE, said, clock.now(), run_due)
    assert "C. W. (new) Central asks to be called. Call by" in received(app, MANAGER_PHONE)[0]
