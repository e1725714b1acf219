"""What the services queued while the past was told has long arrived: delivered at its hour, and shown on the phones."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from app.demo.ledger import Ledger
from app.demo.letters import ON_SCREEN, PROVIDER, Arrived
from app.extensions import db
from notifications.gsm import segments
from notifications.models import Message, SimulatedMail, SimulatedMessage, State
from notifications.receipts import RANK
from surveys.invitations.tokens import resolve_link

Row = dict[str, Any]


def seal(rng: Random, *, now: datetime) -> tuple[list[Arrived], list[Arrived]]:
    """Mark every waiting message as delivered when it was written; the texts and mails the simulator shows of them."""
    texts: list[Arrived] = []
    mails: list[Arrived] = []
    waiting = select(Message).where(Message.state == State.QUEUED).order_by(Message.created_at, Message.id)
    for message in db.session.scalars(waiting):
        at = message.created_at
        body = message.body
        if message.link_ref:
            body = body.replace("{link}", resolve_link(message.link_ref, message.channel))
        sid = f"SM{rng.getrandbits(128):032x}" if message.channel == "sms" else f"<{message.id}@demo.example>"
        message.state, message.attempts, message.sent_at = State.DELIVERED, 1, at
        message.delivered_at, message.next_attempt_at = at + timedelta(seconds=2), at
        message.provider, message.provider_message_id = PROVIDER, sid
        if message.channel == "sms":
            message.receipt_rank, message.segments = RANK["delivered"], segments(body).count
        else:
            message.state, message.delivered_at = State.SENT, None  # nobody reports on mail
        if now - at < ON_SCREEN and message.channel == "sms":
            texts.append(Arrived(at, _text(message, sid, body)))
        elif now - at < ON_SCREEN:
            mails.append(Arrived(at, _mail(message, sid)))
    db.session.flush()
    return texts, mails


def show(texts: Iterable[Arrived], mails: Iterable[Arrived]) -> None:
    """Lay them on the simulated phones and in the mailbox, in the order in which they arrived."""
    ledger = Ledger()
    for text in sorted(texts, key=lambda arrived: arrived.at):
        body = text.row["body"]
        if text.link is not None and "{link}" in body:
            text.row["body"] = body.replace("{link}", resolve_link(text.link, "sms"))
        ledger.add(SimulatedMessage, **text.row)
    for mail in sorted(mails, key=lambda arrived: arrived.at):
        ledger.add(SimulatedMail, **mail.row)
    ledger.write()


def _text(message: Message, sid: str, body: str) -> Row:
    return {
        "sid": sid,
        "direction": "outbound-api",
        "phone_index": message.to_index,
        "from_address": message.from_address,
        "to_address": message.to_address,
        "body": body,
        "status": "delivered",
        "segments": message.segments or 1,
        "created_at": message.created_at,
    }


def _mail(message: Message, sid: str) -> Row:
    return {
        "message_id": sid,
        "to_address": message.to_address,
        "to_index": message.to_index,
        "subject": message.subject or "",
        "text": message.body,
        "html": message.html,
        "created_at": message.created_at,
    }
