"""What holds messages back is told to whoever administers, once and by mail: a filtered wording, a carrier down."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import select

from app.auth.models import Grant, User
from app.auth.roles import Role
from app.extensions import db, real_now, settings
from notifications import EmailAddress, Purpose, queue_email
from notifications.models import Circuit, Message, StoppedTemplate

PATIENCE = timedelta(minutes=2)  # a carrier that is back by then was never worth a mail


@dataclass(frozen=True)
class _News:
    kind: str
    name: str
    code: str
    since: datetime

    @property
    def key(self) -> str:
        return f"operator:{self.kind}:{self.name}:{self.since:%Y%m%dT%H%M%S}"


def tell_operators(now: datetime) -> int:
    """Tell every administrator what began to hold messages back, once each. How many mails were queued."""
    news = list(_news())
    if not news:
        return 0
    told = set(db.session.scalars(select(Message.dedupe_key).where(Message.dedupe_key.startswith("operator:"))))
    people, queued = _administrators(), 0
    for one in news:
        for user in people:
            key = f"{one.key}:{user.id}"
            if key not in told:
                _tell(one, user, key, now)
                queued += 1
    return queued


def _news() -> Iterator[_News]:
    for stopped in db.session.scalars(select(StoppedTemplate)):
        yield _News("wording", stopped.template, stopped.code, stopped.since)
    for circuit in db.session.scalars(select(Circuit).where(Circuit.since <= real_now() - PATIENCE)):
        assert circuit.since is not None
        yield _News("carrier", circuit.provider, "", circuit.since)


def _administrators() -> list[User]:
    administers = select(Grant.user_id).where(Grant.role == Role.ADMINISTRATOR)
    query = select(User).where(User.active.is_(True), User.id.in_(administers))
    return list(db.session.scalars(query.order_by(User.id)))


@cache
def _says() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((Path(__file__).parent / "operators.toml").read_text("utf-8"))


def _tell(one: _News, user: User, key: str, now: datetime) -> None:
    tongue = "zh-Hans" if user.language.startswith("zh") else "en"
    says = _says()[one.kind][tongue]
    known = {
        "org": settings().organisation.name(tongue),
        "name": one.name,
        "code": one.code,
        "since": f"{one.since:%Y-%m-%d %H:%M}",
        "link": f"{settings().public_url}/console/operations",
    }
    queue_email(
        EmailAddress.trusted(user.email),
        subject=says["subject"].format(**known),
        text=says["text"].format(**known),
        html=None,
        purpose=Purpose.ACCOUNT,
        dedupe_key=key,
        now=now,
        subject_kind="user",
        subject_id=user.id,
    )
