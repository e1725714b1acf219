"""Answers: the list under every number, and one response whole."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.console.marking import marked, signals_in
from app.extensions import commit, db
from surveys.questionnaires.flow import Given
from surveys.questionnaires.service import definition_of
from surveys.responses.models import Response
from surveys.responses.service import record_answer
from tests.app.console import office
from tests.app.console.office import send, sign_in
from tests.app.console.weeks import answered, owner_of
from tests.conftest import ManualClock

WEEK = "2026-W47"
WAITED = "Waited fifty minutes and the clerk was rude."
THANKS = "窗口的姑娘很耐心，谢谢。"


@pytest.fixture
def week(house: Flask, clock: ManualClock) -> Flask:
    """Twelve answers at Central (four of them low), three at Riverside."""
    with house.app_context():
        for number in range(1, 13):
            low = number <= 4
            answered(
                clock.now(), number, 2 if low else 9, WAITED if low else "", channel="web" if number == 1 else "sms"
            )
        answered(clock.now(), 21, 10, THANKS, branch="BJ-02", language="zh-Hans", name="陈静")
        answered(clock.now(), 22, 8, branch="BJ-02")
        answered(clock.now(), 23, 7, branch="BJ-02")
        commit()
    return house


def heading(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.S)
    assert found
    return re.sub(r"<[^>]+>", " ", found[1]).strip()


def test_a_manager_reads_what_was_said_about_their_branch_and_no_other(week: Flask) -> None:
    page = sign_in(week, "manager").get("/console/answers").text
    assert heading(page).startswith("12 answers")
    assert WAITED in page
    assert "2 of 10, dissatisfied" in page
    assert "NPS 33, between" in page and "12 answers." in page
    assert "陈静" not in page


def test_words_stand_in_the_language_they_were_written_in(week: Flask) -> None:
    page = sign_in(week, "regional").get("/console/answers").text
    assert f'lang="zh-Hans">{THANKS}' in page
    assert f'lang="en">{WAITED}' in page


@pytest.mark.parametrize(
    ("query", "n"),
    [
        (f"week={WEEK}", 15),
        ("week=2026-W46", 0),
        ("branch=BJ-02", 3),
        ("branch=NORTH", 15),
        ("band=low", 4),
        ("band=mid", 2),
        ("band=high", 9),
        ("theme=waiting", 4),
        ("channel=web", 1),
        ("measure=nps", 15),
        ("measure=csat", 0),
        ("state=words", 5),
        ("state=finished", 1),
        ("state=late", 0),
        (f"week={WEEK}&branch=BJ-01&band=low&channel=sms", 3),
    ],
)
def test_each_filter_counts_what_it_shows(week: Flask, query: str, n: int) -> None:
    page = sign_in(week, "regional").get(f"/console/answers?{query}").text
    assert heading(page).startswith("1 answer " if n == 1 else f"{n} answers")
    assert page.count('<li class="row said">') == n
    if not n:
        assert "Take away one choice" in page


@pytest.mark.parametrize(
    "query", ["branch=HB", "branch=NOWHERE", "week=2026-W99", "week=soon", "band=purple", "channel=pigeon", "state=odd"]
)
def test_what_is_no_filter_is_not_a_page(week: Flask, query: str) -> None:
    assert sign_in(week, "regional").get(f"/console/answers?{query}").status_code == 404


def test_a_neighbour_cannot_ask_for_another_branch(week: Flask) -> None:
    neighbour = sign_in(week, "neighbour")
    assert neighbour.get("/console/answers?branch=BJ-01").status_code == 404
    page = neighbour.get("/console/answers").text
    assert heading(page).startswith("3 answers")
    assert "Scores are shown from 10 answers." in page
    assert "NPS" not in page


def test_pages_turn_and_keep_the_filter(week: Flask, clock: ManualClock) -> None:
    with week.app_context():
        for number in range(30, 50):
            answered(clock.now(), number, 9)
        commit()
    manager = sign_in(week, "manager")
    first = manager.get("/console/answers?band=high").text
    assert "Page 1 of 2" in first
    second = manager.get("/console/answers?band=high&page=2").text
    assert second.count('<li class="row said">') == 3
    assert "band=high" in re.findall(r'rel="prev" href="([^"]+)"', second)[0]
    assert "Page 2 of 2" in manager.get("/console/answers?band=high&page=900").text


def test_an_analyst_reads_week_by_week_without_names_and_without_small_branches(week: Flask) -> None:
    page = sign_in(week, "analyst").get("/console/answers").text
    assert "Customer 1" not in page
    # Riverside has three answers; shown beside it, Central would give them away.
    assert '<li class="row said">' not in page
    assert "15 answers of branches with few answers are counted here and not shown" in page


def test_an_analyst_reads_where_enough_have_answered(week: Flask, clock: ManualClock) -> None:
    with week.app_context():
        for number in range(60, 70):
            answered(clock.now(), number, 6, branch="BJ-02")
        commit()
    page = sign_in(week, "analyst").get("/console/answers").text
    assert heading(page).startswith("25 answers")
    assert WAITED in page
    assert "/console/customers/" not in page


def test_an_analyst_cannot_open_one_answer_of_a_small_branch(week: Flask) -> None:
    with week.app_context():
        small = db.session.scalars(select(Response.id).order_by(Response.id.desc()).limit(1)).one()
    assert sign_in(week, "analyst").get(f"/console/answers/{small}").status_code == 404
    assert sign_in(week, "regional").get(f"/console/answers/{small}").status_code == 200


def test_an_account_manager_reads_only_their_own_customers(week: Flask) -> None:
    with week.app_context():
        mine = db.session.scalars(select(Response.id).order_by(Response.id).limit(1)).one()
        owner_of(mine).owner_id = 4
        commit()
    account = sign_in(week, "account")
    assert heading(account.get("/console/answers").text).startswith("1 answer ")
    assert account.get(f"/console/answers/{mine}").status_code == 200
    assert account.get(f"/console/answers/{mine + 1}").status_code == 404


def test_an_agent_reads_no_answers(week: Flask) -> None:
    assert sign_in(week, "agent").get("/console/answers").status_code == 404


def test_an_empty_list_says_what_will_stand_here(house: Flask) -> None:
    page = sign_in(house, "manager").get("/console/answers").text
    assert "No answers yet" in page
    assert "in the customer's own words" in page


def test_one_answer_shows_the_words_that_decided_and_where_it_led(
    house: Flask, clock: ManualClock, case_id: int
) -> None:
    with house.app_context():
        response_id = db.session.scalars(select(Response.id)).one()
    page = sign_in(house, "manager").get(f"/console/answers/{response_id}").text
    assert "<mark>" in page
    assert "2 of 10, dissatisfied" in page
    assert "Waiting" in page
    assert f'href="/console/cases/{case_id}"' in page
    assert 'href="/console/customers/1"' in page
    assert 'href="/console/events/1"' in page
    assert "Harbour Bank" in page


def test_what_is_heard_in_the_words_is_said_in_words(house: Flask, clock: ManualClock) -> None:
    with house.app_context():
        response_id = answered(clock.now(), 1, 1, "The clerk was rude. I am closing my account today.")
        commit()
    page = sign_in(house, "manager").get(f"/console/answers/{response_id}").text
    assert "Heard in the words" in page
    assert "says they will leave" in page
    assert "No case: nothing in it calls for a person." in page


def test_a_changed_answer_keeps_what_stood_before(house: Flask, clock: ManualClock) -> None:
    with house.app_context():
        response_id = answered(clock.now(), 1, 2, WAITED)
        commit()
        clock.advance(hours=1)
        invitation = db.session.get_one(Response, response_id).invitation
        definition = definition_of(invitation.version)
        record_answer(invitation, definition.first, Given(value=8), channel="web", now=clock.now())
        words = definition.questions[1]
        record_answer(invitation, words, Given(text="It was made good at once."), channel="web", now=clock.now())
        commit()
    page = sign_in(house, "manager").get(f"/console/answers/{response_id}").text
    assert "8 of 10, neutral" in page
    assert "before: 14:00: 2" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace(" :", ":")
    assert "Changed once" in page
    assert WAITED in page


def test_words_are_never_markup(house: Flask, clock: ManualClock) -> None:
    evil = '<img src=x onerror="alert(1)"> rude & slow'
    with house.app_context():
        response_id = answered(clock.now(), 1, 1, evil, name="<b>Bold</b>")
        commit()
    manager = sign_in(house, "manager")
    for path in ("/console/answers", f"/console/answers/{response_id}", "/console/customers"):
        page = manager.get(path).text
        assert "<img" not in page and "<b>Bold" not in page


def test_deciding_words_are_marked_once_and_weak_ones_not_at_all() -> None:
    text = "the lift does not work <at all>"
    spans = [[18, 22, -1.0], [14, 17, -0.6], [14, 22, -0.9], [0, 3, 0.1], [90, 95, -1.0]]
    assert str(marked(text, spans)) == "the lift does <mark>not work</mark> &lt;at all&gt;"
    assert str(marked("nothing", [])) == "nothing"


def test_the_evidence_of_a_signal_is_underlined_and_said_below_the_words() -> None:
    text = "Slow again. I am <b> closing my account tomorrow"
    signals = signals_in(text)
    html = str(marked(text, [[0, 4, -0.9], [28, 39, -0.8]], signals))
    assert html == '<mark>Slow</mark> again. I am &lt;b&gt; <mark class="sign">closing my account</mark> tomorrow'


def test_chinese_readers_meet_chinese(week: Flask, run_due: Callable[[], int]) -> None:
    page = sign_in(week, "regional").get("/console/answers?band=low&lang=zh-Hans").text
    assert "4条评价" in page
    assert "2分（满分10），不满意" in page
    assert "等候时间" in page


def test_both_databases_find_the_same(any_app: Flask, clock: ManualClock) -> None:
    office.furnish(any_app, clock)
    with any_app.app_context():
        answered(clock.now(), 1, 2, WAITED, name="Clara Wong")
        answered(clock.now(), 2, 9, THANKS, language="zh-Hans", name="陈静")
        answered(clock.now(), 3, 8, branch="BJ-02")
        commit()
    regional = sign_in(any_app, "regional")
    assert heading(regional.get("/console/answers?theme=waiting&band=low&week=2026-W47").text).startswith("1 answer ")
    assert heading(regional.get("/console/answers?state=words").text).startswith("2 answers")
    assert regional.get("/console/answers/1").status_code == 200
    assert regional.get("/console/report?week=2026-W47").status_code == 200
    assert regional.get("/console/events/1").status_code == 200
    assert regional.get("/console/texts").status_code == 200
    assert send(regional, "/console/customers", "/console/customers", words="clara").location == "/console/customers/1"
    assert regional.get("/console/customers/1").status_code == 200
    assert sign_in(any_app, "analyst").get("/console/answers").status_code == 200
