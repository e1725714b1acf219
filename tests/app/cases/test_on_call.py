"""What cannot wait, at night or while nobody is there, goes to whoever is on call."""

from datetime import date

from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db
from surveys.people.models import Branch, Closure, Staff
from surveys.people.staffing import add_absence
from tests import world
from tests.app.cases.unhappy import kinds, says, served, the_case, work
from tests.conftest import ManualClock
from tests.phones import received
from tests.world import DEPUTY_PHONE, MANAGER_PHONE, REGION_PHONE

ON_CALL_PHONE = "+15005552050"
LAWYER = "I will sue you, my lawyer has the papers"
FRIDAY = date(2026, 11, 20)


def person_on_call(app: Flask, clock: ManualClock, *, place: str = "BJ-01") -> None:
    """Somebody is on call for this place and all below it."""
    with app.app_context():
        branch = db.session.scalars(select(Branch).where(Branch.code == place)).one()
        branch.on_call_id = world.staff("S-50", "Nora Black", "deputy", branch, ON_CALL_PHONE, clock.now()).id
        commit()


def holder(app: Flask) -> str:
    return the_case(app).owner.code


def test_at_night_what_cannot_wait_wakes_whoever_is_on_call(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    person_on_call(app, clock, place="NORTH")
    clock.advance(hours=9)  # 23:00
    says(app, clock, f"2 {LAWYER}")
    assert holder(app) == "S-50"
    assert len(received(app, ON_CALL_PHONE)) == 1
    assert received(app, MANAGER_PHONE) == []


def test_words_that_cannot_wait_move_a_case_nobody_has_taken(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    person_on_call(app, clock)
    clock.advance(hours=9)
    says(app, clock, "2")
    assert holder(app) == "S-10"
    says(app, clock, LAWYER)
    assert holder(app) == "S-50"
    (alert,) = received(app, ON_CALL_PHONE)
    assert "I will sue you" in alert
    assert [text for text in received(app, MANAGER_PHONE) if "I will sue you" in text] == []


def test_a_case_somebody_has_taken_stays_theirs(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    person_on_call(app, clock)
    clock.advance(hours=9)
    says(app, clock, "2")
    says(app, clock, f"OK {the_case(app).code}", phone=MANAGER_PHONE)
    says(app, clock, LAWYER)
    assert holder(app) == "S-10"
    assert received(app, ON_CALL_PHONE) == []


def test_in_opening_hours_the_manager_has_it(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    person_on_call(app, clock)
    says(app, clock, f"2 {LAWYER}")
    assert holder(app) == "S-10"
    assert received(app, ON_CALL_PHONE) == []


def test_at_night_what_can_wait_does_not_wake_whoever_is_on_call(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    person_on_call(app, clock)
    clock.advance(hours=9)
    says(app, clock, "5")
    assert holder(app) == "S-10"


def test_on_a_day_the_branch_is_closed_whoever_is_on_call_has_it(app: Flask, clock: ManualClock) -> None:
    built = served(app, clock)
    person_on_call(app, clock)
    with app.app_context():
        db.session.add(Closure(branch_id=built.company, first_day=FRIDAY, last_day=FRIDAY, reason="Stocktaking"))
        commit()
    says(app, clock, f"2 {LAWYER}")
    assert holder(app) == "S-50"


def test_while_manager_and_deputy_are_away_whoever_is_on_call_has_it(app: Flask, clock: ManualClock) -> None:
    built = served(app, clock)
    person_on_call(app, clock)
    with app.app_context():
        for staff_id in (built.manager, built.deputy):
            add_absence(db.session.get_one(Staff, staff_id), first=FRIDAY, last=None)
        commit()
    says(app, clock, f"2 {LAWYER}")
    assert holder(app) == "S-50"


def test_whoever_is_on_call_and_away_is_not_woken(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    person_on_call(app, clock)
    with app.app_context():
        on_call = db.session.scalars(select(Staff).where(Staff.code == "S-50")).one()
        add_absence(on_call, first=FRIDAY, last=None)
        commit()
    clock.advance(hours=9)
    says(app, clock, f"2 {LAWYER}")
    assert holder(app) == "S-10"


def test_when_nobody_acts_in_the_night_the_manager_has_it_in_the_morning(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    person_on_call(app, clock)
    clock.advance(hours=9)
    says(app, clock, f"2 {LAWYER}")
    assert holder(app) == "S-50"
    clock.advance(days=2, hours=13)  # Monday noon
    work(app, clock.now())
    case = the_case(app)
    assert case.owner.code == "S-10"
    assert "handed_up" in kinds(case)
    assert received(app, MANAGER_PHONE)
    assert received(app, DEPUTY_PHONE) == [] and received(app, REGION_PHONE) == []
