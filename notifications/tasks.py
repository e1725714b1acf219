"""Doors of this package: each commits, none decides."""

from datetime import datetime

from celery import shared_task

from app.extensions import clock, commit, settings
from notifications import delivery, inbound
from notifications.channels import simulator


def sweep_deliver(now: datetime) -> int:
    """Send what is due; commits before and after the network. How many messages moved."""
    return delivery.sweep_due(now)


def sweep_simulator(now: datetime) -> int:
    """Let the simulated carrier take one step. How many texts moved."""
    moved = simulator.advance(now)
    commit()
    return moved


def sweep_bodies(now: datetime) -> int:
    """Forget the words of texts handled long ago. How many."""
    cleared = inbound.clear_bodies(now, days=settings().policy.inbound_body_days)
    commit()
    return cleared


@shared_task(name="notifications.deliver_message")  # type: ignore[untyped-decorator]  # celery has no types
def deliver_message(message_id: int) -> None:
    delivery.deliver(message_id, clock().now())


@shared_task(name="notifications.deliver_due")  # type: ignore[untyped-decorator]
def deliver_due() -> None:
    sweep_deliver(clock().now())


@shared_task(name="notifications.advance_simulator")  # type: ignore[untyped-decorator]
def advance_simulator() -> None:
    sweep_simulator(clock().now())


@shared_task(name="notifications.clear_bodies")  # type: ignore[untyped-decorator]
def clear_bodies() -> None:
    sweep_bodies(clock().now())
