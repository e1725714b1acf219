"""The message engine on its own: the floor and nothing above it, so that no other room is needed to test it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask

from app import extensions
from app.extensions import Clock, db
from config import Config
from notifications import PhoneNumber, Purpose, queue_sms
from notifications.channels.base import Accepted, Capabilities, Carried, ListingError, Outgoing, SendResult, Unknown
from notifications.channels.simulator import CAPABILITIES as SIMULATED
from notifications.models import Message

ANNA = PhoneNumber.trusted("+8615400000001")
MANAGER = PhoneNumber.trusted("+8615400000002")


def engine_only(url: str, *, clock: Clock | None = None, **settings: Any) -> Flask:
    """An application that can queue and deliver, on a migrated database."""
    config = Config(environment="testing", database_url=url, **settings)
    app = Flask("app")
    app.config.from_mapping(config.flask())
    app.extensions["heed.config"] = config
    app.extensions["heed.clock"] = clock or Clock()
    app.extensions["heed.links"] = lambda ref, _channel: f"https://hb.example/s/{ref}"
    extensions.init_app(app, config)
    return app


def say(
    words: str = "How was it?",
    *,
    to: PhoneNumber = ANNA,
    key: str = "k1",
    now: datetime,
    purpose: Purpose = Purpose.SURVEY,
    **more: Any,
) -> Message:
    """Queue one text and commit it."""
    queued = queue_sms(to, words, purpose=purpose, dedupe_key=key, now=now, **more)
    extensions.commit()
    return db.session.get_one(Message, queued.id)


def again(message: Message) -> Message:
    """The row as it is now."""
    number = message.id
    db.session.rollback()
    db.session.expire_all()
    found = db.session.get(Message, number)
    assert found is not None
    return found


@dataclass
class Wayward:
    """A carrier with moods: each send takes the next of `moods`, then it is well. It keeps what it really accepted."""

    moods: list[str | SendResult] = field(default_factory=list)
    capabilities: Capabilities = SIMULATED
    name: str = "wayward"
    listing: bool = True
    accepted: list[tuple[str, str, str]] = field(default_factory=list)

    def send(self, message: Outgoing) -> SendResult:
        mood = self.moods.pop(0) if self.moods else "well"
        if not isinstance(mood, str):
            return mood
        sid = f"W{len(self.accepted)}"
        if mood != "lost":
            self.accepted.append((sid, message.to, message.body))
        return Accepted(sid) if mood == "well" else Unknown(mood)

    def list_to(self, message: Outgoing, *, since: datetime) -> list[Carried]:
        if not self.listing:
            raise ListingError
        return [Carried(sid, body) for sid, to, body in reversed(self.accepted) if to == message.to]


def carried_by(app: Flask, channel: Wayward) -> Wayward:
    """Let this carrier carry the texts of this application."""
    app.extensions["heed.channels"] = {"sms": channel}
    return channel
