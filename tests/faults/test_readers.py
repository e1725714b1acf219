"""An open read (report, export) never delays a webhook's commit on SQLite."""

import threading
import time

from flask import Flask
from sqlalchemy import func, select

from app.extensions import commit, db, reading
from notifications.models import InboundMessage
from tests import world
from tests.conftest import ManualClock
from tests.phones import text_in

OPEN_FOR = 2.0


def test_a_two_second_read_holds_no_writer(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.build(clock.now())
        commit()
    opened = threading.Event()

    def read() -> None:
        with app.app_context(), reading():
            db.session.scalar(select(func.count()).select_from(InboundMessage))
            opened.set()
            time.sleep(OPEN_FOR)

    reader = threading.Thread(target=read)
    reader.start()
    assert opened.wait(5)
    took = []
    for number in range(10):
        begun = time.perf_counter()
        text_in(app, world.CUSTOMER_PHONE, "8", clock.now(), sid=f"SM{number:032d}")
        took.append(time.perf_counter() - begun)
    assert reader.is_alive(), "the writes outlasted the read, so they may have waited for it"
    reader.join()
    assert sorted(took)[len(took) // 2] < 0.1
