"""Who may sign in and with what rights, API keys, and the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import BigId, BlindIndex, Model, UtcDateTime
from surveys.people.models import Branch, Staff


class User(Model):
    """Somebody who can sign in. Flask-Login asks for the four small properties."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(8), default="en")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    weekly_report: Mapped[bool] = mapped_column(default=True)
    session_key: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    device: Mapped[str | None] = mapped_column(BlindIndex, index=True)  # of the last sign-in

    staff: Mapped[Staff | None] = relationship()
    grants: Mapped[list["Grant"]] = relationship(back_populates="user")

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        """Changes with the session key, so that signing out everywhere is one update."""
        return f"{self.id}.{self.session_key}"


class Grant(Model):
    """A role held at a place: it reaches that place and everything below it."""

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("user_id", "role", "branch_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str] = mapped_column(String(24))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))

    user: Mapped[User] = relationship(back_populates="grants")
    branch: Mapped[Branch] = relationship()


class ApiKey(Model):
    """A key of another system; only its hash is kept."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Attempt(Model):
    """A failed try at a door (sign-in, survey token), counted by the address it came from."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_door_source_at", "door", "source", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    door: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditEntry(Model):
    """Who did what to whom. The database itself refuses to change or delete a line."""

    __tablename__ = "audit_log"
    __table_args__ = (Index("ix_audit_log_subject", "subject_kind", "subject_id"), Index("ix_audit_log_at", "at"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_kind: Mapped[str] = mapped_column(String(12))  # user, api_key, command, staff_phone, system
    actor_id: Mapped[int | None] = mapped_column(BigId)
    action: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[int | None] = mapped_column(BigId)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
