"""What travels, what came in, who wants nothing, and the simulated carrier's own store.

Message     queued -> sending -> sent -> delivered
               ^         |         \\-> undelivered
               |         +-> failed(reason) | uncertain -> reconciled (sent, or queued again)
               +-- retryable, next_attempt_at
            suppressed(opted out) | expired(valid_until): never left the outbox
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, BlindIndex, Encrypted, Model, UtcDateTime


class Purpose(StrEnum):
    """Why a message is sent: decides its priority, whether quiet hours hold it, and what an unknown outcome means."""

    ESCALATION = "escalation"
    CONVERSATION = "conversation"
    CASE = "case"
    SURVEY = "survey"
    REPORT = "report"
    ACCOUNT = "account"


class State(StrEnum):
    """The life of a message; see the drawing above."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"


class Message(Model):
    """One SMS or e-mail in the outbox. Times: lease, attempts in real time; created, sent, valid in business time."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("provider", "provider_message_id"),
        Index(
            "ix_messages_due",
            "priority",
            "next_attempt_at",
            sqlite_where=text("state IN ('queued', 'sending', 'uncertain')"),
            postgresql_where=text("state IN ('queued', 'sending', 'uncertain')"),
        ),
        Index(
            "ix_messages_lost",
            "subject_kind",
            "subject_id",
            sqlite_where=text("state IN ('failed', 'undelivered', 'expired', 'suppressed')"),
            postgresql_where=text("state IN ('failed', 'undelivered', 'expired', 'suppressed')"),
        ),
        Index("ix_messages_created_at", "created_at"),
        Index(
            "ix_messages_words_created_at",
            "created_at",
            sqlite_where=text("cleared_at IS NULL"),
            postgresql_where=text("cleared_at IS NULL"),
        ),
        Index("ix_messages_to", "to_index", "created_at"),
        Index("ix_messages_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    purpose: Mapped[str] = mapped_column(String(16))
    priority: Mapped[int]
    channel: Mapped[str] = mapped_column(String(8))  # sms, email
    to_address: Mapped[str] = mapped_column(Encrypted)
    to_index: Mapped[str] = mapped_column(BlindIndex)
    country: Mapped[str | None] = mapped_column(String(2))  # of the telephone, once a carrier was spoken to
    from_address: Mapped[str] = mapped_column(String(80), default="")
    # What it is about, in the sender's words ("invitation", 12): for history, never resolved here.
    subject_kind: Mapped[str] = mapped_column(String(16), default="")
    subject_id: Mapped[int | None] = mapped_column(BigId)
    template: Mapped[str] = mapped_column(String(40), default="")
    charge_to: Mapped[str] = mapped_column(String(24), default="")  # whose budget it counts in, in the sender's words
    body: Mapped[str] = mapped_column(Encrypted)  # {link} stays masked here and is filled in at claim time
    link_ref: Mapped[str | None] = mapped_column(String(80))
    stop_ref: Mapped[str | None] = mapped_column(String(80))  # e-mail only: what {stop} and List-Unsubscribe stand for
    subject: Mapped[str | None] = mapped_column(Encrypted)  # e-mail only
    html: Mapped[str | None] = mapped_column(Encrypted)
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when its words were forgotten
    state: Mapped[str] = mapped_column(String(12), default=State.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    resends: Mapped[int] = mapped_column(default=0)  # sent again although an earlier outcome was never learned
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # set while an attempt's outcome is not known
    lease: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    provider: Mapped[str | None] = mapped_column(String(16))
    provider_message_id: Mapped[str | None] = mapped_column(String(64))
    receipt_rank: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str | None] = mapped_column(String(40))
    segments: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class InboundMessage(Model):
    """One SMS that came in: kept before anything is done about it; its words go 7 days after handling."""

    __tablename__ = "inbound_messages"
    __table_args__ = (
        UniqueConstraint("provider", "provider_message_id"),
        Index(
            "ix_inbound_messages_waiting",
            "from_index",
            "id",
            sqlite_where=text("handled_at IS NULL"),
            postgresql_where=text("handled_at IS NULL"),
        ),
        Index("ix_inbound_messages_from", "from_index", "received_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    provider: Mapped[str] = mapped_column(String(16))
    provider_message_id: Mapped[str] = mapped_column(String(64))
    from_address: Mapped[str] = mapped_column(Encrypted)
    from_index: Mapped[str] = mapped_column(BlindIndex)
    to_address: Mapped[str] = mapped_column(String(80))
    body: Mapped[str | None] = mapped_column(Encrypted)
    media: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[str | None] = mapped_column(String(8))  # stop, start, help: took effect on arrival
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(24))


class Receipt(Model):
    """One delivery report, kept as it came; it may arrive before the reply to the send itself."""

    __tablename__ = "receipts"
    __table_args__ = (UniqueConstraint("provider", "provider_message_id", "status"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    provider: Mapped[str] = mapped_column(String(16))
    provider_message_id: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    error_code: Mapped[str | None] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OptOut(Model):
    """An address that wants no surveys; it outlives the customer's record. `until` is set when they came back."""

    __tablename__ = "opt_outs"

    address_index: Mapped[str] = mapped_column(BlindIndex, primary_key=True)
    source: Mapped[str] = mapped_column(String(24))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SendBudget(Model):
    """Segments sent on a day (UTC) in one budget: all texts, a branch's, or a number range's."""

    __tablename__ = "send_budgets"

    scope: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    segments: Mapped[int]


class SenderPace(Model):
    """The bucket of a sender's segments a second, as it was at a moment of real time."""

    __tablename__ = "sender_paces"

    sender: Mapped[str] = mapped_column(String(80), primary_key=True)
    tokens: Mapped[float]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Circuit(Model):
    """A carrier's health: outages in a row, and while it is left alone since when, and when one text is tried."""

    __tablename__ = "circuits"

    provider: Mapped[str] = mapped_column(String(16), primary_key=True)
    outages: Mapped[int]
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    probe_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StoppedTemplate(Model):
    """A wording that carriers filter: no text of it leaves until somebody releases it."""

    __tablename__ = "stopped_templates"

    template: Mapped[str] = mapped_column(String(40), primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class SimulatedMessage(Model):
    """The simulated carrier's record of an SMS, in either direction."""

    __tablename__ = "simulated_messages"
    __table_args__ = (
        Index("ix_simulated_messages_phone", "phone_index", "id"),
        Index(
            "ix_simulated_messages_moving",
            "id",
            sqlite_where=text("status IN ('queued', 'sent')"),
            postgresql_where=text("status IN ('queued', 'sent')"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sid: Mapped[str] = mapped_column(String(34), unique=True)
    direction: Mapped[str] = mapped_column(String(16))  # outbound-api, inbound
    phone_index: Mapped[str] = mapped_column(BlindIndex)  # the customer's or manager's side
    from_address: Mapped[str] = mapped_column(Encrypted)
    to_address: Mapped[str] = mapped_column(Encrypted)
    body: Mapped[str] = mapped_column(Encrypted)
    status: Mapped[str] = mapped_column(String(16))
    segments: Mapped[int]
    callback_url: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)  # real time, as a carrier would stamp it


class SimulatedMail(Model):
    """An e-mail in the mailbox on the screen."""

    __tablename__ = "simulated_mails"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[str] = mapped_column(String(80), unique=True)
    to_address: Mapped[str] = mapped_column(Encrypted)
    to_index: Mapped[str] = mapped_column(BlindIndex, index=True)
    subject: Mapped[str] = mapped_column(Encrypted)
    text: Mapped[str] = mapped_column(Encrypted)
    html: Mapped[str | None] = mapped_column(Encrypted)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
