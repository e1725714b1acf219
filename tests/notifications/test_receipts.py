"""Reports come in any order, any number of times, and before the send's own answer; a message only moves up."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as chosen
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.extensions import commit, db, real_now
from notifications import Purpose, is_opted_out, receipts
from notifications.channels import simulator
from notifications.channels.base import Outgoing, SendResult, Unknown
from notifications.delivery import sweep_due
from notifications.models import Message, Receipt, State
from notifications.report_refs import attempt_of, report_ref
from tests.conftest import FRIDAY
from tests.notifications.parts import ANNA, MANAGER, Wayward, again, carried_by, say
from tests.notifications.test_delivery import SLOW

NOW = FRIDAY
STATUSES = ("accepted", "queued", "sending", "sent", "failed", "undelivered", "delivered", "read", "something_new")
number = count()


def report(sid: str, status: str, error_code: str | None = None) -> bool:
    new = receipts.receive(provider="wayward", provider_message_id=sid, status=status, error_code=error_code, now=NOW)
    commit()
    return new


def fate(statuses: Sequence[str]) -> str:
    """What must become of a message, by the highest report alone."""
    top = max(statuses, key=lambda status: receipts.RANK.get(status, 0), default="sent")
    return {"read": "delivered", "delivered": "delivered", "undelivered": "undelivered", "failed": "failed"}.get(
        top, "sent"
    )


@given(statuses=st.lists(st.sampled_from(STATUSES), max_size=8), early=st.integers(0, 8))
@chosen(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_order_the_highest_report_decides(engine: Flask, statuses: list[str], early: int) -> None:
    carrier = carried_by(engine, Wayward())
    run = next(number)
    carrier.accepted = [("", "", "")] * (run * 10)  # numbers of its own for each example
    sid = f"W{run * 10}"
    for status in statuses[:early]:
        report(sid, status, "30004")  # before the carrier has even answered
    message = say(key=f"key:{run}", now=NOW)
    sweep_due(NOW)
    for status in statuses[early:]:
        report(sid, status, "30004")
    assert again(message).state == fate(statuses)


def test_a_report_counts_once_however_often_it_comes(any_engine: Flask) -> None:
    carried_by(any_engine, Wayward())
    message = say(now=NOW)
    sweep_due(NOW)
    assert [report("W0", "delivered") for _ in range(5)] == [True, False, False, False, False]
    assert again(message).state == State.DELIVERED
    assert again(message).delivered_at == NOW
    assert db.session.scalar(select(func.count(Receipt.id))) == 1


def test_a_report_that_comes_before_the_answer_is_not_lost(any_engine: Flask) -> None:
    carried_by(any_engine, Wayward())
    assert report("W0", "delivered")
    message = say(now=NOW)
    sweep_due(NOW)
    assert again(message).state == State.DELIVERED


def speaks_of(message: Message, attempt: int, sid: str, status: str = "delivered", code: str | None = None) -> None:
    """A report that brings back which attempt it speaks of."""
    about = attempt_of(report_ref(message.id, attempt))
    receipts.receive(provider="wayward", provider_message_id=sid, status=status, error_code=code, about=about, now=NOW)
    commit()


def test_a_report_settles_a_send_that_was_never_answered_and_nobody_is_asked_or_texted_again(
    any_engine: Flask,
) -> None:
    carrier = carried_by(any_engine, Wayward(["hung"], SLOW, listing=False))
    message = say("How was it? {link}", link_ref="survey:1", now=NOW)
    sweep_due(NOW)
    assert again(message).state == State.UNCERTAIN
    speaks_of(message, 1, "W0", "sent")
    found = again(message)
    assert (found.state, found.provider_message_id, found.segments, found.country) == (State.SENT, "W0", 1, "CN")
    report("W0", "delivered")
    sweep_due(NOW, real=real_now() + timedelta(days=1))
    assert again(message).state == State.DELIVERED
    assert len(carrier.accepted) == 1


def test_a_report_while_the_send_still_waits_for_its_answer_decides(any_engine: Flask) -> None:
    message = say(now=NOW)

    class Late(Wayward):
        """Reports at once and never answers."""

        def send(self, message_: Outgoing) -> SendResult:
            speaks_of(message, 1, "W0")
            return Unknown("ReadTimeout")

    carried_by(any_engine, Late(capabilities=SLOW))
    sweep_due(NOW)
    sweep_due(NOW, real=real_now() + timedelta(minutes=5))
    assert (again(message).state, again(message).attempts) == (State.DELIVERED, 1)


def test_a_report_after_we_gave_up_says_that_it_went_out_after_all(any_engine: Flask) -> None:
    carried_by(any_engine, Wayward(["lost"] * 4, SLOW))
    message = say(now=NOW)
    for minutes in (0, 3, 6):
        sweep_due(NOW, real=real_now() + timedelta(minutes=minutes))
    assert again(message).error_code == "unknown_outcome"
    speaks_of(message, 2, "W9", "undelivered", "30005")
    assert (again(message).state, again(message).error_code) == (State.UNDELIVERED, "30005")


def test_a_report_of_an_attempt_that_is_settled_or_not_made_yet_is_only_kept(any_engine: Flask) -> None:
    carried_by(any_engine, Wayward())
    message = say(now=NOW)
    speaks_of(message, 1, "X1")
    assert again(message).state == State.QUEUED
    sweep_due(NOW)
    speaks_of(message, 1, "X2")
    assert (again(message).state, again(message).provider_message_id) == (State.SENT, "W0")


@pytest.mark.parametrize("forged", ["", "1", "1.1", "1.1.", "1.1.AAAAAAAAAAAAAAAA", "1.2.{right}", "٣.1.x", "9" * 70])
def test_a_reference_we_did_not_sign_names_nothing(engine: Flask, forged: str) -> None:
    assert attempt_of(report_ref(1, 1)) == (1, 1)
    assert attempt_of(forged.format(right=report_ref(1, 1).split(".")[2])) is None


def test_a_phone_that_was_off_is_tried_again_later_unless_it_was_reached_after_all(any_engine: Flask) -> None:
    carrier = carried_by(any_engine, Wayward())
    message = say(now=NOW)
    sweep_due(NOW)
    report("W0", "undelivered", "30003")
    assert again(message).state == State.QUEUED
    assert again(message).next_attempt_at > real_now() + timedelta(minutes=15)
    report("W0", "delivered")
    assert again(message).state == State.DELIVERED
    sweep_due(NOW, real=real_now() + timedelta(hours=1))
    assert len(carrier.accepted) == 1


def test_a_phone_that_stays_off_gets_a_survey_twice_at_most_and_a_manager_four_times(any_engine: Flask) -> None:
    carrier = carried_by(any_engine, Wayward())
    for to, purpose in ((ANNA, Purpose.SURVEY), (MANAGER, Purpose.ESCALATION)):
        say(to=to, key=purpose, purpose=purpose, now=NOW)
    seen = 0
    for hours in range(6):
        sweep_due(NOW, real=real_now() + timedelta(hours=8 * hours))
        for sid, _, _ in carrier.accepted[seen:]:
            report(sid, "undelivered", "30003")
        seen = len(carrier.accepted)
    to_each = [to for _, to, _ in carrier.accepted]
    assert (to_each.count(ANNA.e164), to_each.count(MANAGER.e164)) == (2, 4)
    assert set(db.session.scalars(select(Message.state))) == {State.UNDELIVERED}


@pytest.mark.parametrize("code", ["30005", "30006", "30007"])
def test_a_dead_number_or_filtered_words_are_final_and_say_why(engine: Flask, code: str) -> None:
    carried_by(engine, Wayward())
    message = say(now=NOW)
    sweep_due(NOW)
    report("W0", "undelivered", code)
    assert (again(message).state, again(message).error_code) == (State.UNDELIVERED, code)


def test_an_opt_out_reported_by_the_carrier_stops_everything(any_engine: Flask) -> None:
    carried_by(any_engine, Wayward())
    message = say(now=NOW)
    sweep_due(NOW)
    report("W0", "failed", "21610")
    assert again(message).state == State.SUPPRESSED
    assert is_opted_out(ANNA.e164)


def test_the_simulated_carrier_carries_one_step_a_tick(any_engine: Flask) -> None:
    message = say(now=NOW)
    sweep_due(NOW)
    states = []
    for _ in range(3):
        moved = simulator.advance(NOW)
        commit()
        states.append((moved, str(again(message).state)))
    assert states == [(1, "sent"), (1, "delivered"), (0, "delivered")]
