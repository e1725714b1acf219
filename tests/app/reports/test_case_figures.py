"""What the report says of cases: the same as the worklist, and of deadlines only when they have passed."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from app.cases.queries import worklist
from app.extensions import reading
from app.reports.figures import Awaited
from app.reports.service import report_for
from app.reports.telling import tell
from app.reports.weekly import Report
from surveys.people.queries import branch_by_code
from tests.app.cases.unhappy import ANGRY, says, served, the_case, work
from tests.conftest import ManualClock
from tests.phones import received
from tests.world import CUSTOMER_PHONE, MANAGER_PHONE

WEEK = "2026-W47"


@pytest.fixture
def monday(clock: ManualClock) -> ManualClock:
    """Ten o'clock on the Monday of week 47, in Shanghai."""
    clock.at = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
    return clock


def report(app: Flask, clock: ManualClock, week: str = WEEK) -> Report:
    """The report of Central as it stands now."""
    branch = branch_by_code("BJ-01")
    assert branch is not None
    return report_for(branch, week, now=clock.now())


def waiting(app: Flask, clock: ManualClock) -> list[tuple[str, Awaited]]:
    """Whom the report calls overdue, after making sure that the worklist calls overdue the same."""
    with app.app_context(), reading():
        told = report(app, clock).overdue
        branch = branch_by_code("BJ-01")
        assert branch is not None and told is not None
        assert sorted(o.code for o in told) == sorted(
            item.case.code for item in worklist({branch.id}, now=clock.now()) if item.overdue
        )
        return [(o.code, o.awaited) for o in told]


def calls(app: Flask, clock: ManualClock) -> tuple[int, int]:
    """Calls due, and made in time."""
    with app.app_context(), reading():
        cases = report(app, clock).cases
        return cases.contact_due, cases.contacted_in_time


def test_who_wants_no_call_is_not_waiting_for_one(app: Flask, monday: ManualClock) -> None:
    served(app, monday)
    says(app, monday, "2", ANGRY, "3")  # 3: no call
    says(app, monday, f"OK {the_case(app).code}", phone=MANAGER_PHONE)
    monday.advance(days=1, hours=3)
    work(app, monday.now())
    assert waiting(app, monday) == []
    assert calls(app, monday) == (0, 0)


def test_who_asked_for_a_call_tomorrow_waits_from_tomorrow_on(app: Flask, monday: ManualClock) -> None:
    served(app, monday)
    says(app, monday, "2", ANGRY, "2")  # 2: tomorrow, so by five on Tuesday
    code = the_case(app).code
    says(app, monday, f"OK {code}", phone=MANAGER_PHONE)
    monday.advance(days=1, hours=3)  # past the first deadline, before the promise
    work(app, monday.now())
    assert waiting(app, monday) == []
    assert calls(app, monday) == (0, 0)
    says(app, monday, f"CALLED {code}", phone=MANAGER_PHONE)
    monday.advance(days=1)
    assert calls(app, monday) == (1, 1)


def test_a_broken_promise_stays_missed_though_a_new_one_was_made(app: Flask, monday: ManualClock) -> None:
    served(app, monday)
    says(app, monday, "2", ANGRY, "1")  # 1: today, by five
    monday.advance(hours=8)
    work(app, monday.now())  # handed up, and the customer is told a new time
    assert "we said we would call before 17:00 and did not" in received(app, CUSTOMER_PHONE)[-1]
    assert waiting(app, monday) == []  # whoever has it now has time of their own, as in the worklist
    assert calls(app, monday) == (1, 0)
    monday.advance(days=2)
    assert waiting(app, monday) == [(the_case(app).code, Awaited.PROMISE)]


def test_a_running_week_counts_no_deadline_that_is_still_to_come(app: Flask, monday: ManualClock) -> None:
    served(app, monday)
    says(app, monday, "2", ANGRY)
    with app.app_context(), reading():
        cases = report(app, monday).cases
        assert (cases.opened, cases.acknowledge_due, cases.contact_due) == (1, 0, 0)
        assert tell(report(app, monday), language="en").put_right[-1].text == "1 new case, 0 closed."
    monday.advance(days=3)
    with app.app_context(), reading():
        cases = report(app, monday).cases
        assert (cases.acknowledge_due, cases.acknowledged_in_time) == (1, 0)
        assert (cases.contact_due, cases.contacted_in_time) == (1, 0)


def test_an_older_week_does_not_show_who_waits_today(app: Flask, monday: ManualClock) -> None:
    served(app, monday)
    says(app, monday, "2", ANGRY)
    code = the_case(app).code
    monday.advance(days=8)
    assert waiting(app, monday) == [(code, Awaited.CONTACT)]  # the week that has just ended: still news
    monday.advance(days=7)
    with app.app_context(), reading():
        old = report(app, monday)
        assert old.overdue is None
        told = tell(old, language="en")
        assert told.overdue.text == "This week is over. Who is waiting now stands in the console, under Calls."
        assert told.overdue_rows == ()
        assert "waiting" not in told.headline
        assert report(app, monday, "2026-W48").overdue != ()


def test_a_case_that_came_back_to_the_region_is_told_as_one_level_up(app: Flask, monday: ManualClock) -> None:
    closed(app, monday)
    says(app, monday, "3")  # no, it is not put right
    assert told_of_those_that_came_back(app, monday) == "One closed case came back and is open again, one level up."


def test_a_case_that_came_back_to_the_same_person_went_nowhere(app: Flask, monday: ManualClock) -> None:
    closed(app, monday)
    says(app, monday, "2", "The fee is still on my account.")  # partly
    assert the_case(app).owner.name == "Anna Reed"
    assert told_of_those_that_came_back(app, monday) == "One closed case came back and is open again."


def closed(app: Flask, clock: ManualClock) -> None:
    """Anna closed the case by text, and the customer is asked whether it is put right."""
    served(app, clock)
    says(app, clock, "2", ANGRY, "3")
    says(app, clock, f"DONE {the_case(app).code} 1", phone=MANAGER_PHONE)
    clock.advance(days=2, hours=1)
    work(app, clock.now())


def told_of_those_that_came_back(app: Flask, clock: ManualClock) -> str:
    with app.app_context(), reading():
        told = " ".join(line.text for line in tell(report(app, clock), language="en").put_right)
    return next(f"{sentence}." for sentence in told.split(". ") if "came back" in sentence).replace("..", ".")
