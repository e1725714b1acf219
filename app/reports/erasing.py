"""Issued reports without the words of somebody who is forgotten; every figure stays as it was issued."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.reports.case_queries import initials
from app.reports.models import WeeklyReport
from notifications.models import Message, Purpose
from surveys.responses.redacting import Batch, read_each
from surveys.scoring.redaction import redact


def erase_in_reports(
    texts: Collection[str], codes: Collection[str], spans: Collection[tuple[datetime, datetime]]
) -> list[int]:
    """Take these comments, and the initials beside these cases, out of the reports of these times.

    The ids of the mails that carried a report which is changed by that. May run twice.
    """
    changed = []
    weeks = sorted({week for begins, ends in spans for week in _weeks(begins, ends)})
    for report in db.session.scalars(select(WeeklyReport).where(WeeklyReport.iso_week.in_(weeks))):
        figures = _without(report.figures, texts, codes)
        if figures != report.figures:
            report.figures = figures
            changed.append(report.id)
    db.session.flush()
    mails = select(Message.id).where(Message.subject_kind == "report", Message.subject_id.in_(changed))
    return list(db.session.scalars(mails.where(Message.purpose == Purpose.REPORT)))


def forget_old_words(before: datetime, *, most: int, now: datetime) -> int:
    """Forget the comments in up to `most` reports issued before then; every figure stays. How many."""
    old = select(WeeklyReport).where(WeeklyReport.cleared_at.is_(None), WeeklyReport.issued_at < before)
    found = db.session.scalars(old.order_by(WeeklyReport.issued_at).limit(most)).all()
    for report in found:
        report.figures, report.cleared_at = {**report.figures, "verbatims": []}, now
    db.session.flush()
    return len(found)


def redact_again(after: int, *, most: int) -> Batch:
    """The comments in the next issued reports from this id on, by today's rules of redaction; no figure changes."""
    query = select(WeeklyReport).where(WeeklyReport.id > after).order_by(WeeklyReport.id).limit(most)
    return read_each(db.session.scalars(query).all(), after, _redacted)


def _redacted(report: WeeklyReport) -> bool:
    said = [{**one, "text": redact(one["text"]).text} for one in report.figures["verbatims"]]
    if said == report.figures["verbatims"]:
        return False
    report.figures = {**report.figures, "verbatims": said}
    return True


def _weeks(begins: datetime, ends: datetime) -> Iterator[str]:
    """Every ISO week the span touches, in any zone, as reports are named."""
    day, last = begins.date() - timedelta(days=1), ends.date() + timedelta(days=1)
    while day <= last:
        year, week, _ = day.isocalendar()
        yield f"{year}-W{week:02d}"
        day += timedelta(days=1)


def _without(figures: dict[str, Any], texts: Collection[str], codes: Collection[str]) -> dict[str, Any]:
    late = figures["overdue"]
    theirs = {redact(text).text for text in texts}  # the rules of redaction may have reached one copy before the other
    return {
        **figures,
        "verbatims": [said for said in figures["verbatims"] if redact(said["text"]).text not in theirs],
        "overdue": late and [{**one, "initials": initials("")} if one["code"] in codes else one for one in late],
    }
