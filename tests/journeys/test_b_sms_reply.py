"""B. SMS reply -> answer -> next question -> thanks; stop, start and help in both languages."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import commit, db
from notifications.models import InboundMessage
from surveys.invitations.models import Invitation
from surveys.people.models import Consent
from surveys.responses.models import Response
from tests import world
from tests.conftest import ManualClock
from tests.phones import received, reply, text_in
from tests.world import CUSTOMER_PHONE as PHONE


def answers(app: Flask) -> dict[str, object]:
    with app.app_context():
        response = db.session.scalar(select(Response))
        if response is None:
            return {}
        return {a.question_key: a.value if a.value is not None else a.choice or a.text for a in response.answers}


@pytest.mark.usefixtures("asked")
def test_a_number_then_words_then_thanks(app: Flask, clock: ManualClock, run_due: Callable[[], int]) -> None:
    second = reply(app, PHONE, "9", clock.now(), run_due)
    assert (
        second
        == "Harbour Bank: that is good to hear. What did we do well, and whom may we thank? A few words are enough."
    )
    last = reply(app, PHONE, "The lady at counter 4 was very kind", clock.now(), run_due)
    assert last.startswith("Harbour Bank: thank you. Your words go to the people who served you.")
    assert answers(app) == {"recommend": 9, "why": "The lady at counter 4 was very kind"}
    with app.app_context():
        assert db.session.scalar(select(Invitation.state)) == "completed"


@pytest.mark.usefixtures("asked")
def test_a_score_and_its_reason_in_one_text_are_both_kept(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    third = reply(app, PHONE, "3, waited 50 minutes", clock.now(), run_due)
    assert "May we call you?" in third
    assert answers(app) == {"recommend": 3, "why": "waited 50 minutes"}
    last = reply(app, PHONE, "3", clock.now(), run_due)
    assert "We will not call" in last
    assert answers(app)["call"] == "none"


@pytest.mark.usefixtures("asked")
def test_what_is_not_understood_is_asked_once_more_then_kept_with_the_link(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    first = reply(app, PHONE, "well it depends", clock.now(), run_due)
    assert "like 2 or 9" in first
    second = reply(app, PHONE, "I already told you", clock.now(), run_due)
    assert second.startswith("Harbour Bank: thank you. We kept your words")
    assert "/s/" in second
    assert answers(app) == {"why": "well it depends\nI already told you"}


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("word", ["STOP", "Stop. Thank you", "退订!", "ＴＤ"])
def test_stop_means_stop_and_is_written_to_the_ledger(
    app: Flask, clock: ManualClock, run_due: Callable[[], int], word: str
) -> None:
    last = reply(app, PHONE, word, clock.now(), run_due)
    assert "no more surveys" in last
    with app.app_context():
        line = db.session.scalars(select(Consent).order_by(Consent.id.desc())).first()
        assert line is not None
        assert (line.granted, line.source, line.wording) == (False, "customer", word)
        assert db.session.scalar(select(Invitation.state)) == "refused"
    clock.advance(days=100)
    with app.app_context():
        again = world.served(clock.now(), ref="T-2")
        assert again.event.decision == "skipped"
        commit()
    assert "welcome back" in reply(app, PHONE, "START", clock.now(), run_due)
    with app.app_context():
        assert world.served(clock.now(), ref="T-3").event.decision == "scheduled"


@pytest.mark.usefixtures("asked")
def test_help_says_what_this_is(app: Flask, clock: ManualClock, run_due: Callable[[], int]) -> None:
    assert "A person answers on" in reply(app, PHONE, "help", clock.now(), run_due)
    assert answers(app) == {}


def test_a_chinese_conversation(app: Flask, clock: ManualClock, run_due: Callable[[], int]) -> None:
    with app.app_context():
        world.build(clock.now())
        world.served(clock.now(), language="zh-Hans", name="陈静")
        commit()
    run_due()
    assert received(app, PHONE)[0].startswith("【海港银行】您今天到中心支行办业务")
    second = reply(app, PHONE, "３分", clock.now(), run_due)
    assert second.startswith("【海港银行】谢谢您直说")
    third = reply(app, PHONE, "等太久了，柜台还关了", clock.now(), run_due)
    assert "可以给您打电话吗" in third
    last = reply(app, PHONE, "1", clock.now(), run_due)
    assert "中心支行行长会在" in last
    assert answers(app) == {"recommend": 3, "why": "等太久了，柜台还关了", "call": "today"}


@pytest.mark.usefixtures("asked")
def test_the_same_text_delivered_five_times_is_answered_once(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    for _ in range(5):
        text_in(app, PHONE, "8", clock.now(), sid="SM" + "7" * 32)
    run_due()
    assert len(received(app, PHONE)) == 2
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(InboundMessage)) == 1


def test_four_thousand_characters_from_a_stranger_are_kept(
    app: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    with app.app_context():
        world.build(clock.now())
        commit()
    assert "No question is open" in reply(app, "+15005551999", "very long words " * 250, clock.now(), run_due)
