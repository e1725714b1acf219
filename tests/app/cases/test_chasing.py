"""Deadlines: reminders, exactly one level a breach, nights, and promises that were broken."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.cases.models import Case
from app.cases.service import chase, contact
from app.extensions import commit, db
from tests.app.cases.unhappy import ANGRY, kinds, says, served, staff_of, the_case, work
from tests.conftest import ManualClock
from tests.phones import received
from tests.world import CUSTOMER_PHONE, DEPUTY_PHONE, MANAGER_PHONE, OWNER_PHONE, REGION_PHONE


def pass_time(app: Flask, clock: ManualClock, to: datetime) -> None:
    """Live through every deadline up to then, as the sweeper does minute by minute."""
    while True:
        due = the_case(app).next_check_at
        clock.at = to if due is None or due > to else max(due, clock.at)
        work(app, clock.at)
        if clock.at == to:
            return


def test_silence_climbs_from_the_owner_to_the_region_one_level_at_a_time(app: Flask, clock: ManualClock) -> None:
    served(app, clock, owner="S-17", language="en")
    says(app, clock, "1", "You closed early.")
    levels = [(the_case(app).level, the_case(app).owner.name)]
    for _ in range(12):
        due = the_case(app).next_check_at
        assert due is not None, "an open case is never out of sight"
        clock.at = due
        work(app, clock.at)
        case = the_case(app)
        assert case.level - levels[-1][0] in (0, 1)
        if case.level != levels[-1][0]:
            levels.append((case.level, case.owner.name))
    assert levels == [(0, "Zhou Min"), (1, "Ben Shaw"), (2, "Anna Reed"), (3, "Lin Yue")]
    for phone in (DEPUTY_PHONE, MANAGER_PHONE):
        assert len([t for t in received(app, phone) if "so it is yours now" in t]) == 1
    assert len([t for t in received(app, REGION_PHONE) if "转您" in t]) == 1
    assert any("现由Ben Shaw接手" in t for t in received(app, OWNER_PHONE))


def test_one_breach_found_twice_moves_the_case_once(any_app: Flask, clock: ManualClock) -> None:
    served(any_app, clock)
    says(any_app, clock, "1")
    pass_time(any_app, clock, the_case(any_app).acknowledge_by - timedelta(minutes=1))
    clock.advance(minutes=1)
    with any_app.app_context():
        case_id = db.session.scalars(select(Case.id)).one()
        assert chase(case_id, now=clock.now()) is True
        commit()
        assert chase(case_id, now=clock.now()) is False
        commit()
    assert the_case(any_app).level == 1
    assert kinds(the_case(any_app)).count("handed_up") == 1


def test_hand_ups_wait_for_the_morning_but_the_first_alert_does_not(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    clock.at = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai
    says(app, clock, "1")
    assert len(received(app, MANAGER_PHONE)) == 1
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        case.acknowledge_by = clock.now() + timedelta(minutes=10)
        case.next_check_at = case.acknowledge_by
        commit()
    clock.advance(minutes=20)
    work(app, clock.at)
    assert the_case(app).level == 0
    assert the_case(app).next_check_at == datetime(2026, 11, 20, 23, 0, tzinfo=UTC)  # 07:00
    clock.at = datetime(2026, 11, 20, 23, 1, tzinfo=UTC)
    work(app, clock.at)
    assert the_case(app).level == 1


def test_ok_stops_the_first_clock_and_starts_the_second(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "1")
    code = the_case(app).code
    says(app, clock, f"OK {code}", phone=MANAGER_PHONE)
    case = the_case(app)
    assert case.next_check_at == case.contact_by
    pass_time(app, clock, case.contact_by + timedelta(minutes=1))
    after = the_case(app)
    assert (after.level, after.state) == (1, "open")  # whoever gets it must read it anew
    assert after.acknowledged_at == case.acknowledged_at


def test_a_promise_kept_in_mind_then_broken_is_owned_up_to(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "2", ANGRY, "1")
    assert "The manager of Central will call you before 17:00." in received(app, CUSTOMER_PHONE)[-1]
    case = the_case(app)
    assert case.promised_by == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    says(app, clock, f"OK {case.code}", phone=MANAGER_PHONE)
    assert "will call before 17:00." in received(app, CUSTOMER_PHONE)[-1]
    pass_time(app, clock, case.promised_by - timedelta(minutes=29))
    assert "you promised C. W. an answer by 17:00" in received(app, MANAGER_PHONE)[-1]
    pass_time(app, clock, case.promised_by + timedelta(minutes=1))
    after = the_case(app)
    assert after.level == 1
    said = received(app, CUSTOMER_PHONE)[-1]
    assert said.startswith("Harbour Bank: we said we would call before 17:00 and did not. We are sorry.")
    assert "calls before 14:00 on 23 Nov" in said
    assert after.promised_by == case.contact_by


def test_who_was_passed_over_can_still_call(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "1")
    case = the_case(app)
    pass_time(app, clock, case.acknowledge_by)
    assert the_case(app).level == 1
    says(app, clock, f"CALLED {case.code} done", phone=MANAGER_PHONE)
    assert received(app, MANAGER_PHONE)[-1].startswith(f"{case.code}: call noted")
    assert the_case(app).state == "contacted"


def test_a_promise_in_the_past_is_refused_and_a_new_one_starts_a_clock(app: Flask, clock: ManualClock) -> None:
    built = served(app, clock)
    says(app, clock, "1")
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        manager, now = staff_of(built.manager), clock.now()
        refused = contact(case, by=manager, note="x", reached=True, promised_by=now, now=now)
        assert getattr(refused, "code", None) == "promise_past"
        assert case.state == "open"
        contact(case, by=manager, note="x", reached=True, promised_by=now + timedelta(hours=2), now=now)
        contact(case, by=manager, note="x", reached=True, promised_by=now + timedelta(hours=2), now=now)
        commit()
    case = the_case(app)
    assert kinds(case).count("contacted") == 1
    assert case.next_check_at == clock.now() + timedelta(minutes=90)


def test_who_does_not_put_it_right_in_five_days_hands_it_up(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    says(app, clock, "1", ANGRY)
    case = the_case(app)
    says(app, clock, f"CALLED {case.code} sorry", phone=MANAGER_PHONE)
    pass_time(app, clock, case.resolve_by + timedelta(minutes=1))
    after = the_case(app)
    assert (after.state, after.level) == ("contacted", 1)
    assert "not put right by" in received(app, DEPUTY_PHONE)[-1]
    assert "it is not put right, so Ben Shaw has it too" in received(app, MANAGER_PHONE)[-1]


@pytest.mark.usefixtures("app")
def test_half_the_time_gone_without_ok_reminds_the_holder(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    clock.at = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday 09:00
    says(app, clock, "5")
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        case.acknowledge_by = case.contact_by
        case.next_check_at = clock.now()
        commit()
    pass_time(app, clock, datetime(2026, 11, 24, 1, 1, tzinfo=UTC))
    reminders = [t for t in received(app, MANAGER_PHONE) if "is near and C. W." in t]
    assert len(reminders) == 1
    assert the_case(app).level == 0
