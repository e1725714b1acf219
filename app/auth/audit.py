"""The audit log: lines are added, and the database itself refuses to change one."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from app.auth.models import AuditEntry
from app.extensions import db


def record(
    action: str,
    *,
    actor_kind: str,
    actor_id: int | None,
    subject_kind: str,
    subject_id: int | None,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add a line: who (user, api_key, command, staff_phone, system) did what to which thing. Ids, never words."""
    entry = AuditEntry(
        at=now,
        actor_kind=actor_kind,
        actor_id=actor_id,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        detail=detail or {},
    )
    db.session.add(entry)


def forget_old_lines(before: datetime, *, most: int) -> int:
    """Delete up to `most` lines of before then. How many. The database refuses it for any younger than seven years."""
    old = select(AuditEntry.id).where(AuditEntry.at < before).order_by(AuditEntry.at).limit(most)
    ids = db.session.scalars(old).all()
    if ids:
        gone = delete(AuditEntry).where(AuditEntry.id.in_(ids))
        db.session.execute(gone, execution_options={"synchronize_session": False})
    return len(ids)
