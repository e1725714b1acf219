"""B, the script of Chinese: whoever reads English for a while and comes back to 中文 finds the script they had."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db
from surveys.people.models import Customer
from tests.conftest import ManualClock
from tests.journeys.test_b_next_step import told_off
from tests.phones import reply
from tests.world import CUSTOMER_PHONE as PHONE

Run = Callable[[], int]
Ask = Callable[[str], None]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-HK", "有多大可能把我們推薦給朋友"),
        ("zh-Hant", "有多大可能把我們推薦給朋友"),
        ("zh-CN", "有多大可能把我们推荐给朋友"),
    ],
)
def test_back_from_english_they_find_the_script_they_had(
    app: Flask, clock: ManualClock, run_due: Run, asked_in: Ask, language: str, words: str
) -> None:
    asked_in(language)
    assert "how likely are you to recommend us" in reply(app, PHONE, "EN", clock.now(), run_due)
    assert "how likely are you to recommend us" in reply(app, PHONE, "english", clock.now(), run_due)
    assert words in reply(app, PHONE, "中文", clock.now(), run_due)


def test_who_names_a_script_gets_the_one_they_name(app: Flask, clock: ManualClock, run_due: Run, asked_in: Ask) -> None:
    asked_in("zh-HK")
    reply(app, PHONE, "EN", clock.now(), run_due)
    assert "有多大可能把我们推荐给朋友" in reply(app, PHONE, "简体", clock.now(), run_due)
    reply(app, PHONE, "EN", clock.now(), run_due)
    assert "有多大可能把我们推荐给朋友" in reply(app, PHONE, "中文", clock.now(), run_due), "it is the last they had"
    assert "有多大可能把我們推薦給朋友" in reply(app, PHONE, "繁體", clock.now(), run_due)


@pytest.mark.parametrize("before", ["EN", ""])
def test_the_script_is_theirs_also_when_nothing_is_asked(
    app: Flask, clock: ManualClock, run_due: Run, before: str
) -> None:
    told_off(app, clock, run_due, language="zh-HK")
    reply(app, PHONE, "1", clock.now(), run_due)
    if before:
        assert "in English" in reply(app, PHONE, before, clock.now(), run_due)
    assert "以後給您發繁體中文簡訊" in reply(app, PHONE, "中文", clock.now(), run_due)
    with app.app_context():
        assert db.session.scalars(select(Customer.language)).one() == "zh-Hant"


def test_who_never_read_chinese_is_written_to_as_in_the_place_they_live(
    app: Flask, clock: ManualClock, run_due: Run, asked_in: Ask
) -> None:
    asked_in("en")
    with app.app_context():
        db.session.scalars(select(Customer)).one().region = "HK"
        commit()
    assert "有多大可能把我們推薦給朋友" in reply(app, PHONE, "中文", clock.now(), run_due)
