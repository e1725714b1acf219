"""Delivery reports: kept as they came, in any order and any number; a message only ever moves up the ranks.

accepted < queued < sending < sent < failed < undelivered < delivered < read
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import defer

from app.extensions import db, lock, real_now
from notifications import claims, optouts
from notifications.carrier_errors import Deed, reason
from notifications.gsm import segments
from notifications.limits import country_of, stop_template
from notifications.models import Message, Receipt, State
from notifications.retries import pause_after_report
from notifications.rows import insert_once

RANK = {
    "accepted": 1,
    "scheduled": 1,
    "queued": 2,
    "sending": 3,
    "sent": 4,
    "failed": 5,
    "canceled": 5,
    "undelivered": 6,
    "delivered": 7,
    "partially_delivered": 7,
    "read": 8,
}
# A report says how a message stands, never what it says: its words and its address are not opened for that.
_SEALED = tuple(map(defer, (Message.to_address, Message.body, Message.subject, Message.html)))
_STATE = {"failed": State.FAILED, "canceled": State.FAILED, "undelivered": State.UNDELIVERED}


@dataclass(frozen=True)
class Report:
    """What a carrier says has become of a message; `about`: the message and attempt it brought back, signed by us."""

    provider: str
    provider_message_id: str
    status: str
    error_code: str | None = None
    about: tuple[int, int] | None = None


def receive(
    *,
    provider: str,
    provider_message_id: str,
    status: str,
    error_code: str | None = None,
    about: tuple[int, int] | None = None,
    now: datetime,
) -> bool:
    """Keep one report and let it take effect. False when it was known. May come before the send's own answer."""
    return receive_all([Report(provider, provider_message_id, status, error_code, about)], now=now) == 1


def receive_all(reports: Sequence[Report], *, now: datetime) -> int:
    """Keep these reports and let them take effect. How many were new."""
    if not reports:
        return 0
    hold([(report.provider, report.provider_message_id) for report in reports])
    new = insert_once(
        Receipt,
        [
            {
                "provider": report.provider,
                "provider_message_id": report.provider_message_id,
                "status": report.status,
                "error_code": report.error_code,
                "received_at": now,
            }
            for report in dict.fromkeys(reports)
        ],
    )
    for report in reports:
        if report.about is not None:
            _settle(report, *report.about, now=now)
    if new:
        by_key: dict[tuple[str, str], list[Report]] = {}
        for report in reports:
            by_key.setdefault((report.provider, report.provider_message_id), []).append(report)
        for message in _messages(by_key.keys()):
            for report in by_key[message.provider or "", message.provider_message_id or ""]:
                apply(message, report.status, report.error_code, now=now)
    return len(new)


def _settle(report: Report, message_id: int, attempt: int, *, now: datetime) -> None:
    """A report proves that the carrier has the attempt it speaks of, whether or not the send was ever answered."""
    attempted = claims.unanswered(message_id, attempt, now=now)
    if attempted is None:
        return
    with suppress(LookupError):  # its link is gone meanwhile; it left all the same
        attempted = claims.rendered(attempted)
    message = db.session.get_one(Message, message_id, populate_existing=True)
    message.state, message.provider, message.receipt_rank = State.SENT, report.provider, 0
    message.provider_message_id, message.error_code = report.provider_message_id, None
    # Whoever still waits for the answer has lost the lease, so that answer changes nothing any more.
    message.attempted_at, message.lease, message.lease_until = None, None, None
    message.sent_at, message.country = now, country_of(attempted)
    message.segments = segments(attempted.outgoing.body).count if attempted.channel == "sms" else None
    db.session.flush()


def hold(keys: Collection[tuple[str, str]]) -> None:
    """Nobody else keeps a report or a send's answer of these until we commit: one of the two must see the other."""
    lock(*(f"receipt:{provider}:{sid}" for provider, sid in keys))


def catch_up(message: Message, *, now: datetime) -> None:
    """Let reports take effect that came before the send's own answer."""
    query = select(Receipt).where(
        Receipt.provider == message.provider, Receipt.provider_message_id == message.provider_message_id
    )
    for receipt in db.session.scalars(query):
        apply(message, receipt.status, receipt.error_code, now=now)


def apply(message: Message, status: str, error_code: str | None, *, now: datetime) -> None:
    """Move a message up to what a report says; a lower or equal rank, or an unknown status, changes nothing."""
    rank = RANK.get(status, 0)
    if rank <= message.receipt_rank or message.state == State.SENDING:
        return  # while it is being sent anew, a report can only speak of the earlier time
    message.receipt_rank = rank
    if rank >= RANK["delivered"]:
        message.state, message.error_code, message.lease_until = State.DELIVERED, None, None
        message.delivered_at = message.delivered_at or now
        message.sent_at = message.sent_at or now
    elif status in _STATE:
        message.state, message.error_code = _STATE[status], error_code
        _failed(message, error_code, now)


def _failed(message: Message, error_code: str | None, now: datetime) -> None:
    if error_code and reason(error_code).deed is Deed.OPT_OUT:
        optouts.stop_address(message.to_index, source="carrier", now=now)
        message.state = State.SUPPRESSED
        return
    if reason(error_code).deed is Deed.CONTENT:
        stop_template(message.template, code=str(error_code)[:40], now=now)
    wait = pause_after_report(error_code, purpose=message.purpose, attempts=message.attempts)
    if wait is not None:
        message.state, message.next_attempt_at = State.QUEUED, real_now() + wait


def _messages(keys: Collection[tuple[str, str]]) -> list[Message]:
    query = (
        select(Message).options(*_SEALED).where(tuple_(Message.provider, Message.provider_message_id).in_(list(keys)))
    )
    return list(db.session.scalars(query.with_for_update().execution_options(populate_existing=True)))
