"""The first text says the day as people say it when it arrives, and fits however long the things of an event are."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from app import create_app
from config import Config, PolicyNumbers
from notifications.gsm import segments
from surveys.responses.catalogue import catalogue
from surveys.responses.texts import customer_text, when_words
from tests.conftest import ManualClock
from tests.phones import received
from tests.surveys.invitations.visits import policy, visit, visited
from tests.world import CUSTOMER_PHONE

FRIDAY = date(2026, 11, 20)
Work = Callable[[], int]


@pytest.mark.parametrize(
    ("later", "english", "chinese"),
    [
        (0, "today", "今天"),
        (1, "yesterday", "昨天"),
        (2, "on Friday", "周五"),
        (3, "on Friday", "周五"),
        (7, "on 20 Nov", "11月20日"),
    ],
)
def test_a_day_is_said_as_people_say_it(later: int, english: str, chinese: str) -> None:
    today = FRIDAY + timedelta(days=later)
    assert (when_words(FRIDAY, today, "en"), when_words(FRIDAY, today, "zh-Hans")) == (english, chinese)


def test_every_day_has_room_in_the_texts() -> None:
    for day in (FRIDAY + timedelta(days=number) for number in range(400)):
        for later in range(8):
            for language in ("en", "zh-Hans"):
                said = when_words(day, day + timedelta(days=later), language)
                assert catalogue().refusals(language, when=said) == ()


def test_who_was_served_on_friday_night_reads_yesterday_on_saturday(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    clock.advance(hours=8)  # 22:00
    visited(bank, clock.now())
    clock.advance(hours=12)
    run_due()
    (text,) = received(bank, CUSTOMER_PHONE)
    assert text.startswith("Harbour Bank: after Central yesterday, how likely are you to recommend us? Text 0")


def test_a_caller_of_friday_night_reads_the_weekday_on_monday(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    policy(bank, weekdays=[0, 1, 2, 3, 4])
    clock.advance(hours=8)
    visited(bank, clock.now(), language="zh-Hans")
    clock.advance(hours=60)  # Monday, 10:00
    run_due()
    (text,) = received(bank, CUSTOMER_PHONE)
    assert text.startswith("【海港银行】您周五到中心支行办业务")


@pytest.mark.parametrize(
    ("thing", "english", "chinese"),
    [
        ({"en": "new card", "zh-Hans": "新卡"}, "your new card is done", "您的新卡办好了"),
        ("x" * 24, f"your {'x' * 24} is done", "您的业务办好了"),
        ("x" * 25, "your request is done", "您的业务办好了"),
        ("request that " * 150, "your request is done", "您的业务办好了"),
        ("境外汇款", "your request is done", "您的境外汇款办好了"),
        ("card {link}", "your request is done", "您的业务办好了"),
        (None, "your request is done", "您的业务办好了"),
    ],
)
def test_a_thing_too_long_for_a_text_is_called_by_a_plain_word(
    bank: Flask, clock: ManualClock, thing: object, english: str, chinese: str
) -> None:
    with bank.app_context():
        asked = visit(clock.now(), touchpoint="request_done", attributes={"thing": thing}).invitation
        assert asked is not None
        for language, words in (("en", english), ("zh-Hans", chinese)):
            said = customer_text("invite_ces", language, invitation=asked, now=clock.now())
            assert words in said
            assert segments(said).count == 1


def test_the_promise_not_to_ask_again_is_the_one_we_keep(sqlite_url: str) -> None:
    numbers = PolicyNumbers(cap_days=45)
    with create_app(Config(environment="testing", database_url=sqlite_url, policy=numbers)).app_context():
        for key in ("thanks_mid", "thanks_high", "started"):
            assert "45 days" in customer_text(key, "en")
            assert "45天内" in customer_text(key, "zh-Hans")
