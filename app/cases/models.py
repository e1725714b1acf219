"""The closed loop: one open case a customer, from the bad answer until they say it is put right.

Case  open -> acknowledged -> contacted -> resolved -> [recovery answer] -> closed | reopened one level higher
      open -> dismissed(false alarm)
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import BigId, Encrypted, Model, UtcDateTime
from surveys.people.models import Branch, Customer, Staff

LIVE = "state IN ('open', 'acknowledged', 'contacted', 'reopened')"


class Case(Model):
    """A dissatisfied customer, who must act, and by when."""

    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "uq_cases_live_customer",
            "customer_id",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
        Index("uq_cases_live_code", "code", unique=True, sqlite_where=text(LIVE), postgresql_where=text(LIVE)),
        Index("ix_cases_live_next", "next_check_at", sqlite_where=text(LIVE), postgresql_where=text(LIVE)),
        Index("ix_cases_branch_id_opened_at", "branch_id", "opened_at"),
        Index(
            "ix_cases_words_closed_at",
            "closed_at",
            sqlite_where=text("words IS NOT NULL OR done_text IS NOT NULL"),
            postgresql_where=text("words IS NOT NULL OR done_text IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(6))  # four digits a manager texts; unique among live cases
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    response_id: Mapped[int | None] = mapped_column(ForeignKey("responses.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    level: Mapped[int] = mapped_column(default=0)  # 0 owner, 1 deputy, 2 branch manager, 3 region
    state: Mapped[str] = mapped_column(String(12))
    priority: Mapped[int]
    critical: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[list[str]] = mapped_column(JSON)
    rating: Mapped[int | None]
    rating_kind: Mapped[str | None] = mapped_column(String(8))
    risk: Mapped[float | None]  # probability of leaving within 90 days
    words: Mapped[str | None] = mapped_column(Text)  # redacted; the customer's own
    words_language: Mapped[str | None] = mapped_column(String(8))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledge_by: Mapped[datetime] = mapped_column(UtcDateTime)
    contact_by: Mapped[datetime] = mapped_column(UtcDateTime)
    resolve_by: Mapped[datetime] = mapped_column(UtcDateTime)
    next_check_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    promised_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    call_choice: Mapped[str | None] = mapped_column(String(12))  # today, tomorrow, none
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contacted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recovery_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    recovery: Mapped[str | None] = mapped_column(String(8))  # yes, partly, no
    outcome: Mapped[str | None] = mapped_column(String(16))
    root_cause: Mapped[str | None] = mapped_column(String(16))
    done_text: Mapped[str | None] = mapped_column(String(200))

    customer: Mapped[Customer] = relationship()
    branch: Mapped[Branch] = relationship()
    owner: Mapped[Staff] = relationship()
    history: Mapped[list["CaseEvent"]] = relationship(back_populates="case", order_by="CaseEvent.id")


class CaseOrigin(Model):
    """What opened a case or joined it: the same answer never does so twice."""

    __tablename__ = "case_origins"
    __table_args__ = (UniqueConstraint("kind", "ref"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))  # response, complaint, free_text
    ref: Mapped[str] = mapped_column(String(160))
    body_hash: Mapped[str | None] = mapped_column(String(64))  # of a complaint: another body is a conflict
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseEvent(Model):
    """One line of a case's history."""

    __tablename__ = "case_events"
    __table_args__ = (
        Index(
            "ix_case_events_notes_at",
            "at",
            sqlite_where=text("note IS NOT NULL"),
            postgresql_where=text("note IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[str | None] = mapped_column(Encrypted)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    case: Mapped[Case] = relationship(back_populates="history")
    staff: Mapped[Staff | None] = relationship()
