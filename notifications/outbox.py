"""Messages wait here, in the caller's transaction: what rolls back was never said, what commits is sent once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, case, func, select, update

from app.extensions import db, hurry, real_now, settings
from notifications.addresses import EmailAddress, PhoneNumber
from notifications.models import Message, Purpose, State
from notifications.optouts import is_opted_out, wants_nothing
from notifications.rows import inserting_once

# Lower goes first: a manager hears of an angry customer before anybody is asked anything.
PRIORITY = {
    Purpose.ESCALATION: 0,
    Purpose.CONVERSATION: 1,
    Purpose.CASE: 2,
    Purpose.SURVEY: 3,
    Purpose.ACCOUNT: 4,
    Purpose.REPORT: 5,
}
# What its owner asked for this minute (the answer to STOP itself, to HELP, a sign-in code) passes an opt-out.
ASKED_FOR = frozenset({Purpose.ACCOUNT})
LONGEST_KEY = 120
# What a message that waits once more may have had and has not now: it may go by another channel.
_BLANK: dict[str, Any] = {"subject": None, "html": None, "stop_ref": None, "template": "", "charge_to": ""}


@dataclass(frozen=True, slots=True)
class Queued:
    """The row of the outbox a message waits in, and how it stood when it was asked for."""

    id: int
    state: State


def queue_sms(
    to: PhoneNumber,
    body: str,
    *,
    purpose: Purpose,
    dedupe_key: str,
    now: datetime,
    template: str = "",
    link_ref: str | None = None,
    subject_kind: str = "",
    subject_id: int | None = None,
    valid_until: datetime | None = None,
    not_before: datetime | None = None,
    charge_to: str = "",
    once_more: bool = False,
) -> Queued:
    """Send this text once per `dedupe_key`; a second call returns the first row. `{link}` is filled in when it leaves.

    `valid_until` and `not_before` are business time; `charge_to` names a budget. Suppressed at once when the phone has
    opted out. `once_more`: a first row that expired before it left waits again, as it is written now. Raises ValueError
    for a missing or too long key, or an empty body.
    """
    return _queue(
        address=to.e164,
        channel="sms",
        purpose=purpose,
        dedupe_key=dedupe_key,
        now=now,
        from_address=settings().sms_from,
        body=body,
        template=template,
        link_ref=link_ref,
        subject_kind=subject_kind,
        subject_id=subject_id,
        valid_until=valid_until,
        not_before=not_before,
        charge_to=charge_to,
        once_more=once_more,
    )


def queue_email(
    to: EmailAddress,
    *,
    subject: str,
    text: str,
    html: str | None,
    purpose: Purpose,
    dedupe_key: str,
    now: datetime,
    link_ref: str | None = None,
    stop_ref: str | None = None,
    subject_kind: str = "",
    subject_id: int | None = None,
    valid_until: datetime | None = None,
    not_before: datetime | None = None,
    once_more: bool = False,
) -> Queued:
    """Send this mail once per `dedupe_key`, as text and HTML; a second call returns the first row. Raises alike.

    `{link}` and `{stop}` are filled in when it leaves, in both; with `stop_ref` mail programs offer their own way out.
    """
    return _queue(
        address=to.address,
        key=to.key,
        channel="email",
        purpose=purpose,
        dedupe_key=dedupe_key,
        now=now,
        from_address=settings().mail_from,
        body=text,
        subject=" ".join(subject.split()),  # a line break would be a header of somebody's own
        html=html,
        link_ref=link_ref,
        stop_ref=stop_ref,
        subject_kind=subject_kind,
        subject_id=subject_id,
        valid_until=valid_until,
        not_before=not_before,
        once_more=once_more,
    )


def _queue(
    *,
    address: str,
    dedupe_key: str,
    purpose: Purpose,
    now: datetime,
    body: str,
    once_more: bool,
    key: str | None = None,
    **values: Any,
) -> Queued:
    if not 0 < len(dedupe_key) <= LONGEST_KEY:
        raise ValueError(f"a dedupe_key has 1 to {LONGEST_KEY} characters, not {len(dedupe_key)}")
    if not body.strip():
        raise ValueError("a message without words cannot be sent")
    index = key or address
    row: dict[str, Any] = {
        "purpose": purpose.value,
        "priority": PRIORITY[purpose],
        "to_address": address,
        "to_index": index,
        "body": body,
        "next_attempt_at": real_now(),
        **values,
    }
    connection = db.session.connection()
    wishes = {} if purpose in ASKED_FOR else {"address": index}
    inserted = connection.execute(
        _inserting(connection.dialect.name, asked_for=not wishes),
        {"dedupe_key": dedupe_key, "created_at": now, **row, **wishes},
    ).one_or_none()
    if inserted is None:
        found = db.session.execute(
            select(Message.id, Message.state, Message.sent_at).where(Message.dedupe_key == dedupe_key)
        ).one()
        if not (once_more and found.state == State.EXPIRED and found.sent_at is None):
            return Queued(found.id, State(found.state))
        state = State.SUPPRESSED if wishes and is_opted_out(index) else State.QUEUED
        db.session.execute(update(Message).where(Message.id == found.id).values({**_BLANK, **row, "state": state}))
        queued = Queued(found.id, state)
    else:
        queued = Queued(inserted.id, State(inserted.state))
    waits = values.get("not_before")
    if queued.state is State.QUEUED and (waits is None or waits <= now):
        hurry("notifications.deliver_message", queued.id)
    return queued


@lru_cache(maxsize=4)
def _inserting(dialect: str, *, asked_for: bool) -> Executable:
    # Whether they want it is asked by the statement that keeps it: every text there is comes this way.
    queued, suppressed = State.QUEUED.value, State.SUPPRESSED.value
    state = queued if asked_for else case((wants_nothing(), suppressed), else_=queued)
    return inserting_once(Message, dialect).values(state=state).returning(Message.id, Message.state)


def withdraw(dedupe_key: str, *, now: datetime) -> None:
    """A message that still waits does not leave any more: it expires when it is taken up. May run twice."""
    waits = Message.state.in_((State.QUEUED, State.SENDING, State.UNCERTAIN))
    db.session.execute(update(Message).where(Message.dedupe_key == dedupe_key, waits).values(valid_until=now))


def texts_to(address: str, *, most: int) -> list[str]:
    """The latest texts for this address (E.164, or its index) whose words are still kept, the newest first."""
    query = select(Message.body).where(
        Message.to_index == address, Message.channel == "sms", Message.cleared_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Message.id.desc()).limit(most)))


def sent_lately(address: str, *, templates: Collection[str], since: datetime) -> int:
    """How many of these texts this address (E.164) was sent or will be; two machines must not talk for ever."""
    query = select(func.count()).where(
        Message.to_index == address, Message.template.in_(templates), Message.created_at >= since
    )
    return db.session.scalar(query) or 0
