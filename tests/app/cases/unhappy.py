"""An unhappy customer for the stories of this room: served, asked, answered; and how their case stands."""

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from app.cases.models import Case
from app.extensions import commit, db
from app.tasks import run_due
from surveys.people.models import Staff
from tests import world
from tests.conftest import ManualClock
from tests.phones import text_in
from tests.world import CUSTOMER_PHONE

ANGRY = "Waited fifty minutes, then the counter closed in front of me. I will move my account."


def served(app: Flask, clock: ManualClock, **who: str) -> world.World:
    """The company stands and one customer was served and asked."""
    with app.app_context():
        built = world.build(clock.now())
        world.served(clock.now(), **who)  # type: ignore[arg-type]  # every value of these is a string
        commit()
        run_due(clock.now())
    return built


def says(app: Flask, clock: ManualClock, *texts: str, phone: str = CUSTOMER_PHONE) -> None:
    """Somebody texts, and everything due is done after each text."""
    for text in texts:
        text_in(app, phone, text, clock.now())
        work(app, clock.now())


def work(app: Flask, now: datetime) -> None:
    """Everything due at this time."""
    with app.app_context():
        run_due(now)


def the_case(app: Flask) -> Case:
    """The one case there is, to be looked at outside the database."""
    with app.app_context():
        found = db.session.scalars(select(Case)).one()
        _ = (found.owner.name, [event.detail for event in found.history])
        db.session.expunge_all()
        return found


def kinds(case: Case) -> list[str]:
    """Its history, in order."""
    return [event.kind for event in case.history]


def staff_of(staff_id: int) -> Staff:
    """A colleague in this session."""
    return db.session.get_one(Staff, staff_id)
