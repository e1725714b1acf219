"""Sweepers of this package: each finds rows whose time has come, and moves them one commit at a time."""

from datetime import datetime

from celery import shared_task

from app.extensions import clock, commit, one_by_one, reading
from surveys.invitations.closing import close_lost, lost_invitations
from surveys.invitations.service import (
    close_or_remind,
    due_for_reminder_or_close,
    due_invitations,
    send_invitation,
)


def sweep_send_due_invitations(now: datetime) -> int:
    """Send every invitation whose time has come, rules checked again. How many rows moved."""

    def send(invitation_id: int) -> int:
        moved = send_invitation(invitation_id, now=now)
        commit()
        return moved

    with reading():  # most ticks find nothing, and must hold up nobody
        due = due_invitations(now=now)
    return one_by_one("send invitation", due, send)


def sweep_remind_and_expire(now: datetime) -> int:
    """Close what never arrived, remind once, and close what nobody answered in time. How many rows moved."""

    def give_up(invitation_id: int) -> int:
        moved = close_lost(invitation_id, now=now)
        commit()
        return moved

    def close(invitation_id: int) -> int:
        moved = close_or_remind(invitation_id, now=now)
        commit()
        return moved

    with reading():
        lost, due = lost_invitations(), due_for_reminder_or_close(now=now)
    return one_by_one("lost invitation", lost, give_up) + one_by_one("close invitation", due, close)


@shared_task(name="surveys.send_due_invitations")  # type: ignore[untyped-decorator]  # celery has no types
def send_due_invitations() -> None:
    sweep_send_due_invitations(clock().now())


@shared_task(name="surveys.remind_and_expire")  # type: ignore[untyped-decorator]
def remind_and_expire() -> None:
    sweep_remind_and_expire(clock().now())
