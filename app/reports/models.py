"""The figures of a week as they were issued, and to whom they went."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model, UtcDateTime


class WeeklyReport(Model):
    """The figures of one scope and ISO week, frozen when issued, so that it can be printed again as it was."""

    __tablename__ = "weekly_reports"
    __table_args__ = (
        UniqueConstraint("branch_id", "iso_week"),
        Index(
            "ix_weekly_reports_words_issued_at",
            "issued_at",
            sqlite_where=text("cleared_at IS NULL"),
            postgresql_where=text("cleared_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    iso_week: Mapped[str] = mapped_column(String(8))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when its comments were forgotten


class ReportDelivery(Model):
    """One report to one reader: sent once."""

    __tablename__ = "report_deliveries"
    __table_args__ = (UniqueConstraint("report_id", "user_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("weekly_reports.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
