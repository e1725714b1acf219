"""Whom we remind once, whom we leave in peace, and when."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from app.cases.reviewing import complaint_received
from app.extensions import commit, db
from surveys.invitations.models import Hold, Programme
from surveys.people.models import Branch, Customer
from surveys.responses.models import Response
from surveys.tasks import sweep_send_due_invitations
from tests.conftest import ManualClock
from tests.phones import received, reply
from tests.surveys.invitations.visits import invitations, policy, states, visited
from tests.world import CUSTOMER_PHONE, MANAGER_PHONE

NEW_PHONE = "+15005551999"
Work = Callable[[], int]


def asked(app: Flask, clock: ManualClock, run_due: Work) -> None:
    """A customer was served on Friday and asked at once."""
    assert visited(app, clock.now()) == []
    run_due()
    assert len(received(app, CUSTOMER_PHONE)) == 1


def reminders(app: Flask, phone: str = CUSTOMER_PHONE) -> list[str]:
    return [text for text in received(app, phone) if "a last time" in text]


def test_who_does_not_answer_is_reminded_once_after_two_days(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    asked(bank, clock, run_due)
    clock.advance(hours=47)
    run_due()
    assert reminders(bank) == []
    clock.advance(hours=1)
    run_due()
    (text,) = reminders(bank)
    assert "after Central on 20 Nov" in text
    clock.advance(hours=72)
    run_due()
    assert len(reminders(bank)) == 1
    assert states(bank) == ["reminded"]


def test_a_consent_withdrawn_since_ends_it(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    asked(bank, clock, run_due)
    assert "no_consent" in visited(bank, clock.now(), "T-2", consent=False)
    clock.advance(hours=48)
    run_due()
    assert reminders(bank) == []
    first = invitations(bank)[0]
    assert (first.state, first.skip_reasons) == ("sent", ["reminder:no_consent"])


def test_who_complained_meanwhile_is_not_asked_how_likely_they_recommend_us(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    asked(bank, clock, run_due)
    with bank.app_context():
        customer = db.session.scalars(select(Customer)).one()
        branch = db.session.scalars(select(Branch).where(Branch.code == "BJ-01")).one()
        assert complaint_received(customer, branch, "They lost my card.", ref="C-1", risk=0.1, now=clock.now())
        commit()
    clock.advance(hours=48)
    run_due()
    assert reminders(bank) == []
    assert invitations(bank)[0].skip_reasons == ["reminder:open_case"]
    assert received(bank, MANAGER_PHONE) != []


def test_a_branch_on_hold_reminds_nobody(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    asked(bank, clock, run_due)
    with bank.app_context():
        branch = db.session.scalars(select(Branch).where(Branch.code == "BJ-01")).one()
        db.session.add(Hold(branch_id=branch.id, reason="ATM failure", since=clock.now()))
        commit()
    clock.advance(hours=48)
    run_due()
    assert invitations(bank)[0].skip_reasons == ["reminder:hold"]


def test_a_programme_for_weekdays_reminds_on_monday_not_on_sunday(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    policy(bank, weekdays=[0, 1, 2, 3, 4], company_hours=[11, 16])
    asked(bank, clock, run_due)
    clock.advance(hours=48)  # Sunday
    run_due()
    assert reminders(bank) == []
    clock.advance(hours=20)  # Monday, 10:00 in Shanghai
    run_due()
    assert reminders(bank) == []
    clock.advance(hours=1)
    run_due()
    assert len(reminders(bank)) == 1


def test_a_new_phone_is_not_told_that_it_is_the_last_time(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    asked(bank, clock, run_due)
    visited(bank, clock.now(), "T-2", phone=NEW_PHONE)
    clock.advance(hours=48)
    run_due()
    assert received(bank, NEW_PHONE) == []
    assert reminders(bank) == []
    assert invitations(bank)[0].skip_reasons == ["reminder:new_phone"]
    reply(bank, CUSTOMER_PHONE, "9", clock.now(), run_due)  # the old one is still in their pocket
    with bank.app_context():
        assert db.session.scalars(select(Response.nps)).all() == [9]


def test_when_another_question_took_the_place_of_the_first_nobody_is_reminded_of_it(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    asked(bank, clock, run_due)
    clock.advance(hours=47)
    assert (
        visited(bank, clock.now(), "case:1:0", source="heed", touchpoint="case_resolved", customer="customer:1") == []
    )
    run_due()
    assert "has it been put right" in received(bank, CUSTOMER_PHONE)[-1]
    clock.advance(hours=2)
    run_due()
    assert reminders(bank) == []  # a "1" would be taken for the answer to the other question
    assert "reminder:no_conversation" in invitations(bank)[0].skip_reasons


def test_two_days_count_from_the_text_that_left_not_from_the_one_that_waited(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    assert visited(bank, clock.now()) == []
    with bank.app_context():
        sweep_send_due_invitations(clock.now())  # queued; nothing takes it to the carrier for 50 hours
    clock.advance(hours=50)
    run_due()
    assert len(received(bank, CUSTOMER_PHONE)) == 1
    assert reminders(bank) == []
    clock.advance(hours=47)
    run_due()
    assert reminders(bank) == []
    clock.advance(hours=20)  # the next morning
    run_due()
    assert len(reminders(bank)) == 1


def test_a_programme_that_was_stopped_reminds_nobody(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    asked(bank, clock, run_due)
    with bank.app_context():
        db.session.scalars(select(Programme).where(Programme.key == "branch_visit")).one().live = False
        commit()
    clock.advance(hours=48)
    run_due()
    assert reminders(bank) == []
    assert invitations(bank)[0].skip_reasons == ["reminder:no_programme"]
