"""What we ask: a survey, and its frozen versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import BigId, Model, UtcDateTime


class Survey(Model):
    """A questionnaire by its name; what was asked stands in its versions."""

    __tablename__ = "surveys"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)


class SurveyVersion(Model):
    """What exactly was asked. Publishing froze it; an invitation is bound to one."""

    __tablename__ = "survey_versions"
    __table_args__ = (UniqueConstraint("survey_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    number: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

    survey: Mapped[Survey] = relationship()


class SurveyDraft(Model):
    """What somebody is writing: at most one a survey, and nothing is asked by it until it is published."""

    __tablename__ = "survey_drafts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"), unique=True)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = mapped_column(BigInteger)  # the id of a user of the console
    # The latest deeds, the last one last: {"deed", "question", "before"}; `before` is None where there was no draft.
    past: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    survey: Mapped[Survey] = relationship()
