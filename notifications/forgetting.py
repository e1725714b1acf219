"""The words and addresses of messages go; that they were sent, when and how, stays."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select, update

from app.extensions import Blind, Model, db
from notifications.claims import WAITING
from notifications.models import InboundMessage, Message, SimulatedMail, SimulatedMessage, State

NOBODY = Blind("")


def forget_messages(ids: Collection[int], *, now: datetime, addresses: bool = True) -> None:
    """What these messages said, and to whom; those that wait never leave. May run twice."""
    these = Message.id.in_(ids)
    carried = select(Message.provider_message_id).where(these, Message.provider_message_id.is_not(None))
    _forget_carried(carried, addresses=addresses)
    _change(Message, these & Message.state.in_(WAITING), state=State.EXPIRED.value, lease=None, lease_until=None)
    nobody: dict[str, Any] = {"to_address": "", "to_index": NOBODY} if addresses else {}
    _change(Message, these, body="", subject=None, html=None, cleared_at=now, **nobody)


def forget_old_messages(before: datetime, *, most: int, now: datetime) -> int:
    """Forget what up to `most` messages of before then said. How many; that they were sent, and to whom, stays."""
    old = select(Message.id).where(
        Message.cleared_at.is_(None), Message.created_at < before, Message.state.not_in(WAITING)
    )
    ids = db.session.scalars(old.order_by(Message.created_at).limit(most)).all()
    if ids:
        forget_messages(ids, now=now, addresses=False)
    return len(ids)


def forget_inbound(ids: Collection[int], *, now: datetime) -> None:
    """What these texts said, and who sent them; those that nobody has read are not read any more. May run twice."""
    these = InboundMessage.id.in_(ids)
    _forget_carried(select(InboundMessage.provider_message_id).where(these), addresses=True)
    _change(InboundMessage, these & InboundMessage.handled_at.is_(None), handled_at=now, outcome="erased")
    _change(InboundMessage, these, body=None, from_address="", from_index=NOBODY)


def forget_addresses(indexes: Collection[Blind], *, alone: bool) -> None:
    """What came from these addresses and was read; all that was carried there too where they are theirs `alone`."""
    read = InboundMessage.from_index.in_(indexes) & InboundMessage.handled_at.is_not(None)
    _forget_carried(select(InboundMessage.provider_message_id).where(read), addresses=alone)
    _change(InboundMessage, read, body=None)
    if alone:
        _blank_sms(SimulatedMessage.phone_index.in_(indexes), addresses=True)
        _blank_mail(SimulatedMail.to_index.in_(indexes), addresses=True)


def rename_keys(ids: Collection[int], containing: str) -> None:
    """The keys of these messages that name something which must be forgotten; each stays unique."""
    keyed = Message.id.in_(ids) & Message.dedupe_key.contains(containing, autoescape=True)
    for message in db.session.scalars(select(Message).where(keyed)):
        message.dedupe_key = f"erased:{message.id}"


def _forget_carried(carried: Select[Any], *, addresses: bool) -> None:
    _blank_sms(SimulatedMessage.sid.in_(carried), addresses=addresses)
    _blank_mail(SimulatedMail.message_id.in_(carried), addresses=addresses)


def _blank_sms(which: ColumnElement[bool], *, addresses: bool) -> None:
    nobody: dict[str, Any] = {"from_address": "", "to_address": "", "phone_index": NOBODY} if addresses else {}
    _change(SimulatedMessage, which, body="", **nobody)


def _blank_mail(which: ColumnElement[bool], *, addresses: bool) -> None:
    nobody: dict[str, Any] = {"to_address": "", "to_index": NOBODY} if addresses else {}
    _change(SimulatedMail, which, subject="", text="", html=None, **nobody)


def _change(model: type[Model], which: ColumnElement[bool], **values: Any) -> None:
    db.session.execute(update(model).where(which).values(**values), execution_options={"synchronize_session": False})
