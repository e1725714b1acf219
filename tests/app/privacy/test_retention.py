"""Words are kept for a time, figures for ever."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.auth.models import AuditEntry
from app.extensions import commit, db
from app.reports.models import WeeklyReport
from app.tasks import sweep_old
from notifications.models import Message
from notifications.tasks import sweep_bodies
from surveys.people.models import Customer
from surveys.responses.keeping import forget_old_words
from surveys.responses.models import Answer, Response
from tests.app.privacy.life import NAME, Life, begin, found, live
from tests.conftest import ManualClock

WORDS = ("marmalade", "rhubarb", "gooseberry", "rutabaga", "琉璃瓦", "kohlrabi", "celeriac")
NOTES = ("parsnip", "turnip")


@pytest.fixture
def life(any_app: Flask, clock: ManualClock) -> Life:
    """The company, on each database."""
    return begin(any_app, clock)


def swept(life: Life, days: int) -> int:
    """That many days later the sweeper comes by."""
    life.clock.advance(days=days)
    with life.app.app_context():
        sweep_bodies(life.clock.now())
        return sweep_old(life.clock.now())


def counts() -> list[object]:
    scores = select(Response.nps, Response.sentiment).order_by(Response.id)
    numbers = [db.session.scalar(select(func.count()).select_from(one)) for one in (Answer, Message, WeeklyReport)]
    return [*(tuple(row) for row in db.session.execute(scores)), *numbers]


def test_each_class_goes_in_its_time_and_every_figure_stays(life: Life) -> None:
    live(life)
    with life.app.app_context():
        figures = counts()
    assert swept(life, 30) == 0, "nothing is old yet"
    assert swept(life, 340) > 0
    with life.app.app_context():
        columns = {column for where in found((*WORDS, *NOTES)).values() for column in where}
        assert not any(column.startswith(("messages", "simulated", "inbound")) for column in columns)
        assert {"answers.text", "cases.words", "case_events.note", "weekly_reports.figures"} <= columns
        assert {"corrections.phrase", "corrections.words", "refits.learnt"} <= columns
        assert "messages.to_address" in found(("+1500555",))["+1500555"], "to whom it went is still known"
        _close_cases()
    assert swept(life, 760) > 0
    with life.app.app_context():
        left = {column for where in found((*WORDS, *NOTES)).values() for column in where}
        assert left <= {"consents.wording"}, "what somebody agreed to or refused is evidence"
        assert db.session.scalars(select(Customer.id).where(Customer.name == NAME)).all()
        assert counts() == figures
    assert swept(life, 0) == 0, "and nothing is done twice"


def _close_cases() -> None:
    db.session.execute(text("UPDATE cases SET state = 'closed', closed_at = opened_at"))
    commit()


def test_what_is_old_is_forgotten_in_batches(life: Life) -> None:
    later = life.clock.now() + timedelta(days=1)
    with life.app.app_context():
        written = db.session.scalar(select(func.count()).where(Answer.text.is_not(None)))
        assert written == 11
        assert [forget_old_words(later, most=4) for _ in range(4)] == [4, 4, 3, 0]
        commit()


def test_the_audit_log_is_kept_seven_years_and_the_database_sees_to_it(any_app: Flask) -> None:
    real = datetime.now(UTC)
    with any_app.app_context():
        for age in (8, 6):
            at = real - timedelta(days=366 * age)
            db.session.add(AuditEntry(at=at, actor_kind="system", action=f"{age}", subject_kind="none", detail={}))
        commit()
        assert sweep_old(real) == 1
        assert db.session.scalars(select(AuditEntry.action)).all() == ["6"]
        with pytest.raises(DBAPIError, match="append-only"):
            sweep_old(real + timedelta(days=366 * 2))
        db.session.rollback()
