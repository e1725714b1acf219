"""Two days after closing the customer judges; and what they write by themselves reaches the manager."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.cases.models import Case
from app.cases.service import recovery_answered
from app.extensions import commit, db
from surveys.invitations.models import Hold
from tests.app.cases.unhappy import ANGRY, kinds, says, served, the_case, work
from tests.conftest import ManualClock
from tests.phones import received
from tests.world import CUSTOMER_PHONE, MANAGER_PHONE, OWNER_PHONE, REGION_PHONE


@pytest.fixture
def closed(app: Flask, clock: ManualClock) -> str:
    """Anna closed the case by text; its number."""
    served(app, clock)
    says(app, clock, "2", ANGRY, "3")
    code = the_case(app).code
    says(app, clock, f"DONE {code} 1", phone=MANAGER_PHONE)
    return code


def asked(app: Flask, clock: ManualClock) -> None:
    clock.advance(days=2, hours=1)
    work(app, clock.now())
    assert "has it been put right? Reply 1 yes, 2 partly, 3 no." in received(app, CUSTOMER_PHONE)[-1]


@pytest.mark.usefixtures("closed")
def test_yes_closes_and_frees_the_customer(app: Flask, clock: ManualClock) -> None:
    asked(app, clock)
    says(app, clock, "1")
    case = the_case(app)
    assert (case.state, case.recovery) == ("closed", "yes")
    assert "We are glad it is right" in received(app, CUSTOMER_PHONE)[-1]
    with app.app_context():
        assert db.session.scalars(select(Hold).where(Hold.until.is_(None))).all() == []


def test_no_reopens_one_level_higher_and_the_region_is_told(app: Flask, clock: ManualClock, closed: str) -> None:
    asked(app, clock)
    says(app, clock, "3")
    case = the_case(app)
    assert (case.state, case.level, case.owner.name, case.priority) == ("reopened", 3, "Lin Yue", 1)
    assert received(app, REGION_PHONE)[-1].startswith(f"【海港银行】{closed} C.W.(新)说没解决。已重新打开")
    said = received(app, CUSTOMER_PHONE)[-1]
    assert "It is open again, now with the regional manager, who calls you before" in said
    assert kinds(case)[-2:] == ["recovery", "reopened"]


def test_an_account_managers_case_comes_back_to_the_branch_manager(app: Flask, clock: ManualClock) -> None:
    served(app, clock, owner="S-17")
    says(app, clock, "2", ANGRY, "3")
    says(app, clock, f"DONE {the_case(app).code} 1", phone=OWNER_PHONE)
    asked(app, clock)
    says(app, clock, "3")
    assert (the_case(app).level, the_case(app).owner.name) == (2, "Anna Reed")
    assert "now with the manager of Central" in received(app, CUSTOMER_PHONE)[-1]


@pytest.mark.usefixtures("closed")
def test_the_same_answer_five_times_reopens_once(app: Flask, clock: ManualClock) -> None:
    clock.advance(days=2)
    for _ in range(5):
        with app.app_context():
            recovery_answered(db.session.scalars(select(Case)).one(), "no", now=clock.now())
            commit()
    assert kinds(the_case(app)).count("reopened") == 1
    work(app, clock.now())
    assert len([t for t in received(app, REGION_PHONE) if "说没解决" in t]) == 1


@pytest.mark.usefixtures("closed")
def test_partly_waits_for_the_words_and_then_opens_on_the_same_level(app: Flask, clock: ManualClock) -> None:
    asked(app, clock)
    says(app, clock, "2")
    assert "What is still missing?" in received(app, CUSTOMER_PHONE)[-1]
    assert the_case(app).state == "resolved"
    says(app, clock, "The fee has not come back")
    case = the_case(app)
    assert (case.state, case.level, case.words) == ("reopened", 0, "The fee has not come back")
    assert 'C. W. says it is not put right: "The fee has not come back"' in received(app, MANAGER_PHONE)[-1]
    assert "It is open again with Central" in received(app, CUSTOMER_PHONE)[-1]


@pytest.mark.usefixtures("closed")
def test_silence_closes_in_the_end(app: Flask, clock: ManualClock) -> None:
    asked(app, clock)
    clock.advance(days=9)
    work(app, clock.now())
    assert the_case(app).state == "closed"
    assert the_case(app).recovery is None


@pytest.mark.usefixtures("closed")
def test_a_reply_to_put_right_reaches_the_manager(app: Flask, clock: ManualClock) -> None:
    clock.advance(hours=3)
    says(app, clock, "It is not right, the counter was closed again today")
    assert the_case(app).state == "reopened"
    assert "says it is not put right" in received(app, MANAGER_PHONE)[-1]


@pytest.mark.usefixtures("closed")
def test_thanks_bring_nothing_back(app: Flask, clock: ManualClock) -> None:
    clock.advance(hours=3)
    before = len(received(app, CUSTOMER_PHONE))
    says(app, clock, "Thank you, excellent, very helpful")
    assert the_case(app).state == "resolved"
    assert len(received(app, CUSTOMER_PHONE)) == before


def test_status_says_who_has_read_it_and_takes_a_digit(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "3")
    says(app, clock, "STATUS")
    assert "your words are with the manager of Central. You hear from us before" in received(app, CUSTOMER_PHONE)[-1]
    says(app, clock, "3")
    assert "When may we call? Reply 1 today, 2 tomorrow" in received(app, CUSTOMER_PHONE)[-1]
    says(app, clock, "1")
    assert received(app, CUSTOMER_PHONE)[-1] == (
        "Harbour Bank: thank you. The manager of Central calls you before 17:00."
    )
    assert the_case(app).call_choice == "today"
    says(app, clock, "STATUS", "1")
    assert the_case(app).state == "closed"
    assert "says it is put right" in received(app, MANAGER_PHONE)[-1]
    assert the_case(app).recovery == "yes"


def test_more_words_while_it_is_open_go_to_the_holder(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "1")
    clock.advance(hours=1)
    says(app, clock, "And nobody called")
    assert the_case(app).words == f"{ANGRY}\nAnd nobody called"
    assert 'C. W. wrote again: "And nobody called"' in received(app, MANAGER_PHONE)[-1]
    assert "you will hear from us before 17:00" in received(app, CUSTOMER_PHONE)[-1]


def test_the_customer_chooses_another_time_after_a_call_that_failed(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "3")
    says(app, clock, "STATUS", "3", "2")
    code = the_case(app).code
    says(app, clock, f"CALLED {code} voicemail", phone=MANAGER_PHONE)
    says(app, clock, "2")
    case = the_case(app)
    assert case.call_choice == "morning"
    assert case.promised_by is not None
    assert case.promised_by - clock.now() == timedelta(days=2, hours=22)  # Monday noon
    assert "asks to be called by Mon 12:00" in received(app, MANAGER_PHONE)[-1]
