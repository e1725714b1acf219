"""Public holidays of the customer's place: nothing is sent on them, unless the programme says otherwise."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from flask import Flask

from surveys.invitations.holidays import public_holidays
from tests.conftest import ManualClock
from tests.phones import received
from tests.surveys.invitations.visits import invitations, policy, visited
from tests.world import CUSTOMER_PHONE

LABOUR_DAY = datetime(2026, 5, 1, 6, 0, tzinfo=UTC)  # a Friday, 14:00 in Shanghai


def test_the_library_knows_countries_and_their_parts() -> None:
    assert date(2026, 5, 1) in public_holidays("CN", "CN", years=[2026])
    assert date(2026, 3, 31) in public_holidays("US-CA", "US", years=[2026])  # Cesar Chavez Day
    assert date(2026, 3, 31) not in public_holidays("US-NY", "US", years=[2026])
    assert date(2026, 10, 1) in public_holidays("", "CN", years=[2026])
    assert date(2026, 5, 1) in public_holidays("CN-99", "CN", years=[2026])
    assert public_holidays("XX", "XX", years=[2026]) == frozenset()


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
