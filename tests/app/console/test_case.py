"""One case on the screen: what is read, what is done, what is refused, and who may."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.cases.models import Case, CaseEvent
from app.extensions import db
from tests.app.console.office import ANGRY, send, sign_in
from tests.conftest import ManualClock
from tests.phones import received, reply
from tests.world import CUSTOMER_PHONE, DEPUTY_PHONE


def stands(app: Flask) -> Case:
    with app.app_context():
        found = db.session.scalars(select(Case)).one()
        db.session.expunge(found)
        return found


def audited(app: Flask) -> list[str]:
    with app.app_context():
        query = select(AuditEntry.action).where(AuditEntry.subject_kind == "case").order_by(AuditEntry.id)
        return list(db.session.scalars(query))


def staff_id(app: Flask, code: str) -> str:
    from surveys.people.queries import staff_by_code

    with app.app_context():
        found = staff_by_code(code)
        assert found is not None
        return str(found.id)


@pytest.fixture
def path(case_id: int) -> str:
    return f"/console/cases/{case_id}"


def test_the_page_says_who_what_they_said_what_to_say_and_what_happened(house: Flask, path: str) -> None:
    page = sign_in(house, "manager").get(path).text
    plain = re.sub("</?mark[^>]*>", "", page)
    assert ANGRY in plain
    assert "<mark>" in page
    assert "2 of 10, dissatisfied" in page
    assert "this is the manager of Harbour Bank, Central" in page
    assert "您好，我是海港银行中心支行的行长" in page
    assert "They answered, and the case went to you." in page
    assert "about 1 in" in page.lower()
    assert '<mark class="sign">' in page
    assert re.search("says they will leave</b>: <q[^>]*>(I )?will move my account</q>", page)


def test_the_number_of_a_text_leads_to_the_case(house: Flask, path: str) -> None:
    manager, code = sign_in(house, "manager"), stands(house).code
    assert manager.get(f"/console/cases/code/{code}").location == path
    assert manager.get("/console/cases/code/0000").status_code == 404
    assert sign_in(house, "neighbour").get(f"/console/cases/code/{code}").status_code == 404


def test_taking_it_tells_the_customer(house: Flask, path: str, run_due: Callable[[], int]) -> None:
    manager = sign_in(house, "manager")
    answer = send(manager, path, f"{path}/acknowledge")
    assert (answer.status_code, answer.location) == (303, path)
    assert "they know that you have read it" in manager.get(path).text
    run_due()
    assert "has read your words" in received(house, CUSTOMER_PHONE)[-1]
    assert stands(house).state == "acknowledged"
    assert audited(house) == ["case.acknowledge"]
    assert send(manager, path, f"{path}/acknowledge").status_code == 303
    assert "That was done already." in manager.get(path).text
    assert audited(house) == ["case.acknowledge"]


def test_a_call_is_written_down_with_its_promise_on_the_branchs_clock(house: Flask, path: str) -> None:
    manager = sign_in(house, "manager")
    send(manager, path, f"{path}/contact", attempt="reached", promise="2026-11-23T10:00", note="Counter 2 kept free.")
    case = stands(house)
    assert case.state == "contacted"
    assert case.promised_by is not None
    assert case.promised_by.isoformat() == "2026-11-23T02:00:00+00:00"
    page = manager.get(path).text
    assert "Promised before Mon 10:00." in page
    assert "Counter 2 kept free." in page


def test_nobody_answered_so_the_customer_is_asked_when(house: Flask, path: str, run_due: Callable[[], int]) -> None:
    manager = sign_in(house, "manager")
    assert send(manager, path, f"{path}/contact", attempt="no_answer").status_code == 303
    run_due()
    assert "we tried to call you" in received(house, CUSTOMER_PHONE)[-1]
    assert "Tried once, no answer." in manager.get("/console/").text


def test_another_time_needs_the_time(house: Flask, path: str) -> None:
    manager = sign_in(house, "manager")
    answer = send(manager, path, f"{path}/contact", attempt="later", note="In a meeting")
    assert answer.status_code == 422
    assert "Which time did they ask for?" in answer.text
    assert "In a meeting" in answer.text
    answer = send(manager, path, f"{path}/contact", attempt="later", promise="2026-11-20T17:30")
    assert answer.status_code == 303


def test_a_promise_in_the_past_is_refused_in_words(house: Flask, path: str) -> None:
    answer = send(
        sign_in(house, "manager"), path, f"{path}/contact", attempt="reached", promise="2026-11-20T09:00", note="kept"
    )
    assert answer.status_code == 409
    assert "The time you promised is over already" in answer.text
    assert "kept" in answer.text
    assert stands(house).state == "open"
    assert audited(house) == []


def test_handing_over_tells_the_colleague(house: Flask, path: str, run_due: Callable[[], int]) -> None:
    manager = sign_in(house, "manager")
    answer = send(manager, path, f"{path}/hand-over", to=staff_id(house, "S-11"))
    assert answer.status_code == 303
    run_due()
    assert received(house, DEPUTY_PHONE)
    page = manager.get(path).text
    assert "Ben Shaw has it now." in page
    assert "You handed it to Ben Shaw." in page


def test_nobody_of_another_house_can_be_handed_a_case(house: Flask, path: str) -> None:
    for stranger in ("999", "x", ""):
        answer = send(sign_in(house, "manager"), path, f"{path}/hand-over", to=stranger)
        assert answer.status_code == 422
    assert stands(house).level == 0


def test_closing_asks_for_outcome_and_cause_and_tells_the_customer(
    house: Flask, path: str, run_due: Callable[[], int]
) -> None:
    manager = sign_in(house, "manager")
    answer = send(manager, path, f"{path}/close", root_cause="", done="we paid the fee back")
    assert answer.status_code == 422
    assert "Choose the root cause." in answer.text
    assert "Choose an outcome: the weekly report counts it." in answer.text
    assert "we paid the fee back" in answer.text
    fields = {"root_cause": "fees", "outcome": "saved", "done": "we paid the fee back"}
    assert send(manager, path, f"{path}/close", **fields).status_code == 303
    run_due()
    assert "we paid the fee back" in received(house, CUSTOMER_PHONE)[-1]
    page = manager.get(path).text
    assert "Saved: they stay" in page
    assert "You closed it." in page
    assert audited(house) == ["case.close"]


def test_what_fits_no_text_is_refused_and_kept_on_the_screen(house: Flask, path: str) -> None:
    words = "we paid the fee back and " * 4
    answer = send(
        sign_in(house, "manager"), path, f"{path}/close", root_cause="fees", outcome="saved", done=words.strip()
    )
    assert answer.status_code == 409
    assert "fewer words" in answer.text
    assert words.strip() in answer.text


def test_a_false_alarm_needs_its_reason(house: Flask, path: str) -> None:
    manager = sign_in(house, "manager")
    assert "Write a few words." in send(manager, path, f"{path}/dismiss", note="  ").text
    assert send(manager, path, f"{path}/dismiss", note="Meant for another bank").status_code == 303
    assert stands(house).state == "dismissed"
    page = manager.get(path).text
    assert "You dismissed it as a false alarm." in page
    assert "Meant for another bank" in page


def test_a_deed_after_the_end_is_refused_in_words(house: Flask, path: str) -> None:
    manager = sign_in(house, "manager")
    send(manager, path, f"{path}/dismiss", note="Meant for another bank")
    answer = send(manager, path, f"{path}/contact", attempt="reached")
    assert answer.status_code == 409
    page = manager.get(path).text
    assert "After the call" not in page


def test_a_note_is_kept_even_when_it_is_over(house: Flask, path: str) -> None:
    manager = sign_in(house, "manager")
    send(manager, path, f"{path}/dismiss", note="Meant for another bank")
    assert send(manager, path, f"{path}/note", note="Called again, all well").status_code == 303
    assert "Called again, all well" in manager.get(path).text
    with house.app_context():
        assert db.session.scalars(select(CaseEvent).where(CaseEvent.kind == "note")).one().staff_id is not None


@pytest.mark.parametrize("name", ["neighbour", "account"])
def test_outside_ones_scope_there_is_no_case(house: Flask, path: str, name: str) -> None:
    client = sign_in(house, name)
    assert client.get(path).status_code == 404
    for deed in ("acknowledge", "contact", "close", "dismiss", "note", "hand-over"):
        assert send(client, "/console/", f"{path}/{deed}", note="x", attempt="reached").status_code == 404
    assert stands(house).state == "open"


@pytest.mark.parametrize("name", ["analyst", "auditor"])
def test_who_only_reads_finds_no_deeds(house: Flask, path: str, name: str) -> None:
    client = sign_in(house, name)
    page = client.get(path)
    assert page.status_code == 200
    assert "After the call" not in page.text
    assert "Clara" not in page.text
    assert "+1500" not in page.text
    assert send(client, path, f"{path}/acknowledge").status_code == 404


def test_an_account_without_a_colleague_behind_it_acts_on_nothing(house: Flask, path: str) -> None:
    answer = send(sign_in(house, "admin"), path, f"{path}/acknowledge")
    assert answer.status_code == 409
    assert "belongs to no member of staff" in answer.text


def test_a_deed_without_the_forms_token_is_refused(house: Flask, path: str) -> None:
    assert sign_in(house, "manager").post(f"{path}/acknowledge").status_code == 400
    assert stands(house).state == "open"


def test_an_account_manager_acts_on_a_case_of_their_own(house: Flask, path: str, clock: ManualClock) -> None:
    send(sign_in(house, "manager"), path, f"{path}/hand-over", to=staff_id(house, "S-17"))
    client = sign_in(house, "account")
    assert "Clara Wong" in client.get("/console/").text
    assert send(client, path, f"{path}/acknowledge").status_code == 303


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("choice", [None, "none"])
def test_every_line_of_a_long_history_is_a_sentence(
    house: Flask, case_id: int, path: str, clock: ManualClock, language: str, choice: str | None
) -> None:
    details: dict[str, dict[str, Any]] = {
        "promised": {"by": "2026-11-23T02:00:00+00:00"},
        "granted": {"by": "2026-11-23T04:00:00+00:00"},
        "asked_customer": {"question": "status"},
        "call_choice": {"choice": "morning"},
        "answered_us": {"meaning": "not_fixed"},
        "joined": {"origin": "complaint"},
        "breached": {"watch": "contact", "due": "2026-11-20T06:30:00+00:00"},
        "reminded": {"watch": "half_time", "due": "2026-11-20T06:10:00+00:00"},
        "recovery": {"answer": "partly"},
        "resolved": {"outcome": "lost", "cause": "fees"},
    }
    kinds = [
        *("acknowledged", "contacted", "tried", "customer_wrote", "words", "told_words", "raised"),
        *("handed_over", "handed_up", "handed_back", "dismissed", "recovery_asked", "reopened", "closed", "note"),
        *details,
    ]
    with house.app_context():
        case = db.session.get_one(Case, case_id)
        case.call_choice = choice
        for kind in kinds:
            db.session.add(CaseEvent(case_id=case_id, kind=kind, at=clock.now(), detail=details.get(kind, {})))
        db.session.commit()
    page = sign_in(house, "manager").get(f"{path}?lang={language}").text
    told = re.findall(r"</time><span>([^<]*)", page)
    assert len(told) > len(kinds)
    assert not set(told) & {"", *kinds}


def test_the_history_says_what_really_happened(house: Flask, case_id: int, path: str, clock: ManualClock) -> None:
    lines: list[tuple[str, dict[str, Any]]] = [
        ("acknowledged", {"told": False}),
        ("asked_customer", {"question": "over"}),
        ("resolved", {"outcome": "lost", "cause": "fees", "told": False}),
        ("recovery_asked", {"decision": "skipped"}),
        ("reopened", {"to": None, "level": 0, "before": 0}),
        ("reopened", {"to": None, "level": 3, "before": 0}),
    ]
    by = int(staff_id(house, "S-10"))
    with house.app_context():
        for kind, detail in lines:
            db.session.add(CaseEvent(case_id=case_id, kind=kind, at=clock.now(), detail=detail, staff_id=by))
        db.session.commit()
    told = re.findall(r"</time><span>([^<]*)", sign_in(house, "manager").get(path).text)
    assert told[: len(lines)] == [
        "It came back, one level up, to a colleague.",
        "It came back, to a colleague.",
        "They could not be asked whether it is put right: a rule forbids the text, or they want none.",
        "You closed it. Lost: they leave, or have left; cause: fees. They get no texts from us and were not told.",
        "They were told that it is closed, and what to reply if it is not right.",
        "You took it; the customer gets no texts from us.",
    ]


def test_whoever_gets_no_texts_is_not_said_to_have_been_told(
    house: Flask, path: str, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    reply(house, CUSTOMER_PHONE, "STOP", clock.now(), run_due)
    manager = sign_in(house, "manager")
    send(manager, path, f"{path}/acknowledge")
    assert "It is yours. They get no texts from us: please call them." in manager.get(path).text
    send(manager, path, f"{path}/close", root_cause="fees", outcome="saved", done="")
    assert "Closed. They get no texts from us: please tell them what came of it." in manager.get(path).text


@pytest.mark.parametrize(
    ("outcome", "reads"),
    [
        ("saved", "we have dealt with the way you were treated."),
        ("not_justified", "we looked into it and found nothing that we did wrong."),
        ("unreachable", "we tried to reach you about this, and could not."),
        ("lost", "we could not put this right for you, and we are sorry."),
    ],
)
def test_closing_without_words_tells_no_fiction(
    house: Flask, path: str, run_due: Callable[[], int], outcome: str, reads: str
) -> None:
    send(sign_in(house, "manager"), path, f"{path}/close", root_cause="staff", outcome=outcome, done="")
    run_due()
    assert received(house, CUSTOMER_PHONE)[-1].startswith(f"Harbour Bank: {reads}")
