"""B, answers that are given sideways: who brought it, how many of the stars there are, which day is better."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.app.cases.unhappy import served
from tests.conftest import ManualClock
from tests.journeys.test_b_next_step import told_off
from tests.journeys.test_b_odd_replies import cases, outcomes
from tests.journeys.test_b_sms_reply import answers
from tests.phones import reply
from tests.world import CUSTOMER_PHONE as PHONE

Run = Callable[[], int]


@pytest.mark.parametrize(
    "told", ["postman brought it yesterday", "邮递员昨天送来了", "the courier left it with my wife"]
)
def test_who_brought_it_says_that_it_came(app: Flask, clock: ManualClock, run_due: Run, told: str) -> None:
    served(app, clock, touchpoint="card_delivery")
    reply(app, PHONE, told, clock.now(), run_due)
    assert answers(app)["arrived"] == "yes"


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("told", ["postman brought it yesterday", "邮递员昨天送来了"])
def test_who_brought_it_is_no_score_and_no_wish_to_stop(
    app: Flask, clock: ManualClock, run_due: Run, told: str
) -> None:
    assert "could not find a number there" in reply(app, PHONE, told, clock.now(), run_due)
    assert outcomes(app) == ["asked_again"]
    assert "recommend" not in answers(app)
    assert cases(app) == 0


@pytest.mark.parametrize(
    ("said", "stars"),
    [("五颗星给四颗", 4), ("五顆星我只能給三顆", 3), ("5分给4分", 4), ("out of five stars I give four", 4)],
)
def test_what_is_given_of_the_stars_there_are_is_the_score(
    app: Flask, clock: ManualClock, run_due: Run, said: str, stars: int
) -> None:
    served(app, clock, touchpoint="call_centre", language="zh-Hans")
    reply(app, PHONE, said, clock.now(), run_due)
    assert answers(app)["satisfied"] == stars


def test_nobody_does_sums_for_a_customer(app: Flask, clock: ManualClock, run_due: Run) -> None:
    served(app, clock, touchpoint="call_centre", language="zh-Hans")
    assert "没看出您打的是几分" in reply(app, PHONE, "五星扣一星", clock.now(), run_due)


@pytest.mark.parametrize(
    ("language", "said", "day"),
    [
        ("en", "tomorrow's better", "tomorrow"),
        ("en", "not today, tomorrow’s better for me", "tomorrow"),
        ("en", "today doesn't work, tomorrow does", "tomorrow"),
        ("zh-Hans", "明天比较好", "tomorrow"),
        ("zh-Hans", "明天会方便一点", "tomorrow"),
        ("zh-HK", "聽日好啲", "tomorrow"),
    ],
)
def test_the_day_that_is_better_is_the_day_to_call(
    app: Flask, clock: ManualClock, run_due: Run, language: str, said: str, day: str
) -> None:
    told_off(app, clock, run_due, language=language)
    answer = reply(app, PHONE, said, clock.now(), run_due)
    assert "17:00" in answer and ("23 Nov" in answer or "11月23日" in answer), "Monday: the next day the branch opens"
    assert answers(app)["call"] == day


@pytest.mark.parametrize("said", ["今天明天都可以", "不要明天，今天", "not tomorrow, today"])
def test_whom_today_suits_is_promised_a_call_today(app: Flask, clock: ManualClock, run_due: Run, said: str) -> None:
    told_off(app, clock, run_due)
    assert "will call you before 17:00. See" in reply(app, PHONE, said, clock.now(), run_due)
    assert answers(app)["call"] == "today"


@pytest.mark.parametrize("said", ["I'll call you tomorrow", "tomorrow's no good"])
def test_a_day_on_which_nobody_should_call_is_no_promise(
    app: Flask, clock: ManualClock, run_due: Run, said: str
) -> None:
    told_off(app, clock, run_due)
    assert "May we call you? Reply 1 today" in reply(app, PHONE, said, clock.now(), run_due)
    assert "call" not in answers(app)
