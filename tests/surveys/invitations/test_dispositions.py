"""What became of an invitation, in the words of AAPOR."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.insights.metrics import Dispositions, aapor_rates
from notifications.models import State
from surveys.invitations.dispositions import Disposition, disposition
from surveys.invitations.models import InvitationState, Programme
from surveys.invitations.queries import dispositions, results
from tests.conftest import ManualClock
from tests.phones import reply
from tests.surveys.invitations.visits import visited


@pytest.mark.parametrize(
    ("state", "messages", "means"),
    [
        ("completed", [], Disposition.COMPLETE),
        ("partial", [], Disposition.PARTIAL),
        ("refused", [], Disposition.REFUSAL),
        ("undeliverable", [], Disposition.NO_CONTACT),
        ("cancelled", [], Disposition.OTHER),
        ("reminded", ["delivered"], Disposition.OPEN),
        ("expired", ["delivered"], Disposition.NO_CONTACT),
        ("expired", ["failed", "delivered"], Disposition.NO_CONTACT),
        ("expired", ["sent"], Disposition.UNKNOWN),
        ("expired", ["uncertain", "failed"], Disposition.UNKNOWN),
        ("expired", ["undelivered", "failed"], Disposition.NO_CONTACT),
        ("expired", [], Disposition.UNKNOWN),
        ("skipped", [], Disposition.NOT_SENT),
    ],
)
def test_every_end_has_its_disposition(state: str, messages: list[str], means: Disposition) -> None:
    assert disposition(state, messages, sent=state not in ("skipped", "undeliverable")) is means


def test_no_state_of_an_invitation_or_a_message_is_forgotten() -> None:
    for state in InvitationState:
        for message in State:
            assert disposition(state, [message]) in Disposition


def test_who_stopped_before_being_asked_is_none_of_the_sample() -> None:
    assert disposition("refused", [], sent=False) is Disposition.NOT_SENT


def test_the_rates_of_a_programme(bank: Flask, clock: ManualClock, run_due: Callable[[], int]) -> None:
    begin = clock.now()
    for number in range(6):
        phone = f"+1500555{5000 + number}"
        visited(bank, clock.now(), f"T-{number}", customer=f"C-{number}", phone=phone)
    visited(bank, clock.now(), "T-9", customer="C-0", phone="+15005555000")
    run_due()
    for number in range(2):
        for text in ("9", "Very kind"):
            reply(bank, f"+1500555{5000 + number}", text, clock.now(), run_due)
    reply(bank, "+15005555002", "3", clock.now(), run_due)
    reply(bank, "+15005555003", "STOP", clock.now(), run_due)
    clock.advance(days=8)
    run_due()
    with bank.app_context():
        programme = db.session.scalars(select(Programme.id).where(Programme.key == "branch_visit")).one()
        found = dispositions(programme, since=begin, until=clock.now())
        told = results(since=begin - timedelta(days=1))[programme]
    assert found == {
        Disposition.COMPLETE: 2,
        Disposition.PARTIAL: 1,
        Disposition.REFUSAL: 1,
        Disposition.NO_CONTACT: 2,
        Disposition.NOT_SENT: 1,
    }
    assert (told.events, told.asked, told.answered, told.late) == (7, 6, 3, 0)
    rates = aapor_rates(
        Dispositions(complete=2, partial=1, refusal=1, no_contact=2, other=0, unknown_other=0), eligible_share=1.0
    )
    assert rates["RR2"] == 0.5
