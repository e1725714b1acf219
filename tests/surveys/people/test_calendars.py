"""When a place is open: the law's holidays and make-up days, own closures and openings, down the tree."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.cases.places import place_of
from app.cases.policy import contact_deadline
from app.extensions import commit, db
from surveys.people.calendars import Calendar, Holidays, OpeningHours, Period, calendar, knows_holidays, public_holidays
from surveys.people.closures import calendar_of, closed_days, hours_of
from surveys.people.models import Branch, Closure
from tests import world
from tests.conftest import ManualClock

MAKE_UP_SATURDAY = date(2026, 10, 10)
NATIONAL_DAY = date(2026, 10, 1)
CHINA = public_holidays("CN", None, 2026)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_chinese_make_up_saturday_is_a_working_day() -> None:
    found = calendar(OpeningHours(), CHINA, [])
    assert found.is_open(MAKE_UP_SATURDAY) and found.is_working_day(MAKE_UP_SATURDAY)
    assert not found.is_open(MAKE_UP_SATURDAY + timedelta(days=7))
    assert not found.is_open(NATIONAL_DAY)


def test_make_up_days_are_those_of_the_year_asked_for() -> None:
    assert {day.year for day in CHINA.worked} == {2026}


def test_the_contact_clock_runs_on_a_make_up_saturday() -> None:
    friday = datetime(2026, 10, 9, 18, tzinfo=SHANGHAI)
    due = contact_deadline(friday, hours=24, time_zone="Asia/Shanghai", calendar=calendar(OpeningHours(), CHINA, []))
    assert due == datetime(2026, 10, 10, 18, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("periods", "stands_open"),
    [
        ([], False),
        ([[Period(NATIONAL_DAY, NATIONAL_DAY, opens=True)]], True),
        ([[Period(NATIONAL_DAY, NATIONAL_DAY, opens=True)], [Period(NATIONAL_DAY, NATIONAL_DAY)]], False),
        ([[Period(NATIONAL_DAY, NATIONAL_DAY)], [Period(NATIONAL_DAY, NATIONAL_DAY, opens=True)]], True),
        ([[Period(NATIONAL_DAY, NATIONAL_DAY, opens=True), Period(NATIONAL_DAY, NATIONAL_DAY)]], False),
    ],
    ids=["the law", "the company opens", "the branch does not follow", "the branch opens alone", "closing wins"],
)
def test_the_nearer_place_decides(periods: list[list[Period]], stands_open: bool) -> None:
    assert calendar(OpeningHours(), CHINA, periods).is_open(NATIONAL_DAY) is stands_open


def test_minutes_are_those_between_opening_and_closing() -> None:
    found = Calendar(OpeningHours("10:00", "15:30", "1"), closed=frozenset({date(2026, 11, 30)}))
    assert found.open_minutes(date(2026, 11, 23)) == 330
    assert found.open_minutes(date(2026, 11, 24)) == 0
    assert found.open_minutes(date(2026, 11, 30)) == 0


def test_a_part_of_a_country_has_its_own_holidays() -> None:
    epiphany = date(2026, 1, 6)
    assert epiphany in public_holidays("DE", "BY", 2026).off
    assert epiphany not in public_holidays("DE", None, 2026).off
    assert public_holidays("DE", "nowhere", 2026) == public_holidays("DE", None, 2026)
    assert public_holidays("XX", None, 2026) == Holidays()
    assert knows_holidays("DE", "BY") and not knows_holidays("DE", "nowhere") and not knows_holidays("XX")


def test_what_a_branch_does_not_say_is_as_at_the_place_above(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        built = world.build(clock.now())
        region, central = db.session.get_one(Branch, built.region), db.session.get_one(Branch, built.branch)
        assert hours_of(central) == OpeningHours()
        region.opens_at, region.closes_at, region.weekdays = "08:30", "18:00", "123456"
        central.weekdays = "12345"
        commit()
        assert hours_of(central) == OpeningHours("08:30", "18:00", "12345")
        assert hours_of(db.session.get_one(Branch, built.other_branch)).weekdays == "123456"


def test_a_closure_of_the_company_closes_every_branch_that_does_not_open_against_it(
    any_app: Flask, clock: ManualClock
) -> None:
    day = date(2026, 12, 24)
    with any_app.app_context():
        built = world.build(clock.now())
        db.session.add(Closure(branch_id=built.company, first_day=day, last_day=day, reason="Stocktaking"))
        db.session.add(
            Closure(branch_id=built.other_branch, first_day=day, last_day=day, opens=True, reason="Open all the same")
        )
        commit()
        central = db.session.get_one(Branch, built.branch)
        riverside = db.session.get_one(Branch, built.other_branch)
        assert not calendar_of(central, years=[2026]).is_open(day)
        assert calendar_of(riverside, years=[2026]).is_open(day)
        assert closed_days(central, year=2026) == CHINA.off | {day}
        assert closed_days(riverside, year=2026) == CHINA.off
        assert place_of(central, now=clock.now()).closing(day) is None


def test_deadlines_stop_at_a_closure_of_the_branch(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        built = world.build(clock.now())
        closed = Closure(
            branch_id=built.branch, first_day=date(2026, 11, 23), last_day=date(2026, 11, 24), reason="Rebuilding"
        )
        db.session.add(closed)
        commit()
        place = place_of(db.session.get_one(Branch, built.branch), now=clock.now())
        due = contact_deadline(clock.now(), hours=24, time_zone=place.time_zone, calendar=place.calendar)
        assert due == datetime(2026, 11, 25, 6, tzinfo=UTC)
        assert place.opening_after(clock.now()) == datetime(2026, 11, 25, 1, tzinfo=UTC)
