"""How far the words that were kept have been read again by the rules of redaction of today."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model, UtcDateTime


class Redaction(Model):
    """One reading of everything by one set of rules, taken up again after a kill from where it was."""

    __tablename__ = "redactions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    rules: Mapped[str] = mapped_column(String(40), unique=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    after: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # the last id read of each kind
    seen: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
