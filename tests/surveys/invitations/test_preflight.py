"""The pre-flight: last month decided again as if the programme had been live, and nothing sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db
from notifications.models import Message
from surveys.invitations.dispositions import Disposition
from surveys.invitations.eligibility import Channel, Facts, Policy, Route, Rule
from surveys.invitations.forecast import Forecast, forecast
from surveys.invitations.models import Invitation, Programme
from surveys.invitations.preflight import Contact, Moment, replay
from surveys.invitations.queries import dispositions, results
from surveys.people.models import Customer
from surveys.people.service import record_consent
from tests import world
from tests.conftest import FRIDAY, ManualClock
from tests.phones import received, reply
from tests.surveys.invitations.visits import policy, visit

Work = Callable[[], int]


def moment(number: int, at: datetime, *, customer: int | None = None, **facts: Any) -> Moment:
    """One visit for the pure replay."""
    known: dict[str, Any] = {
        "programme": "visit",
        "time_zone": "Asia/Shanghai",
        "routes": (Route(Channel.SMS, known=True),),
        "occurred_at": at,
        "not_before": at,
        "sample_key": f"core:{number}",
        **facts,
    }
    return Moment(at, 1, "Asia/Shanghai", customer or number, f"phone{customer or number}", "en", Facts(**known))


def test_whoever_comes_twice_is_asked_once() -> None:
    visits = [moment(n, FRIDAY + timedelta(days=n), customer=7) for n in range(5)]
    tally = replay(visits, (), Policy())
    assert (tally.events, tally.asked, tally.stopped) == (5, 1, {Rule.FREQUENCY_CAP: 4})
    assert tally.eligible == tally.sampled == 1


def test_a_visit_at_night_is_deferred_and_the_second_one_meets_the_cap_when_the_morning_comes() -> None:
    night = FRIDAY + timedelta(hours=8)  # 22:00
    visits = [moment(1, night, customer=7), moment(2, night + timedelta(minutes=5), customer=7)]
    tally = replay(visits, (), Policy())
    assert (tally.asked, tally.deferred, tally.stopped) == (1, 2, {Rule.FREQUENCY_CAP: 1})


def test_what_others_asked_and_what_was_answered_counts() -> None:
    contacts = [
        Contact(FRIDAY - timedelta(days=10), 1, "phone1"),
        Contact(FRIDAY - timedelta(days=9), 99, "phone2"),
        Contact(FRIDAY - timedelta(days=8), 3, "phone3", answered=True),
    ]
    tally = replay([moment(n, FRIDAY) for n in (1, 2, 3, 4)], contacts, Policy())
    assert tally.stopped == {Rule.FREQUENCY_CAP: 3}
    assert tally.asked == 1


def test_a_quota_holds_a_day_and_the_next_day_is_new() -> None:
    visits = [moment(n, FRIDAY + timedelta(minutes=n)) for n in range(10)]
    visits += [moment(n, FRIDAY + timedelta(days=1, minutes=n)) for n in range(10, 20)]
    tally = replay(visits, (), Policy(quota=4))
    assert (tally.asked, tally.stopped) == (8, {Rule.QUOTA: 12})


def test_a_drip_spreads_and_stops_what_would_be_too_late() -> None:
    visits = [moment(n, FRIDAY + timedelta(minutes=n)) for n in range(40)]
    tally = replay(visits, (), Policy(drip_per_day=5, stale_hours=24))
    assert tally.asked + tally.stopped[Rule.DRIP] == 40
    assert tally.asked <= 7
    assert tally.deferred == tally.asked - 1


def test_sampling_draws_the_very_ones_it_will_draw() -> None:
    from surveys.invitations.sampling import sampled

    visits = [moment(n, FRIDAY) for n in range(500)]
    tally = replay(visits, (), Policy(sampling_rate=0.3))
    assert tally.asked == sum(sampled(f"core:{n}", rate=0.3) for n in range(500))
    assert (tally.eligible, tally.sampled) == (500, tally.asked)


def programme(app: Flask, **values: Any) -> None:
    """The programme for branch visits, paused, with these values."""
    with app.app_context():
        found = db.session.scalars(select(Programme).where(Programme.key == "branch_visit")).one()
        found.live = False
        for name, value in values.items():
            setattr(found, name, value)
        commit()


def told(app: Flask, now: datetime) -> Forecast:
    with app.app_context():
        found = db.session.scalars(select(Programme).where(Programme.key == "branch_visit")).one()
        result = forecast(found, now=now)
        db.session.rollback()
    assert result is not None
    return result


def a_month(app: Flask, clock: ManualClock, *, customers: int, run_due: Work | None = None) -> None:
    """Everybody was served on one of thirty days, nobody asked."""
    begin = clock.now()
    with app.app_context():
        for number in range(customers):
            clock.at = begin + timedelta(days=number % 30)
            phone = f"+1500555{5000 + number}"
            visit(clock.now(), f"T-{number}", customer=f"C-{number}", phone=phone, ago=timedelta())
        commit()
    clock.at = begin + timedelta(days=30)


def test_a_month_is_replayed_without_a_word_leaving(bank: Flask, clock: ManualClock) -> None:
    programme(bank)
    a_month(bank, clock, customers=60)
    with bank.app_context():
        stopped = db.session.scalars(select(Customer.id).limit(5)).all()
        for customer in stopped:
            record_consent(customer, granted=False, source="customer", wording="", now=clock.now())
        commit()
    found = told(bank, clock.now())
    assert found.tally.events == 60
    assert dict(found.stopped) == {Rule.NO_CONSENT: 5}
    assert found.by_channel == (("sms", 55),)
    assert (found.response_rate, found.known_rate, found.answers) == (0.2, False, 11)
    assert found.asking_segments == 55 and found.reminder_segments == 44
    assert found.cost is None
    with bank.app_context():
        assert db.session.scalars(select(Message)).all() == []
        assert db.session.scalars(select(Invitation)).all() == []


def test_what_the_replay_says_is_what_the_live_programme_does(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    policy(bank, sampling_rate=0.6, quota=2)
    begin = clock.now()
    asked = 0
    for day in range(20):
        for number in range(4):
            clock.at = begin + timedelta(days=day, hours=3 * number)
            phone = f"+1500555{5000 + (day * 7 + number) % 30}"
            with bank.app_context():
                visit(clock.now(), f"T-{day}-{number}", customer=phone, phone=phone, ago=timedelta())
                commit()
            run_due()
    clock.at = begin + timedelta(days=21)
    run_due()
    with bank.app_context():
        asked = len(db.session.scalars(select(Invitation.id).where(Invitation.sent_at.is_not(None))).all())
    found = told(bank, clock.now())
    assert found.tally.events == 80
    assert found.tally.asked == asked > 10


def test_who_the_touchpoint_has_asked_before_says_how_many_will_answer(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    a_month(bank, clock, customers=0)
    with bank.app_context():
        for number in range(40):
            phone = f"+1500555{5000 + number}"
            visit(clock.now(), f"T-{number}", customer=f"C-{number}", phone=phone)
        commit()
    run_due()
    for number in range(10):
        phone = f"+1500555{5000 + number}"
        assert received(bank, phone)
        reply(bank, phone, "10", clock.now(), run_due)
    clock.advance(days=20)
    found = told(bank, clock.now())
    assert (found.response_rate, found.known_rate) == (0.25, True)
    assert found.nps == (10, 0, 0)


def test_a_price_makes_a_cost(bank: Flask, clock: ManualClock) -> None:
    programme(bank)
    a_month(bank, clock, customers=10)
    found = replace(told(bank, clock.now()), price=0.05)
    assert found.cost == found.segments * 0.05
    assert found.segments == found.asking_segments + found.reminder_segments + found.talking_segments
    assert found.since == datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


def test_every_query_of_the_room_runs_on_postgresql_as_well(pg_app: Flask, clock: ManualClock) -> None:
    with pg_app.app_context():
        world.build(clock.now())
        for number in range(5):
            visit(clock.now(), f"T-{number}", customer=f"C-{number}", phone=f"+1500555{5000 + number}")
        commit()
    clock.advance(hours=1)
    found = told(pg_app, clock.now())
    assert (found.tally.events, found.tally.asked) == (5, 5)
    with pg_app.app_context():
        number = db.session.scalars(select(Programme.id).where(Programme.key == "branch_visit")).one()
        ended = dispositions(number, since=clock.now() - timedelta(days=1), until=clock.now())
        assert ended == {Disposition.NOT_SENT: 5}
        assert results(since=clock.now() - timedelta(days=1))[number].events == 5
        db.session.rollback()
