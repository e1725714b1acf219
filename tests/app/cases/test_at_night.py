"""What a customer is told about their case waits for their morning, unless they are speaking with us."""

from flask import Flask

from tests.app.cases.unhappy import ANGRY, says, served, the_case, work
from tests.conftest import ManualClock
from tests.phones import received
from tests.world import CUSTOMER_PHONE, MANAGER_PHONE


def test_a_case_closed_at_night_is_told_in_the_morning_and_the_manager_knows(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "1")
    code = the_case(app).code
    clock.advance(hours=9)  # 23:00 in Shanghai
    before = received(app, CUSTOMER_PHONE)
    says(app, clock, f"DONE {code} 1", phone=MANAGER_PHONE)
    assert "is told in the morning" in received(app, MANAGER_PHONE)[-1]
    assert received(app, CUSTOMER_PHONE) == before
    clock.advance(hours=8, minutes=59)
    work(app, clock.now())
    assert received(app, CUSTOMER_PHONE) == before
    clock.advance(minutes=1)
    work(app, clock.now())
    assert len(received(app, CUSTOMER_PHONE)) == len(before) + 1
    assert "we have put right what kept you waiting" in received(app, CUSTOMER_PHONE)[-1]


def test_a_customer_who_writes_at_night_is_answered_at_night(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    clock.advance(hours=9)
    says(app, clock, "2", ANGRY, "1")
    code = the_case(app).code
    says(app, clock, f"OK {code}", phone=MANAGER_PHONE)
    assert "has read your words" in received(app, CUSTOMER_PHONE)[-1]


def test_a_broken_promise_is_not_confessed_at_three_in_the_morning(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "1")
    before = len(received(app, CUSTOMER_PHONE))
    for _ in range(14 * 24):  # hours: every deadline passes, and nobody calls
        clock.advance(hours=1)
        work(app, clock.now())
        local = (clock.now().hour + 8) % 24
        now = received(app, CUSTOMER_PHONE)
        assert len(now) == before or 8 <= local <= 21, now[before:]
        before = len(now)
    assert any("we said we would call" in text for text in received(app, CUSTOMER_PHONE))
