"""Texts nobody asked for are counted beside the surveys, never among them."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db, reading
from app.reports.figures import figures_from_json
from app.reports.queries import week_figures
from app.reports.render_table import tables
from app.reports.service import report_for
from app.reports.telling import tell
from app.reports.weekly import Report
from surveys.people.models import Branch, Customer
from surveys.people.queries import branch_by_code
from surveys.responses.models import FreeText
from tests import world
from tests.app.console.weeks import answered
from tests.conftest import ManualClock
from tests.phones import text_in

PHONE = "+15005567001"


def asked_and_unasked(app: Flask, clock: ManualClock, texts: int) -> None:
    """Twelve people answered in this week, and one of a week before wrote so many texts."""
    with app.app_context():
        world.build(clock.now())
        world.served(clock.now(), ref="T-0", phone=PHONE, customer_ref="C-0", ago=timedelta(days=40))
        for number in range(1, 13):
            answered(clock.now(), number, 9, "The teller was kind")
        commit()
    for number in range(texts):
        words = "Awful, I waited an hour" if number % 2 else "Where is the car park?"
        text_in(app, PHONE, f"{words} ({number})", clock.now())


def report(app: Flask, now: datetime, code: str = "BJ-01") -> Report:
    with app.app_context(), reading():
        branch = branch_by_code(code)
        assert branch is not None
        return report_for(branch, "2026-W47", now=now)


def line(told: Report, language: str) -> str:
    heading = {"en": "Sent without a question", "zh": "客户主动发来的短信"}[language]
    return next((said for name, said in tell(told, language=language).themes if name == heading), "")


def test_the_report_tells_what_they_name_apart_from_the_comments(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    asked_and_unasked(app, clock, 12)
    run_due()
    week = report(app, clock.now())
    assert week.comments == 12 and "waiting" not in {theme.theme for theme in week.themes}
    said = line(week, "en")
    assert said.startswith("12 texts beside the surveys; ") and "Waiting in 6" in said
    assert said.endswith("Counted in nothing above")
    assert "等候时间6条" in line(week, "zh")
    table = next(one for one in tables(week, language="en") if one.title == "Sent without a question")
    assert ("Waiting", 6) in {row[:2] for row in table.rows}
    assert next(row for row in table.rows if row[0] == "Waiting")[-1] == 6, "of them dissatisfied"


def test_of_few_texts_only_the_number_is_told(app: Flask, clock: ManualClock, run_due: Callable[[], int]) -> None:
    asked_and_unasked(app, clock, 9)
    run_due()
    assert line(report(app, clock.now()), "en") == "9 texts beside the surveys. Counted in nothing above"


def test_of_a_small_branch_not_even_the_company_tells_what_texts_name(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    asked_and_unasked(app, clock, 12)
    run_due()
    with app.app_context():
        small = db.session.scalars(select(Branch.id).where(Branch.code == "BJ-02")).one()
        writer = db.session.scalars(select(Customer.id)).first()
        for free in db.session.scalars(select(FreeText).where(FreeText.customer_id == writer)):
            free.branch_id = small
        commit()
    company = report(app, clock.now(), "HB")
    assert (company.texts, company.text_themes) == (12, ())


def test_a_report_issued_before_they_were_counted_can_still_be_read(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    asked_and_unasked(app, clock, 12)
    run_due()
    with app.app_context(), reading():
        branch = branch_by_code("BJ-01")
        assert branch is not None
        figures = week_figures(branch, "2026-W47", now=clock.now())
    kept = json.loads(json.dumps(figures.as_json()))
    assert figures_from_json(kept) == figures
    kept.pop("texts")
    assert figures_from_json(kept).texts == ()
