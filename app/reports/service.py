"""Issues the report of a week once a scope, and mails it once a reader on Monday 08:00 in the reader's zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.auth.models import Grant, User
from app.extensions import commit, db, lock, settings
from app.reports.figures import figures_from_json
from app.reports.iso_weeks import iso_week_at, week_of
from app.reports.models import ReportDelivery, WeeklyReport
from app.reports.queries import week_figures
from app.reports.render import ReportLinks, html_mail, text_mail
from app.reports.telling import tell
from app.reports.weekly import Report, build
from notifications import EmailAddress, Purpose, queue_email
from surveys.people.models import Branch

READERS = ("branch_manager", "regional_manager", "analyst", "administrator")
HOUR = 8


def report_for(branch: Branch, iso_week: str, *, now: datetime) -> Report:
    """The report as it was issued; for a week that is not issued yet, as it stands now."""
    issued = _issued(branch, iso_week)
    figures = figures_from_json(issued.figures) if issued else week_figures(branch, iso_week, now=now)
    return build(figures, now=issued.issued_at if issued else now)


def issue(branch: Branch, iso_week: str, *, now: datetime) -> WeeklyReport:
    """Freeze the figures of this scope and week; the second call gives what the first froze."""
    lock(f"report:{branch.id}:{iso_week}")
    report = _issued(branch, iso_week)
    if report is None:
        figures = week_figures(branch, iso_week, now=now).as_json()
        report = WeeklyReport(branch_id=branch.id, iso_week=iso_week, figures=figures, issued_at=now)
        db.session.add(report)
        db.session.flush()
    return report


def _issued(branch: Branch, iso_week: str) -> WeeklyReport | None:
    return db.session.scalar(
        select(WeeklyReport).where(WeeklyReport.branch_id == branch.id, WeeklyReport.iso_week == iso_week)
    )


def links(branch: Branch, iso_week: str) -> ReportLinks:
    """Where the words of a report lead."""
    console = f"{settings().public_url}/console"
    query = f"?week={iso_week}&branch={branch.code}"
    return ReportLinks(
        numbers=f"{console}/report{query}",
        answers=f"{console}/answers{query}",
        case=f"{console}/cases/code/{{code}}",
        xlsx=f"{console}/report.xlsx{query}",
        pdf=f"{console}/report.pdf{query}",
    )


def send_to(user: User, branch: Branch, iso_week: str, *, now: datetime) -> bool:
    """Mail this report to this reader, once."""
    issued = issue(branch, iso_week, now=now)
    key = f"report:{issued.id}:{user.id}"
    lock(key)
    sent = select(ReportDelivery.id).where(ReportDelivery.report_id == issued.id, ReportDelivery.user_id == user.id)
    if db.session.scalar(sent) is not None:
        return False
    report = report_for(branch, iso_week, now=now)
    where = links(branch, iso_week)
    queue_email(
        EmailAddress.trusted(user.email),
        subject=tell(report, language=user.language).title,
        text=text_mail(report, language=user.language, links=where),
        html=html_mail(report, language=user.language, links=where, brand=settings().organisation.brand),
        purpose=Purpose.REPORT,
        dedupe_key=key,
        now=now,
        subject_kind="report",
        subject_id=issued.id,
    )
    db.session.add(ReportDelivery(report_id=issued.id, user_id=user.id, at=now))
    return True


def sweep_weekly_reports(now: datetime) -> int:
    """A door: every report that is due and not yet sent, one commit each. How many were sent."""
    sent = 0
    for user_id, branch_id, week in _due(now):
        user, branch = db.session.get_one(User, user_id), db.session.get_one(Branch, branch_id)
        sent += send_to(user, branch, week, now=now)
        commit()
    db.session.rollback()
    return sent


def _due(now: datetime) -> list[tuple[int, int, str]]:
    readers = (
        select(User.id, User.created_at, Grant.branch_id, Branch.time_zone)
        .join(Grant, Grant.user_id == User.id)
        .join(Branch, Branch.id == Grant.branch_id)
        .where(User.active.is_(True), User.weekly_report.is_(True), Grant.role.in_(READERS))
    )
    delivered = {
        (user_id, branch_id, week)
        for user_id, branch_id, week in db.session.execute(
            select(ReportDelivery.user_id, WeeklyReport.branch_id, WeeklyReport.iso_week).join(
                WeeklyReport, WeeklyReport.id == ReportDelivery.report_id
            )
        )
    }
    due = set()
    for user_id, created_at, branch_id, zone in db.session.execute(readers):
        local = now.astimezone(ZoneInfo(zone))
        monday = (local - timedelta(days=local.weekday())).replace(hour=HOUR, minute=0, second=0, microsecond=0)
        week = iso_week_at(monday - timedelta(days=4), zone)
        # A reader who joined after the week was over is not sent a report about it.
        if local >= monday and created_at < week_of(week, zone).ends and (user_id, branch_id, week) not in delivered:
            due.add((user_id, branch_id, week))
    return sorted(due)
