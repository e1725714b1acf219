"""Visits for the stories of this room: somebody was served, and what became of asking them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db
from notifications import PhoneNumber
from surveys.invitations.events import NewEvent, Received, record
from surveys.invitations.models import Invitation, Programme
from surveys.people.service import ConsentGiven, Person
from tests.world import CUSTOMER_PHONE


def visit(
    now: datetime,
    ref: str = "T-1",
    *,
    customer: str = "C-1",
    phone: str = CUSTOMER_PHONE,
    zone: str = "Asia/Shanghai",
    language: str = "en",
    consent: bool | None = None,
    reopens: str | None = None,
    touchpoint: str = "branch_visit",
    source: str = "core",
    attributes: Mapping[str, Any] | None = None,
    ago: timedelta = timedelta(minutes=5),
) -> Received:
    """Somebody was served at Central; the story commits."""
    person = Person(
        external_ref=customer,
        phone=PhoneNumber.trusted(phone),
        language=language,
        time_zone=zone,
        consent=ConsentGiven(sms=consent, source="branch") if consent is not None else None,
    )
    event = NewEvent(
        source=source,
        external_ref=ref,
        touchpoint=touchpoint,
        branch="BJ-01",
        occurred_at=now - ago,
        person=person,
        reopens=reopens,
        attributes=attributes or {},
    )
    received = record(event, now=now)
    assert isinstance(received, Received), received
    return received


def visited(app: Flask, now: datetime, ref: str = "T-1", **how: Any) -> list[str]:
    """Somebody was served; the rules that stopped us from asking, none when they will be asked."""
    with app.app_context():
        rules = visit(now, ref, **how).event.rules
        commit()
    return [rule["rule"] for rule in rules if rule["verdict"] == "stop"]


def policy(app: Flask, **numbers: Any) -> None:
    """The numbers of the programme for branch visits."""
    with app.app_context():
        programme = db.session.scalars(select(Programme).where(Programme.key == "branch_visit")).one()
        programme.policy = numbers
        commit()


def invitations(app: Flask) -> list[Invitation]:
    """Every invitation as it stands, oldest first, to read from."""
    with app.app_context():
        found = list(db.session.scalars(select(Invitation).order_by(Invitation.id)))
        db.session.expunge_all()
    return found


def states(app: Flask) -> list[str]:
    """How every invitation stands, oldest first."""
    return [invitation.state for invitation in invitations(app)]
