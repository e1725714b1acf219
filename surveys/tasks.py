"""Sweepers of this package: each finds rows whose time has come, and moves them one commit at a time."""

from datetime import datetime

from celery import shared_task
from flask import current_app

from app.extensions import clock, commit, db, one_by_one, reading, real_now
from surveys.invitations import preflight_runs
from surveys.invitations.closing import close_lost, lost_invitations, lost_reminders, take_back_reminder
from surveys.invitations.forecast import forecast
from surveys.invitations.models import Programme
from surveys.invitations.preflight_runs import PreflightRun
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

    def take_back(invitation_id: int) -> int:
        moved = take_back_reminder(invitation_id, now=now)
        commit()
        return moved

    def close(invitation_id: int) -> int:
        moved = close_or_remind(invitation_id, now=now)
        commit()
        return moved

    with reading():
        lost, unsaid, due = lost_invitations(), lost_reminders(), due_for_reminder_or_close(now=now)
    moved = one_by_one("lost invitation", lost, give_up) + one_by_one("lost reminder", unsaid, take_back)
    return moved + one_by_one("close invitation", due, close)


def sweep_preflights(now: datetime) -> int:
    """Try the programmes somebody asked to have tried, one at a time. How many were."""

    def work(run_id: int) -> int:
        if not preflight_runs.claim(run_id, real=real_now()):
            db.session.rollback()
            return 0
        run = db.session.get_one(PreflightRun, run_id)
        preflight_runs.count(run)
        programme_id, until = run.programme_id, run.until
        commit()

        def step(seen: int) -> None:
            with current_app.app_context():  # a session of its own: the replay goes on reading
                preflight_runs.note(run_id, seen=seen, real=real_now())
                commit()

        with reading():
            found = forecast(db.session.get_one(Programme, programme_id), now=until, seen=step)
        done = preflight_runs.finish(run_id, found, now=clock().now())
        commit()
        return done

    with reading():
        asked = preflight_runs.waiting(real=real_now())
    return one_by_one("preflight", asked, work)


@shared_task(name="surveys.send_due_invitations")  # type: ignore[untyped-decorator]  # celery has no types
def send_due_invitations() -> None:
    sweep_send_due_invitations(clock().now())


@shared_task(name="surveys.remind_and_expire")  # type: ignore[untyped-decorator]
def remind_and_expire() -> None:
    sweep_remind_and_expire(clock().now())


@shared_task(name="surveys.try_programmes")  # type: ignore[untyped-decorator]
def try_programmes() -> None:
    sweep_preflights(clock().now())
