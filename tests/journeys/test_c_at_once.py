"""B and C at once, on PostgreSQL: what waits for its turn decides on what it then finds, not on what it saw before."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, func, select, text

from app import inbox
from app.extensions import commit, db, lock
from app.tasks import run_due
from notifications.models import InboundMessage
from surveys.invitations.closing import expire
from surveys.invitations.models import Invitation, InvitationState
from surveys.invitations.tokens import token_of
from surveys.responses.models import Answer, AnswerRevision, Response
from tests import world
from tests.conftest import ManualClock
from tests.phones import received, text_in
from tests.world import CUSTOMER_PHONE as PHONE

pytestmark = pytest.mark.postgresql


@pytest.fixture
def path(pg_app: Flask, clock: ManualClock) -> str:
    """Clara has been asked by SMS; the path of the link in her text."""
    with pg_app.app_context():
        world.build(clock.now())
        world.served(clock.now())
        commit()
        run_due(clock.now())
        return f"/s/{token_of(db.session.scalars(select(Invitation)).one())}"


@pytest.fixture
def others() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


@contextmanager
def held(app: Flask) -> Iterator[Invitation]:
    """Hold the invitation as whoever comes first would; leaving commits."""
    with app.app_context():
        yield db.session.scalars(select(Invitation).with_for_update()).one()
        commit()


def wait_for(app: Flask, many: int) -> None:
    """Until so many others wait for a lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    until = monotonic() + 10
    with app.app_context(), db.engine.connect() as connection:
        while (found := connection.scalar(waiting)) != many:
            connection.rollback()
            assert monotonic() < until, f"{found} wait, not {many}"
            sleep(0.02)


def reads(app: Flask, clock: ManualClock) -> Callable[[], str | None]:
    """The worker reads the text that waits; its outcome."""

    def work() -> str | None:
        with app.app_context():
            number = db.session.scalars(select(InboundMessage.id).where(InboundMessage.handled_at.is_(None))).one()
            inbox.handle(number, now=clock.now())
            commit()
            return db.session.scalars(select(InboundMessage.outcome).where(InboundMessage.id == number)).one()

    return work


def posts(app: Flask, path: str, **data: str) -> Callable[[], int]:
    return lambda: app.test_client().post(path, data=data).status_code


def found(app: Flask, what: Any) -> list[Any]:
    with app.app_context():
        return list(db.session.scalars(what if isinstance(what, Select) else select(what)))


def test_one_question_answered_by_text_and_on_the_page_at_once(
    pg_app: Flask, clock: ManualClock, path: str, others: ThreadPoolExecutor
) -> None:
    text_in(pg_app, PHONE, "2", clock.now())
    with held(pg_app):
        by_text: Future[str | None] = others.submit(reads(pg_app, clock))
        on_page = others.submit(posts(pg_app, path, question="recommend", answer="8"))
        wait_for(pg_app, 2)
    assert (by_text.result(), on_page.result()) == ("answered", 200)
    with pg_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Response)) == 1
        answer, before = db.session.scalars(select(Answer)).one(), db.session.scalars(select(AnswerRevision)).one()
        assert {answer.value, before.value} == {2, 8}
        assert db.session.scalars(select(Response.nps)).one() == answer.value
        run_due(clock.now())
    assert len(received(pg_app, PHONE)) == 2


def test_a_reason_by_text_and_one_on_the_page_at_once(
    pg_app: Flask, clock: ManualClock, path: str, others: ThreadPoolExecutor
) -> None:
    assert posts(pg_app, path, question="recommend", answer="8")() == 200
    text_in(pg_app, PHONE, "Shorter queues, please", clock.now())
    with held(pg_app):
        by_text = others.submit(reads(pg_app, clock))
        on_page = others.submit(posts(pg_app, path, question="why", answer="Longer hours"))
        wait_for(pg_app, 2)
    assert on_page.result() == 200
    # Whoever comes second finds a reason given: the page replaces it, the text finds nothing asked any more.
    outcome = by_text.result()
    kept = {"answered": ["Shorter queues, please"], "free_text": []}[str(outcome)]
    assert found(pg_app, select(Answer.text).where(Answer.question_key == "why")) == ["Longer hours"]
    assert found(pg_app, AnswerRevision.text) == kept
    assert found(pg_app, Invitation.state) == [InvitationState.COMPLETED]


def test_three_taps_and_a_text_at_once_are_one_response(
    pg_app: Flask, clock: ManualClock, path: str, others: ThreadPoolExecutor
) -> None:
    text_in(pg_app, PHONE, "9 quick and kind", clock.now())
    with held(pg_app):
        by_text = others.submit(reads(pg_app, clock))
        taps = [others.submit(posts(pg_app, path, question="why", answer=f"Quick, {n}")) for n in range(3)]
        wait_for(pg_app, 4)
    assert by_text.result() == "answered"
    assert [tap.result() for tap in taps] == [200] * 3
    assert len(found(pg_app, Response.id)) == 1
    assert sorted(found(pg_app, Answer.question_key)) == ["recommend", "why"]


def test_an_answer_that_waited_while_they_refused_does_not_reopen_the_survey(
    pg_app: Flask, clock: ManualClock, path: str, others: ThreadPoolExecutor
) -> None:
    with held(pg_app) as invitation:
        on_page = others.submit(posts(pg_app, path, question="recommend", answer="3"))
        wait_for(pg_app, 1)
        invitation.state, invitation.closed_at = InvitationState.REFUSED, clock.now()
    assert on_page.result() == 200
    assert found(pg_app, Invitation.state) == [InvitationState.REFUSED]
    assert found(pg_app, Response.late) == [True]


def test_a_text_that_waited_while_the_survey_expired_is_late(
    pg_app: Flask, clock: ManualClock, path: str, others: ThreadPoolExecutor
) -> None:
    text_in(pg_app, PHONE, "3", clock.advance(days=7))
    with held(pg_app) as invitation:
        by_text = others.submit(reads(pg_app, clock))
        wait_for(pg_app, 1)
        expire(invitation, now=clock.now())
    assert by_text.result() == "late"
    assert found(pg_app, Invitation.state) == [InvitationState.EXPIRED]
    assert found(pg_app, Response.late) == [True]


def test_a_stop_on_the_page_that_waited_while_the_survey_was_completed_leaves_it_completed(
    pg_app: Flask, clock: ManualClock, path: str, others: ThreadPoolExecutor
) -> None:
    with held(pg_app) as invitation:
        stopped = others.submit(posts(pg_app, f"{path}/stop"))
        wait_for(pg_app, 1)
        invitation.state, invitation.closed_at = InvitationState.COMPLETED, clock.now()
    assert stopped.result() == 200
    assert found(pg_app, Invitation.state) == [InvitationState.COMPLETED]


def test_a_stop_by_text_that_waited_while_the_survey_was_completed_leaves_it_completed(
    pg_app: Flask, clock: ManualClock, path: str, others: ThreadPoolExecutor
) -> None:
    text_in(pg_app, PHONE, "STOP", clock.now())
    with held(pg_app) as invitation:
        by_text = others.submit(reads(pg_app, clock))
        wait_for(pg_app, 1)
        invitation.state, invitation.closed_at = InvitationState.COMPLETED, clock.now()
    assert by_text.result() == "stop"
    assert found(pg_app, Invitation.state) == [InvitationState.COMPLETED]


def test_two_texts_of_one_telephone_given_to_two_workers_are_read_in_the_order_they_came(
    pg_app: Flask, clock: ManualClock, path: str, others: ThreadPoolExecutor
) -> None:
    for body in ("2", "Nobody at the counter"):
        text_in(pg_app, PHONE, body, clock.now())
    first, second = found(pg_app, select(InboundMessage.id).order_by(InboundMessage.id))

    def handles(number: int) -> int:
        with pg_app.app_context():
            read = inbox.handle(number, now=clock.now())
            commit()
            return read

    with pg_app.app_context():
        lock(f"phone:{found(pg_app, InboundMessage.from_index)[0]}")
        working = [others.submit(handles, number) for number in (second, first)]
        wait_for(pg_app, 2)
        db.session.rollback()
    assert sorted(worker.result() for worker in working) == [0, 2]
    assert found(pg_app, select(InboundMessage.outcome).order_by(InboundMessage.id)) == ["answered", "answered"]
    assert found(pg_app, Response.nps) == [2]
    assert found(pg_app, select(Answer.text).where(Answer.text.is_not(None))) == ["Nobody at the counter"]
