"""D. Comment -> sentiment -> case -> the manager's phone -> put right -> the customer is told and asked."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.cases.models import Case, CaseOrigin
from app.complaints import NewComplaint, record_complaint
from app.extensions import commit, db
from surveys.people.service import Person
from tests import world
from tests.app.cases.unhappy import served
from tests.conftest import ManualClock
from tests.phones import mails, received, reply
from tests.world import CUSTOMER_PHONE, DEPUTY_PHONE, MANAGER_PHONE, REGION_PHONE

ANGRY = "Waited fifty minutes, then the counter closed in front of me. I will move my account."


@pytest.fixture
def unhappy(app: Flask, clock: ManualClock, run_due: Callable[[], int]) -> str:
    """Clara gave a 2 and said why; the code of the case that opened."""
    served(app, clock)
    reply(app, CUSTOMER_PHONE, "2", clock.now(), run_due)
    reply(app, CUSTOMER_PHONE, ANGRY, clock.now(), run_due)
    with app.app_context():
        return db.session.scalars(select(Case)).one().code


def case(app: Flask) -> Case:
    with app.app_context():
        found = db.session.scalars(select(Case)).one()
        db.session.expunge(found)
        return found


def test_a_bare_one_is_enough_for_the_managers_phone_to_ring(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    served(app, clock)
    reply(app, CUSTOMER_PHONE, "1", clock.now(), run_due)
    (alert,) = received(app, MANAGER_PHONE)
    assert re.match(r"Heed \d{4}: C\. W\.", alert)
    assert "Central" in alert
    (mail,) = mails(app, "s-10@harbour.example")
    assert "C. W." in mail.text


@pytest.mark.usefixtures("unhappy")
def test_words_that_follow_reach_the_manager_once_more_and_never_a_third_time(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    alerts = received(app, MANAGER_PHONE)
    assert len(alerts) == 2
    assert "Waited fifty minutes" in alerts[1]
    assert case(app).words == ANGRY
    reply(app, CUSTOMER_PHONE, "3", clock.now(), run_due)
    assert len(received(app, MANAGER_PHONE)) == 2


def test_the_manager_answers_by_text_from_ok_to_done_and_the_customer_is_told(
    app: Flask, clock: ManualClock, run_due: Callable[[], int], unhappy: str
) -> None:
    code = unhappy
    ok = reply(app, MANAGER_PHONE, f"OK {code}", clock.advance(minutes=5), run_due)
    assert ok.startswith(f"{code} is yours.")
    assert "has read your words and will call" in received(app, CUSTOMER_PHONE)[-1]
    called = reply(
        app, MANAGER_PHONE, f"CALLED {code} apologised, will waive the fee", clock.advance(minutes=20), run_due
    )
    assert called.startswith(f"{code}: call noted")
    done = reply(app, MANAGER_PHONE, f"DONE {code} 1", clock.advance(hours=1), run_due)
    assert done.startswith(f"{code} closed, cause waiting.")
    assert case(app).state == "resolved"
    assert (case(app).root_cause, case(app).outcome) == ("waiting", "saved")


def test_two_days_later_the_customer_judges_and_a_no_opens_it_one_level_higher(
    app: Flask, clock: ManualClock, run_due: Callable[[], int], unhappy: str
) -> None:
    reply(app, MANAGER_PHONE, f"OK {unhappy}", clock.now(), run_due)
    reply(app, MANAGER_PHONE, f"CALLED {unhappy} sorry", clock.now(), run_due)
    reply(app, MANAGER_PHONE, f"DONE {unhappy} 1", clock.now(), run_due)
    level = case(app).level
    clock.advance(days=2, hours=1)
    run_due()
    assert "has it been put right?" in received(app, CUSTOMER_PHONE)[-1]
    answer = reply(app, CUSTOMER_PHONE, "3", clock.now(), run_due)
    assert "It is open again" in answer
    assert case(app).state == "reopened"
    assert case(app).level > level


def test_a_deadline_that_passes_hands_the_case_up_one_level(
    app: Flask, clock: ManualClock, run_due: Callable[[], int], unhappy: str
) -> None:
    before = case(app)
    clock.at = before.acknowledge_by
    clock.advance(minutes=1)
    run_due()
    after = case(app)
    assert after.level == before.level + 1
    higher = received(app, DEPUTY_PHONE) + received(app, REGION_PHONE)
    assert any(unhappy in text for text in higher)
    run_due()
    assert case(app).level == after.level


def test_a_second_bad_answer_joins_the_open_case(app: Flask, clock: ManualClock, run_due: Callable[[], int]) -> None:
    served(app, clock)
    with app.app_context():
        # She was asked by text already when her letter arrives; who has an open case is asked nothing new.
        clara = Person(external_ref="C-1", name="Clara Wong")
        letter = NewComplaint(
            source="core",
            external_ref="L-1",
            branch="BJ-01",
            person=clara,
            text="The fee was wrong.",
            occurred_at=clock.now(),
            body={},
        )
        record_complaint(letter, now=clock.now())
        commit()
    run_due()
    reply(app, CUSTOMER_PHONE, "1", clock.now(), run_due)
    with app.app_context():
        opened = db.session.scalars(select(Case)).one()
        assert [event.kind for event in opened.history].count("joined") == 1
        assert db.session.scalar(select(func.count()).select_from(CaseOrigin)) == 2
        assert (opened.rating, opened.words) == (1, "The fee was wrong.")
    letter_alert, answer_alert = received(app, MANAGER_PHONE)
    assert "The fee was wrong." in letter_alert
    assert "again, 1/10 Central." in answer_alert


def test_an_angry_sentence_in_chinese_reaches_a_chinese_manager(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    served(app, clock, language="zh-Hans", name="陈静", owner="S-17")
    reply(app, CUSTOMER_PHONE, "2 等了五十分钟，柜台却关了，我要销户", clock.now(), run_due)
    texts = received(app, world.OWNER_PHONE)
    assert texts
    assert texts[0].startswith("【海港银行】")
    assert "等了五十分钟" in texts[-1]


def test_a_good_answer_opens_nothing(app: Flask, clock: ManualClock, run_due: Callable[[], int]) -> None:
    served(app, clock)
    reply(app, CUSTOMER_PHONE, "10 lovely service", clock.now(), run_due)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Case)) == 0
    assert received(app, MANAGER_PHONE) == []
