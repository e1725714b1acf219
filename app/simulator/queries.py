"""What the screen shows: phones with their latest text, one phone's thread, the mailbox, and whose they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select

from app.extensions import Blind, db, real_now
from notifications import gsm
from notifications.models import SimulatedMail, SimulatedMessage
from surveys.people.models import ContactPoint, Customer, Staff

PHONES = 60
TEXTS = 100
MAILS = 60
Kind = Literal["staff", "customer", "unknown"]


@dataclass(frozen=True)
class Owner:
    """Whose phone it is, as the screen names them."""

    kind: Kind
    name: str
    number: str


@dataclass(frozen=True)
class Phone:
    """A phone in the list, with the latest text on it."""

    key: str
    owner: Owner
    latest: str
    ours: bool  # we sent the latest
    at: datetime


@dataclass(frozen=True)
class Bubble:
    """One text on a phone; `ours` when it came from the organisation."""

    sid: str
    ours: bool
    body: str
    status: str
    encoding: str
    units: int
    room: int
    segments: int
    at: datetime


def phones(*, most: int = PHONES) -> list[Phone]:
    """Every phone the carrier knows, the latest first."""
    latest = (
        select(func.max(SimulatedMessage.id))
        .group_by(SimulatedMessage.phone_index)
        .order_by(func.max(SimulatedMessage.id).desc())
        .limit(most)
    )
    texts = list(
        db.session.scalars(
            select(SimulatedMessage).where(SimulatedMessage.id.in_(latest)).order_by(SimulatedMessage.id.desc())
        )
    )
    owners = owners_of({text.phone_index for text in texts})
    return [
        Phone(
            key=text.phone_index,
            owner=owners.get(text.phone_index) or Owner("unknown", "", _number(text)),
            latest=text.body,
            ours=text.direction != "inbound",
            at=text.created_at,
        )
        for text in texts
    ]


def owners_of(keys: Collection[str]) -> dict[str, Owner]:
    """Whose phones these are, by their keyed hashes; staff before customers where somebody is both."""
    wanted = [Blind(key) for key in keys]
    if not wanted:
        return {}
    customers = db.session.execute(
        select(ContactPoint.address_index, ContactPoint.address, Customer.name)
        .join(Customer, ContactPoint.customer_id == Customer.id)
        .where(ContactPoint.address_index.in_(wanted), ContactPoint.kind == "phone")
        .order_by(ContactPoint.id)
    )
    found = {key: Owner("customer", name, address) for key, address, name in customers}
    staff = select(Staff).where(Staff.phone_index.in_(wanted)).order_by(Staff.id.desc())
    for member in db.session.scalars(staff):
        found[member.phone_index or ""] = Owner("staff", member.name, member.phone or "")
    return found


def owner_of(key: str) -> Owner | None:
    """Whose phone this is; None when nobody has it and no text was carried to it."""
    known = owners_of([key]).get(key)
    if known is not None:
        return known
    query = select(SimulatedMessage).where(SimulatedMessage.phone_index == Blind(key)).limit(1)
    text = db.session.scalar(query)
    return Owner("unknown", "", _number(text)) if text else None


def thread(key: str, *, most: int = TEXTS) -> list[Bubble]:
    """The texts on one phone, oldest first, the latest `most` of them."""
    query = select(SimulatedMessage).where(SimulatedMessage.phone_index == Blind(key))
    texts = list(db.session.scalars(query.order_by(SimulatedMessage.id.desc()).limit(most)))
    return [_bubble(text) for text in reversed(texts)]


def mailbox(*, most: int = MAILS) -> list[SimulatedMail]:
    """The latest mails, newest first."""
    return list(db.session.scalars(select(SimulatedMail).order_by(SimulatedMail.id.desc()).limit(most)))


def ago(at: datetime) -> tuple[int, str]:
    """How long ago, in the largest unit that fits: a number and "s", "min", "h" or "d". In real time, as stamped."""
    seconds = max(0, int((real_now() - at).total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return seconds // size, unit
    return seconds, "s"


def _bubble(text: SimulatedMessage) -> Bubble:
    counted = gsm.segments(text.body)
    alone, joined = (160, 153) if counted.encoding is gsm.Encoding.GSM_7 else (70, 67)
    return Bubble(
        sid=text.sid,
        ours=text.direction != "inbound",
        body=text.body,
        status=text.status,
        encoding=counted.encoding.value,
        units=counted.units,
        room=alone if counted.count <= 1 else joined * counted.count,
        segments=counted.count,
        at=text.created_at,
    )


def _number(text: SimulatedMessage) -> str:
    return text.from_address if text.direction == "inbound" else text.to_address
