"""An answer that comes while the one before it is being read."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import select, text

from app.extensions import db, lock
from app.tasks import review, sweep_inbound
from surveys.responses.integrity import sameness
from surveys.responses.models import Response
from tests.app.cases.unhappy import says, served, the_case, work
from tests.conftest import ManualClock
from tests.live import wait_for
from tests.phones import received, text_in
from tests.world import CUSTOMER_PHONE, MANAGER_PHONE

LONG = "The man at the second counter had no idea where my letter of credit had gone."
WORSE = "I am closing my account."


@contextmanager
def compared(app: Flask, words: str) -> Iterator[None]:
    """Whoever wants to know who else said these words waits meanwhile."""
    with app.app_context():
        lock(f"words:{sameness(words)}")
        yield
        db.session.rollback()


def somebody_waits(app: Flask) -> bool:
    """Whether a transaction of this database waits for a name."""
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
        " WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
    )
    with app.app_context():
        return bool(db.session.scalar(waiting))


def test_words_that_come_while_the_answer_is_being_read_are_read_too(pg_app: Flask, clock: ManualClock) -> None:
    served(pg_app, clock)
    says(pg_app, clock, "6")
    text_in(pg_app, CUSTOMER_PHONE, LONG, clock.now())
    with pg_app.app_context():
        sweep_inbound(clock.now())
        response_id = db.session.scalars(select(Response.id)).one()

    def read() -> bool:
        with pg_app.app_context():
            return review(response_id, clock.now())

    def answer() -> int:
        with pg_app.app_context():
            return sweep_inbound(clock.now())

    with ThreadPoolExecutor(2) as pool:
        with compared(pg_app, LONG):
            reading = pool.submit(read)
            wait_for(lambda: somebody_waits(pg_app), seconds=10, what="a reader held up")
            text_in(pg_app, CUSTOMER_PHONE, WORSE, clock.now())
            answering = pool.submit(answer)
            wait([answering], timeout=1)  # kept at once, or when the reader has done
        assert (reading.result(timeout=10), answering.result(timeout=10)) == (True, 1)
    work(pg_app, clock.now())
    case = the_case(pg_app)
    assert "intent_to_leave" in case.reasons
    assert WORSE in (case.words or "")
    alert, words = received(pg_app, MANAGER_PHONE)
    assert "6/10 Central, no words yet" in alert
    assert 'C. W. now wrote: "The man at the second counter' in words
