"""A carrier that is down is left alone: after a few outages in a row one text is tried now and then until it answers.

closed --5 outages in a row--> open --probe time--> one text: well -> closed, else open for twice as long
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.extensions import db, lock
from notifications.channels.base import Refused, SendResult, Unknown
from notifications.models import Circuit

OUTAGES = 5
_FIRST_REST = timedelta(seconds=15)
_LONGEST_REST = timedelta(minutes=5)
# Refusals that speak of the carrier's own health, not of our message.
_DOWN = frozenset({"unreachable", "30500", "30410"})


def room(provider: str, batch: int, *, real: datetime) -> int:
    """How many texts may be tried now: all, one as a probe, or none."""
    circuit = db.session.get(Circuit, provider, populate_existing=True)
    if circuit is None or circuit.probe_at is None:
        return batch
    return 1 if circuit.probe_at <= real else 0


def is_outage(result: SendResult) -> bool:
    """Whether a result speaks of a carrier that is down (pure)."""
    return isinstance(result, Unknown) or (isinstance(result, Refused) and result.code in _DOWN)


def rest_after(outages: int) -> timedelta | None:
    """How long to leave the carrier alone after so many outages in a row (pure); None while it is still trusted."""
    if outages < OUTAGES:
        return None
    return min(_FIRST_REST * 2.0 ** min(outages - OUTAGES, 10), _LONGEST_REST)


def learn(provider: str, results: Iterable[SendResult], *, real: datetime) -> bool:
    """What a batch says of the carrier's health. True when this opened the circuit."""
    outages, well = 0, False
    for result in results:
        outages, well = (outages + 1, well) if is_outage(result) else (0, True)
    circuit = db.session.get(Circuit, provider, populate_existing=True)
    if not outages and (circuit is None or not circuit.outages):
        return False  # nothing was wrong and nothing is: nobody waits for a lock
    lock(f"circuit:{provider}")
    circuit = db.session.get(Circuit, provider, populate_existing=True)
    if circuit is None:
        circuit = Circuit(provider=provider, outages=0)
        db.session.add(circuit)
    was_open = circuit.probe_at is not None
    # A whole batch that failed while the circuit was closed is the trouble of one moment, not of many probes.
    circuit.outages = min((0 if well else circuit.outages) + outages, OUTAGES if not was_open else circuit.outages + 1)
    rest = rest_after(circuit.outages)
    circuit.probe_at = real + rest if rest else None
    circuit.since = circuit.since if was_open and rest else real if rest else None
    db.session.flush()
    return rest is not None and not was_open
