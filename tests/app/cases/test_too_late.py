"""After the deadline: what people are told is never over already, and a case at the top is not forgotten."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.cases.models import Case
from app.extensions import commit, db
from tests.app.cases.test_chasing import pass_time
from tests.app.cases.unhappy import ANGRY, kinds, says, served, the_case
from tests.conftest import ManualClock
from tests.phones import mails, received
from tests.world import CUSTOMER_PHONE, DEPUTY_PHONE, MANAGER_PHONE, REGION_PHONE

A_WEEK_LATER = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)  # a Tuesday, 14:00 in Shanghai


def forgotten(app: Flask, clock: ManualClock, *answers: str) -> str:
    """Nobody did anything for a week and a half; the number of the case."""
    served(app, clock)
    says(app, clock, "2", *answers)
    pass_time(app, clock, A_WEEK_LATER)
    assert the_case(app).owner.name == "Lin Yue"
    return the_case(app).code


def test_whoever_nobody_stands_above_is_reminded_once_an_opening_day(app: Flask, clock: ManualClock) -> None:
    forgotten(app, clock, ANGRY)
    reminders = [text for text in received(app, REGION_PHONE) if "一直在等回电" in text]
    days = (A_WEEK_LATER - datetime(2026, 11, 24, tzinfo=UTC)).days
    assert 3 <= len(reminders) <= days
    assert len([m for m in mails(app, "s-01@harbour.example") if "一直在等回电" in m.subject]) == len(reminders)
    assert the_case(app).next_check_at == datetime(2026, 12, 2, 1, 0, tzinfo=UTC)  # tomorrow at nine


def test_whoever_takes_it_up_a_week_later_promises_a_time_to_come(app: Flask, clock: ManualClock) -> None:
    code = forgotten(app, clock, ANGRY)
    says(app, clock, f"OK {code}", phone=REGION_PHONE)
    assert "请在18:00前打" in received(app, REGION_PHONE)[-1]
    assert "has read your words and will call before 18:00." in received(app, CUSTOMER_PHONE)[-1]
    assert the_case(app).next_check_at == datetime(2026, 12, 1, 10, 0, tzinfo=UTC), "and that time is watched"
    pass_time(app, clock, A_WEEK_LATER + timedelta(hours=5))
    assert kinds(the_case(app))[-1] == "breached"


def test_who_asks_how_it_stands_is_told_a_time_to_come_and_so_is_its_holder(app: Flask, clock: ManualClock) -> None:
    forgotten(app, clock, ANGRY)
    says(app, clock, "STATUS")
    assert "You hear from us before 18:00." in received(app, CUSTOMER_PHONE)[-1]
    assert "来问进度，已答复18:00前给消息" in received(app, REGION_PHONE)[-1]
    texts = len(received(app, REGION_PHONE))
    says(app, clock, "STATUS")
    assert "You hear from us before 18:00." in received(app, CUSTOMER_PHONE)[-1]
    assert len(received(app, REGION_PHONE)) == texts


def test_the_list_says_what_was_due(app: Flask, clock: ManualClock) -> None:
    code = forgotten(app, clock, ANGRY)
    says(app, clock, "?", phone=REGION_PHONE)
    assert f"{code} C.W. 已过" in received(app, REGION_PHONE)[-1]


def test_words_on_a_forgotten_case_start_a_clock_again(app: Flask, clock: ManualClock) -> None:
    forgotten(app, clock, ANGRY, "1")
    says(app, clock, "Nobody has called me")
    assert "you will hear from us before 18:00." in received(app, CUSTOMER_PHONE)[-1]
    assert "Nobody has called me" in received(app, REGION_PHONE)[-1]


def test_a_call_tried_at_night_is_to_be_tried_again_by_day(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "1")
    code = the_case(app).code
    pass_time(app, clock, datetime(2026, 11, 20, 15, 40, tzinfo=UTC))  # 23:40; 17:00 was promised
    says(app, clock, f"CALLED {code} no answer", phone=MANAGER_PHONE)
    answer = received(app, MANAGER_PHONE)[-1]
    assert answer.startswith(f"{code}: no answer at 23:40 noted.")
    assert "Mon" in answer


def test_a_case_handed_on_too_late_comes_with_a_time_to_come(app: Flask, clock: ManualClock) -> None:
    code = forgotten(app, clock, ANGRY)
    says(app, clock, f"TO {code} Anna", phone=REGION_PHONE)
    assert "Call by 18:00." in received(app, MANAGER_PHONE)[-1]


def test_a_customer_who_asks_at_night_keeps_no_case_from_being_handed_up(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY)
    says(app, clock, f"OK {the_case(app).code}", phone=MANAGER_PHONE)
    clock.at = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        case.contact_by = case.next_check_at = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)  # Monday 22:30
        commit()
    clock.at = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    says(app, clock, "STATUS")
    assert "who calls before 11:00 on 24 Nov." in received(app, CUSTOMER_PHONE)[-1]
    pass_time(app, clock, datetime(2026, 11, 23, 23, 1, tzinfo=UTC))  # Tuesday 07:01
    assert the_case(app).level == 1
    assert "Call by 11:00." in received(app, DEPUTY_PHONE)[-1]
