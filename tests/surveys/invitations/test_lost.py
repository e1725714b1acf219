"""Texts that never arrived: nobody was asked, nobody is reminded, and a wish to stop is kept as one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import sleep

from flask import Flask
from sqlalchemy import select, update

from app.extensions import commit, db
from notifications import receipts
from notifications.models import Message
from notifications.optouts import resume_address, stop_address
from notifications.tasks import sweep_deliver
from surveys.invitations.closing import close_lost, lost_invitations
from surveys.invitations.models import Invitation
from surveys.people.models import Consent
from surveys.responses.models import Dialogue
from surveys.tasks import sweep_remind_and_expire, sweep_send_due_invitations
from tests import world
from tests.conftest import ManualClock
from tests.phones import received
from tests.surveys.invitations.visits import invitations, states, visited
from tests.world import CUSTOMER_PHONE

Work = Callable[[], int]


def queued(app: Flask, clock: ManualClock) -> None:
    """A customer is to be asked: the text waits in the outbox, and nothing takes it to the carrier."""
    assert visited(app, clock.now()) == []
    with app.app_context():
        sweep_send_due_invitations(clock.now())


def conversations(app: Flask) -> int:
    with app.app_context():
        return len(db.session.scalars(select(Dialogue).where(Dialogue.closed_at.is_(None))).all())


def ledger(app: Flask) -> list[tuple[bool, str, str]]:
    with app.app_context():
        lines = db.session.scalars(select(Consent).order_by(Consent.id))
        return [(line.granted, line.source, line.wording) for line in lines]


def refused_by_the_carrier(app: Flask, clock: ManualClock) -> None:
    """The carrier reports that the owner of the phone had told it to stop."""
    with app.app_context():
        message = db.session.scalars(select(Message)).one()
        assert message.provider is not None
        assert message.provider_message_id is not None
        receipts.receive(
            provider=message.provider,
            provider_message_id=message.provider_message_id,
            status="undelivered",
            error_code="21610",
            now=clock.now(),
        )
        commit()


def test_after_four_days_without_a_worker_nobody_is_asked_late_and_nothing_counts(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    queued(bank, clock)
    clock.advance(days=4)
    run_due()
    assert received(bank, CUSTOMER_PHONE) == []
    (never,) = invitations(bank)
    assert (never.state, never.sent_at, never.remind_at) == ("skipped", None, None)
    assert never.skip_reasons == ["stale_event"]
    assert conversations(bank) == 0
    assert visited(bank, clock.now(), "T-2") == []
    run_due()
    (text,) = received(bank, CUSTOMER_PHONE)
    assert "a last time" not in text


def test_a_survey_whose_time_is_over_while_its_text_still_waits_was_never_asked(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    queued(bank, clock)
    clock.advance(days=8)
    run_due()
    (never,) = invitations(bank)
    assert (never.state, never.sent_at) == ("undeliverable", None)
    assert received(bank, CUSTOMER_PHONE) == []


def test_who_told_the_carrier_to_stop_has_refused_and_the_ledger_says_so(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    queued(bank, clock)
    with bank.app_context():
        sweep_deliver(clock.now())
    refused_by_the_carrier(bank, clock)
    run_due()
    assert (states(bank), conversations(bank)) == (["refused"], 0)
    assert ledger(bank)[-1] == (False, "customer", "told the carrier to stop (21610)")
    clock.advance(days=100)
    assert visited(bank, clock.now(), "T-2", consent=True) == ["opted_out", "no_consent"]
    run_due()
    assert len(ledger(bank)) == 2


def test_who_stopped_between_queueing_and_sending_has_refused_and_was_never_asked(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    queued(bank, clock)
    with bank.app_context():
        stop_address(CUSTOMER_PHONE, source="web", now=clock.now())
        commit()
    run_due()
    assert received(bank, CUSTOMER_PHONE) == []
    (refused,) = invitations(bank)
    assert (refused.state, refused.sent_at) == ("refused", None)
    assert ledger(bank)[-1] == (False, "customer", "stopped before the text left")


def test_who_came_back_meanwhile_is_not_written_down_as_gone(bank: Flask, clock: ManualClock) -> None:
    queued(bank, clock)
    with bank.app_context():
        stop_address(CUSTOMER_PHONE, source="sms", now=clock.now())
        commit()
        sweep_deliver(clock.now())
        resume_address(CUSTOMER_PHONE, now=clock.now())
        commit()
        sweep_remind_and_expire(clock.now())
    assert states(bank) == ["refused"]
    assert [granted for granted, _, _ in ledger(bank)] == [True]


def test_an_answer_given_at_that_very_moment_is_not_overwritten(pg_app: Flask, clock: ManualClock) -> None:
    with pg_app.app_context():
        world.build(clock.now())
        commit()
    queued(pg_app, clock)

    def give_up(invitation_id: int) -> bool:
        with pg_app.app_context():
            moved = close_lost(invitation_id, now=clock.now())
            commit()
            return moved

    with pg_app.app_context(), ThreadPoolExecutor(1) as pool:
        db.session.execute(update(Message).values(state="undelivered", error_code="30003"))
        commit()
        (lost,) = lost_invitations()
        commit()
        db.session.execute(update(Invitation).values(state="completed"))  # by web: the text did arrive
        closing = pool.submit(give_up, lost)
        sleep(0.5)
        assert not closing.done()
        commit()
        assert closing.result(timeout=10) is False
    assert states(pg_app) == ["completed"]
