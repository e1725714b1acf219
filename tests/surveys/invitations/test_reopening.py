"""A matter that is opened again: the survey nobody has answered gives way, and nothing else does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

from flask import Flask
from sqlalchemy import select, update

from app.extensions import commit, db
from notifications.models import Message
from surveys.invitations.models import Hold, Invitation
from surveys.people.models import Branch
from surveys.responses.models import Dialogue, Response
from surveys.tasks import sweep_send_due_invitations
from tests import world
from tests.conftest import ManualClock
from tests.phones import received, reply
from tests.surveys.invitations.visits import invitations, states, visited
from tests.world import CUSTOMER_PHONE

Work = Callable[[], int]


def hold(app: Flask, clock: ManualClock, **until: float) -> None:
    """The branch asks nobody for a while."""
    with app.app_context():
        branch = db.session.scalars(select(Branch).where(Branch.code == "BJ-01")).one()
        end = clock.now() + timedelta(**until)
        db.session.add(Hold(branch_id=branch.id, reason="incident", since=clock.now(), until=end))
        commit()


def open_dialogues(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(Dialogue.invitation_id).where(Dialogue.closed_at.is_(None))))


def test_the_unanswered_survey_gives_way_and_the_answer_belongs_to_the_new_one(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    visited(bank, clock.now())
    run_due()
    assert visited(bank, clock.now(), "T-2", reopens="T-1") == []
    run_due()
    assert states(bank) == ["cancelled", "sent"]
    assert invitations(bank)[0].skip_reasons == ["reopened"]
    assert open_dialogues(bank) == [2]
    reply(bank, CUSTOMER_PHONE, "9", clock.now(), run_due)
    with bank.app_context():
        assert db.session.scalars(select(Response.invitation_id)).all() == [2]
    clock.advance(hours=49)
    run_due()
    assert len([text for text in received(bank, CUSTOMER_PHONE) if "recommend us" in text]) == 2


def test_its_conversation_ends_also_when_nobody_is_asked_instead(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    visited(bank, clock.now())
    run_due()
    hold(bank, clock, hours=1)
    assert visited(bank, clock.now(), "T-2", reopens="T-1") == ["hold"]
    assert (states(bank), open_dialogues(bank)) == (["cancelled", "skipped"], [])
    reply(bank, CUSTOMER_PHONE, "3", clock.now(), run_due)
    with bank.app_context():
        assert db.session.scalars(select(Response)).all() == []  # kept and read as words, not as an answer
    clock.advance(days=60)
    run_due()
    assert visited(bank, clock.now(), "T-3") == []


def test_a_text_that_still_waits_in_the_outbox_does_not_leave_any_more(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    visited(bank, clock.now())
    with bank.app_context():
        sweep_send_due_invitations(clock.now())
    hold(bank, clock, hours=1)
    visited(bank, clock.now(), "T-2", reopens="T-1")
    run_due()
    assert received(bank, CUSTOMER_PHONE) == []
    with bank.app_context():
        assert db.session.scalars(select(Message.state)).all() == ["expired"]
    assert states(bank) == ["cancelled", "skipped"]


def test_one_that_was_answered_stays_and_the_new_one_waits_its_turn(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    visited(bank, clock.now())
    run_due()
    reply(bank, CUSTOMER_PHONE, "9", clock.now(), run_due)
    stops = visited(bank, clock.now(), "T-2", reopens="T-1")
    assert stops == ["frequency_cap"]
    assert states(bank) == ["started", "skipped"]


def test_naming_another_customer_s_matter_cancels_nothing(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    visited(bank, clock.now())
    run_due()
    visited(bank, clock.now(), "T-2", customer="C-2", phone="+15005551002", reopens="T-1")
    assert states(bank) == ["sent", "scheduled"]


def test_naming_a_matter_does_not_open_the_way_past_another_conversation(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    visited(bank, clock.now())
    run_due()
    for reopens in ("T-404", "T-2"):
        assert "frequency_cap" in visited(bank, clock.now(), f"T-{reopens}", reopens=reopens)
    assert states(bank)[0] == "sent"


def test_a_text_that_leaves_at_that_very_moment_is_cancelled_as_sent(pg_app: Flask, clock: ManualClock) -> None:
    with pg_app.app_context():
        world.build(clock.now())
        commit()
    visited(pg_app, clock.now())
    with pg_app.app_context(), ThreadPoolExecutor(1) as pool:
        # Another worker has the row and has not committed yet that it sent.
        moving = update(Invitation).values(state="sent", sent_at=clock.now(), skip_reasons=["sent meanwhile"])
        db.session.execute(moving)
        again = pool.submit(visited, pg_app, clock.now(), "T-2", reopens="T-1")
        sleep(0.5)
        assert not again.done()
        commit()
        again.result(timeout=10)
    first = invitations(pg_app)[0]
    assert (first.state, first.sent_at, first.skip_reasons) == (
        "cancelled",
        clock.now(),
        ["sent meanwhile", "reopened"],
    )
