"""What leaves and what waits: countries, filtered wordings, budgets, the pace of a sender, a carrier that is down."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import commit, db, real_now
from config import SendingLimits
from notifications import PhoneNumber, Purpose
from notifications.channels.base import Refused
from notifications.channels.simulator import CAPABILITIES as SIMULATED
from notifications.circuit import OUTAGES
from notifications.delivery import sweep_due
from notifications.limits import release_template
from notifications.models import Circuit, Message, SendBudget, State
from notifications.receipts import receive
from tests.conftest import FRIDAY
from tests.notifications.parts import MANAGER, Wayward, again, carried_by, engine_only, say

NOW = FRIDAY
FEW = replace(SIMULATED, batch=OUTAGES)
LONDON = PhoneNumber.trusted("+447700900123")


def with_limits(url: str, **limits: Any) -> Flask:
    return engine_only(url, limits=SendingLimits(**limits))


def test_a_number_of_a_country_that_is_not_allowed_gets_nothing_and_the_row_says_why(sqlite_url: str) -> None:
    app = with_limits(sqlite_url, countries=frozenset({"CN"}))
    with app.app_context():
        carrier = carried_by(app, Wayward())
        home, abroad = say(now=NOW), say(to=LONDON, key="k2", now=NOW)
        sweep_due(NOW)
        assert again(home).state == State.SENT
        assert (again(abroad).state, again(abroad).error_code) == (State.FAILED, "country")
        assert len(carrier.accepted) == 1


def test_what_is_over_a_budget_waits_for_the_next_day_and_an_alert_does_not(sqlite_url: str) -> None:
    app = with_limits(sqlite_url, per_branch_day=2)
    with app.app_context():
        carried_by(app, Wayward())
        texts = [say(key=f"k{n}", now=NOW, charge_to="BJ-01") for n in range(3)]
        alert = say(to=MANAGER, key="alert", purpose=Purpose.ESCALATION, now=NOW, charge_to="BJ-01")
        elsewhere = say(key="else", now=NOW, charge_to="BJ-02")
        sweep_due(NOW)
        assert [again(t).state for t in texts].count(State.SENT) == 1, "the alert took a place and went first"
        assert [again(t).error_code for t in texts].count("budget") == 2
        assert (again(alert).state, again(elsewhere).state) == (State.SENT, State.SENT)
        sweep_due(NOW, real=real_now() + timedelta(days=1))
        assert [again(t).state for t in texts].count(State.SENT) == 3


def test_a_range_of_numbers_has_a_budget_of_its_own(sqlite_url: str) -> None:
    app = with_limits(sqlite_url, prefixes=(("+44", 1), ("+86", 100)))
    with app.app_context():
        carried_by(app, Wayward())
        abroad = [say(to=LONDON, key=f"k{n}", now=NOW) for n in range(2)]
        home = [say(key=f"h{n}", now=NOW) for n in range(2)]
        sweep_due(NOW)
        assert sorted(again(t).state for t in abroad) == [State.QUEUED, State.SENT]
        assert [again(t).state for t in home] == [State.SENT, State.SENT]


@pytest.mark.postgresql
def test_workers_at_once_spend_a_budget_to_the_last_segment_and_not_one_more(postgres_url: str) -> None:
    apps = [with_limits(postgres_url, per_day=25) for _ in range(4)]
    with apps[0].app_context():
        for number in range(60):
            say(key=f"k{number}", now=NOW)
        db.session.remove()
    start = Barrier(len(apps))

    def work(app: Flask) -> None:
        with app.app_context():
            start.wait()
            from notifications.delivery import _batch

            while _batch("sms", now=NOW, real=None):
                pass
            db.session.remove()
            db.engine.dispose()

    threads = [Thread(target=work, args=(app,)) for app in apps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with apps[0].app_context():
        sent = db.session.scalar(select(func.count()).where(Message.state == State.SENT))
        budget = db.session.scalars(select(SendBudget)).one()
        assert (sent, budget.segments) == (25, 25)
        db.session.remove()
        db.engine.dispose()


def test_a_sender_says_so_many_segments_a_second_the_most_urgent_first(sqlite_url: str) -> None:
    app = with_limits(sqlite_url, segments_per_second=2.0)
    with app.app_context():
        carrier = carried_by(app, Wayward())
        for number in range(4):
            say(f"Number {number}?", key=f"k{number}", now=NOW)
        say("A customer is unhappy", to=MANAGER, key="alert", purpose=Purpose.ESCALATION, now=NOW)
        begun = real_now()
        sweep_due(NOW, real=begun)
        assert {body for _, _, body in carrier.accepted} == {"A customer is unhappy", "Number 0?"}
        sweep_due(NOW, real=begun + timedelta(seconds=1))
        sweep_due(NOW, real=begun + timedelta(seconds=2))
        assert len(carrier.accepted) == 5
        assert db.session.scalar(select(func.count()).where(Message.attempts > 1)) == 0, "waiting is no attempt"


def test_a_filtered_wording_is_stopped_until_somebody_releases_it(any_engine: Flask) -> None:
    carrier = carried_by(any_engine, Wayward())
    first = say(now=NOW, template="invite_nps")
    sweep_due(NOW)
    receive(
        provider="wayward",
        provider_message_id=str(again(first).provider_message_id),
        status="undelivered",
        error_code="30007",
        now=NOW,
    )
    commit()
    held, other = say(key="k2", now=NOW, template="invite_nps"), say(key="k3", now=NOW, template="invite_csat")
    sweep_due(NOW)
    assert (again(held).state, again(held).error_code) == (State.QUEUED, "template_stopped")
    assert again(other).state == State.SENT
    assert release_template("invite_nps")
    commit()
    sweep_due(NOW, real=real_now() + timedelta(minutes=11))
    assert again(held).state == State.SENT
    assert len(carrier.accepted) == 3


def test_a_carrier_that_is_down_is_left_alone_tried_now_and_then_and_no_attempt_is_burnt(any_engine: Flask) -> None:
    carrier = carried_by(any_engine, Wayward([Refused("unreachable")] * (OUTAGES + 1), FEW))
    for number in range(OUTAGES + 15):
        say(key=f"k{number}", now=NOW)
    begun = real_now()
    for seconds in range(60):
        sweep_due(NOW, real=begun + timedelta(seconds=seconds))
    assert db.session.scalars(select(Circuit)).one().probe_at is None, "the second probe was answered"
    sweep_due(NOW, real=begun + timedelta(minutes=5))
    assert len(carrier.accepted) == OUTAGES + 15
    tried = db.session.scalar(select(func.sum(Message.attempts)))
    assert tried == (OUTAGES + 15) + (OUTAGES + 1)
