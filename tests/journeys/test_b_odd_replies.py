"""B, the odd ends: what comes in one breath with STOP, without words, too late, in another language, from machines."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.cases.models import Case
from app.extensions import commit, db
from notifications.models import InboundMessage
from surveys.invitations.models import Invitation
from surveys.people.models import Consent, Customer
from surveys.responses.models import Answer, FreeText, Response
from tests import world
from tests.conftest import ManualClock
from tests.journeys.test_b_sms_reply import answers
from tests.phones import received, reply, text_in
from tests.world import CUSTOMER_PHONE as PHONE

STRANGER = "+15005551999"
Run = Callable[[], int]


def outcomes(app: Flask) -> list[str | None]:
    with app.app_context():
        return list(db.session.scalars(select(InboundMessage.outcome).order_by(InboundMessage.id)))


def free_texts(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(FreeText.text).order_by(FreeText.id)))


def cases(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Case)) or 0


# ---- in one breath with STOP ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("asked")
def test_a_complaint_in_the_breath_of_a_stop_is_an_answer_and_a_case(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    last = reply(app, PHONE, "1. The teller was rude and lost my card. Stop texting me", clock.now(), run_due)
    assert "no more surveys" in last
    found = answers(app)
    assert found["recommend"] == 1
    assert "The teller was rude" in str(found["why"])
    assert cases(app) == 1
    with app.app_context():
        assert db.session.scalar(select(Answer.label).where(Answer.kind == "text")) is not None
        assert db.session.scalar(select(Invitation.state)) == "refused"


@pytest.mark.usefixtures("asked")
def test_whoever_may_want_to_stop_is_asked_once_and_read_by_a_person(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    asked = reply(app, PHONE, "I get too many surveys from you", clock.now(), run_due)
    assert "shall we stop these texts?" in asked
    assert free_texts(app) == ["I get too many surveys from you"]
    reply(app, PHONE, "6", clock.now(), run_due)
    assert answers(app)["recommend"] == 6
    with app.app_context():
        assert db.session.scalar(select(Invitation.state)) != "refused"


@pytest.mark.usefixtures("asked")
def test_an_answer_that_speaks_of_stopping_is_kept_and_read_by_a_person(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    reply(app, PHONE, "3", clock.now(), run_due)
    reply(app, PHONE, "too many texts from you", clock.now(), run_due)
    assert answers(app)["why"] == "too many texts from you"
    with app.app_context():
        assert db.session.scalar(select(FreeText.maybe_stop)) is True


@pytest.mark.usefixtures("asked")
def test_a_number_before_a_stop_counts_although_both_waited(app: Flask, clock: ManualClock, run_due: Run) -> None:
    text_in(app, PHONE, "1", clock.now())
    text_in(app, PHONE, "STOP", clock.advance(minutes=1))
    run_due()
    assert answers(app) == {"recommend": 1}
    assert outcomes(app) == ["answered", "stop"]
    assert cases(app) == 1
    texts = received(app, PHONE)
    assert len(texts) == 2 and "no more surveys" in texts[-1], "no second question after a stop"


def test_what_a_stop_says_about_somebody_is_redacted_in_the_ledger(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    with app.app_context():
        world.build(clock.now())
        world.served(clock.now())
        commit()
    reply(app, PHONE, "Stop texting me, my card is 6222021234567894 and my phone 13800138000", clock.now(), run_due)
    with app.app_context():
        wording = db.session.scalars(select(Consent.wording).order_by(Consent.id.desc())).first()
    assert wording is not None
    assert wording.startswith("Stop texting me")
    assert "6222021234567894" not in wording and "13800138000" not in wording


@pytest.mark.usefixtures("asked")
def test_half_an_emoji_and_a_nul_in_a_stop_stop_nobody_but_the_sender(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    assert "no more surveys" in reply(app, PHONE, "STOP\0 \ud83d", clock.now(), run_due)
    assert outcomes(app) == ["stop"]


# ---- without words --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("blank", ["", " ", "\0", "\r\n", "\u200b"])
def test_a_photo_without_words_is_asked_about_once_and_then_passed_over(
    app: Flask, clock: ManualClock, run_due: Run, blank: str
) -> None:
    reply(app, PHONE, "2", clock.now(), run_due)
    assert "no words reached us" in reply(app, PHONE, blank, clock.now(), run_due)
    assert "May we call you" in reply(app, PHONE, blank, clock.now(), run_due)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("passing", ["SKIP", "skip.", ".", "跳过", "。"])
def test_who_would_rather_not_say_goes_on_with_a_word_or_a_dot(
    app: Flask, clock: ManualClock, run_due: Run, passing: str
) -> None:
    reply(app, PHONE, "2", clock.now(), run_due)
    assert "May we call you" in reply(app, PHONE, passing, clock.now(), run_due)
    with app.app_context():
        assert db.session.scalars(select(Answer.skipped).where(Answer.question_key == "why")).one()


@pytest.mark.usefixtures("asked")
def test_words_with_a_nul_and_half_an_emoji_are_kept(app: Flask, clock: ManualClock, run_due: Run) -> None:
    reply(app, PHONE, "2", clock.now(), run_due)
    assert "May we call you" in reply(app, PHONE, "The que\0ue \ud83d was long", clock.now(), run_due)
    assert answers(app)["why"] == "The queue ? was long"


@pytest.mark.usefixtures("asked")
def test_after_did_you_mean_words_leave_the_number_and_the_survey_goes_on(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    assert "with kind words" in reply(app, PHONE, "1 excellent service, thank you", clock.now(), run_due)
    assert "May we call you" in reply(app, PHONE, "the lady was very helpful", clock.now(), run_due)
    assert answers(app)["recommend"] == 1


@pytest.mark.usefixtures("asked")
def test_a_bare_number_where_words_are_asked_for_corrects_the_score(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    assert "that is good to hear" in reply(app, PHONE, "9", clock.now(), run_due)
    assert "that is good to hear" in reply(app, PHONE, "9", clock.now(), run_due)
    assert "sorry. What went wrong?" in reply(app, PHONE, "I meant 1", clock.now(), run_due)
    assert "May we call you" in reply(app, PHONE, "I waited 50 minutes", clock.now(), run_due)
    assert answers(app) == {"recommend": 1, "why": "I waited 50 minutes"}


# ---- too late -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("asked")
def test_an_answer_after_the_end_is_thanked_for_kept_as_late_and_reviewed(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    clock.advance(days=9)
    run_due()
    assert "it is not too late for us" in reply(app, PHONE, "1 nobody cared", clock.now(), run_due)
    assert answers(app) == {"recommend": 1, "why": "nobody cared"}
    with app.app_context():
        response = db.session.scalars(select(Response)).one()
        assert response.late
        assert response.reviewed_at is not None
        assert db.session.scalar(select(Invitation.state)) == "expired"
    assert cases(app) == 1


@pytest.mark.usefixtures("asked")
def test_a_text_read_before_the_sweeper_came_by_is_late_all_the_same(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    from app.tasks import sweep_inbound

    text_in(app, PHONE, "2", clock.advance(days=8))
    with app.app_context():
        sweep_inbound(clock.now())
    assert outcomes(app) == ["late"]
    run_due()
    with app.app_context():
        assert db.session.scalars(select(Response)).one().late
    assert "it is not too late for us" in received(app, PHONE)[-1]


@pytest.mark.usefixtures("asked")
def test_words_given_in_time_and_a_score_given_late_are_both_kept(app: Flask, clock: ManualClock, run_due: Run) -> None:
    for words in ("well it depends", "It was a Friday"):
        reply(app, PHONE, words, clock.now(), run_due)
    clock.advance(days=8)
    run_due()
    assert "it is not too late for us" in reply(app, PHONE, "3, and nobody said sorry", clock.now(), run_due)
    assert answers(app) == {"recommend": 3, "why": "well it depends\nIt was a Friday\nand nobody said sorry"}
    with app.app_context():
        assert db.session.scalars(select(Response)).one().late


@pytest.mark.usefixtures("asked")
def test_weeks_later_a_number_is_only_a_number(app: Flask, clock: ManualClock, run_due: Run) -> None:
    clock.advance(days=7 + 15)
    run_due()
    assert "No question is open" in reply(app, PHONE, "1", clock.now(), run_due)
    assert (answers(app), free_texts(app)) == ({}, ["1"])


# ---- in another language --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("asked")
def test_the_language_changes_in_the_middle_of_a_survey_and_stays(app: Flask, clock: ManualClock, run_due: Run) -> None:
    assert "多大可能" in reply(app, PHONE, "中文", clock.now(), run_due)
    assert "我们最该改进的" in reply(app, PHONE, "8", clock.now(), run_due)
    with app.app_context():
        assert db.session.scalars(select(Customer.language)).one() == "zh-Hans"


@pytest.mark.usefixtures("asked")
def test_the_language_changes_also_when_nothing_is_asked_and_when_a_case_is_open(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    for words in ("2", "The queue was long", "1"):
        reply(app, PHONE, words, clock.now(), run_due)
    assert cases(app) == 1
    assert "以后给您发中文短信" in reply(app, PHONE, "中文", clock.now(), run_due)
    assert "we write to you in English" in reply(app, PHONE, "EN", clock.now(), run_due)
    assert free_texts(app) == []
    with app.app_context():
        assert db.session.scalars(select(Customer.language)).one() == "en"


# ---- from machines --------------------------------------------------------------------------------------------------


def test_two_machines_do_not_talk_for_ever(app: Flask, clock: ManualClock, run_due: Run) -> None:
    with app.app_context():
        world.build(clock.now())
        commit()
    said = [reply(app, STRANGER, f"Out of office, number {n}", clock.now(), run_due) for n in range(12)]
    assert len([text for text in said if text]) == 5
    assert len(free_texts(app)) == 12, "all of it is kept and read"
    assert "No question is open" in reply(app, STRANGER, "Out of office", clock.advance(days=1, minutes=1), run_due)


@pytest.mark.parametrize("word", ["HELP", "STOP", "START", "INFO"])
def test_a_machine_that_speaks_in_reserved_words_is_not_answered_for_ever(
    app: Flask, clock: ManualClock, run_due: Run, word: str
) -> None:
    with app.app_context():
        world.build(clock.now())
        commit()
    for _ in range(9):
        reply(app, STRANGER, word, clock.now(), run_due)
    assert len(received(app, STRANGER)) == (1 if word == "STOP" else 5)


def test_a_customers_machine_tells_their_case_everything_and_is_not_answered_for_ever(
    app: Flask, clock: ManualClock, run_due: Run
) -> None:
    with app.app_context():
        world.build(clock.now())
        world.served(clock.now())
        commit()
    run_due()
    for words in ("2", "The queue was long", "1"):
        reply(app, PHONE, words, clock.now(), run_due)
    said = [reply(app, PHONE, f"I am driving and answer later, {n}", clock.now(), run_due) for n in range(9)]
    assert len([text for text in said if text]) == 5
    with app.app_context():
        assert str(db.session.scalars(select(Case.words)).one()).count("I am driving") == 9


def test_a_managers_machine_is_not_answered_for_ever(app: Flask, clock: ManualClock, run_due: Run) -> None:
    with app.app_context():
        world.build(clock.now())
        commit()
    for n in range(9):
        reply(app, world.MANAGER_PHONE, f"I am in a meeting, {n}", clock.now(), run_due)
    assert len(received(app, world.MANAGER_PHONE)) == 5
