"""Public holidays of the customer's place: nothing is sent on them, unless the programme says otherwise."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db
from surveys.people.models import Branch, Closure, Customer
from tests.conftest import ManualClock
from tests.phones import received
from tests.surveys.invitations.visits import invitations, policy, visited
from tests.world import CUSTOMER_PHONE

LABOUR_DAY = datetime(2026, 5, 1, 6, 0, tzinfo=UTC)  # a Friday, 14:00 in Shanghai


def test_who_is_served_on_a_holiday_is_asked_on_the_first_day_that_is_none(
    bank: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    clock.at = LABOUR_DAY
    assert visited(bank, clock.now()) == []
    run_due()
    assert received(bank, CUSTOMER_PHONE) == []
    (waiting,) = invitations(bank)
    assert waiting.send_at == datetime(2026, 5, 3, 2, 0, tzinfo=UTC)  # Sunday, 10:00
    clock.at = waiting.send_at
    run_due()
    assert len(received(bank, CUSTOMER_PHONE)) == 1


def test_a_programme_may_ask_on_holidays(bank: Flask, clock: ManualClock, run_due: Callable[[], int]) -> None:
    policy(bank, respect_holidays=False)
    clock.at = LABOUR_DAY
    assert visited(bank, clock.now()) == []
    run_due()
    assert len(received(bank, CUSTOMER_PHONE)) == 1


def test_who_lives_elsewhere_has_the_holidays_of_their_own_place(
    bank: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    assert visited(bank, clock.now(), zone="America/New_York") == []
    with bank.app_context():
        db.session.scalars(select(Customer)).one().region = "US-CA"
        commit()
    clock.at = datetime(2027, 3, 31, 18, 0, tzinfo=UTC)  # Cesar Chavez Day, in California alone
    assert visited(bank, clock.now(), "T-2", zone="America/Los_Angeles") == []
    assert invitations(bank)[1].send_at == datetime(2027, 4, 1, 17, 0, tzinfo=UTC)
    clock.at = LABOUR_DAY.replace(year=2028, month=5, day=1, hour=18)
    assert visited(bank, clock.now(), "T-3", zone="America/Los_Angeles") == []
    assert invitations(bank)[2].send_at == clock.now()  # no holiday there


def test_days_on_which_the_branch_is_closed_are_left_out_too(bank: Flask, clock: ManualClock) -> None:
    with bank.app_context():
        branch = db.session.scalars(select(Branch).where(Branch.code == "BJ-01")).one()
        day = date(2026, 11, 20)
        db.session.add(Closure(branch_id=branch.id, first_day=day, last_day=day, reason="Flood"))
        commit()
    assert visited(bank, clock.now()) == []
    assert invitations(bank)[0].send_at == datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
