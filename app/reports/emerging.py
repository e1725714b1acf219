"""The new words of a week: found once a week in all comments of the company, kept as rows for somebody to decide on."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.extensions import db, lock, settings
from app.insights.emerging import Emerging, Said, emerging
from app.reports.iso_weeks import SEVEN_DAYS, Week, iso_week_at, week_before, week_from, week_of
from app.reports.score_queries import about_a_case
from surveys.people.models import Branch, Customer, Staff
from surveys.people.queries import company
from surveys.questionnaires.flow import Band, Kind, band
from surveys.responses.models import Answer, Response
from surveys.understanding.books import book_in_use, draft
from surveys.understanding.models import EmergingState, EmergingTheme, EmergingWeek

RECENT_WEEKS = 4
WEEKS_BEFORE = 12
MOST_RECENT, MOST_BEFORE = 20_000, 60_000  # comments, the latest ones
UNHAPPY_FROM = -0.2  # polarity, where there is no rating
_MEASURES = (Kind.NPS, Kind.CSAT, Kind.CES)


def ended_week(now: datetime) -> Week | None:
    """The last whole week by the company's clock; None before there is a company."""
    root = company()
    if root is None:
        return None
    return week_before(week_of(iso_week_at(now, root.time_zone), root.time_zone), root.time_zone)


def week_to_look_through(now: datetime) -> Week | None:
    """The last whole week, if it was not looked through yet."""
    week = ended_week(now)
    if week is None:
        return None
    known = select(EmergingWeek.id).where(EmergingWeek.iso_week == week.iso)
    return None if db.session.scalar(known) is not None else week


def find_emerging(week: Week, *, now: datetime) -> list[EmergingTheme]:
    """Look a week through, with the three before it, against the twelve weeks before those. May run twice.

    What was dismissed is not proposed again, nor what was adopted while the draft holds it.
    """
    lock("emerging")
    begins = week.ends - SEVEN_DAYS * RECENT_WEEKS
    recent = _said(begins, week.ends, most=MOST_RECENT)
    before = _said(begins - SEVEN_DAYS * WEEKS_BEFORE, begins, most=MOST_BEFORE)
    found = emerging(recent, before, book=book_in_use(), names=_names())
    kept = [one for each in found if (one := _keep(each, week, len(recent), len(before))) is not None]
    looked = db.session.scalar(select(EmergingWeek).where(EmergingWeek.iso_week == week.iso))
    if looked is None:
        looked = EmergingWeek(iso_week=week.iso)
        db.session.add(looked)
    looked.at, looked.comments, looked.comments_before = now, len(recent), len(before)
    db.session.flush()
    return kept


def _keep(one: Emerging, week: Week, recent: int, before: int) -> EmergingTheme | None:
    known = EmergingTheme.language == one.language, EmergingTheme.term == one.term
    row = db.session.scalar(select(EmergingTheme).where(*known))
    if row is None:
        row = EmergingTheme(term=one.term, language=one.language, state=EmergingState.PROPOSED, first_week=week.iso)
        db.session.add(row)
    elif row.state == EmergingState.ADOPTED and not _being_written(row):
        row.state = EmergingState.PROPOSED  # it was taken back from the draft, or is switched off, and is said again
    elif row.state != EmergingState.PROPOSED:
        return None
    row.last_week, row.examples = week.iso, list(one.examples)
    row.figures = {
        "comments": one.comments,
        "customers": one.customers,
        "unhappy": one.unhappy,
        "before": one.before,
        "of": recent,
        "of_before": before,
        "g2": one.g2,
        "unhappy_g2": one.unhappy_g2,
    }
    return row


def _being_written(row: EmergingTheme) -> bool:
    written = draft()
    themes = written.definition["themes"] if written is not None else []
    return any(row.term in one["words"].get(row.language, ()) for theme in themes for one in theme["subthemes"])


def _said(begins: datetime, ends: datetime, *, most: int) -> list[Said]:
    query = (
        select(
            Answer.response_id,
            Answer.text,
            Answer.polarity,
            Response.customer_id,
            Response.nps,
            Response.csat,
            Response.ces,
            Customer.name,
        )
        .join(Response, Response.id == Answer.response_id)
        .join(Customer, Customer.id == Response.customer_id)
        .where(Response.answered_at >= begins, Response.answered_at < ends, ~about_a_case())
        .where(Answer.kind == Kind.TEXT, Answer.text.is_not(None), Answer.text != "")
        .order_by(Answer.id.desc())
        .limit(most)
    )
    rows = db.session.execute(query)
    return [Said(row.response_id, row.customer_id, row.text, _unhappy(row), row.name) for row in rows]


def _unhappy(row: Any) -> bool:
    for kind in _MEASURES:
        rating = getattr(row, kind)
        if rating is not None:
            return band(kind, rating) is Band.LOW
    return row.polarity is not None and row.polarity < UNHAPPY_FROM


def _names() -> list[str]:
    places = [name for names in db.session.scalars(select(Branch.names)) for name in names.values()]
    return [*db.session.scalars(select(Staff.name)), *places, *settings().organisation.names.values()]


def proposed(*, now: datetime) -> list[EmergingTheme]:
    """What waits for a decision and was found in the last weeks, the newest and clearest first."""
    week = ended_week(now)
    if week is None:
        return []
    oldest = week_from(week.first - timedelta(weeks=RECENT_WEEKS - 1), "UTC").iso
    query = select(EmergingTheme).where(
        EmergingTheme.state == EmergingState.PROPOSED, EmergingTheme.last_week >= oldest
    )
    rows = db.session.scalars(query)
    return sorted(
        rows, key=lambda row: (row.last_week, max(row.figures["g2"], row.figures["unhappy_g2"])), reverse=True
    )


def looked_through() -> EmergingWeek | None:
    """The week that was looked through last."""
    return db.session.scalar(select(EmergingWeek).order_by(EmergingWeek.iso_week.desc()).limit(1))


def new_words(iso_week: str) -> tuple[str, ...]:
    """The words found in this week that nobody dismissed, the clearest first."""
    kept = EmergingTheme.state != EmergingState.DISMISSED, EmergingTheme.last_week == iso_week
    rows = db.session.scalars(select(EmergingTheme).where(*kept))
    ranked = sorted(rows, key=lambda row: -max(row.figures["g2"], row.figures["unhappy_g2"]))
    return tuple(row.term for row in ranked)


def decide(row: EmergingTheme, state: EmergingState, *, now: datetime, by: int | None) -> bool:
    """Adopt or dismiss what waits for it. False when somebody was first."""
    lock("emerging")
    db.session.refresh(row)
    if row.state != EmergingState.PROPOSED:
        return False
    row.state, row.decided_at, row.decided_by = state, now, by
    db.session.flush()
    return True
