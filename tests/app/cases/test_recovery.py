"""Two days after closing the customer judges; and what they write by themselves reaches the manager."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.cases.models import Case
from app.cases.service import recovery_answered
from app.extensions import commit, db
from surveys.invitations.models import Hold, Invitation
from surveys.invitations.tokens import link_ref, resolve_link
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
    assert "It is open again, now with the regional manager. We will not call, and text you by" in said
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
    assert (case.state, case.level) == ("reopened", 0)
    assert case.words == f"{ANGRY}\nThe fee has not come back", "what they said first is kept"
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


def test_the_same_choice_after_another_failed_call_is_a_promise_again(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "1")
    code = the_case(app).code
    says(app, clock, f"CALLED {code} no answer", phone=MANAGER_PHONE)
    says(app, clock, "2")
    clock.at = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)  # Monday 10:30; noon was promised
    says(app, clock, f"CALLED {code} no answer", phone=MANAGER_PHONE)
    says(app, clock, "2")
    assert received(app, CUSTOMER_PHONE)[-1].endswith("calls you before 12:00 on 24 Nov.")
    assert the_case(app).promised_by == datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    assert "asks to be called by Tue 12:00 instead" in received(app, MANAGER_PHONE)[-1]
    clock.at = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
    work(app, clock.at)
    assert "did not" not in received(app, CUSTOMER_PHONE)[-1], "no promise was broken"


@pytest.mark.parametrize("called", [False, True])
def test_not_fixed_on_an_open_case_reaches_its_holder(app: Flask, clock: ManualClock, called: bool) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "1")
    code = the_case(app).code
    if called:
        says(app, clock, f"CALLED {code} spoke, will refund", phone=MANAGER_PHONE)
    says(app, clock, "STATUS", "2")
    assert received(app, MANAGER_PHONE)[-1].startswith(f"Heed {code}: C. W. (new) says it is not fixed. Call by ")
    assert "Central knows, and you will hear from us before" in received(app, CUSTOMER_PHONE)[-1]


def test_an_acknowledgement_on_an_open_case_rings_nobody(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "1")
    staff, customer = len(received(app, MANAGER_PHONE)), len(received(app, CUSTOMER_PHONE))
    says(app, clock, "好的")
    assert the_case(app).words == ANGRY
    assert (len(received(app, MANAGER_PHONE)), len(received(app, CUSTOMER_PHONE))) == (staff, customer)


def test_graver_words_on_an_open_case_make_it_more_urgent(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", "You closed early.", "1")
    code = the_case(app).code
    clock.advance(hours=1)
    says(app, clock, "I will sue you, my lawyer has the papers")
    case = the_case(app)
    assert (case.priority, "legal_threat" in case.reasons) == (1, True)
    assert received(app, MANAGER_PHONE)[-1].startswith(
        f'Heed {code}: C. W. (new) again, 2/10 Central: "I will sue you, my lawyer has the'
    )


def test_words_texted_meanwhile_survive_a_change_of_the_answer(
    app: Flask, clock: ManualClock, client: FlaskClient
) -> None:
    served(app, clock)
    says(app, clock, "2", "You closed early.", "1", "And nobody called")
    with app.app_context():
        token = resolve_link(link_ref(db.session.scalars(select(Invitation)).one()), "sms").rsplit("/", 1)[1]
    client.post(f"/s/{token}", data={"question": "why", "answer": "You closed early. Again."})
    work(app, clock.now())
    assert the_case(app).words == "You closed early. Again.\nAnd nobody called"
