"""Two times: the business clock, which a demo may run faster, and the real one; and who was last seen alive."""

from datetime import UTC, datetime, timedelta
from typing import cast

from flask import current_app
from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.extensions.columns import UtcDateTime
from app.extensions.database import Model, db


class ClockAnchor(Model):
    """Where the business clock was tied to the real one, so that all processes and a restart agree."""

    __tablename__ = "clock_anchor"

    id: Mapped[int] = mapped_column(primary_key=True)
    real_at: Mapped[datetime] = mapped_column(UtcDateTime)
    heed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    speed: Mapped[float]


class Heartbeat(Model):
    """When each part of the system was last seen alive, in real time."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def real_now() -> datetime:
    """The real time: leases, time-outs, retries, sessions and signatures live by it."""
    return datetime.now(UTC)


class Clock:
    """The business clock. At speed 1 it is the real one; in a demo it may run faster, anchored in the database."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._anchor: tuple[datetime, datetime, float] | None = None

    def now(self) -> datetime:
        """The present for everything a customer or a manager sees, as aware UTC."""
        if self.speed == 1:
            return real_now()
        self.anchor()
        assert self._anchor is not None
        real_at, heed_at, speed = self._anchor
        return heed_at + (real_now() - real_at) * speed

    def anchor(self) -> None:
        """Tie the clock, once a process, before a transaction is open: it may have to write."""
        if self.speed != 1 and self._anchor is None:
            self._anchor = self._load()

    def _load(self) -> tuple[datetime, datetime, float]:
        with Session(db.engine) as session:
            row = session.get(ClockAnchor, 1)
            now = real_now()
            if row is None or row.speed != self.speed:
                heed_at = now if row is None else row.heed_at + (now - row.real_at) * row.speed
                row = session.merge(ClockAnchor(id=1, real_at=now, heed_at=heed_at, speed=self.speed))
                session.commit()
            return row.real_at, row.heed_at, row.speed


def clock() -> Clock:
    """The clock of the running application; only doors ask it."""
    return cast(Clock, current_app.extensions["heed.clock"])


def beat_alive(name: str, *, within: timedelta) -> bool:
    """Whether that part reported within the last `within` of real time."""
    row = db.session.get(Heartbeat, name)
    return row is not None and real_now() - row.at <= within
