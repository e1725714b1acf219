"""B, what a customer reads next: a digit answers what was asked last, yes is yes, no promise is made for midnight."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.cases.models import Case
from app.extensions import commit, db
from surveys.invitations.models import Programme
from surveys.responses.models import Response
from tests import world
from tests.app.cases.unhappy import served
from tests.conftest import ManualClock
from tests.journeys.test_b_odd_replies import free_texts
from tests.journeys.test_b_sms_reply import answers
from tests.phones import received, reply
from tests.world import CUSTOMER_PHONE as PHONE

Run = Callable[[], int]


def told_off(app: Flask, clock: ManualClock, run_due: Run, *, language: str = "en") -> None:
    """A customer gave a 2 and a reason, and is asked whether we may call."""
    served(app, clock, language=language)
    reply(app, PHONE, "2", clock.now(), run_due)
    asked = reply(app, PHONE, "rude" if language == "en" else "态度差", clock.now(), run_due)
    assert any(words in asked for words in ("May we call you", "打电话", "打電話"))


def case(app: Flask) -> Case:
    with app.app_context():
        found = db.session.scalars(select(Case)).one()
        db.session.expunge(found)
        return found


def test_a_digit_after_status_answers_the_status_and_not_the_survey(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    told_off(app, clock, run_due)
    assert "Reply 1 it is fixed" in reply(app, PHONE, "STATUS", clock.advance(minutes=1), run_due)
    assert "We are glad it is right" in reply(app, PHONE, "1", clock.advance(minutes=1), run_due)
    assert "call" not in answers(app)
    assert case(app).outcome == "saved"


def test_a_digit_after_a_call_in_vain_answers_when_to_call_again(app: Flask, clock: ManualClock, run_due: Run) -> None:
    told_off(app, clock, run_due)
    clock.advance(hours=5)
    reply(app, world.MANAGER_PHONE, f"CALLED {case(app).code} no answer", clock.now(), run_due)
    assert "Reply 1 tomorrow morning" in received(app, PHONE)[-1]
    assert "before 12:00 on 23 Nov" in reply(app, PHONE, "1", clock.advance(minutes=1), run_due)
    assert "call" not in answers(app)


def test_once_the_survey_asks_again_the_digit_is_for_the_survey(app: Flask, clock: ManualClock, run_due: Run) -> None:
    told_off(app, clock, run_due)
    reply(app, PHONE, "STATUS", clock.advance(minutes=1), run_due)
    assert "May we call you" in reply(app, PHONE, "what do you mean by that", clock.advance(minutes=1), run_due)
    reply(app, PHONE, "2", clock.advance(minutes=1), run_due)
    assert answers(app)["call"] == "tomorrow"


@pytest.mark.parametrize(
    ("language", "yes"),
    [
        *[("en", yes) for yes in ("yes", "ok", "Yes please", "sure", "call me", "anytime", "\U0001f44d")],
        *[("zh-Hans", yes) for yes in ("好", "好的", "可以", "行", "随时", "打吧")],
        *[("zh-HK", yes) for yes in ("好呀", "得", "係")],
    ],
)
def test_yes_to_a_call_is_a_call_on_the_first_day_offered(
    app: Flask, clock: ManualClock, run_due: Run, language: str, yes: str
) -> None:
    told_off(app, clock, run_due, language=language)
    assert "17:00" in reply(app, PHONE, yes, clock.now(), run_due)
    assert answers(app)["call"] == "today"


@pytest.mark.parametrize("no", ["yes, don't call me", "no", "please do not call me"])
def test_a_yes_that_declines_is_no_call(app: Flask, clock: ManualClock, run_due: Run, no: str) -> None:
    told_off(app, clock, run_due)
    assert "We will not call" in reply(app, PHONE, no, clock.now(), run_due)
    assert answers(app)["call"] == "none"


def test_who_no_longer_wants_the_promised_call_is_not_called(app: Flask, clock: ManualClock, run_due: Run) -> None:
    told_off(app, clock, run_due)
    reply(app, PHONE, "1", clock.now(), run_due)
    assert "We will not call" in reply(app, PHONE, "actually don't call me", clock.advance(minutes=5), run_due)
    assert case(app).call_choice == "none"
    assert "wants no call" in received(app, world.MANAGER_PHONE)[-1]


def test_who_knocks_while_a_case_is_open_is_answered(app: Flask, clock: ManualClock, run_due: Run) -> None:
    told_off(app, clock, run_due)
    reply(app, PHONE, "1", clock.now(), run_due)
    assert "you will hear from us before 17:00" in reply(app, PHONE, "hello?", clock.advance(minutes=5), run_due)


@pytest.mark.parametrize("thanks", ["唔該", "唔該晒", "多謝", "好嘅", "拜拜", "谢谢啦", "謝謝您", "cheers mate", "np"])
def test_thanks_in_any_script_are_not_answered(
    app: Flask, clock: ManualClock, run_due: Run, asked: None, thanks: str
) -> None:
    reply(app, PHONE, "9", clock.now(), run_due)
    reply(app, PHONE, "good", clock.now(), run_due)
    assert reply(app, PHONE, thanks, clock.now(), run_due) == ""
    assert free_texts(app) == []


@pytest.mark.parametrize(("language", "score"), [("zh-Hans", "补打个分"), ("zh-HK", "補打個分")])
def test_who_is_not_understood_at_a_choice_is_not_asked_for_a_score(
    app: Flask, clock: ManualClock, run_due: Run, language: str, score: str
) -> None:
    told_off(app, clock, run_due, language=language)
    reply(app, PHONE, "看情况", clock.now(), run_due)
    last = reply(app, PHONE, "再说", clock.now(), run_due)
    assert score not in last and ("选项" in last or "選項" in last)


def test_a_digit_after_a_late_answer_is_no_wish_for_a_call_that_was_never_asked_about(
    app: Flask, clock: ManualClock, run_due: Run, asked: None
) -> None:
    clock.advance(days=9)
    run_due()
    assert "it is not too late" in reply(app, PHONE, "3 slow", clock.now(), run_due)
    reply(app, PHONE, "1", clock.advance(minutes=1), run_due)
    assert "call" not in answers(app)


def test_no_customer_is_promised_a_call_at_midnight(app: Flask, clock: ManualClock, run_due: Run) -> None:
    clock.at = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)  # a Saturday: the hours count from Monday 00:00
    told_off(app, clock, run_due)
    said = reply(app, PHONE, "STATUS", clock.advance(minutes=1), run_due)
    assert "before 20:00 on 23 Nov" in said and "00:00 on" not in said


def test_a_text_in_traditional_is_signed_in_traditional(app: Flask, clock: ManualClock, run_due: Run) -> None:
    told_off(app, clock, run_due, language="zh-HK")
    assert all(text.startswith("【海港銀行】") for text in received(app, PHONE))


def test_a_second_survey_on_the_same_telephone_waits_until_the_first_is_over(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    with app.app_context():
        world.build(clock.now())
        for programme in db.session.scalars(select(Programme)):
            programme.policy = {**programme.policy, "cap_days": 0, "answer_cap_days": 0}
        world.served(clock.now())
        commit()
    run_due()
    with app.app_context():
        world.served(clock.now(), ref="T-2", customer_ref="C-2", name="Felix Wong")
        commit()
    clock.advance(hours=2)
    run_due()
    assert len(received(app, PHONE)) == 1, "one question at a time"
    for said in ("9", "Quick and kind"):
        reply(app, PHONE, said, clock.now(), run_due)
    before = len(received(app, PHONE))
    clock.advance(hours=1)
    run_due()
    assert len(received(app, PHONE)) == before + 1
    assert "how likely are you to recommend" in received(app, PHONE)[-1]
    reply(app, PHONE, "4", clock.now(), run_due)
    with app.app_context():
        scores = db.session.execute(select(Response.customer_id, Response.nps).order_by(Response.id)).all()
    assert [score for _, score in scores] == [9, 4]
    assert scores[0][0] != scores[1][0]
