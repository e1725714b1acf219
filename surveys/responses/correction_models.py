"""What people said comments mean, and what was learnt from it.

Correction   stands --corrected anew, or taken back--> ended
             stands or ended --the words are forgotten--> forgotten: nothing more is learnt from it
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model, UtcDateTime


class About(StrEnum):
    """Whose words were labelled."""

    ANSWER = "answer"
    FREE_TEXT = "free_text"
    CASE = "case"  # what a case holds beside them: a complaint, and what its customer wrote later


class Correction(Model):
    """One comment labelled by a person; it is kept with the answer or free text alone, and here if it is neither."""

    __tablename__ = "corrections"
    __table_args__ = (
        Index(
            "uq_corrections_standing",
            "about",
            "about_id",
            "words_at",
            unique=True,
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
        Index(
            "ix_corrections_unlearned",
            "id",
            sqlite_where=sql("learned_at IS NULL"),
            postgresql_where=sql("learned_at IS NULL"),
        ),
        Index("ix_corrections_about", "about", "about_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    about: Mapped[str] = mapped_column(String(10))
    about_id: Mapped[int] = mapped_column(BigInteger)
    response_id: Mapped[int | None] = mapped_column(ForeignKey("responses.id"), index=True)  # of an answer
    words_at: Mapped[datetime] = mapped_column(UtcDateTime)  # when they were given: words given later are other words
    words: Mapped[str | None] = mapped_column(Text)  # redacted; of a case
    language: Mapped[str | None] = mapped_column(String(8))
    asks: Mapped[str | None] = mapped_column(String(24))  # the kind of question they answer, as the scorer knows it
    label: Mapped[str] = mapped_column(String(16))
    phrase: Mapped[str | None] = mapped_column(Text)  # what decided, as it stands in the redacted words
    means: Mapped[str | None] = mapped_column(String(12))  # what it means here
    by: Mapped[int] = mapped_column(BigInteger)  # the id of a user of the console
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    machine_label: Mapped[str | None] = mapped_column(String(16))
    machine_polarity: Mapped[float | None]
    machine_confidence: Mapped[float | None]
    model_version: Mapped[str] = mapped_column(String(40))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(BigInteger)
    forgotten_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    learned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when a refit last took it in, or out


class Refit(Model):
    """What the company's corrections add to the shipped model; only the latest keeps its words and their weights."""

    __tablename__ = "refits"

    version: Mapped[int] = mapped_column(BigId, primary_key=True)
    base: Mapped[str] = mapped_column(String(16))  # the shipped model it stands on
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    corrections: Mapped[int]
    # How much of what was guessed from whole comments holds, and of the words somebody explained: 1 all of it; less is
    # held back, so that the golden set stays right; 0 nothing.
    strength: Mapped[float]
    lexicon: Mapped[float]
    learnt: Mapped[dict[str, Any]] = mapped_column(JSON)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
