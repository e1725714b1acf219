"""Taking messages out of the queue: one statement leases them, then each is judged from values alone.

A worker that dies leaves rows in `sending`; when their lease has run out they are due again, and `attempted_at` says
that an attempt was made whose outcome nobody knows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from secrets import token_hex
from typing import Any

from flask import current_app
from sqlalchemy import ARRAY, BigInteger, ColumnElement, and_, any_, bindparam, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.extensions import db
from notifications.channels import sms_dress
from notifications.channels.base import Capabilities, Outgoing
from notifications.models import Message, Purpose, State
from notifications.optouts import opted_out_among
from notifications.outbox import ASKED_FOR
from notifications.report_refs import report_ref

WAITING = (State.QUEUED, State.SENDING, State.UNCERTAIN)
# A batch is stopped before its lease runs out; a dead worker's rows are taken over when it has.
MARGIN = timedelta(seconds=5)
SKEW = timedelta(seconds=30)  # between the carrier's clock and ours


class Step(StrEnum):
    """What to do with a claimed message."""

    SEND = "send"
    RECONCILE = "reconcile"
    WAIT = "wait"
    SUPPRESS = "suppress"
    EXPIRE = "expire"


@dataclass(frozen=True, kw_only=True, repr=False)
class Claimed:
    """One leased message with all that is needed to send it and to write its result down."""

    id: int
    lease: str
    lease_until: datetime
    purpose: str
    template: str
    charge_to: str
    channel: str
    to_index: str
    attempts: int
    resends: int
    attempted_at: datetime | None
    valid_until: datetime | None
    link_ref: str | None
    stop_ref: str | None
    former_id: str | None  # the carrier's number of an earlier time
    opted_out: bool
    outgoing: Outgoing


def step(claimed: Claimed, capabilities: Capabilities, *, now: datetime, real: datetime) -> Step:
    """What to do with this message (pure). `now` is business time, for validity; `real` for the carrier's settling."""
    if claimed.attempted_at is not None:
        settled = claimed.attempted_at + timedelta(seconds=capabilities.settle_seconds)
        return Step.WAIT if real < settled else Step.RECONCILE
    return after_reconcile(claimed, now=now)


def after_reconcile(claimed: Claimed, *, now: datetime) -> Step:
    """What to do with a message that is certainly not on its way (pure)."""
    if claimed.opted_out:
        return Step.SUPPRESS
    if claimed.valid_until is not None and claimed.valid_until <= now:
        return Step.EXPIRE
    return Step.SEND


def due(real: datetime, now: datetime) -> ColumnElement[bool]:
    """Which messages want attention: waiting, their time come, and nobody at work on them. `now` is business time."""
    return and_(
        Message.state.in_(WAITING),
        Message.next_attempt_at <= real,
        or_(Message.not_before.is_(None), Message.not_before <= now),
        or_(Message.lease_until.is_(None), Message.lease_until <= real),
    )


def lease(
    capabilities: Capabilities,
    *,
    channel: str,
    real: datetime,
    now: datetime,
    only: int | None = None,
    most: int | None = None,
) -> list[Claimed]:
    """Lease the most urgent messages of a channel that are due, `most` or a batch. One statement; several workers never
    take the same."""
    token = token_hex(16)
    until = real + timedelta(seconds=capabilities.timeout_seconds) + 2 * MARGIN
    wanted = select(Message.id).where(due(real, now), Message.channel == channel)
    if only is not None:
        wanted = wanted.where(Message.id == only)
    wanted = wanted.order_by(Message.priority, Message.next_attempt_at, Message.id).limit(most or capabilities.batch)
    chosen: ColumnElement[bool]
    if db.session.get_bind().dialect.name == "postgresql":
        # As an array the choice is made once; as IN the planner may run it again and lock more than it takes.
        wanted = wanted.with_for_update(skip_locked=True)
        chosen = Message.id == any_(func.array(wanted.scalar_subquery(), type_=ARRAY(BigInteger)))
    else:
        chosen = Message.id.in_(wanted)
    rows = db.session.execute(
        update(Message)
        .where(chosen)
        .values(state=State.SENDING, lease=token, lease_until=until)
        .returning(*_COLUMNS)
        .execution_options(synchronize_session=False)
    ).mappings()
    claimed = as_wished([_claimed(dict(row), token, until, now) for row in rows])
    return sorted(claimed, key=lambda one: one.id)


def as_wished(claimed: Sequence[Claimed]) -> list[Claimed]:
    """The same with what their owners want now: somebody may have said STOP while the carrier was asked."""
    stopped = opted_out_among(one.to_index for one in claimed if one.purpose not in ASKED_FOR)
    return [replace(one, opted_out=one.to_index in stopped and one.purpose not in ASKED_FOR) for one in claimed]


def mark_attempt(claimed: Iterable[Claimed], *, real: datetime, resent: bool) -> list[Claimed]:
    """Write down, before the network, that these are being sent. Those whose lease somebody took over are left out."""
    by_id = {one.id: one for one in claimed}
    if not by_id:
        return []
    more = int(resent)
    still_ours = db.session.scalars(
        update(Message)
        .where(Message.id.in_(by_id), Message.lease.in_({one.lease for one in by_id.values()}))
        .values(attempted_at=real, attempts=Message.attempts + 1, resends=Message.resends + more)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return [
        replace(
            one,
            attempted_at=real,
            attempts=one.attempts + 1,
            resends=one.resends + more,
            outgoing=replace(one.outgoing, report_ref=report_ref(one.id, one.attempts + 1)),
        )
        for one in (by_id[number] for number in sorted(still_ours))
    ]


def unanswered(message_id: int, attempt: int, *, now: datetime) -> Claimed | None:
    """This attempt, held until the commit, if nobody has learned what became of it; None when it is settled."""
    nobody_knows = or_(
        and_(Message.state.in_((State.SENDING, State.UNCERTAIN)), Message.attempted_at.is_not(None)),
        and_(Message.state == State.FAILED, Message.error_code == "unknown_outcome"),
    )
    query = select(*_COLUMNS).where(Message.id == message_id, Message.attempts == attempt, nobody_knows)
    row = db.session.execute(query.with_for_update()).mappings().one_or_none()
    return _claimed(dict(row), "", now, now) if row is not None else None


def write(claimed: Claimed, values: dict[str, Any]) -> bool:
    """Change a message while its lease is still ours, and let go of it. False when it is not."""
    done = db.session.execute(
        update(Message)
        .where(Message.id == claimed.id, Message.lease == claimed.lease)
        .values(**values, lease=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def write_many(results: Sequence[tuple[Claimed, dict[str, Any]]]) -> None:
    """Change many messages in one go, all with the same columns, each only while its lease is still ours."""
    if not results:
        return
    columns = results[0][1]
    guarded = (
        update(Message.__table__)  # type: ignore[arg-type]  # SQLAlchemy types a mapped table as a FromClause
        .where(Message.__table__.c.id == bindparam("_id"), Message.__table__.c.lease == bindparam("_lease"))
        .values({name: bindparam(f"_{name}") for name in columns} | {"lease": None, "lease_until": None})
    )
    rows = [
        {"_id": one.id, "_lease": one.lease} | {f"_{name}": value for name, value in values.items()}
        for one, values in results
    ]
    db.session.connection().execute(guarded, rows)


_COLUMNS: tuple[InstrumentedAttribute[Any], ...] = (
    Message.id,
    Message.dedupe_key,
    Message.purpose,
    Message.template,
    Message.charge_to,
    Message.channel,
    Message.to_address,
    Message.to_index,
    Message.from_address,
    Message.body,
    Message.subject,
    Message.html,
    Message.link_ref,
    Message.stop_ref,
    Message.attempts,
    Message.resends,
    Message.attempted_at,
    Message.valid_until,
    Message.provider_message_id,
)


def _claimed(row: dict[str, Any], token: str, until: datetime, now: datetime) -> Claimed:
    valid_until: datetime | None = row["valid_until"]
    return Claimed(
        id=row["id"],
        lease=token,
        lease_until=until,
        purpose=row["purpose"],
        template=row["template"],
        charge_to=row["charge_to"],
        channel=row["channel"],
        to_index=row["to_index"],
        attempts=row["attempts"],
        resends=row["resends"],
        attempted_at=row["attempted_at"],
        valid_until=valid_until,
        link_ref=row["link_ref"],
        stop_ref=row["stop_ref"],
        former_id=row["provider_message_id"],
        opted_out=False,
        outgoing=Outgoing(
            reference="heed-" + sha256(row["dedupe_key"].encode()).hexdigest()[:32],
            to=row["to_address"],
            sender=row["from_address"],
            body=row["body"],
            subject=row["subject"],
            html=row["html"],
            valid_seconds=None if valid_until is None else int((valid_until - now).total_seconds()),
        ),
    )


def rendered(claimed: Claimed) -> Claimed:
    """The message with its links in place. Raises LookupError when one cannot be made."""
    outgoing = claimed.outgoing
    for placeholder, ref in (("{link}", claimed.link_ref), ("{stop}", claimed.stop_ref)):
        in_it = placeholder in outgoing.body or placeholder in (outgoing.html or "")
        if ref is None or not (in_it or ref == claimed.stop_ref):
            continue
        link: str = current_app.extensions["heed.links"](ref, claimed.channel)
        html = outgoing.html.replace(placeholder, link) if outgoing.html else outgoing.html
        outgoing = replace(outgoing, body=outgoing.body.replace(placeholder, link), html=html)
        if ref == claimed.stop_ref:
            outgoing = replace(outgoing, unsubscribe=link)
    if claimed.channel == "sms":
        body = sms_dress().on(outgoing.body, asks=claimed.purpose == Purpose.SURVEY)
        outgoing = replace(outgoing, body=body)
    return replace(claimed, outgoing=outgoing)
