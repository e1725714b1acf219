"""B, STOP: confirmed once, by the carrier or by us; what comes twice, or again with other words, changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from app.extensions import commit
from notifications import is_opted_out
from tests import world
from tests.conftest import ManualClock
from tests.journeys.test_b_odd_replies import outcomes
from tests.journeys.test_b_sms_reply import answers
from tests.notifications.parts import Wayward, carried_by
from tests.phones import received, reply, text_in
from tests.world import CUSTOMER_PHONE as PHONE

Run = Callable[[], int]


def opted_out(app: Flask) -> bool:
    with app.app_context():
        return is_opted_out(PHONE)


@pytest.mark.usefixtures("asked")
def test_a_second_stop_is_kept_and_not_confirmed_again(app: Flask, clock: ManualClock, run_due: Run) -> None:
    assert "no more surveys" in reply(app, PHONE, "STOP", clock.now(), run_due)
    for text in ("STOP", "stop texting me", "退订"):
        assert reply(app, PHONE, text, clock.advance(hours=5), run_due) == ""
    assert outcomes(app) == ["stop"] * 4
    assert opted_out(app)


@pytest.mark.usefixtures("asked")
def test_two_stops_that_waited_together_are_confirmed_once(app: Flask, clock: ManualClock, run_due: Run) -> None:
    for text in ("stop", "STOP!!"):
        text_in(app, PHONE, text, clock.now())
    run_due()
    assert len([text for text in received(app, PHONE) if "no more surveys" in text]) == 1


@pytest.mark.usefixtures("asked")
def test_who_came_back_and_stops_again_is_told_so_again(app: Flask, clock: ManualClock, run_due: Run) -> None:
    said = [reply(app, PHONE, text, clock.advance(hours=1), run_due) for text in ("STOP", "START", "STOP")]
    assert ["no more surveys" in text for text in said] == [True, False, True]
    assert opted_out(app)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("word", ["START", "unstop", "订阅", "恢复"])
def test_only_its_own_words_bring_them_back(app: Flask, clock: ManualClock, run_due: Run, word: str) -> None:
    reply(app, PHONE, "STOP", clock.now(), run_due)
    for text in ("yes", "9", "ok go on", "I changed my mind, text me", "继续", "开始发吧"):
        assert reply(app, PHONE, text, clock.advance(minutes=1), run_due) == ""
        assert opted_out(app), text
    assert reply(app, PHONE, word, clock.advance(minutes=1), run_due) != ""
    assert not opted_out(app)


@pytest.mark.usefixtures("asked")
def test_the_same_text_again_with_other_words_is_the_first(app: Flask, clock: ManualClock, run_due: Run) -> None:
    sid = "SM" + "8" * 32
    text_in(app, PHONE, "8", clock.now(), sid=sid)
    text_in(app, PHONE, "STOP", clock.now(), sid=sid)
    run_due()
    text_in(app, PHONE, "2", clock.now(), sid=sid)
    run_due()
    assert (answers(app), outcomes(app), opted_out(app)) == ({"recommend": 8}, ["answered"], False)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("STOP", 0),
        (" Stop ", 0),
        ("HELP", 0),
        ("START", 0),
        ("stop texting me", 1),
        ("退订", 1),
        ("帮助", 1),
        ("订阅", 1),
    ],
)
def test_what_the_carrier_answers_itself_is_not_answered_twice_and_the_rest_is_answered_by_us(
    app: Flask, clock: ManualClock, run_due: Run, text: str, ours: int
) -> None:
    app.extensions["heed.config"] = replace(app.extensions["heed.config"], sms_channel="twilio")
    carrier = carried_by(app, Wayward())
    with app.app_context():
        world.build(clock.now())
        world.served(clock.now(), language="zh-Hans" if text > "\u3400" else "en")
        commit()
    run_due()
    assert len(carrier.accepted) == 1
    text_in(app, PHONE, text, clock.now())
    run_due()
    assert len(carrier.accepted) == 1 + ours


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("silence", [timedelta(hours=73), timedelta(days=6, hours=20)])
def test_who_is_silent_for_days_goes_on_where_they_were(
    app: Flask, clock: ManualClock, run_due: Run, silence: timedelta
) -> None:
    reply(app, PHONE, "2", clock.now(), run_due)
    clock.at += silence
    run_due()
    before = len(received(app, PHONE))
    assert "May we call you" in reply(app, PHONE, "nobody came to the counter", clock.now(), run_due)
    assert len(received(app, PHONE)) == before + 1
    assert answers(app) == {"recommend": 2, "why": "nobody came to the counter"}
