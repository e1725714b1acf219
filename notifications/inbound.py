"""What comes in by SMS: kept before anything is done about it; STOP and START take effect on arrival."""

from datetime import datetime, timedelta

from sqlalchemy import update

from app.extensions import db
from notifications.addresses import PhoneNumber
from notifications.models import InboundMessage
from notifications.optout_words import classify
from notifications.optouts import resume_address, stop_address
from notifications.rows import carrier_id, insert_once, storable


def receive(
    *,
    provider: str,
    provider_message_id: str,
    sender: PhoneNumber | str,
    to: str,
    body: str,
    media: int = 0,
    now: datetime,
) -> int | None:
    """Keep one text and give its id; None when it was delivered before. `sender` may be a short code or a name.

    Any words survive, but for what no database keeps: so whoever reads them later may store what they made of them.
    """
    words = storable(body)
    address = sender.e164 if isinstance(sender, PhoneNumber) else sender
    key = carrier_id(provider_message_id)
    reserved = classify(words)
    created = insert_once(
        InboundMessage,
        [
            {
                "provider": provider,
                "provider_message_id": key,
                "from_address": address,
                "from_index": address,
                "to_address": storable(to)[:80],
                "body": words,
                "media": media,
                "reserved": reserved,
                "received_at": now,
            }
        ],
    )
    if created and reserved == "stop":
        stop_address(address, source="sms", now=now)
    if created and reserved == "start":
        resume_address(address, now=now)
    return created[0] if created else None


def clear_bodies(now: datetime, *, days: int) -> int:
    """Forget the words of texts handled more than `days` ago. How many. May run twice."""
    done = update(InboundMessage).where(
        InboundMessage.handled_at < now - timedelta(days=days), InboundMessage.body.is_not(None)
    )
    return int(db.session.execute(done.values(body=None), execution_options={"synchronize_session": False}).rowcount)  # type: ignore[attr-defined]
