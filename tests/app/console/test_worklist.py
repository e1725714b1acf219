"""The first screen: whom to call next, why, and how long there is left."""

import re

import pytest
from flask import Flask

from tests.app.console.office import ANGRY, send, sign_in
from tests.conftest import ManualClock


def test_the_manager_reads_who_why_and_how_long(house: Flask, clock: ManualClock, case_id: int) -> None:
    page = sign_in(house, "manager").get("/console/").text
    assert "1 to call" in page
    assert "Clara Wong" in page
    assert ANGRY in re.sub("</?mark[^>]*>", "", page)
    assert '<mark class="sign">' in page
    assert "2 of 10, dissatisfied" in page
    assert "says they will leave" in page.lower()
    assert 'href="tel:+15005551001"' in page
    assert f"/console/cases/{case_id}" in page
    assert "left</b>" in page or "to call, " in page


def test_an_overdue_call_says_by_how_much(house: Flask, clock: ManualClock, case_id: int) -> None:
    clock.advance(days=5)
    page = sign_in(house, "manager").get("/console/").text
    assert "1 overdue" in page
    assert "over</b>" in page
    assert "First because the time is over." in page


def test_a_neighbour_sees_no_case_of_another_branch(house: Flask, case_id: int) -> None:
    page = sign_in(house, "neighbour").get("/console/").text
    assert "Clara" not in page
    assert "This is where unhappy customers will appear" in page


def test_the_region_sees_the_branches_below_it_by_name(house: Flask, case_id: int) -> None:
    page = sign_in(house, "regional").get("/console/").text
    assert "Clara Wong" in page
    assert "Central" in page
    assert "with Anna Reed" in page


def test_an_account_manager_sees_only_cases_of_their_own(house: Flask, case_id: int) -> None:
    assert "Clara" not in sign_in(house, "account").get("/console/").text


def test_an_analyst_reads_initials_and_no_phone(house: Flask, case_id: int) -> None:
    page = sign_in(house, "analyst").get("/console/").text
    assert "C. W." in page
    assert "Clara" not in page
    assert "tel:" not in page


def test_who_handles_no_cases_is_led_to_the_customers(house: Flask) -> None:
    answer = sign_in(house, "agent").get("/console/")
    assert answer.status_code == 302
    assert answer.location == "/console/customers"


def test_an_empty_first_day_teaches_what_will_be_here(house: Flask) -> None:
    page = sign_in(house, "manager").get("/console/").text
    assert "This is where unhappy customers will appear" in page
    assert 'href="/simulator' in page


def test_when_all_is_done_the_page_says_so(house: Flask, case_id: int) -> None:
    manager, path = sign_in(house, "manager"), f"/console/cases/{case_id}"
    done = send(manager, path, f"{path}/close", root_cause="waiting", outcome="saved", done="")
    assert done.status_code == 303
    page = manager.get("/console/").text
    assert "Nobody is waiting for you" in page
    assert "One call closed in seven days." in page


@pytest.mark.parametrize(("language", "heading"), [("en", "Who to call next"), ("zh-Hans", "接下来给谁打电话")])
def test_the_language_is_chosen_once_and_stays(house: Flask, language: str, heading: str) -> None:
    manager = sign_in(house, "manager")
    answer = send(manager, "/console/", "/console/language", language=language, back="/console/?lang=en&week=3")
    assert (answer.status_code, answer.location) == (303, "/console/?week=3")
    assert heading in manager.get("/console/").text
    assert heading in sign_in(house, "manager").get("/console/").text


@pytest.mark.parametrize("back", ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", ""])
def test_choosing_a_language_leads_nowhere_else(house: Flask, back: str) -> None:
    answer = send(sign_in(house, "manager"), "/console/", "/console/language", language="en", back=back)
    assert answer.location == "/console/"


def test_the_bar_offers_only_what_one_may(house: Flask) -> None:
    bar = sign_in(house, "auditor").get("/console/").text
    assert "/console/report" in bar
    assert "/console/customers" not in bar
    assert 'href="/simulator' not in bar
