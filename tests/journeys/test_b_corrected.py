"""B, a number that was not meant: the case carries the corrected one, the manager is told, and what is over is over."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from surveys.invitations.models import Hold
from surveys.responses.models import Response
from tests.app.cases.unhappy import served
from tests.app.console.office import furnish, sign_in, unhappy_customer
from tests.conftest import ManualClock
from tests.journeys.test_b_call_or_not import NO_CALL
from tests.journeys.test_b_next_step import case
from tests.phones import mails, received, reply, text_in
from tests.world import CUSTOMER_PHONE as PHONE
from tests.world import DEPUTY_PHONE, MANAGER_PHONE, OWNER_PHONE, REGION_PHONE

Run = Callable[[], int]
Ask = Callable[[str], None]
ALL_STAFF = (MANAGER_PHONE, DEPUTY_PHONE, REGION_PHONE)


@pytest.mark.parametrize(
    ("language", "slip", "question"),
    [
        ("zh-Hans", "1 非常满意", "您打了1分，话却很暖心"),
        ("zh-HK", "1分 非常滿意", "您打了1分，話卻很暖心"),
        ("en", "1 excellent service", "you replied 1 with kind words"),
    ],
)
def test_a_slip_that_is_corrected_leaves_no_case_and_nobody_chases_it(
    app: Flask, clock: ManualClock, run_due: Run, asked_in: Ask, language: str, slip: str, question: str
) -> None:
    asked_in(language)
    assert question in reply(app, PHONE, slip, clock.now(), run_due)
    assert "1/10" in received(app, MANAGER_PHONE)[-1]
    reply(app, PHONE, "10", clock.advance(minutes=2), run_due)
    assert received(app, MANAGER_PHONE)[-1] == (
        f"Heed {case(app).code}: C. W. (new) corrects 1/10 to 10/10 Central: a slip. "
        "It is closed, and you need do nothing more."
    )
    assert "it was a slip" in mails(app, "s-10@harbour.example")[-1].subject
    assert (case(app).state, case(app).rating, case(app).reasons) == ("dismissed", 10, [])
    told = {phone: received(app, phone) for phone in (*ALL_STAFF, PHONE)}
    for _ in range(10):
        clock.advance(hours=12)
        run_due()
    assert {phone: received(app, phone) for phone in (*ALL_STAFF, PHONE)} == told
    with app.app_context():
        assert db.session.scalars(select(Hold).where(Hold.until.is_(None))).all() == [], "they may be asked again"


def test_the_history_tells_the_auditor_of_the_slip(app: Flask, clock: ManualClock, run_due: Run) -> None:
    furnish(app, clock)
    unhappy_customer(app, clock, run_due, answer="1 excellent service", words="10")
    page = sign_in(app, "manager").get(f"/console/cases/{case(app).id}").text
    assert "They corrected the number: 10/10, not 1/10." in page
    assert "The number was a slip; nothing was left to put right, and it was closed." in page


@pytest.mark.parametrize(
    ("language", "harsh", "question"),
    [("en", "10 terrible service", "your words say we let you down"), ("zh-Hans", "10 太差了", "话里却并不满意")],
)
def test_a_number_that_was_meant_lower_is_the_one_the_manager_sees_with_its_own_time(
    app: Flask, clock: ManualClock, run_due: Run, asked_in: Ask, language: str, harsh: str, question: str
) -> None:
    asked_in(language)
    assert question in reply(app, PHONE, harsh, clock.now(), run_due)
    before = case(app)
    assert (before.rating, before.critical) == (10, False)
    reply(app, PHONE, "1", clock.advance(minutes=2), run_due)
    after = case(app)
    assert (after.rating, after.priority, after.critical) == (1, 2, True)
    assert after.reasons[0] == "very_low_score" and "score_text_conflict" not in after.reasons
    alert = received(app, MANAGER_PHONE)[-1]
    assert "corrects 10/10 to 1/10 Central" in alert and "Call by Mon 14:02." in alert
    assert after.contact_by == clock.now() + timedelta(days=3), "24 hours, the weekend not counted"


def test_a_chinese_manager_reads_the_correction(app: Flask, clock: ManualClock, run_due: Run) -> None:
    served(app, clock, owner="S-17", language="zh-Hans", name="陈静")
    for said in ("1 非常满意", "10"):
        reply(app, PHONE, said, clock.now(), run_due)
    alert = received(app, OWNER_PHONE)[-1]
    assert "陈姓客户(新)把1分(满分10)改为10分(满分10)，之前是打错了。这件事已关闭，您不用再处理。" in alert


def test_who_was_told_of_a_call_is_told_that_it_is_off(
    app: Flask, clock: ManualClock, run_due: Run, asked_in: Ask
) -> None:
    asked_in("en")
    reply(app, PHONE, "1 excellent service", clock.now(), run_due)
    reply(app, MANAGER_PHONE, f"OK {case(app).code}", clock.now(), run_due)
    assert "will call before" in received(app, PHONE)[-1]
    text_in(app, PHONE, "10", clock.advance(minutes=1))
    run_due()
    assert any("So we will not call." in text for text in received(app, PHONE)[-2:])
    assert "you need do nothing more" in received(app, MANAGER_PHONE)[-1]


def test_whoever_had_it_before_hears_of_the_slip_too(
    app: Flask, clock: ManualClock, run_due: Run, asked_in: Ask
) -> None:
    asked_in("en")
    reply(app, PHONE, "1 excellent service", clock.now(), run_due)
    clock.advance(days=3, hours=1)
    run_due()
    assert case(app).owner_id != 0 and "so it is yours now" in received(app, DEPUTY_PHONE)[-1]
    reply(app, PHONE, "10", clock.now(), run_due)
    for phone in (DEPUTY_PHONE, MANAGER_PHONE):
        assert "you need do nothing more" in received(app, phone)[-1]


@pytest.mark.usefixtures("asked")
def test_a_number_that_is_still_low_is_carried_and_the_case_stands(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    for said in ("1", "5"):
        reply(app, PHONE, said, clock.advance(minutes=1), run_due)
    assert (case(app).state, case(app).rating, case(app).reasons) == ("open", 5, ["low_score"])
    assert "corrects 1/10 to 5/10 Central. It stays open: call by" in received(app, MANAGER_PHONE)[-1]


def test_harsh_words_and_a_wish_to_be_called_outlive_a_higher_number(
    app: Flask, client: FlaskClient, clock: ManualClock, run_due: Run, link: str
) -> None:
    for said in ("2", "the teller was rude and shouted at me", "1"):
        reply(app, PHONE, said, clock.advance(minutes=1), run_due)
    client.post(link, data={"question": "recommend", "answer": "9", "submission": "1"})
    run_due()
    assert (case(app).state, case(app).rating) == ("open", 9)
    assert "corrects 2/10 to 9/10 Central. It stays open: call by 17:00" in received(app, MANAGER_PHONE)[-1]


@pytest.mark.usefixtures("asked")
def test_a_slip_that_was_none_after_all_brings_the_case_back(app: Flask, clock: ManualClock, run_due: Run) -> None:
    for said in ("2", "9", "I meant 2", "rude staff"):
        reply(app, PHONE, said, clock.advance(minutes=1), run_due)
    assert (case(app).state, case(app).rating) == ("reopened", 2)
    assert "2/10 Central" in received(app, MANAGER_PHONE)[-2] or "2/10" in received(app, MANAGER_PHONE)[-1]


@pytest.mark.parametrize(
    ("language", "said", "meant", "number", "question"),
    [
        ("en", "9", "sorry I meant 1", "1/10", "May we call you? Reply 1 today, 2 tomorrow, 3 please do not call."),
        ("en", "9", "oops, wrong number, 1", "1/10", "May we call you?"),
        ("en", "8", "my score should be 2, not 8", "2/10", "May we call you?"),
        ("zh-Hans", "9", "打错了，应该是1分", "1/10", "可以给您打电话吗？1今天 2明天 3不用打。"),
        ("zh-HK", "9", "按錯了，我想打1分", "1/10", "可以打電話給您嗎？1今天 2明天 3不用打。"),
    ],
)
def test_a_number_corrected_after_the_survey_is_over_counts(
    app: Flask,
    clock: ManualClock,
    run_due: Run,
    asked_in: Ask,
    language: str,
    said: str,
    meant: str,
    number: str,
    question: str,
) -> None:
    asked_in(language)
    for text in (said, "ok"):
        reply(app, PHONE, text, clock.now(), run_due)
    assert received(app, MANAGER_PHONE) == []
    asks = reply(app, PHONE, meant, clock.advance(hours=20), run_due)
    assert number in received(app, MANAGER_PHONE)[-1]
    assert question in asks, "as anybody is asked who was unhappy"
    assert NO_CALL[language] in reply(app, PHONE, "3", clock.advance(minutes=1), run_due)
    assert case(app).call_choice == "none"


@pytest.mark.usefixtures("asked")
def test_a_number_that_may_as_well_name_a_day_is_left_to_a_person(app: Flask, clock: ManualClock, run_due: Run) -> None:
    for said in ("2", "rude", "3", "sorry I meant 1"):
        reply(app, PHONE, said, clock.advance(minutes=1), run_due)
    assert (case(app).rating, case(app).call_choice) == (2, "none")
    assert 'wrote again: "sorry I meant 1"' in received(app, MANAGER_PHONE)[-1]


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("said", ["I meant 10 minutes", "oops", "wrong number of forms, 3", "我想给8分的，但是太慢了"])
def test_what_corrects_no_number_changes_none(app: Flask, clock: ManualClock, run_due: Run, said: str) -> None:
    for text in ("9", "quick"):
        reply(app, PHONE, text, clock.advance(minutes=1), run_due)
    assert "a person will read this" in reply(app, PHONE, said, clock.advance(minutes=1), run_due)
    with app.app_context():
        assert db.session.scalars(select(Response.nps)).all() == [9]
