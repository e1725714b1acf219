"""What they said: one response an invitation, its answers with their history, and the conversation on a phone.

Dialogue    asking(q) --understood--> asking(next q) | closed
            asking(q) --not understood--> one re-prompt with an example --> keep the words, offer the link
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import BigId, BlindIndex, Encrypted, Model, UtcDateTime
from surveys.invitations.models import Invitation


class Response(Model):
    """All answers to one invitation, by whatever channel. `review_due`: something in it nobody has looked at yet."""

    __tablename__ = "responses"
    __table_args__ = (
        Index(
            "ix_responses_unreviewed",
            "changed_at",
            sqlite_where=sql("review_due"),
            postgresql_where=sql("review_due"),
        ),
        Index("ix_responses_branch_id_answered_at", "branch_id", "answered_at"),
        Index(
            "ix_responses_device",
            "device",
            "answered_at",
            sqlite_where=sql("device IS NOT NULL"),
            postgresql_where=sql("device IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("touchpoints.id"))
    channel: Mapped[str] = mapped_column(String(8))  # where it was begun: sms, web
    language: Mapped[str] = mapped_column(String(8))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)  # first answer: the week it belongs to
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    late: Mapped[bool] = mapped_column(default=False)
    review_due: Mapped[bool] = mapped_column(default=True)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The headline figures, kept beside the answers they come from so that a report need not open every answer.
    nps: Mapped[int | None]
    csat: Mapped[int | None]
    ces: Mapped[int | None]
    polarity: Mapped[float | None]
    sentiment: Mapped[str | None] = mapped_column(String(16))
    themes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    signals: Mapped[list[str]] = mapped_column(JSON, default=list)
    score_version: Mapped[str | None] = mapped_column(String(40))
    device: Mapped[str | None] = mapped_column(BlindIndex)  # where it was begun on the web
    doubts: Mapped[list[str]] = mapped_column(JSON, default=list)  # why it may not be the customer's own

    invitation: Mapped[Invitation] = relationship()
    answers: Mapped[list["Answer"]] = relationship(back_populates="response", order_by="Answer.id")


class Answer(Model):
    """The answer that holds for a question; `text` is redacted, the original is ciphertext."""

    __tablename__ = "answers"
    __table_args__ = (
        UniqueConstraint("response_id", "question_key"),
        Index(
            "ix_answers_words_at",
            "at",
            sqlite_where=sql("text IS NOT NULL"),
            postgresql_where=sql("text IS NOT NULL"),
        ),
        Index(
            "ix_answers_originals_at",
            "at",
            sqlite_where=sql("original IS NOT NULL"),
            postgresql_where=sql("original IS NOT NULL"),
        ),
        Index(
            "ix_answers_sameness",
            "sameness",
            sqlite_where=sql("sameness IS NOT NULL"),
            postgresql_where=sql("sameness IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id"))
    question_key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12))
    value: Mapped[int | None]
    choice: Mapped[str | None] = mapped_column(String(40))
    choices: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))  # where several may be chosen
    text: Mapped[str | None] = mapped_column(Text)
    original: Mapped[str | None] = mapped_column(Encrypted)
    skipped: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[str] = mapped_column(String(8))
    submission: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    feeling: Mapped[str | None] = mapped_column(String(8))  # what the next question was chosen by, at the time
    polarity: Mapped[float | None]
    label: Mapped[str | None] = mapped_column(String(16))
    confidence: Mapped[float | None]
    language: Mapped[str | None] = mapped_column(String(8))
    deciding: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    themes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    signals: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    score_version: Mapped[str | None] = mapped_column(String(40))
    sameness: Mapped[str | None] = mapped_column(BlindIndex)  # of long words, to find them again with somebody else
    book_version: Mapped[str | None] = mapped_column(String(20))  # of the theme book; null before books had versions
    # What a person said the words mean; polarity and label above are then theirs, and the scorer's stand here.
    corrected: Mapped[str | None] = mapped_column(String(16))
    machine_label: Mapped[str | None] = mapped_column(String(16))
    machine_polarity: Mapped[float | None]

    response: Mapped[Response] = relationship(back_populates="answers")


class AnswerRevision(Model):
    """An answer that was changed: what stood before."""

    __tablename__ = "answer_revisions"
    __table_args__ = (
        Index(
            "ix_answer_revisions_words_at",
            "at",
            sqlite_where=sql("text IS NOT NULL"),
            postgresql_where=sql("text IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"), index=True)
    value: Mapped[int | None]
    choice: Mapped[str | None] = mapped_column(String(40))
    choices: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    text: Mapped[str | None] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Dialogue(Model):
    """A conversation by SMS: which question is open on this pair of numbers. At most one is open."""

    __tablename__ = "dialogues"
    __table_args__ = (
        Index(
            "uq_dialogues_open_pair",
            "our_number",
            "phone_index",
            unique=True,
            sqlite_where=sql("closed_at IS NULL"),
            postgresql_where=sql("closed_at IS NULL"),
        ),
        Index("ix_dialogues_phone_index", "phone_index", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    our_number: Mapped[str] = mapped_column(String(20))
    phone_index: Mapped[str] = mapped_column(BlindIndex)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), index=True)
    asking: Mapped[str | None] = mapped_column(String(40))
    reprompted: Mapped[bool] = mapped_column(default=False)
    turn: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_turn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    invitation: Mapped[Invitation] = relationship()


class FreeText(Model):
    """Words that came without a question: kept, and put before a person."""

    __tablename__ = "free_texts"
    __table_args__ = (
        Index(
            "ix_free_texts_unscored",
            "id",
            sqlite_where=sql("score_version IS NULL"),
            postgresql_where=sql("score_version IS NULL"),
        ),
        Index("ix_free_texts_words_at", "at", sqlite_where=sql("text <> ''"), postgresql_where=sql("text <> ''")),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    inbound_id: Mapped[int] = mapped_column(ForeignKey("inbound_messages.id"), unique=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    text: Mapped[str] = mapped_column(Text)
    maybe_stop: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str | None] = mapped_column(String(8))
    polarity: Mapped[float | None]
    label: Mapped[str | None] = mapped_column(String(16))
    themes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    signals: Mapped[list[str]] = mapped_column(JSON, default=list)
    score_version: Mapped[str | None] = mapped_column(String(40))
    book_version: Mapped[str | None] = mapped_column(String(20))  # null before these words named themes
    corrected: Mapped[str | None] = mapped_column(String(16))  # as of an answer
    machine_label: Mapped[str | None] = mapped_column(String(16))
    machine_polarity: Mapped[float | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
