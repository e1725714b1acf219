"""A manager says what a comment means: it holds at once and everywhere, is kept, and can be taken back."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.cases.models import Case
from app.extensions import commit, db
from app.reports.comment_queries import comments
from app.reports.iso_weeks import week_of
from app.tasks import run_due as run_all
from surveys.people.models import Branch
from surveys.responses.models import Answer, Response
from tests import world
from tests.app.console import office
from tests.app.console.office import send, sign_in
from tests.app.console.said import kept
from tests.conftest import ManualClock
from tests.phones import received, reply
from tests.world import CUSTOMER_PHONE, MANAGER_PHONE

Run = Callable[[], int]
KIND = "Very friendly staff, all quick and easy, thank you"


def answered(app: Flask, clock: ManualClock, words: str = KIND, score: str = "9") -> tuple[str, str]:
    """Clara answers; the path of her response and the id of her comment."""

    def run() -> int:
        with app.app_context():
            return run_all(clock.now())

    with app.app_context():
        world.served(clock.now())
        commit()
    run()
    reply(app, CUSTOMER_PHONE, score, clock.now(), run)
    reply(app, CUSTOMER_PHONE, words, clock.now(), run)
    run()
    with app.app_context():
        said = db.session.scalars(select(Answer).where(Answer.text.is_not(None))).one()
        return f"/console/answers/{said.response_id}", str(said.id)


def stands(app: Flask) -> Answer:
    with app.app_context():
        said = db.session.scalars(select(Answer).where(Answer.text.is_not(None))).one()
        db.session.expunge(said)
        return said


def response(app: Flask) -> Response:
    with app.app_context():
        found = db.session.scalars(select(Response)).one()
        db.session.expunge(found)
        return found


def cases(app: Flask) -> list[Case]:
    with app.app_context():
        found = list(db.session.scalars(select(Case)))
        for one in found:
            db.session.expunge(one)
        return found


def test_a_correction_holds_at_once_and_the_machines_reading_stays_beside_it(
    any_house: Flask, clock: ManualClock
) -> None:
    app = any_house
    path, said = answered(app, clock)
    machine = stands(app)
    assert machine.label in ("positive", "very_positive")
    manager = sign_in(app, "manager")
    page = manager.get(path).text
    assert "Heed read this as:" in page and "Not right?" in page
    answer = send(manager, path, f"{path}/reading", answer=said, label="negative", back=path)
    assert (answer.status_code, answer.location) == (303, path)
    now = stands(app)
    assert (now.label, now.polarity, now.corrected) == ("negative", -0.5, "negative")
    assert (now.machine_label, now.machine_polarity) == (machine.label, machine.polarity)
    whole = response(app)
    assert (whole.sentiment, whole.polarity) == ("negative", -0.5)
    page = manager.get(path).text
    assert "Manager reads it as negative" in page
    assert "words negative" in page
    with app.app_context():
        branches = {place.id for place in db.session.scalars(select(Branch))}
        counted = comments(branches, week_of("2026-W47", "Asia/Shanghai"))
    assert [one.polarity for one in counted] == [-0.5], "the weekly report counts what the person said"


def test_it_is_kept_as_a_labelled_row_and_written_down(house: Flask, clock: ManualClock) -> None:
    path, said = answered(house, clock)
    machine = stands(house)
    send(sign_in(house, "manager"), path, f"{path}/reading", answer=said, label="mixed", phrase="QUICK")
    row = kept(house)[0]
    assert (row.label, row.phrase, row.means) == ("mixed", "QUICK", "nothing")
    assert (row.language, row.words_at, row.model_version) == ("en", machine.at, machine.score_version)
    assert (row.machine_label, row.machine_polarity, row.machine_confidence) == (
        machine.label,
        machine.polarity,
        machine.confidence,
    )
    assert row.at == clock.now()
    with house.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "reading.correct")).one()
        assert (entry.subject_kind, entry.subject_id, entry.actor_id) == ("response", row.response_id, row.by)
        assert entry.detail == {"answer": int(said), "label": "mixed"}


def test_the_same_again_changes_nothing_another_replaces_it_and_it_can_be_taken_back(
    house: Flask, clock: ManualClock
) -> None:
    path, said = answered(house, clock)
    machine = stands(house)
    manager = sign_in(house, "manager")
    for _ in range(2):
        send(manager, path, f"{path}/reading", answer=said, label="negative")
    assert len(kept(house)) == 1
    send(manager, path, f"{path}/reading", answer=said, label="none")
    assert [row.ended_at is None for row in kept(house)] == [False, True]
    silent = stands(house)
    assert (silent.label, silent.polarity, silent.machine_label) == (None, None, machine.label)
    send(manager, path, "/console/corrections/2/take-back")
    back = stands(house)
    assert (back.label, back.polarity, back.corrected) == (machine.label, machine.polarity, None)
    assert (response(house).sentiment, response(house).polarity) == (machine.label, machine.polarity)
    assert [row.ended_at is None for row in kept(house)] == [False, False]
    send(manager, path, "/console/corrections/2/take-back")
    assert "That was done already." in manager.get(path).text
    with house.app_context():
        deeds = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "response")).all()
    assert list(deeds) == ["reading.correct", "reading.correct", "reading.take_back"]


def test_words_corrected_to_very_negative_get_the_review_such_words_get(
    house: Flask, clock: ManualClock, run_due: Run
) -> None:
    path, said = answered(house, clock)
    assert cases(house) == []
    manager = sign_in(house, "manager")
    send(manager, path, f"{path}/reading", answer=said, label="very_negative", back=path)
    assert "a case is opened now" in manager.get(path).text
    run_due()
    case = cases(house)[0]
    assert "very_negative_words" in case.reasons
    assert received(house, MANAGER_PHONE), "the manager is told, as of any unhappy customer"
    page = manager.get(f"/console/cases/{case.id}").text
    assert "Change how it is read" in page
    run_due()
    assert len(cases(house)) == 1


def test_old_words_and_those_whose_case_is_over_are_only_labelled(
    house: Flask, clock: ManualClock, run_due: Run
) -> None:
    path, said = answered(house, clock)
    clock.advance(days=15)
    manager = sign_in(house, "manager")
    send(manager, path, f"{path}/reading", answer=said, label="very_negative", back=path)
    assert "no case is opened for it" in manager.get(path).text
    run_due()
    assert cases(house) == []
    assert stands(house).label == "very_negative"


def test_new_words_of_the_customer_are_read_anew(house: Flask, clock: ManualClock, run_due: Run) -> None:
    path, said = answered(house, clock)
    send(sign_in(house, "manager"), path, f"{path}/reading", answer=said, label="negative")
    clock.advance(minutes=1)
    with house.app_context():
        from surveys.invitations.models import Invitation
        from surveys.invitations.tokens import token_of

        link = f"/s/{token_of(db.session.scalars(select(Invitation)).one())}"
    fresh = f"{KIND}. Wonderful!"
    house.test_client().post(link, data={"question": "why", "answer": fresh, "submission": "n"})
    run_due()
    now = stands(house)
    if now.text == fresh:
        assert (now.corrected, now.label) == (None, "very_positive")


def test_what_is_not_in_the_words_or_not_offered_is_refused_in_words(house: Flask, clock: ManualClock) -> None:
    path, said = answered(house, clock)
    manager = sign_in(house, "manager")
    answer = send(manager, path, f"{path}/reading", answer=said, label="negative", phrase="marmalade")
    assert answer.status_code == 422
    assert "This does not stand in the comment" in answer.text and "marmalade" in answer.text
    assert send(manager, path, f"{path}/reading", answer=said, label="splendid").status_code == 422
    assert send(manager, path, f"{path}/reading", answer="999", label="splendid").status_code == 404
    assert kept(house) == []


@pytest.mark.parametrize(
    ("who", "may"),
    [("manager", True), ("regional", True), ("admin", True), ("analyst", False), ("neighbour", False)],
)
def test_every_manager_may_correct_what_they_may_see(house: Flask, clock: ManualClock, who: str, may: bool) -> None:
    path, said = answered(house, clock)
    token = sign_in(house, who)
    answer = token.post(
        f"{path}/reading",
        data={"csrf_token": office.token_on(token.get("/console/").text), "answer": said, "label": "negative"},
    )
    assert (answer.status_code == 303) is may
    assert bool(kept(house)) is may


def test_the_form_stands_on_the_case_too(house: Flask, case_id: int) -> None:
    manager, path = sign_in(house, "manager"), f"/console/cases/{case_id}"
    page = manager.get(path).text
    assert "Not right?" in page
    said = stands(house)
    send(manager, path, f"/console/answers/{said.response_id}/reading", answer=str(said.id), label="mixed", back=path)
    assert "Manager reads it as mixed" in manager.get(path).text
    assert "Not right?" not in sign_in(house, "auditor").get(path).text
