"""An invitation read as a value: what it says is what stands, and whoever has it alone is waited for."""

from collections.abc import Callable
from dataclasses import fields
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.extensions import change, commit, db
from notifications.models import Message, State
from surveys.invitations.closing import close_lost
from surveys.invitations.invited import READ, InvitedRow, invited_by
from surveys.invitations.models import Invitation, InvitationState
from surveys.invitations.tokens import token_of
from surveys.questionnaires.flow import Given
from surveys.questionnaires.service import definition_of
from surveys.responses.dialogues import held_dialogue
from surveys.responses.kept import kept_by
from surveys.responses.models import Response
from surveys.responses.service import record_answer
from tests.app.cases.unhappy import served
from tests.conftest import ManualClock
from tests.phones import received
from tests.surveys.invitations.visits import invitations, states, visited
from tests.world import CUSTOMER_PHONE

Work = Callable[[], int]


@pytest.fixture
def asked(bank: Flask, clock: ManualClock, run_due: Work) -> Flask:
    """One customer was served and asked by text."""
    assert visited(bank, clock.now()) == []
    run_due()
    return bank


def row_of(app: Flask) -> InvitedRow:
    found = invited_by(invitations(app)[0].token_hash)
    assert found is not None
    return found


def test_the_columns_stand_in_the_order_of_what_is_made_of_them() -> None:
    own = [field.name for field in fields(InvitedRow)][3:]  # after what was asked, where, and about what
    assert [column.key for column in READ][-len(own) :] == own


def test_a_value_says_what_the_instance_says_and_what_is_changed_on_it_is_kept(asked: Flask) -> None:
    with asked.app_context():
        row, instance = row_of(asked), db.session.scalars(select(Invitation)).one()
        assert {f.name: getattr(row, f.name) for f in fields(row)[3:]} == {
            f.name: getattr(instance, f.name) for f in fields(row)[3:]
        }
        assert (row.branch.name("zh-Hans"), row.branch.phone, row.branch.manager_id) == (
            instance.branch.name("zh-Hans"),
            instance.branch.phone,
            instance.branch.manager_id,
        )
        assert (row.event.occurred_at, row.event.touchpoint.names) == (
            instance.event.occurred_at,
            instance.event.touchpoint.names,
        )
        assert definition_of(row.version) == definition_of(instance.version)
        change(row, language="zh-Hans")
        commit()
        assert row.language == "zh-Hans"
    assert invitations(asked)[0].language == "zh-Hans"


@pytest.mark.parametrize("first", ["page", "text"])
def test_whoever_comes_second_waits_and_sees_what_the_first_one_kept(
    pg_app: Flask, clock: ManualClock, first: str
) -> None:
    served(pg_app, clock)
    invitation, now = invitations(pg_app)[0], clock.now()
    token_hash, phone = invitation.token_hash, invitation.phone_index or ""
    held, seen = Event(), []

    def page() -> InvitedRow | None:
        return invited_by(token_hash, held=True)

    def text() -> InvitedRow | None:
        dialogue = held_dialogue(phone, now=now)
        return dialogue.invitation if dialogue is not None else None

    by, after = (page, text) if first == "page" else (text, page)

    def second() -> None:
        held.wait()
        with pg_app.app_context():
            row = after()
            assert row is not None
            seen.append((row.state, {key: given.value for key, given in kept_by(row).given.items()}))
            db.session.rollback()

    waits = Thread(target=second)
    waits.start()
    with pg_app.app_context():
        row = by()
        assert row is not None
        question = definition_of(row.version).first
        record_answer(row, question, Given(value=3), channel="web", now=now)
        held.set()
        waits.join(timeout=0.5)
        assert seen == []  # it waits
        commit()
    waits.join()
    assert seen == [(InvitationState.STARTED, {"recommend": 3})]


def test_an_answer_to_a_text_that_was_taken_for_lost_counts_and_nobody_is_asked_again(
    asked: Flask, clock: ManualClock, run_due: Work
) -> None:
    # The carrier never told what became of it, and its hours were over before anybody could ask.
    lost = {"state": State.EXPIRED, "sent_at": None, "attempted_at": None, "provider_message_id": None}
    with asked.app_context():
        invitation = db.session.scalars(select(Invitation)).one()
        link = f"/s/{token_of(invitation)}"
        db.session.execute(update(Message).values(lost))
        assert close_lost(invitation.id, now=clock.now())
        commit()
    assert states(asked) == [InvitationState.SCHEDULED]
    texts = received(asked, CUSTOMER_PHONE)
    client = asked.test_client()

    def answers(value: str) -> list[int | None]:
        page = client.post(link, data={"question": "recommend", "answer": value})
        assert page.status_code == 200
        run_due()
        with asked.app_context():
            return [response.nps for response in db.session.scalars(select(Response))]

    assert answers("9") == [9]
    assert answers("8") == [8]  # they changed their mind, and it is still one response
    invitation = invitations(asked)[0]
    assert (invitation.state, invitation.sent_at) == (InvitationState.STARTED, clock.now())
    assert received(asked, CUSTOMER_PHONE) == texts
