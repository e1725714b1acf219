"""How often and how evenly: what counts as an answer, and where a branch's texts stand in its day."""

from collections.abc import Callable

from flask import Flask

from tests.conftest import ManualClock
from tests.phones import received, reply
from tests.surveys.invitations.visits import invitations, policy, visited
from tests.world import CUSTOMER_PHONE

Work = Callable[[], int]


def test_telling_us_that_it_was_put_right_is_no_answer_to_a_survey(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    visited(bank, clock.now())
    run_due()
    clock.advance(days=40)
    run_due()
    assert visited(bank, clock.now(), "R-1", source="heed", touchpoint="case_resolved", customer="customer:1") == []
    run_due()
    assert "has it been put right" in received(bank, CUSTOMER_PHONE)[-1]
    reply(bank, CUSTOMER_PHONE, "2", clock.now(), run_due)
    clock.advance(days=51)
    run_due()
    assert visited(bank, clock.now(), "T-2") == []


def test_an_answer_to_a_survey_counts_for_ninety_days(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    visited(bank, clock.now())
    run_due()
    clock.advance(days=6)
    run_due()
    reply(bank, CUSTOMER_PHONE, "9", clock.now(), run_due)
    clock.advance(days=85)
    run_due()
    assert visited(bank, clock.now(), "T-2") == ["frequency_cap"]


def test_one_customer_far_away_does_not_move_everybody_s_text_to_tomorrow(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    policy(bank, drip_per_day=60)  # ten hours: one every ten minutes
    zones = ["Asia/Shanghai", "America/Los_Angeles", "Asia/Shanghai", "Asia/Shanghai"]
    for number, zone in enumerate(zones):
        visited(bank, clock.now(), f"T-{number}", customer=f"C-{number}", phone=f"+1500555500{number}", zone=zone)
    planned = [i.send_at.strftime("%d %H:%M") for i in invitations(bank) if i.send_at]
    assert planned == ["20 06:00", "20 18:00", "20 06:10", "20 06:20"]
    sent = []
    for _ in range(3):
        run_due()
        sent.append([i.state for i in invitations(bank)].count("sent"))
        clock.advance(minutes=10)
    assert sent == [1, 2, 3]


def test_after_a_pause_the_texts_that_waited_leave_one_by_one(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    policy(bank, drip_per_day=60)
    for number in range(3):
        visited(bank, clock.now(), f"T-{number}", customer=f"C-{number}", phone=f"+1500555500{number}")
    clock.advance(hours=2)
    run_due()
    assert sorted(i.state for i in invitations(bank)) == ["scheduled", "scheduled", "sent"]
    clock.advance(minutes=20)
    run_due()
    planned = sorted(i.send_at for i in invitations(bank) if i.state == "scheduled" and i.send_at)
    assert all(moment > clock.now() for moment in planned)
    clock.advance(minutes=10)
    run_due()
    assert [i.state for i in invitations(bank)] == ["sent"] * 3
