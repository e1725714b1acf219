"""E. On Monday at eight each manager is told, once, what the week was."""

from collections.abc import Callable

from flask import Flask

from app.auth.models import Grant, User
from app.extensions import commit, db
from app.reports.service import report_for
from surveys.people.models import Branch
from tests import world
from tests.conftest import ManualClock
from tests.phones import mails, reply


def a_week(app: Flask, clock: ManualClock, run_due: Callable[[], int]) -> None:
    """Twelve customers answer at Central on Friday."""
    with app.app_context():
        made = world.build(clock.now())
        user = User(
            email="anna@harbour.example",
            name="Anna Reed",
            password_hash="x",
            session_key="x",
            staff_id=made.manager,
            created_at=clock.now(),
        )
        db.session.add(user)
        db.session.flush()
        db.session.add(Grant(user_id=user.id, role="branch_manager", branch_id=made.branch))
        commit()
        for number in range(12):
            world.served(
                clock.now(),
                ref=f"T-{number}",
                customer_ref=f"C-{number}",
                phone=f"+150055510{number:02d}",
                name="Li Na",
            )
            commit()
    run_due()
    for number in range(12):
        words = f"{9 if number < 7 else 8 if number < 9 else 3} the queue was long today number {number}"
        reply(app, f"+150055510{number:02d}", words, clock.now(), run_due)


def test_the_manager_gets_one_mail_on_monday_at_eight_with_n_and_interval(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    a_week(app, clock, run_due)
    clock.at = clock.at.replace(day=22, hour=23, minute=59)  # Monday 07:59 in Shanghai
    run_due()
    assert mails(app, "anna@harbour.example") == []
    clock.advance(minutes=1)
    run_due()
    run_due()
    (mail,) = mails(app, "anna@harbour.example")
    assert mail.html is not None
    assert "Central" in mail.html
    assert "12 answers" in mail.html
    assert "between" in mail.html
    assert len(mail.html) < 100_000


def test_the_figures_are_those_of_the_rows(app: Flask, clock: ManualClock, run_due: Callable[[], int]) -> None:
    a_week(app, clock, run_due)
    with app.app_context():
        branch = db.session.query(Branch).filter_by(code="BJ-01").one()
        report = report_for(branch, "2026-W47", now=clock.now())
    assert report.nps.n == 12
    assert report.nps.score is not None
    assert round(report.nps.score.value, 1) == 33.3
