"""From the outbox to the carrier: lease, commit, network, result. The one place that lets go of the database midway.

A result is written only while the lease is ours. What became of an attempt that nobody saw end is asked of the carrier
first; only then is the message sent, or sent again.
"""

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, select

from app.extensions import commit, db, reading, real_now
from notifications import circuit, claims, limits, optouts, receipts
from notifications.carrier_errors import Deed, reason
from notifications.channels import DemoPeopleError, channel_for
from notifications.channels.base import Accepted, Carried, Channel, ListingError, Refused, SendResult, Unknown
from notifications.claims import Claimed, Step
from notifications.gsm import downgrade, segments
from notifications.models import Message, Receipt, State
from notifications.retries import may_resend, pause

log = logging.getLogger("heed.delivery")

CHANNELS = ("sms", "email")
# A sweep that went on for ever would keep the other sweeps from this worker.
LONGEST_SWEEP = 5.0
PAUSE_TO_LIST = timedelta(seconds=30)
_sweeping = Lock()


@dataclass(frozen=True)
class Done:
    """What came of one claimed message."""

    claimed: Claimed
    result: SendResult


def sweep_due(now: datetime, *, real: datetime | None = None) -> int:
    """Send everything that is due, batch by batch, for a few seconds at most. How many were settled one way or another.

    Safe in several workers at once; within one process a second sweep leaves the work to the first. `real` lets a story
    stand later in real time.
    """
    if not _sweeping.acquire(blocking=False):
        return 0
    try:
        total, until = 0, monotonic() + LONGEST_SWEEP
        for kind in CHANNELS:
            while monotonic() < until and (moved := _batch(kind, now=now, real=real)):
                total += moved
        return total
    finally:
        _sweeping.release()


def deliver(message_id: int, now: datetime, *, real: datetime | None = None) -> bool:
    """Send this message if it is due and nobody else is at it. May run twice."""
    kind = _due_kind(Message.id == message_id, real or real_now(), now)
    return kind is not None and _batch(kind, now=now, real=real, only=message_id) > 0


def _due_kind(chosen: ColumnElement[bool], real: datetime, now: datetime) -> str | None:
    # A reader holds up nobody; most nudges and most ticks find nothing to do.
    with reading():
        return db.session.scalar(select(Message.channel).where(chosen, claims.due(real, now)).limit(1))


def _batch(kind: str, *, now: datetime, real: datetime | None, only: int | None = None) -> int:
    started = real or real_now()
    if only is None and _due_kind(Message.channel == kind, started, now) is None:
        return 0
    try:
        channel = channel_for(kind)
    except DemoPeopleError as refused:
        log.error("nothing is sent: %s", refused)
        db.session.rollback()
        return 0
    most = circuit.room(channel.name, channel.capabilities.batch, real=started)
    claimed = (
        claims.lease(channel.capabilities, channel=kind, real=started, now=now, only=only, most=most) if most else []
    )
    if not claimed:
        db.session.rollback()
        return 0
    sending, asking = _judged(claimed, channel, now=now, real=started)
    commit()
    # What is new goes first: asking about old attempts takes a round trip each.
    _send(sending, channel, now=now, real=real)
    if asking:
        _send(_reconciled(asking, channel, now=now, real=real), channel, now=now, real=real)
    return len(claimed)


def _send(ready: list[Claimed], channel: Channel, *, now: datetime, real: datetime | None) -> None:
    for part in _parts(ready, channel.capabilities.parallel):
        _write_down(_sent(part, channel), channel, now=now, real=real or real_now())


# ---- before the network ---------------------------------------------------------------------------------------------


def _judged(
    claimed: Iterable[Claimed], channel: Channel, *, now: datetime, real: datetime
) -> tuple[list[Claimed], list[Claimed]]:
    """Those to send now, marked as attempted, and those to ask the carrier about; the others are settled here."""
    send, ask = [], []
    for one in claimed:
        match claims.step(one, channel.capabilities, now=now, real=real):
            case Step.RECONCILE:
                ask.append(one)
            case Step.WAIT:
                _wait(one, channel)
            case other:
                send += _ready(one, other)
    return claims.mark_attempt(_admitted(send, real), real=real, resent=False), ask


def _admitted(ready: list[Claimed], real: datetime) -> list[Claimed]:
    """Those the limits let through; the others wait, or are over."""
    admitted, held = limits.admit(ready, real=real)
    for one in held:
        if one.until is None:
            claims.write(one.claimed, {"state": State.FAILED, "error_code": one.code, "attempted_at": None})
        else:
            waits = {"state": State.QUEUED, "error_code": one.code, "attempted_at": None}
            claims.write(one.claimed, {**waits, "next_attempt_at": one.until})
    return admitted


def _ready(one: Claimed, what: Step) -> list[Claimed]:
    if what is Step.SUPPRESS:
        claims.write(one, {"state": State.SUPPRESSED, "attempted_at": None})
        return []
    if what is Step.EXPIRE:
        claims.write(one, {"state": State.EXPIRED, "attempted_at": None})
        return []
    try:
        return [claims.rendered(one)]
    except LookupError:
        claims.write(one, {"state": State.FAILED, "error_code": "link", "attempted_at": None})
        return []


def _wait(one: Claimed, channel: Channel) -> None:
    settle = timedelta(seconds=channel.capabilities.settle_seconds)
    assert one.attempted_at is not None
    claims.write(one, {"state": State.UNCERTAIN, "next_attempt_at": one.attempted_at + settle})


# ---- what became of an attempt nobody saw end -----------------------------------------------------------------------


def _reconciled(asking: Iterable[Claimed], channel: Channel, *, now: datetime, real: datetime | None) -> list[Claimed]:
    """Ask the carrier about each. What it has is written down; what it has not goes again where the purpose allows."""
    again, exhausted, found = [], [], []
    taken: set[str] = set()
    for one in asking:
        if _out_of_time(one):
            break  # the rest is asked about when the lease has run out
        try:
            one = claims.rendered(one)
            carried = _match(one, _listed(one, channel), channel, taken)
        except ListingError:
            _later(one, real or real_now())
            continue
        except LookupError:
            carried = None
        if carried is not None:
            taken.add(carried.provider_message_id)
            found.append(Done(one, Accepted(carried.provider_message_id)))
        elif channel.capabilities.list_is_complete or may_resend(purpose=one.purpose, resends=one.resends):
            again.append(one)
        else:
            exhausted.append(one)
    _write_down(found, channel, now=now, real=real or real_now())
    again = claims.as_wished([one for one in again if not _out_of_time(one)])
    sending = [ready for one in again for ready in _ready(one, claims.after_reconcile(one, now=now))]
    for one in exhausted:
        claims.write(one, {"state": State.FAILED, "error_code": "unknown_outcome", "attempted_at": None})
    # The carriers were asked meanwhile: this attempt begins now, and its list settles from now on.
    resent = not channel.capabilities.list_is_complete
    started = real or real_now()
    sending = claims.mark_attempt(_admitted(sending, started), real=started, resent=resent)
    commit()
    return sending


def _listed(one: Claimed, channel: Channel) -> list[Carried]:
    assert one.attempted_at is not None
    if not channel.capabilities.can_list:
        return []
    db.session.rollback()  # no transaction is open while the carrier thinks
    return channel.list_to(one.outgoing, since=one.attempted_at - claims.SKEW)


def _match(one: Claimed, listed: Sequence[Carried], channel: Channel, taken: set[str]) -> Carried | None:
    """The listed message that is this one: same words to the same number, and not known to be another's."""
    same = [
        carried
        for carried in listed
        if carried.provider_message_id not in taken
        and carried.provider_message_id != one.former_id
        and _same_words(carried.body, one.outgoing.body)
    ]
    others = set(
        db.session.scalars(
            select(Message.provider_message_id).where(
                Message.provider == channel.name,
                Message.provider_message_id.in_([carried.provider_message_id for carried in same]),
            )
        )
    )
    db.session.rollback()
    return next((carried for carried in reversed(same) if carried.provider_message_id not in others), None)


def _same_words(carried: str, ours: str) -> bool:
    # Carriers may put a trial notice in front and replace typography; they never drop our words.
    return carried.endswith(ours) or downgrade(carried).endswith(downgrade(ours))


def _later(one: Claimed, real: datetime) -> None:
    claims.write(one, {"state": State.UNCERTAIN, "next_attempt_at": real + PAUSE_TO_LIST})
    commit()


# ---- the network ----------------------------------------------------------------------------------------------------


def _parts(claimed: list[Claimed], parallel: int) -> Iterable[list[Claimed]]:
    size = max(parallel, len(claimed)) if parallel == 1 else parallel
    for start in range(0, len(claimed), size):
        yield claimed[start : start + size]


def _sent(claimed: Sequence[Claimed], channel: Channel) -> list[Done]:
    def send(one: Claimed) -> Done | None:
        # What is left over is taken up again when the lease has run out, and asked about first.
        return None if _out_of_time(one) else Done(one, channel.send(one.outgoing))

    if channel.capabilities.parallel > 1 and len(claimed) > 1:
        with ThreadPoolExecutor(len(claimed), thread_name_prefix="heed-send") as pool:
            return [done for done in pool.map(send, claimed) if done is not None]
    return [done for one in claimed if (done := send(one)) is not None]


def _out_of_time(one: Claimed) -> bool:
    return real_now() > one.lease_until - claims.MARGIN


# ---- after the network ----------------------------------------------------------------------------------------------


def _write_down(done: Sequence[Done], channel: Channel, *, now: datetime, real: datetime) -> None:
    accepted = {one.claimed.id: one.result.provider_message_id for one in done if isinstance(one.result, Accepted)}
    receipts.hold([(channel.name, sid) for sid in accepted.values()])
    claims.write_many(
        [
            (one.claimed, _accepted(one.claimed, channel.name, sid, now))
            for one in done
            if (sid := accepted.get(one.claimed.id))
        ]
    )
    for one in done:
        match one.result:
            case Accepted():
                pass
            case Refused(code, retry_after):
                _refused(one.claimed, channel.name, code, retry_after, now, real)
            case Unknown(why):
                settle = timedelta(seconds=channel.capabilities.settle_seconds)
                claims.write(
                    one.claimed,
                    {
                        "state": State.UNCERTAIN,
                        "error_code": f"unknown:{why}"[:40],
                        "next_attempt_at": real + settle,
                    },
                )
                log.warning("outcome unknown", extra={"message_id": one.claimed.id, "why": why})
    _catch_up(list(accepted), channel.name, now)
    if circuit.learn(channel.name, [one.result for one in done], real=real):
        log.error("the carrier is down: texts wait", extra={"provider": channel.name})
    commit()


def _accepted(claimed: Claimed, provider: str, sid: str, now: datetime) -> dict[str, Any]:
    return {
        "state": State.SENT.value,
        "provider": provider,
        "country": limits.country_of(claimed),
        "provider_message_id": sid,
        "receipt_rank": 0,
        "error_code": None,
        "attempted_at": None,
        "sent_at": now,
        "segments": segments(claimed.outgoing.body).count if claimed.channel == "sms" else None,
    }


def _refused(
    claimed: Claimed, provider: str, code: str, retry_after: float | None, now: datetime, real: datetime
) -> None:
    deed = reason(code).deed
    wait = pause(code, purpose=claimed.purpose, attempts=claimed.attempts, retry_after=retry_after)
    if deed is Deed.OPT_OUT:
        state = State.SUPPRESSED
        optouts.stop_address(claimed.to_index, source="carrier", now=now)
    else:
        state = State.FAILED if wait is None else State.QUEUED
    values: dict[str, Any] = {"state": state, "error_code": code[:40], "attempted_at": None}
    if wait is not None:
        values["next_attempt_at"] = real + wait
    claims.write(claimed, {**values, "country": limits.country_of(claimed), "provider": provider})
    if deed is Deed.CONTENT:
        limits.stop_template(claimed.template, code=code[:40], now=now)
    if deed in (Deed.SETUP, Deed.CONTENT):
        log.error(reason(code).sentence, extra={"message_id": claimed.id, "code": code})


def _catch_up(ids: Sequence[int], provider: str, now: datetime) -> None:
    """Reports that came before the send's own answer take effect now."""
    if not ids:
        return
    early = (
        select(Message)
        .join(
            Receipt,
            (Receipt.provider == Message.provider) & (Receipt.provider_message_id == Message.provider_message_id),
        )
        .where(Message.id.in_(ids), Message.provider == provider)
        .distinct()
        .execution_options(populate_existing=True)
    )
    for message in db.session.scalars(early):
        receipts.catch_up(message, now=now)
