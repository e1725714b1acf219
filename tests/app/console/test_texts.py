"""Texts without a question: a person reads each one."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.extensions import commit, db
from surveys.people.models import Customer
from surveys.people.queries import staff_by_code
from surveys.responses.models import FreeText
from tests import world
from tests.app.console.office import send, sign_in
from tests.conftest import ManualClock
from tests.phones import text_in
from tests.world import CUSTOMER_PHONE


@pytest.fixture
def wrote(house: Flask, clock: ManualClock, run_due: Callable[[], int]) -> Flask:
    """Clara of Central writes out of the blue, and so does a stranger."""
    with house.app_context():
        world.served(clock.now(), touchpoint="branch_visit", ago=clock.now() - clock.now())
        commit()
    clock.advance(days=30)
    run_due()
    text_in(house, CUSTOMER_PHONE, "Do you open on Saturday? My card is 6222 0212 3456 7894", clock.now())
    text_in(house, "+15005559999", "短信太多了", clock.now())
    run_due()
    return house


def test_the_branch_reads_what_its_customers_wrote(wrote: Flask) -> None:
    page = sign_in(wrote, "manager").get("/console/texts").text
    assert "1 text to read" in page
    assert "Do you open on Saturday?" in page
    assert "7894" not in page
    assert 'href="/console/customers/1"' in page
    assert "短信太多了" not in page


def test_words_that_call_for_a_person_are_read_first_and_underlined(
    wrote: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    for body in ("Where is the branch?", "我不想活了"):
        text_in(wrote, "+15005559998", body, clock.now())
    run_due()
    page = sign_in(wrote, "admin").get("/console/texts").text
    assert page.index("不想活") < page.index("Where is the branch?")
    assert re.search('<mark class="sign">[^<]*不想活', page)
    assert "speaks of harming themselves</b>" in page


def test_a_stranger_s_words_go_to_whoever_answers_for_the_company(wrote: Flask) -> None:
    page = sign_in(wrote, "admin").get("/console/texts").text
    assert "2 texts to read" in page
    assert 'lang="zh-Hans">短信太多了' in page
    assert "a number we do not know" in page
    assert "They may want no more texts." in page


def test_read_is_gone_from_the_list_and_written_down_once(wrote: Flask) -> None:
    manager = sign_in(wrote, "manager")
    with wrote.app_context():
        text_id = db.session.scalars(select(FreeText.id).order_by(FreeText.id).limit(1)).one()
    path = f"/console/texts/{text_id}/seen"
    assert send(manager, "/console/texts", path).status_code == 302
    page = manager.get("/console/texts").text
    assert "Everything is read" in page
    assert "no longer on the list" in page
    send(manager, "/console/", path)
    with wrote.app_context():
        lines = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "free_text.seen")).all()
        assert [line.subject_id for line in lines] == [text_id]


def test_nobody_marks_another_branch_s_texts(wrote: Flask) -> None:
    neighbour = sign_in(wrote, "neighbour")
    assert "Everything is read" in neighbour.get("/console/texts").text
    assert send(neighbour, "/console/", "/console/texts/1/seen").status_code == 404


@pytest.mark.parametrize("who", ["agent", "analyst", "auditor"])
def test_who_handles_no_cases_reads_no_texts(wrote: Flask, who: str) -> None:
    assert sign_in(wrote, who).get("/console/texts").status_code == 404


def test_without_a_token_nothing_is_marked(wrote: Flask) -> None:
    assert sign_in(wrote, "manager").post("/console/texts/1/seen").status_code == 400


def test_the_first_screen_counts_what_the_page_shows(
    wrote: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    with wrote.app_context():
        customer = db.session.scalars(select(Customer)).one()
        owner = staff_by_code("S-17")
        assert owner is not None
        customer.owner_id = owner.id
        long_ago = timedelta(days=30)  # nobody asks her any more
        world.served(clock.now(), ref="T-9", phone="+15005551009", customer_ref="C-9", ago=long_ago)
        commit()
    text_in(wrote, "+15005551009", "Where is my card?", clock.now())
    run_due()
    for who, number in (("admin", 3), ("manager", 2), ("account", 1), ("neighbour", 0)):
        client = sign_in(wrote, who)
        first, page = client.get("/console/").text, client.get("/console/texts").text
        assert page.count('<li class="row waiting">') == number
        assert (f"<h1>{number} texts to read" in page) == (number > 1)
        assert (f"{number} texts came without a question" in first) == (number > 1)
        assert ("One text came without a question" in first) == (number == 1)
