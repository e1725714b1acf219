"""Words that answer no question are corrected where they are read: texts out of the blue, complaints."""

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.cases.models import Case
from app.complaints import NewComplaint, record_complaint
from app.extensions import commit, db
from app.tasks import run_due as run_all
from notifications import PhoneNumber
from surveys.people.service import Person
from surveys.responses.models import FreeText
from surveys.scoring.version import rules_digest
from tests import world
from tests.app.console import office
from tests.app.console.office import send, sign_in
from tests.app.console.said import kept
from tests.conftest import ManualClock
from tests.phones import received, text_in
from tests.world import CUSTOMER_PHONE, MANAGER_PHONE

ASKED = "Is the sick new counter open on Saturday?"
LETTER = "My pass card lay in your drawer for nine weeks. Number 6222 0212 3456 7894."


def due(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        run_all(clock.now())


@pytest.fixture
def wrote(any_house: Flask, clock: ManualClock) -> Flask:
    """Clara of Central writes out of the blue."""
    with any_house.app_context():
        world.served(clock.now(), ago=timedelta())
        commit()
    clock.advance(days=30)
    due(any_house, clock)
    text_in(any_house, CUSTOMER_PHONE, ASKED, clock.now())
    due(any_house, clock)
    return any_house


@pytest.fixture
def complained(any_house: Flask, clock: ManualClock) -> int:
    """Clara complains by letter; the id of her case."""
    with any_house.app_context():
        letter = NewComplaint(
            source="desk",
            external_ref="L-1",
            branch="BJ-01",
            person=Person(external_ref="C-1", name="Clara Wong", phone=PhoneNumber.trusted(CUSTOMER_PHONE)),
            text=LETTER,
            occurred_at=clock.now(),
            body={},
        )
        record_complaint(letter, now=clock.now())
        commit()
    due(any_house, clock)
    with any_house.app_context():
        return db.session.scalars(select(Case.id)).one()


def free_text(app: Flask) -> FreeText:
    with app.app_context():
        found = db.session.scalars(select(FreeText)).one()
        db.session.expunge(found)
        return found


def test_a_text_out_of_the_blue_is_read_as_a_manager_says_and_back(wrote: Flask, clock: ManualClock) -> None:
    machine = free_text(wrote)
    manager, path = sign_in(wrote, "manager"), f"/console/texts/{machine.id}/reading"
    assert "Heed read this as:" in manager.get("/console/texts").text
    said = {"label": "positive", "phrase": "sick", "means": "praise", "back": "/console/texts"}
    assert send(manager, "/console/texts", path, **said).location == "/console/texts"
    now = free_text(wrote)
    assert (now.label, now.corrected, now.polarity) == ("positive", "positive", 0.5)
    assert (now.machine_label, now.machine_polarity) == (machine.label, machine.polarity)
    assert "Manager reads it as positive" in manager.get("/console/texts").text
    row = kept(wrote)[0]
    assert (row.about, row.about_id, row.words, row.phrase) == ("free_text", machine.id, None, "sick")
    due(wrote, clock)
    wrote.test_cli_runner().invoke(args=["rescore"])
    again = free_text(wrote)
    assert (again.label, again.score_version) == ("positive", f"3+t1+r{rules_digest()}"), (
        "what a person said holds when it is read again"
    )
    send(manager, "/console/texts", f"/console/corrections/{row.id}/take-back")
    back = free_text(wrote)
    assert (back.label, back.corrected) == (again.machine_label, None)


def test_a_text_read_as_very_negative_opens_the_case_such_words_open(wrote: Flask, clock: ManualClock) -> None:
    manager = sign_in(wrote, "manager")
    path = f"/console/texts/{free_text(wrote).id}/reading"
    send(manager, "/console/texts", path, label="very_negative", back="/console/texts")
    assert "a case is opened now" in manager.get("/console/texts").text
    due(wrote, clock)
    with wrote.app_context():
        case = db.session.scalars(select(Case)).one()
        assert "very_negative_words" in case.reasons
        number = case.id
    assert received(wrote, MANAGER_PHONE)
    page = manager.get(f"/console/cases/{number}").text
    assert page.count(ASKED) == 1 and "Manager reads it as very negative" in page


@pytest.mark.parametrize("who", ["neighbour", "agent", "analyst", "auditor"])
def test_nobody_corrects_or_looks_at_what_they_may_not_read(wrote: Flask, who: str) -> None:
    path = f"/console/texts/{free_text(wrote).id}/reading"
    send(sign_in(wrote, "manager"), "/console/texts", path, label="negative")
    other = sign_in(wrote, who)
    token = office.token_on(other.get("/console/", follow_redirects=True).text)
    data = {"csrf_token": token, "label": "positive"}
    assert other.post(path, data=data).status_code == 404
    assert other.post("/console/corrections/1/take-back", data=data).status_code == 404
    assert other.get("/console/corrections/1").status_code == 404
    assert [(row.label, row.ended_at) for row in kept(wrote)] == [("negative", None)]


def test_a_complaint_is_labelled_on_its_case_and_learnt_from(
    any_house: Flask, complained: int, clock: ManualClock
) -> None:
    manager, path = sign_in(any_house, "manager"), f"/console/cases/{complained}"
    assert "Say how it is meant" in manager.get(path).text
    before = case_of(any_house, complained)
    assert "very_negative_words" not in before.reasons
    said = {"label": "very_negative", "phrase": "pass card", "means": "criticism", "back": path}
    assert send(manager, path, f"{path}/reading", **said).status_code == 303
    assert "the case is more urgent now" in manager.get(path).text or "Heed learns from it" in manager.get(path).text
    assert "very_negative_words" in case_of(any_house, complained).reasons
    row = kept(any_house)[0]
    assert (row.about, row.about_id, row.language) == ("case", complained, "en")
    assert row.words and "7894" not in row.words and row.words.startswith("My pass card")
    assert "Manager reads it as very negative" in manager.get(path).text
    due(any_house, clock)
    admin = sign_in(any_house, "admin")
    file = send(admin, "/console/accuracy", "/console/accuracy/labelled.csv").data.decode("utf-8-sig")
    listed = next(csv.DictReader(io.StringIO(file)))
    assert (listed["about"], listed["text"], listed["phrase"]) == ("case", row.words, "pass card")
    assert "pass card" in admin.get("/console/accuracy").text
    send(manager, path, f"/console/corrections/{row.id}/take-back")
    assert "Say how it is meant" in manager.get(path).text
    with any_house.app_context():
        deeds = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "case")).all()
    assert [deed for deed in deeds if deed.startswith("reading")] == ["reading.correct", "reading.take_back"]


def case_of(app: Flask, case_id: int) -> Case:
    with app.app_context():
        found = db.session.get_one(Case, case_id)
        db.session.expunge(found)
        return found


def test_one_correction_by_itself_says_what_stands_and_is_changed_there(
    any_house: Flask, complained: int, clock: ManualClock
) -> None:
    manager, path = sign_in(any_house, "manager"), f"/console/cases/{complained}"
    send(manager, path, f"{path}/reading", label="negative", phrase="drawer")
    page = manager.get("/console/corrections/1").text
    assert "My pass card" in page and 'value="drawer"' in page
    refused = send(manager, "/console/corrections/1", f"{path}/reading", label="mixed", phrase="marmalade")
    assert refused.status_code == 422 and "This does not stand in the comment" in refused.text
    send(manager, "/console/corrections/1", f"{path}/reading", label="mixed")
    assert "does not hold any more" in manager.get("/console/corrections/1").text
    assert [row.ended_at is None for row in kept(any_house)] == [False, True]
    assert manager.get("/console/corrections/99").status_code == 404
