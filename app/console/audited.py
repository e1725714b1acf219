"""One way from the console into the audit log: whoever is signed in, now."""

from typing import Any

from flask_login import current_user

from app.auth import audit
from app.extensions import clock


def audited(action: str, kind: str, subject_id: int | None, /, **detail: Any) -> None:
    """A line in the audit log: the signed-in user did `action` to this thing. Ids and keys, never words."""
    audit.record(
        action,
        actor_kind="user",
        actor_id=current_user.id,
        subject_kind=kind,
        subject_id=subject_id,
        detail=detail,
        now=clock().now(),
    )
