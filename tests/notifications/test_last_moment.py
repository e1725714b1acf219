"""The last moment before a text leaves: who stopped or was erased while the carrier was asked gets nothing more."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.extensions import commit, real_now
from notifications import Purpose
from notifications.channels.base import Carried, Outgoing
from notifications.delivery import sweep_due
from notifications.forgetting import forget_messages
from notifications.models import Message, State
from notifications.optouts import stop_address
from tests.conftest import FRIDAY
from tests.notifications.parts import ANNA, Wayward, again, carried_by, say
from tests.notifications.test_delivery import SLOW

NOW = FRIDAY


@dataclass
class Asked(Wayward):
    """Something happens while this carrier is asked what it has."""

    meanwhile: Callable[[], object] = lambda: None

    def list_to(self, message: Outgoing, *, since: datetime) -> list[Carried]:
        self.meanwhile()
        commit()
        return []


def swept_twice(app: Flask, meanwhile: Callable[[Message], object], *, purpose: Purpose = Purpose.SURVEY) -> Message:
    """A first send is lost, and this happens while the carrier is asked before the second."""
    message = say(purpose=purpose, now=NOW)
    carried_by(app, Asked(["lost"], SLOW, meanwhile=lambda: meanwhile(message)))
    sweep_due(NOW)
    sweep_due(NOW, real=real_now() + timedelta(seconds=121))
    return again(message)


@pytest.mark.parametrize("purpose", [Purpose.SURVEY, Purpose.CASE, Purpose.ESCALATION])
def test_who_says_stop_while_the_carrier_is_asked_gets_nothing_more(any_engine: Flask, purpose: Purpose) -> None:
    found = swept_twice(any_engine, lambda _: stop_address(ANNA.e164, source="sms", now=NOW), purpose=purpose)
    assert (found.state, found.attempts) == (State.SUPPRESSED, 1)


def test_who_is_erased_while_the_carrier_is_asked_gets_nothing_more(any_engine: Flask) -> None:
    found = swept_twice(any_engine, lambda message: forget_messages([message.id], now=NOW))
    assert (found.state, found.attempts, found.body, found.to_address) == (State.EXPIRED, 1, "", "")


def test_who_is_erased_before_their_turn_gets_nothing(any_engine: Flask) -> None:
    carrier = carried_by(any_engine, Wayward())
    message = say(now=NOW)
    forget_messages([message.id], now=NOW)
    commit()
    sweep_due(NOW)
    assert (again(message).state, carrier.accepted) == (State.EXPIRED, [])


def test_a_result_for_somebody_erased_meanwhile_brings_nothing_back(any_engine: Flask) -> None:
    message = say(now=NOW)

    class Slow(Wayward):
        def send(self, outgoing: Outgoing) -> object:  # type: ignore[override]
            forget_messages([message.id], now=NOW)
            commit()
            return super().send(outgoing)

    carried_by(any_engine, Slow())
    sweep_due(NOW)
    found = again(message)
    assert (found.state, found.body, found.to_address, found.provider_message_id) == (State.EXPIRED, "", "", None)
