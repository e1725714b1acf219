"""Customers: finding one, recognising one at the counter, and one customer's story."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.extensions import commit, db
from surveys.people.models import Customer, Staff
from surveys.people.ownership import set_owner
from surveys.people.service import record_consent
from tests import world
from tests.app.console.office import ANGRY, send, sign_in
from tests.app.console.weeks import answered
from tests.conftest import ManualClock


@pytest.fixture
def people(house: Flask, clock: ManualClock) -> Flask:
    """Clara and 陈静 at home at Central, Omar at Riverside."""
    with house.app_context():
        answered(clock.now(), 1, 9, "Kind staff.", name="Clara Wong")
        answered(clock.now(), 2, 3, "排队太久。", name="陈静", language="zh-Hans")
        answered(clock.now(), 3, 8, name="Omar Reyes", branch="BJ-02")
        commit()
    return house


def find(app: Flask, who: str, words: str):  # type: ignore[no-untyped-def]
    return send(sign_in(app, who), "/console/customers", "/console/customers", words=words)


def look_ups(app: Flask) -> list[AuditEntry]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "customer.look_up")))


@pytest.mark.parametrize("words", ["+15005560001", "+1 500-556-0001", "C-BJ-01-1", " Clara ", "wong"])
def test_a_manager_finds_a_customer_of_theirs_by_phone_reference_or_name(people: Flask, words: str) -> None:
    answer = find(people, "manager", words)
    assert answer.status_code == 302
    assert answer.location == "/console/customers/1"
    assert look_ups(people) == []


def test_one_chinese_character_is_enough(people: Flask) -> None:
    assert find(people, "manager", "静").location == "/console/customers/2"


def test_several_of_the_same_name_are_offered(people: Flask, clock: ManualClock) -> None:
    with people.app_context():
        answered(clock.now(), 4, 9, name="Clara Webb")
        commit()
    page = find(people, "manager", "clara").text
    assert "2 customers found" in page
    assert "/console/customers/1" in page and "/console/customers/4" in page


@pytest.mark.parametrize("words", ["+15005560003", "C-BJ-02-3"])
def test_somebody_at_home_elsewhere_is_only_recognised_and_that_is_written_down(people: Flask, words: str) -> None:
    answer = find(people, "manager", words)
    assert answer.status_code == 200
    assert "Omar Reyes" in answer.text
    assert "Riverside" in answer.text
    assert "Open case" in answer.text
    assert "That you looked is written down." in answer.text
    assert "8 of 10" not in answer.text and "0003" not in answer.text.replace(words, "")
    assert "/console/customers/3" not in answer.text
    (entry,) = look_ups(people)
    assert (entry.actor_kind, entry.subject_kind, entry.subject_id) == ("user", "customer", 3)
    assert entry.detail == {}
    assert sign_in(people, "manager").get("/console/customers/3").status_code == 404


def test_a_name_finds_nobody_of_another_branch(people: Flask) -> None:
    answer = find(people, "manager", "Omar")
    assert "Nobody found" in answer.text
    assert "Omar Reyes" not in answer.text


def test_an_agent_recognises_by_the_exact_number_alone(people: Flask) -> None:
    assert "Clara Wong" in find(people, "agent", "+15005560001").text
    assert "Nobody found" in find(people, "agent", "Clara").text
    assert len(look_ups(people)) == 1
    assert sign_in(people, "agent").get("/console/customers/1").status_code == 404


def test_an_open_case_is_said_at_the_counter(house: Flask, case_id: int) -> None:
    page = find(house, "neighbour", "+15005551001").text
    assert "yes, being looked after" in page
    assert ANGRY not in page


@pytest.mark.parametrize("words", ["%", "_", "a", "x" * 120, "' OR 1=1 --", "\x00"])
def test_odd_words_find_nobody(people: Flask, words: str) -> None:
    answer = find(people, "manager", words)
    assert answer.status_code == 200
    assert "Clara" not in answer.text


def test_an_empty_search_says_what_to_write(people: Flask) -> None:
    assert "Write a phone number, a reference or a name." in find(people, "manager", "").text


def test_a_search_is_never_in_an_address(people: Flask) -> None:
    assert 'method="post"' in sign_in(people, "manager").get("/console/customers").text


def test_whoever_was_heard_from_stands_on_the_first_page(people: Flask) -> None:
    page = sign_in(people, "manager").get("/console/customers").text
    assert "Heard from lately" in page
    assert "Clara Wong" in page and "Omar Reyes" not in page
    assert "9 of 10, satisfied" in page


def test_the_first_day_teaches(house: Flask) -> None:
    assert "Nobody has answered yet" in sign_in(house, "manager").get("/console/customers").text
    assert "Who is in front of you?" in sign_in(house, "agent").get("/console/customers").text


@pytest.mark.parametrize("who", ["analyst", "auditor"])
def test_who_looks_after_nobody_finds_nobody(people: Flask, who: str) -> None:
    client = sign_in(people, who)
    assert client.get("/console/customers").status_code == 404
    assert client.get("/console/customers/1").status_code == 404


def test_one_page_tells_the_whole_story(house: Flask, clock: ManualClock, case_id: int) -> None:
    with house.app_context():
        record_consent(1, granted=False, source="customer", wording="no more please", now=clock.now())
        world.served(clock.now(), ref="T-2", ago=clock.now() - clock.now())
        commit()
    page = sign_in(house, "manager").get("/console/customers/1").text
    assert "Clara Wong" in page
    assert "ends 1001" in page and "+15005551001" not in page
    assert "C-1" in page
    assert "not to be asked by SMS" in page and "no more please" in page
    assert "assumed from being a customer" in page
    assert f'href="/console/cases/{case_id}"' in page
    assert "2 of 10, dissatisfied" in page and ANGRY in page
    assert "not asked: had not agreed to be asked" in page
    assert 'href="/console/events/1"' in page and 'href="/console/events/2"' in page
    assert "On hold: a case of theirs is open" in page


def test_what_happened_at_other_branches_is_only_counted(people: Flask, clock: ManualClock) -> None:
    with people.app_context():
        world.served(
            clock.now(), ref="T-9", branch="BJ-02", customer_ref="C-BJ-01-1", phone="+15005560001", name="Clara Wong"
        )
        moved = db.session.get_one(Customer, 1)
        moved.branch_id = db.session.get_one(Customer, 2).branch_id
        commit()
    page = sign_in(people, "manager").get("/console/customers/1").text
    assert "One more at a branch you do not look after." in page


def test_an_account_manager_opens_only_customers_they_own(people: Flask) -> None:
    with people.app_context():
        db.session.get_one(Customer, 2).owner_id = 4
        commit()
    account = sign_in(people, "account")
    assert account.get("/console/customers/2").status_code == 200
    assert account.get("/console/customers/1").status_code == 404


def test_the_page_in_chinese(people: Flask) -> None:
    page = sign_in(people, "manager").get("/console/customers/2?lang=zh-Hans").text
    assert "来往记录" in page and "尾号0002" in page and "3分（满分10），不满意" in page


def test_the_page_says_who_looked_after_them_and_who_will(people: Flask, clock: ManualClock) -> None:
    with people.app_context():
        clara = db.session.get_one(Customer, 1)
        staff = {person.code: person for person in db.session.scalars(select(Staff))}
        today = clock.now().date()
        set_owner(clara, staff["S-17"], since=today, today=today)
        set_owner(clara, staff["S-11"], since=today + timedelta(days=11), today=today)
        commit()
    page = sign_in(people, "manager").get("/console/customers/1").text
    assert re.search(r"from <time[^>]*>20 Nov 2026</time>: Zhou Min", page)
    assert re.search(r"from <time[^>]*>1 Dec 2026</time>: Ben Shaw", page)
