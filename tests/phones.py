"""The phones of a story: what lies on them, and answering from them through the same door as the carrier's webhook."""

from collections.abc import Callable
from datetime import datetime
from itertools import count

from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db, hurry
from notifications import PhoneNumber, inbound
from notifications.models import SimulatedMail, SimulatedMessage

_numbers = count(1)


def received(app: Flask, phone: str) -> list[str]:
    """Every text that reached this phone, oldest first."""
    with app.app_context():
        query = (
            select(SimulatedMessage)
            .where(SimulatedMessage.phone_index == phone, SimulatedMessage.direction != "inbound")
            .order_by(SimulatedMessage.id)
        )
        return [message.body for message in db.session.scalars(query)]


def mails(app: Flask, address: str) -> list[SimulatedMail]:
    """Every e-mail that reached this mailbox, oldest first."""
    with app.app_context():
        query = select(SimulatedMail).where(SimulatedMail.to_index == address).order_by(SimulatedMail.id)
        found = list(db.session.scalars(query))
        for mail in found:
            db.session.expunge(mail)
        return found


def text_in(app: Flask, phone: str, body: str, now: datetime, *, sid: str | None = None) -> None:
    """This phone sends a text; the carrier hands it over once."""
    with app.app_context():
        kept = inbound.receive(
            provider="simulator",
            provider_message_id=sid or f"SM{next(_numbers):032d}",
            sender=PhoneNumber.trusted(phone),
            to="+15005550001",
            body=body,
            now=now,
        )
        if kept is not None:
            hurry("app.handle_inbound", kept)
        commit()


def reply(app: Flask, phone: str, body: str, now: datetime, run_due: Callable[[], int]) -> str:
    """Text in, let the system work, and read the last text that came back."""
    before = len(received(app, phone))
    text_in(app, phone, body, now)
    run_due()
    after = received(app, phone)
    assert len(after) - before <= 1, "more than one text answered one text"
    return after[-1] if len(after) > before else ""
