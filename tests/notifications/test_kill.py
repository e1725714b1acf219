"""kill -9 at the worst moment: the carrier has the text, and nobody has written that down yet."""

import os
import signal
from collections import Counter
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.context import ForkProcess

from flask import Flask
from sqlalchemy import func, select, update

from app.extensions import commit, db, real_now
from notifications import PhoneNumber, Purpose, queue_sms
from notifications.channels.base import Carried, Outgoing, SendResult
from notifications.channels.simulator import SimulatedPhones
from notifications.delivery import sweep_due
from notifications.models import Message, SimulatedMessage, State
from tests.conftest import FRIDAY
from tests.notifications.parts import engine_only

FULL = bool(os.environ.get("HEED_FULL"))
TEXTS = 10_000 if FULL else 240
# Somewhere in a batch, at its start and at its end.
DEATHS = (1, 37, 50, 8, 23) * (12 if FULL else 1)


class Mortal(SimulatedPhones):
    """Dies the moment the carrier has accepted text number `last`, before anybody can write that down."""

    def __init__(self, last: int | None, blind: bool) -> None:
        self.left, self.blind = last, blind

    def send(self, message: Outgoing) -> SendResult:
        result = super().send(message)
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return result

    def list_to(self, message: Outgoing, *, since: datetime) -> list[Carried]:
        """The control: a carrier that is never asked."""
        return [] if self.blind else super().list_to(message, since=since)


def worker(app: Flask, *, last: int | None = None, blind: bool = False) -> ForkProcess:
    """A process that delivers what is due, struck down after the carrier has accepted `last` texts from it."""

    def deliver() -> None:
        own = engine_only(app.config["SQLALCHEMY_DATABASE_URI"])
        own.extensions["heed.channels"] = {"sms": Mortal(last, blind)}
        with own.app_context():
            while sweep_due(FRIDAY):
                pass
        os._exit(0)

    db.session.remove()
    db.engine.dispose()
    process = get_context("fork").Process(target=deliver)
    process.start()
    return process


def ended(process: ForkProcess) -> int | None:
    process.join(600)
    return process.exitcode


def leases_run_out() -> None:
    """What the next worker would wait some seconds for."""
    db.session.execute(update(Message).where(Message.lease_until.is_not(None)).values(lease_until=real_now()))
    commit()


def queue_many() -> None:
    for number in range(TEXTS):
        phone = PhoneNumber.trusted(f"+1500556{number:04d}")
        queue_sms(phone, "How was it?", purpose=Purpose.SURVEY, dedupe_key=f"k{number}", now=FRIDAY)
    commit()


def texts_per_phone() -> Counter[int]:
    """How many phones got how many texts."""
    query = select(func.count(SimulatedMessage.id)).group_by(SimulatedMessage.phone_index)
    return Counter(db.session.scalars(query))


def test_every_text_arrives_exactly_once_however_often_the_worker_dies(any_engine: Flask) -> None:
    queue_many()
    for last in DEATHS:
        assert ended(worker(any_engine, last=last)) == -signal.SIGKILL
        leases_run_out()
    together = [worker(any_engine) for _ in range(2)]
    assert [ended(process) for process in together] == [0, 0]
    assert texts_per_phone() == {1: TEXTS}
    assert set(db.session.scalars(select(Message.state))) == {State.SENT}


def test_without_asking_the_carrier_first_there_would_be_duplicates(engine: Flask) -> None:
    queue_many()
    for last in DEATHS:
        assert ended(worker(engine, last=last, blind=True)) == -signal.SIGKILL
        leases_run_out()
    assert ended(worker(engine, blind=True)) == 0
    counted = texts_per_phone()
    assert sum(counted.values()) == TEXTS
    assert sum(phones for texts, phones in counted.items() if texts > 1) >= len(DEATHS) / 2  # some die over one twice
