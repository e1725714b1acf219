"""What is queued is queued once, in the caller's transaction, and never for somebody who said stop."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import commit, db
from notifications import EmailAddress, Purpose, is_opted_out, opted_out_among, queue_email, queue_sms
from notifications.delivery import deliver, sweep_due
from notifications.models import Message, SimulatedMail, SimulatedMessage, State
from notifications.optouts import resume_address, stop_address
from tests.conftest import FRIDAY
from tests.notifications.parts import ANNA, MANAGER, again, say

NOW = FRIDAY


def test_the_same_key_is_one_message_whatever_else_differs(any_engine: Flask) -> None:
    first = say("How was it?", key="survey:1", now=NOW)
    second = say("How was it, again?", key="survey:1", now=NOW)
    assert first.id == second.id
    assert again(first).body == "How was it?"


def test_a_message_leaves_with_its_link_while_history_keeps_it_masked(any_engine: Flask) -> None:
    message = say("Rate us: {link} STOP to end", link_ref="survey:7", now=NOW)
    assert sweep_due(NOW) == 1
    assert again(message).state == State.SENT
    assert again(message).body == "Rate us: {link} STOP to end"
    assert [one.body for one in db.session.scalars(select(SimulatedMessage))] == [
        "Rate us: https://hb.example/s/survey:7 STOP to end"
    ]


def test_a_message_of_a_transaction_that_fails_was_never_said(any_engine: Flask) -> None:
    queue_sms(ANNA, "hello", purpose=Purpose.CASE, dedupe_key="k", now=NOW)
    db.session.rollback()
    assert sweep_due(NOW) == 0
    assert any_engine.extensions["heed.hurry"] == []


def test_queuing_hurries_the_delivery_after_the_commit(any_engine: Flask) -> None:
    message = say(now=NOW)
    assert any_engine.extensions["heed.hurry"] == [
        ("notifications.deliver_message", message.id)
    ] or any_engine.extensions["heed.hurry"] == [("notifications.deliver_message", (message.id,))]
    assert deliver(message.id, NOW)
    assert not deliver(message.id, NOW)


def test_who_said_stop_gets_nothing_not_even_what_was_waiting(any_engine: Flask) -> None:
    waiting = say(key="before", now=NOW)
    stop_address(ANNA.e164, source="sms", now=NOW)
    commit()
    later = say(key="after", now=NOW)
    assert later.state == State.SUPPRESSED
    sweep_due(NOW)
    assert again(waiting).state == State.SUPPRESSED
    assert db.session.scalars(select(SimulatedMessage)).all() == []


def test_a_stopped_manager_gets_no_escalation_but_everybody_gets_the_answer_to_their_own_stop(
    any_engine: Flask,
) -> None:
    stop_address(MANAGER.e164, source="sms", now=NOW)
    commit()
    assert say(to=MANAGER, key="alert", purpose=Purpose.ESCALATION, now=NOW).state == State.SUPPRESSED
    answer = say("Done, no more texts.", to=MANAGER, key="stopped", purpose=Purpose.ACCOUNT, now=NOW)
    sweep_due(NOW)
    assert again(answer).state == State.SENT


def test_coming_back_by_ones_own_word_lifts_the_stop(any_engine: Flask) -> None:
    assert stop_address(ANNA.e164, source="sms", now=NOW)
    assert not stop_address(ANNA.e164, source="carrier", now=NOW)
    assert opted_out_among([ANNA.e164, MANAGER.e164]) == {ANNA.e164}
    assert resume_address(ANNA.e164, now=NOW)
    assert not resume_address(ANNA.e164, now=NOW)
    assert not is_opted_out(ANNA.e164)
    assert stop_address(ANNA.e164, source="web", now=NOW)
    assert is_opted_out(ANNA.e164)


def test_a_message_that_is_no_longer_true_is_not_sent(any_engine: Flask) -> None:
    message = say(valid_until=NOW + timedelta(hours=1), now=NOW)
    sweep_due(NOW + timedelta(hours=2))
    assert again(message).state == State.EXPIRED


def test_the_manager_hears_first_then_conversations_then_surveys(engine: Flask) -> None:
    order = (Purpose.REPORT, Purpose.SURVEY, Purpose.CASE, Purpose.ACCOUNT, Purpose.CONVERSATION, Purpose.ESCALATION)
    for purpose in order:
        say(purpose.value, key=purpose, purpose=purpose, now=NOW)
    ranked = db.session.scalars(select(Message).order_by(Message.priority)).all()
    assert [message.purpose for message in ranked] == [
        "escalation",
        "conversation",
        "case",
        "survey",
        "account",
        "report",
    ]


def test_mail_reaches_the_mailbox_on_the_screen_with_both_its_parts(any_engine: Flask) -> None:
    wanted = EmailAddress.trusted("Lin@bank.example")
    queue_email(
        wanted,
        subject="A case\r\nBcc: x",
        text="words",
        html="<p>words</p>",
        purpose=Purpose.CASE,
        dedupe_key="m",
        now=NOW,
    )
    commit()
    assert sweep_due(NOW) == 1
    mail = db.session.scalars(select(SimulatedMail)).one()
    assert (mail.subject, mail.text, mail.html) == ("A case Bcc: x", "words", "<p>words</p>")
    assert mail.to_address == "Lin@bank.example"


@pytest.mark.parametrize(("key", "body"), [("", "words"), ("k" * 121, "words"), ("k", "  ")])
def test_misuse_is_an_exception(engine: Flask, key: str, body: str) -> None:
    with pytest.raises(ValueError, match=r"dedupe_key|without words"):
        queue_sms(ANNA, body, purpose=Purpose.CASE, dedupe_key=key, now=NOW)


def test_a_link_that_cannot_be_made_fails_its_message_alone(engine: Flask) -> None:
    def links(ref: str, _channel: str) -> str:
        raise LookupError(ref)

    engine.extensions["heed.links"] = links
    broken = say("{link}", key="broken", link_ref="survey:404", now=NOW)
    fine = say("fine", key="fine", now=NOW)
    sweep_due(NOW)
    assert (again(broken).state, again(broken).error_code) == (State.FAILED, "link")
    assert again(fine).state == State.SENT
