"""When we ask: touchpoints, service events, programmes, invitations, holds.

Invitation  scheduled -> sent -> [reminded] -> started -> completed | partial | expired | refused | undeliverable
            scheduled, sent, reminded -> cancelled(reopened)    skipped(reasons)    (a decision not to ask is kept)
            sent -> refused | undeliverable also when the text never left the outbox: then `sent_at` is taken back
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import BigId, BlindIndex, Model, UtcDateTime
from surveys.people.models import Branch, Customer, Staff
from surveys.questionnaires.models import Survey, SurveyVersion


class InvitationState(StrEnum):
    """The life of an invitation; see the drawing above."""

    SCHEDULED = "scheduled"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    SENT = "sent"
    REMINDED = "reminded"
    STARTED = "started"
    COMPLETED = "completed"
    PARTIAL = "partial"
    EXPIRED = "expired"
    REFUSED = "refused"
    UNDELIVERABLE = "undeliverable"


UNANSWERED = (InvitationState.SENT, InvitationState.REMINDED)
OPEN = (*UNANSWERED, InvitationState.STARTED)


class Touchpoint(Model):
    """A kind of moment at which customers are served."""

    __tablename__ = "touchpoints"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)


class ServiceEvent(Model):
    """One such moment, as it was reported, and the answer given then: the decision, with every rule's verdict."""

    __tablename__ = "service_events"
    __table_args__ = (
        UniqueConstraint("source", "external_ref"),
        Index("ix_service_events_branch_id_occurred_at", "branch_id", "occurred_at"),
        Index("ix_service_events_touchpoint_id_occurred_at", "touchpoint_id", "occurred_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    external_ref: Mapped[str] = mapped_column(String(120))
    body_hash: Mapped[str] = mapped_column(String(64))
    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("touchpoints.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    complaint: Mapped[bool] = mapped_column(default=False)
    reopens: Mapped[str | None] = mapped_column(String(120))
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(12))
    send_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rules: Mapped[list[dict[str, str]]] = mapped_column(JSON)

    touchpoint: Mapped[Touchpoint] = relationship()
    branch: Mapped[Branch] = relationship()
    staff: Mapped[Staff | None] = relationship()
    customer: Mapped[Customer] = relationship()


class Programme(Model):
    """Which touchpoint asks which survey, where, how, and how often. `policy` overrides contact policy numbers."""

    __tablename__ = "programmes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("touchpoints.id"), index=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))  # None: everywhere; else that subtree
    segment: Mapped[str | None] = mapped_column(String(24))
    priority: Mapped[int] = mapped_column(default=100)
    delay_minutes: Mapped[int] = mapped_column(default=0)
    sampling_rate: Mapped[float] = mapped_column(default=1.0)
    channels: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["sms"])  # in the order in which they are tried
    reminder: Mapped[bool] = mapped_column(default=True)
    reminder_channel: Mapped[str | None] = mapped_column(String(8))  # None: by the one the customer was asked by
    live: Mapped[bool] = mapped_column(default=True)
    policy: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    touchpoint: Mapped[Touchpoint] = relationship()
    survey: Mapped[Survey] = relationship()


class Invitation(Model):
    """One customer asked (or not) about one event. Who served, where, and who owns the customer is frozen here."""

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("service_event_id", "programme_id"),
        Index(
            "ix_invitations_due",
            "send_at",
            sqlite_where=text("state = 'scheduled'"),
            postgresql_where=text("state = 'scheduled'"),
        ),
        Index(
            "ix_invitations_remind",
            "remind_at",
            sqlite_where=text("remind_at IS NOT NULL"),
            postgresql_where=text("remind_at IS NOT NULL"),
        ),
        Index(
            "ix_invitations_open",
            "expires_at",
            sqlite_where=text("state IN ('sent', 'reminded', 'started')"),
            postgresql_where=text("state IN ('sent', 'reminded', 'started')"),
        ),
        Index("ix_invitations_phone_index_sent_at", "phone_index", "sent_at"),
        Index("ix_invitations_programme_id_sent_at", "programme_id", "sent_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    service_event_id: Mapped[int] = mapped_column(ForeignKey("service_events.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("survey_versions.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    tier: Mapped[str | None] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(8), default="sms")
    phone_index: Mapped[str | None] = mapped_column(BlindIndex)  # the customer's phone, by whatever channel: caps hold
    email_index: Mapped[str | None] = mapped_column(BlindIndex)  # the mailbox it went to
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(14))
    # Why the customer was not asked, or not reminded ("reminder:..."), or the survey was cancelled.
    skip_reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    rules: Mapped[list[dict[str, str]] | None] = mapped_column(JSON)  # asked again before sending; None until then
    reminder_rules: Mapped[list[dict[str, str]] | None] = mapped_column(JSON)  # asked before reminding; None until then
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    send_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    nonce: Mapped[str] = mapped_column(String(22))
    token_hash: Mapped[str] = mapped_column(String(44), unique=True)

    event: Mapped[ServiceEvent] = relationship()
    programme: Mapped[Programme] = relationship()
    version: Mapped[SurveyVersion] = relationship()
    customer: Mapped[Customer] = relationship()
    branch: Mapped[Branch] = relationship()
    staff: Mapped[Staff | None] = relationship(foreign_keys=[staff_id])
    owner: Mapped[Staff | None] = relationship(foreign_keys=[owner_id])


class Counter(Model):
    """A survey code to scan at a counter of a branch. It may hang there for years; ended, it leads nowhere."""

    __tablename__ = "counters"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    name: Mapped[str] = mapped_column(String(40))
    nonce: Mapped[str] = mapped_column(String(22))
    token_hash: Mapped[str] = mapped_column(String(44), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    branch: Mapped[Branch] = relationship()
    programme: Mapped[Programme] = relationship()


class Hold(Model):
    """A branch or customer not to be asked for now, and why."""

    __tablename__ = "holds"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    reason: Mapped[str] = mapped_column(String(120))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
