"""The report of a week is issued once, mailed once a reader at eight on their Monday, and stays as it was."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth.models import Grant, User
from app.extensions import commit, db, reading
from app.reports import render
from app.reports.models import ReportDelivery, WeeklyReport
from app.reports.service import issue, links, report_for, send_to, sweep_weekly_reports
from surveys.people.models import Branch
from surveys.people.queries import branch_by_code
from tests import world
from tests.app.console.weeks import answered
from tests.conftest import ManualClock
from tests.phones import mails

WEEK = "2026-W47"
ANNA, TOM = "anna@harbour.example", "tom@harbour.example"
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)  # 08:00 in Shanghai


@pytest.fixture
def bank(app: Flask, clock: ManualClock) -> Flask:
    """Anna leads Central in Shanghai, Tom leads Riverside, which lies in London; twelve customers answered at each."""
    with app.app_context():
        world.build(clock.now())
        place("BJ-02").time_zone = "Europe/London"
        reader(ANNA, "BJ-01", clock.now())
        reader(TOM, "BJ-02", clock.now())
        for number in range(1, 13):
            answered(clock.now(), number, 9 if number < 8 else 3, "The queue was long.")
            answered(clock.now(), 20 + number, 10, branch="BJ-02")
        commit()
    return app


def place(code: str) -> Branch:
    """The place with this code."""
    found = branch_by_code(code)
    assert found is not None
    return found


def reader(email: str, branch: str, now: datetime) -> User:
    """Somebody who manages a branch and gets its report."""
    user = User(email=email, name=email, password_hash="x", session_key="x", created_at=now)
    db.session.add(user)
    db.session.flush()
    db.session.add(Grant(user_id=user.id, role="branch_manager", branch_id=place(branch).id))
    return user


def files(app: Flask, now: datetime) -> dict[str, str | bytes]:
    """The report of Central in every form."""
    with app.app_context(), reading():
        report = report_for(place("BJ-01"), WEEK, now=now)
        made: dict[str, str | bytes] = {
            "html": render.html_mail(report, language="en", links=links(place("BJ-01"), WEEK)),
            "text": render.text_mail(report, language="zh-Hans", links=links(place("BJ-01"), WEEK)),
            "csv": render.csv(report, language="en"),
            "json": render.json(report, language="en"),
            "xlsx": render.xlsx(report, language="en"),
        }
        try:
            made["pdf"] = render.pdf(report, language="en")
        except (ImportError, OSError):
            made["pdf"] = b""  # told by name where the PDF is tested
        return made


def test_each_reader_gets_their_report_at_eight_on_monday_where_they_are(
    bank: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    got = []
    for hour in range(10):
        clock.at = MONDAY.replace(hour=hour)
        run_due()
        got.append((len(mails(bank, ANNA)), len(mails(bank, TOM))))
    assert got == [(1, 0)] * 8 + [(1, 1)] * 2
    (anna,), (tom,) = mails(bank, ANNA), mails(bank, TOM)
    assert "Central, week 47" in anna.text and "Riverside" not in anna.text
    assert "Riverside, week 47" in tom.text and "Central" not in tom.text


def test_nothing_is_delivered_twice_whoever_asks_again(bank: Flask, clock: ManualClock) -> None:
    clock.at = MONDAY
    with bank.app_context():
        assert sweep_weekly_reports(clock.now()) == 1
        assert sweep_weekly_reports(clock.now()) == 0
        anna = db.session.scalars(select(User).where(User.email == ANNA)).one()
        assert send_to(anna, place("BJ-01"), WEEK, now=clock.now()) is False
        commit()
        clock.advance(days=3)
        assert sweep_weekly_reports(clock.now()) == 1  # Tom's, who had not had his
        assert sweep_weekly_reports(clock.now()) == 0
        assert len(db.session.scalars(select(ReportDelivery)).all()) == 2
        assert len(db.session.scalars(select(WeeklyReport)).all()) == 2


def test_who_joined_after_the_week_or_wants_no_report_gets_none(bank: Flask, clock: ManualClock) -> None:
    clock.at = MONDAY
    with bank.app_context():
        reader("new@harbour.example", "BJ-01", clock.now())
        db.session.scalars(select(User).where(User.email == ANNA)).one().weekly_report = False
        commit()
        assert sweep_weekly_reports(clock.now()) == 0


def test_a_report_made_again_is_the_same_to_the_last_byte(bank: Flask, clock: ManualClock) -> None:
    clock.at = MONDAY
    with bank.app_context():
        issue(place("BJ-01"), WEEK, now=clock.now())
        commit()
    first = files(bank, clock.now())
    clock.advance(days=5)
    with bank.app_context():
        # somebody thinks again, and somebody answers after all: another report may say so, this one was issued
        answered(clock.now().replace(day=22), 40, 0, "A very bad week.")
        issued = issue(place("BJ-01"), WEEK, now=clock.now()).issued_at
        commit()
    assert issued == MONDAY
    again = files(bank, clock.now())
    assert [ending for ending in first if first[ending] != again[ending]] == []
    assert "12 answers" in str(first["html"])


def test_what_one_report_hides_no_report_made_later_gives_back(bank: Flask, clock: ManualClock) -> None:
    with bank.app_context():
        place("BJ-02").time_zone = "Asia/Shanghai"
        for number in range(50, 58):
            answered(clock.now(), number, 10, branch="BJ-01")
        third = Branch(code="BJ-03", kind="branch", names={"en": "Airport"}, parent_id=place("NORTH").id)
        db.session.add(third)
        db.session.flush()
        answered(clock.now(), 60, 0, branch="BJ-03")  # a single one: Riverside, the smaller other, hides with it
        commit()
        issue(place("NORTH"), WEEK, now=MONDAY)
        commit()
        for number in range(70, 80):  # Central would now be the smaller one
            answered(clock.now(), number, 10, branch="BJ-02")
        commit()
        hidden = [report_for(place(code), WEEK, now=MONDAY).nps.score is None for code in ("BJ-01", "BJ-02", "BJ-03")]
    assert hidden == [False, True, True]


def test_both_databases_issue_deliver_and_print_the_same_again(any_app: Flask, clock: ManualClock) -> None:
    with any_app.app_context():
        world.build(clock.now())
        reader(ANNA, "BJ-01", clock.now())
        for number in range(1, 13):
            answered(clock.now(), number, 9, "The queue was long.")
        answered(clock.now(), 30, 2, branch="BJ-02")
        commit()
        clock.at = MONDAY
        assert sweep_weekly_reports(clock.now()) == 1
    first = files(any_app, clock.now())
    clock.advance(days=1)
    assert files(any_app, clock.now()) == first
    with any_app.app_context(), reading():
        # one answer at Riverside: Central hides beside it, as the report that was issued had it
        assert report_for(place("NORTH"), WEEK, now=clock.now()).branches[0].nps.score is None
