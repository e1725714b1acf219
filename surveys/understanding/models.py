"""Theme books of the company: what is being written, what publishing froze, and new words that no theme knows."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model, UtcDateTime


class ThemeBookVersion(Model):
    """A book as it was published: it never changes. Before the first one, the book that is built in holds."""

    __tablename__ = "theme_books"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(BigInteger)  # the id of a user of the console


class ThemeBookDraft(Model):
    """What somebody is writing: at most one, and nothing is read by it until it is published."""

    __tablename__ = "theme_book_drafts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = mapped_column(BigInteger)
    # The latest deeds, the last one last: {"deed", "theme", "subtheme", "back"}; `back` leads to how it was before.
    past: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


class RescoringState(StrEnum):
    """How far it has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


class Rescoring(Model):
    """Old words read again by today's book and model, asked for by somebody and worked off by one worker at a time.

    waiting -> running -> done        running -> running (taken over after a kill, from where it was)
    """

    __tablename__ = "rescorings"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    state: Mapped[str] = mapped_column(String(8), index=True, default=RescoringState.WAITING)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(BigInteger)  # the id of a user of the console
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    after_response: Mapped[int] = mapped_column(BigInteger, default=0)
    after_text: Mapped[int] = mapped_column(BigInteger, default=0)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # real time

    @property
    def percent(self) -> int:
        """How much of it is behind."""
        return min(100 * self.done // self.total, 100) if self.total else 0


class EmergingWeek(Model):
    """A week that was looked through for new words: how many comments it was, and how many it was held against."""

    __tablename__ = "emerging_weeks"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    iso_week: Mapped[str] = mapped_column(String(8), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    comments: Mapped[int]
    comments_before: Mapped[int]


class EmergingState(StrEnum):
    """What was decided about it."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    DISMISSED = "dismissed"


class EmergingTheme(Model):
    """A word that customers begin to use and no theme knows. Found again in a later week, its figures are renewed.

    proposed -> adopted (into the draft book) | dismissed (never proposed again)
    """

    __tablename__ = "emerging_themes"
    __table_args__ = (UniqueConstraint("language", "term"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    term: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12), default=EmergingState.PROPOSED)
    first_week: Mapped[str] = mapped_column(String(8))
    last_week: Mapped[str] = mapped_column(String(8))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    examples: Mapped[list[int]] = mapped_column(JSON)  # ids of responses
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
