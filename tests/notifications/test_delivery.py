"""Between outbox and carrier anything can go wrong; what may have been said is asked about before it is said again."""

from dataclasses import replace
from datetime import datetime, timedelta
from time import sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.extensions import commit, db, real_now
from notifications import Purpose, is_opted_out
from notifications.channels import DemoPeopleError, sms_channel
from notifications.channels.base import Carried, Outgoing, Refused, SendResult
from notifications.channels.simulator import CAPABILITIES as SIMULATED
from notifications.channels.twilio import seconds_asked
from notifications.claims import SKEW, lease
from notifications.delivery import _batch, sweep_due
from notifications.models import Message, State
from tests.conftest import FRIDAY
from tests.notifications.parts import ANNA, MANAGER, Wayward, again, carried_by, engine_only, say

NOW = FRIDAY
# A carrier like Twilio: its list needs two minutes, and is not proof.
SLOW = replace(SIMULATED, settle_seconds=120, list_is_complete=False)


def test_accepted_then_silent_is_found_on_the_carriers_list_and_not_sent_twice(any_engine: Flask) -> None:
    carrier = carried_by(any_engine, Wayward(["hung"], SLOW))
    message = say(now=NOW)
    sweep_due(NOW)
    assert again(message).state == State.UNCERTAIN
    sweep_due(NOW, real=real_now() + timedelta(seconds=60))
    assert again(message).state == State.UNCERTAIN, "the list has not settled yet"
    sweep_due(NOW, real=real_now() + timedelta(seconds=121))
    assert (again(message).state, again(message).provider_message_id) == (State.SENT, "W0")
    assert len(carrier.accepted) == 1


def test_a_survey_of_unknown_outcome_is_sent_again_once_and_no_more(any_engine: Flask) -> None:
    carrier = carried_by(any_engine, Wayward(["lost", "lost", "lost", "lost"], SLOW))
    message = say(now=NOW)
    for minutes in (0, 3, 6, 9, 12):
        sweep_due(NOW, real=real_now() + timedelta(minutes=minutes))
    found = again(message)
    assert (found.state, found.error_code, found.attempts, found.resends) == (State.FAILED, "unknown_outcome", 2, 1)
    assert carrier.moods == ["lost", "lost"]


def test_an_escalation_is_sent_until_somebody_certainly_has_it(any_engine: Flask) -> None:
    carrier = carried_by(any_engine, Wayward(["lost"] * 4, SLOW))
    message = say(to=MANAGER, purpose=Purpose.ESCALATION, now=NOW)
    for minutes in (0, 3, 6, 9, 12):
        sweep_due(NOW, real=real_now() + timedelta(minutes=minutes))
    assert again(message).state == State.SENT
    assert len(carrier.accepted) == 1


def test_a_carrier_that_cannot_be_asked_is_asked_later_and_nothing_is_sent_meanwhile(any_engine: Flask) -> None:
    carrier = carried_by(any_engine, Wayward(["hung"], SLOW, listing=False))
    message = say(now=NOW)
    for minutes in (0, 3, 6):
        sweep_due(NOW, real=real_now() + timedelta(minutes=minutes))
    assert again(message).state == State.UNCERTAIN
    carrier.listing = True
    sweep_due(NOW, real=real_now() + timedelta(minutes=9))
    assert again(message).state == State.SENT
    assert len(carrier.accepted) == 1


def test_two_messages_with_the_same_words_to_one_phone_are_never_taken_for_each_other(any_engine: Flask) -> None:
    carrier = carried_by(any_engine, Wayward(["well", "lost", "hung"], SLOW))
    first, second, third = (say("Done.", key=key, now=NOW) for key in ("a", "b", "c"))
    for minutes in (0, 3, 6):
        sweep_due(NOW, real=real_now() + timedelta(minutes=minutes))
    ids = {again(message).provider_message_id for message in (first, second, third)}
    assert ids == {"W0", "W1", "W2"}
    assert len(carrier.accepted) == 3


def test_a_worker_that_died_after_leasing_loses_nothing(any_engine: Flask) -> None:
    message = say(now=NOW)
    assert len(lease(SIMULATED, channel="sms", real=real_now(), now=NOW)) == 1
    commit()
    assert sweep_due(NOW) == 0, "the lease holds"
    assert sweep_due(NOW, real=real_now() + timedelta(minutes=2)) == 1
    assert again(message).state == State.SENT


def test_a_result_that_comes_after_the_lease_was_taken_over_is_not_written(any_engine: Flask) -> None:
    message = say(now=NOW)

    class Slow(Wayward):
        def send(self, outgoing):  # type: ignore[no-untyped-def]
            result = super().send(outgoing)
            db.session.execute(update(Message).values(lease="another"))
            db.session.commit()
            return result

    carried_by(any_engine, Slow())
    sweep_due(NOW)
    assert (again(message).state, again(message).lease) == (State.SENDING, "another")


@pytest.mark.parametrize("code", ["throttled", "unreachable", "30001", "http_429", "smtp_451"])
def test_a_passing_trouble_waits_longer_each_time(engine: Flask, code: str) -> None:
    carried_by(engine, Wayward([Refused(code), Refused(code)]))
    message = say(now=NOW)
    waits = []
    for hours in (0, 1):
        before = real_now() + timedelta(hours=hours)
        sweep_due(NOW, real=before)
        assert again(message).state == State.QUEUED
        waits.append(again(message).next_attempt_at - before)
    assert timedelta(seconds=4) < waits[0] < waits[1] < timedelta(minutes=1)
    sweep_due(NOW, real=real_now() + timedelta(hours=2))
    assert again(message).state == State.SENT


def test_the_pause_a_carrier_asks_for_is_honoured(engine: Flask) -> None:
    carried_by(engine, Wayward([Refused("throttled", retry_after=90)]))
    message = say(now=NOW)
    sweep_due(NOW)
    assert again(message).next_attempt_at > real_now() + timedelta(seconds=80)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("Fri, 20 Nov 2026 06:01:30 GMT", 90),
        ("Fri, 20 Nov 2026 05:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("Fri, 20 Nov 2026 06:01:30", None),
    ],
)
def test_a_pause_is_asked_for_in_seconds_or_by_a_date(header: str, seconds: float | None) -> None:
    assert seconds_asked(header, now=NOW) == seconds


def test_a_trouble_that_never_passes_is_given_up(engine: Flask) -> None:
    carried_by(engine, Wayward([Refused("unreachable")] * 50))
    message = say(now=NOW)
    for hours in range(20):
        sweep_due(NOW, real=real_now() + timedelta(hours=2 * hours))
    assert (again(message).state, again(message).error_code) == (State.FAILED, "unreachable")


def test_the_carriers_own_opt_out_is_a_wish_and_not_a_failure(any_engine: Flask) -> None:
    carried_by(any_engine, Wayward([Refused("21610")]))
    message = say(now=NOW)
    sweep_due(NOW)
    assert (again(message).state, again(message).error_code) == (State.SUPPRESSED, "21610")
    assert is_opted_out(ANNA.e164)


@pytest.mark.parametrize("code", ["21211", "21614", "30004", "99999"])
def test_what_will_never_go_through_fails_at_once_with_its_code(engine: Flask, code: str) -> None:
    carried_by(engine, Wayward([Refused(code)]))
    message = say(now=NOW)
    sweep_due(NOW)
    assert (again(message).state, again(message).error_code) == (State.FAILED, code)


def test_a_database_with_demo_people_refuses_twilio(sqlite_url: str) -> None:
    app = engine_only(
        sqlite_url,
        sms_channel="twilio",
        twilio_account_sid="AC" + "1" * 32,
        twilio_auth_token="t",
        sms_from="+14155550100",
    )
    with app.app_context():
        with pytest.raises(DemoPeopleError):
            sms_channel()  # nobody has said that there are none
        app.extensions["heed.demo_check"] = lambda: True
        with pytest.raises(DemoPeopleError):
            sms_channel()
        message = say(now=NOW)
        assert sweep_due(NOW) == 0
        assert again(message).state == State.QUEUED
        app.extensions["heed.demo_check"] = lambda: False
        assert sms_channel().name == "twilio"


def test_credentials_alone_never_choose_twilio(sqlite_url: str) -> None:
    app = engine_only(sqlite_url, twilio_account_sid="AC" + "1" * 32, twilio_auth_token="t", sms_from="+14155550100")
    with app.app_context():
        assert sms_channel().name == "simulator"


class Watched(Wayward):
    """Tells in what order it was asked to do what, and takes its time over each."""

    def __init__(self, *args: Any, slow: float = 0.0, **more: Any) -> None:
        super().__init__(*args, **more)
        self.slow, self.done = slow, list[str]()
        self.asked_since, self.listed_at = list[datetime](), list[datetime]()

    def send(self, message: Outgoing) -> SendResult:
        sleep(self.slow)
        self.done.append(f"send {message.body}")
        return super().send(message)

    def list_to(self, message: Outgoing, *, since: datetime) -> list[Carried]:
        self.done.append(f"list {message.body}")
        self.asked_since.append(since)
        sleep(self.slow)
        self.listed_at.append(real_now())
        return super().list_to(message, since=since)


def test_what_is_new_leaves_before_anybody_asks_about_what_is_old(any_engine: Flask) -> None:
    carrier = Watched(["lost", "well", "well"], replace(SLOW, batch=50))
    carried_by(any_engine, carrier)
    say("old", key="old", now=NOW)
    sweep_due(NOW)
    say("new", key="new", to=MANAGER, purpose=Purpose.ESCALATION, now=NOW)
    sweep_due(NOW, real=real_now() + timedelta(minutes=3))
    assert carrier.done == ["send old", "send new", "list old", "send old"]


@pytest.mark.parametrize("parallel", [1, 2])
def test_what_a_lease_has_no_time_for_stays_and_is_sent_once(any_engine: Flask, parallel: int) -> None:
    # The lease lasts ten seconds more than one send may take, and the last five are not used: two are left.
    hurried = replace(SIMULATED, timeout_seconds=-3.0, batch=50, parallel=parallel)
    carrier = Watched(capabilities=hurried, slow=2.1)
    carried_by(any_engine, carrier)
    messages = [say(f"number {n}", key=f"k{n}", now=NOW) for n in range(5)]
    _batch("sms", now=NOW, real=None)
    assert len(carrier.accepted) == parallel
    carrier.slow = 0.0
    for minutes in (1, 2, 3):
        sweep_due(NOW, real=real_now() + timedelta(minutes=minutes))
    assert {again(message).state for message in messages} == {State.SENT}
    assert sorted(body for _, _, body in carrier.accepted) == [f"number {n}" for n in range(5)]


def test_an_attempt_after_asking_begins_when_it_begins(any_engine: Flask) -> None:
    carrier = Watched(["lost", "lost"], slow=0.05)
    carried_by(any_engine, carrier)
    say(now=NOW)
    sweep_due(NOW)
    assert len(carrier.asked_since) == 2
    assert carrier.asked_since[1] + SKEW >= carrier.listed_at[0]
