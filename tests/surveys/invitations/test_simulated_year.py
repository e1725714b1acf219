"""A year of storms, re-imports, merges, stops and clock jumps: what reached people is checked, not what was decided.

By default some hundred customers; HEED_FULL=1 takes 50,000, which is more than an hour of work.
"""

import os
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.extensions import db
from tests.conftest import ManualClock
from tests.surveys.invitations.year import Year

FULL = bool(os.environ.get("HEED_FULL"))
CUSTOMERS = int(os.environ.get("HEED_CUSTOMERS", "50000" if FULL else "400"))
EVENTS_EACH = 1.2 if FULL else 2.0


def test_in_a_year_nobody_is_written_to_who_must_not_be(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        event.listen(db.engine, "connect", _no_waiting_for_the_disk, insert=False)
        db.engine.dispose()

    def set_clock(now: Any) -> None:
        clock.at = now

    year = Year(app, set_clock, CUSTOMERS, EVENTS_EACH, Random(20_26)).run()
    asked = [one for one in year.carried if not one.reminder]
    reminded = [one for one in year.carried if one.reminder]
    told = f"{year.events} events, {len(asked)} asked, {len(reminded)} reminded, {year.stops} stops"
    assert year.wrong == [], told
    assert len(asked) > CUSTOMERS / 3, told
    assert len(reminded) > len(asked) / 10, told
    assert {one.address.startswith("+") for one in asked} == {True, False}
    assert year.stops > 10 and year.merges >= 5, told


def _no_waiting_for_the_disk(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")
