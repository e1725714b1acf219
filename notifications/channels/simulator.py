"""The simulated carrier: demo, phone on the screen and test double in one, with tables of its own.

SimulatedMessage   queued -> sent -> delivered      (advance, one step a tick)
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from secrets import token_hex

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, load_only

from app.extensions import db, real_now, settings
from notifications.channels.base import Accepted, Capabilities, Carried, Outgoing, SendResult
from notifications.gsm import segments
from notifications.models import SimulatedMail, SimulatedMessage
from notifications.receipts import Report, receive_all

PROVIDER = "simulator"
NEXT = {"queued": "sent", "sent": "delivered"}
CAPABILITIES = Capabilities(
    two_way=True,
    links=True,
    settle_seconds=0,
    list_is_complete=True,
    timeout_seconds=5.0,
    batch=50,
)
# Carriers the simulator can play, by HEED_SIMULATOR_PROFILE. Mainland China's let no link through that differs for each
# person; every text is signed in 【】, one that asks says how to get no more, and nothing arrives at night.
PROFILES = {
    "open": CAPABILITIES,
    "mainland_china": replace(
        CAPABILITIES,
        links=False,
        template_required=True,
        signature="【{org}】",
        opt_out_marker="拒收请回复R",
        quiet_hours=(21, 8),
    ),
}


def carry(
    *, direction: str, sender: str, to: str, body: str, status: str = "queued", callback_url: str | None = None
) -> SimulatedMessage:
    """The carrier accepts one text: a row in its store, not yet committed. `direction` is Twilio's word."""
    phone = sender if direction == "inbound" else to
    message = SimulatedMessage(
        sid="SM" + token_hex(16),
        direction=direction,
        phone_index=phone,
        from_address=sender,
        to_address=to,
        body=body,
        status=status,
        segments=segments(body).count,
        callback_url=callback_url,
        created_at=real_now(),
    )
    db.session.add(message)
    return message


class SimulatedPhones:
    """Carries texts to the phones on the screen. Its acceptance is a commit of its own, as a carrier's would be."""

    name = PROVIDER

    @property
    def capabilities(self) -> Capabilities:
        """By the profile of the settings."""
        return PROFILES[settings().simulator_profile]

    def send(self, message: Outgoing) -> SendResult:
        """Accepted once it is in the carrier's store; the same message twice is two texts, as with any carrier."""
        sid = "SM" + token_hex(16)
        accepted = {
            "sid": sid,
            "direction": "outbound-api",
            "phone_index": message.to,
            "from_address": message.sender,
            "to_address": message.to,
            "body": message.body,
            "status": "queued",
            "segments": segments(message.body).count,
            "created_at": real_now(),
        }
        with db.engine.begin() as connection:
            connection.execute(insert(SimulatedMessage), accepted)
        return Accepted(sid)

    def list_to(self, message: Outgoing, *, since: datetime) -> list[Carried]:
        """What it carried to this phone since then, newest first."""
        query = (
            select(SimulatedMessage)
            .where(
                SimulatedMessage.phone_index == message.to,
                SimulatedMessage.direction == "outbound-api",
                SimulatedMessage.created_at >= since,
            )
            .order_by(SimulatedMessage.id.desc())
        )
        with Session(db.engine) as session:
            return [Carried(row.sid, row.body) for row in session.scalars(query)]


class SimulatedMailbox:
    """Carries mail to the mailbox on the screen. The reference is its key, so that a mail is never there twice."""

    name = PROVIDER
    capabilities = CAPABILITIES

    def send(self, message: Outgoing) -> SendResult:
        """Accepted once it is in the mailbox."""
        mail = SimulatedMail(
            message_id=message.reference,
            to_address=message.to,
            to_index=message.to.casefold(),
            subject=message.subject or "",
            text=message.body,
            html=message.html,
            created_at=real_now(),
        )
        with Session(db.engine) as session, suppress(IntegrityError):
            session.add(mail)
            session.commit()
        return Accepted(message.reference)

    def list_to(self, message: Outgoing, *, since: datetime) -> list[Carried]:
        """Whether the mailbox holds this very mail."""
        query = select(SimulatedMail).where(SimulatedMail.message_id == message.reference)
        with Session(db.engine) as session:
            return [Carried(mail.message_id, mail.text) for mail in session.scalars(query)]


def advance(now: datetime, *, most: int = 200) -> int:
    """Move texts one step on and report it as a carrier would. How many. Those with a callback are not moved here."""
    query = (
        select(SimulatedMessage)
        .where(
            SimulatedMessage.status.in_(tuple(NEXT)),
            SimulatedMessage.direction == "outbound-api",
            SimulatedMessage.callback_url.is_(None),
        )
        .order_by(SimulatedMessage.id)
        .limit(most)
        .options(load_only(SimulatedMessage.sid, SimulatedMessage.status))
        .with_for_update(skip_locked=True)
    )
    moving = list(db.session.scalars(query))
    for message in moving:
        message.status = NEXT[message.status]
    receive_all([Report(PROVIDER, message.sid, message.status) for message in moving], now=now)
    return len(moving)
