"""The weekly report as a page and as files."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.extensions import commit
from tests.app.cases.unhappy import the_case
from tests.app.console.office import sign_in
from tests.app.console.weeks import answered
from tests.conftest import ManualClock
from tests.phones import reply, text_in
from tests.world import CUSTOMER_PHONE, MANAGER_PHONE

RUDE = "The clerk was rude and the queue was long."


@pytest.fixture
def week(house: Flask, clock: ManualClock) -> Flask:
    """Week 47: fourteen answers at Central, eleven at Riverside; it is now the Tuesday after."""
    with house.app_context():
        for number in range(1, 15):
            answered(clock.now(), number, 2 if number <= 5 else 10, RUDE if number <= 3 else "")
        for number in range(21, 32):
            answered(clock.now(), number, 9, "谢谢，很快。" if number == 21 else "", branch="BJ-02", language="zh-Hans")
        commit()
    clock.advance(days=4)
    return house


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_the_last_whole_week_of_the_widest_place_comes_first(week: Flask) -> None:
    page = sign_in(week, "regional").get("/console/report").text
    said = plain(page)
    assert "Region North, week 47, 16 to 22 November 2026" in said
    assert "Taken together: NPS 60, between" in said and "25 answers" in said
    for heading in ("To do first", "Branch by branch", "In their words", "Put right", "Who answered"):
        assert heading in said
    assert "Central" in said and "Riverside" in said
    assert page.count('class="range"') == 2
    assert f'lang="en">{RUDE}' in page


def test_every_score_opens_the_answers_under_it(week: Flask) -> None:
    regional = sign_in(week, "regional")
    page = regional.get("/console/report").text
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/console/answers\?[^"]+)"', page)]
    assert len(links) >= 5
    counted = {}
    for link in links:
        answer = regional.get(link)
        assert answer.status_code == 200
        found = re.search(r"<h1>(\d+) answers?", answer.text)
        assert found
        counted[link] = int(found[1])
    assert counted["/console/answers?week=2026-W47&branch=NORTH&measure=nps"] == 25
    assert counted["/console/answers?week=2026-W47&branch=BJ-01&measure=nps"] == 14
    assert counted["/console/answers?week=2026-W47&branch=BJ-02&measure=nps"] == 11
    assert counted["/console/answers?week=2026-W47&branch=NORTH"] == 25
    assert "Answers given in the week" in page


def test_whether_it_was_put_right_opens_its_own_answers_and_stands_with_no_others(
    house: Flask, clock: ManualClock, case_id: int, run_due: Callable[[], int]
) -> None:
    text_in(house, MANAGER_PHONE, f"DONE {the_case(house).code} 1", clock.now())
    run_due()
    clock.advance(days=3)
    run_due()
    reply(house, CUSTOMER_PHONE, "1", clock.now(), run_due)
    manager = sign_in(house, "manager")
    page = manager.get("/console/report?week=2026-W48").text
    assert "1 of 1 customer whose case was closed says it is put right" in plain(page)
    (link,) = re.findall(r'href="(/console/answers\?state=recovery[^"]+)"', page)
    assert "1 answer" in plain(manager.get(link.replace("&amp;", "&")).text)
    # the answer about the visit is of the week before, and the only one that has a score
    assert "0 answers" in plain(manager.get("/console/answers?week=2026-W48").text)
    assert "1 answer" in plain(manager.get("/console/answers?week=2026-W47").text)


def test_a_small_branch_stays_hidden_and_so_does_the_one_that_would_give_it_away(
    house: Flask, clock: ManualClock
) -> None:
    with house.app_context():
        for number in range(1, 15):
            answered(clock.now(), number, 10)
        for number in range(21, 25):
            answered(clock.now(), number, 0, "You lost my file.", branch="BJ-02")
        commit()
    clock.advance(days=4)
    page = sign_in(house, "regional").get("/console/report").text
    said = plain(page)
    assert 'class="range"' not in page
    assert "Riverside" in said and "4 answers" in said
    assert "NPS 0" not in said and "NPS −100" not in said
    assert "You lost my file" not in page


def test_another_week_and_place_may_be_chosen_within_scope(week: Flask) -> None:
    regional = sign_in(week, "regional")
    assert "Central, week 47" in plain(regional.get("/console/report?branch=BJ-01&week=2026-W47").text)
    assert regional.get("/console/report?branch=HB").status_code == 404
    assert regional.get("/console/report?week=2026-W60").status_code == 404
    assert sign_in(week, "neighbour").get("/console/report?branch=BJ-01").status_code == 404


def test_a_week_without_anything_teaches_and_leads_to_the_latest(week: Flask) -> None:
    page = sign_in(week, "regional").get("/console/report?week=2026-W30").text
    assert "Nothing happened in this week yet" in page
    assert "week=2026-W47" in page
    assert "To week 47, the latest with answers" in page


def test_the_first_day_teaches_when_a_report_comes(house: Flask) -> None:
    page = sign_in(house, "manager").get("/console/report").text
    assert "Each Monday at 8:00" in page


@pytest.mark.parametrize(
    "odd", ["0001-W01", "0001-W02", "9999-W51", "9999-W52", "2026-W7", "2026-W47%20", "%EF%BC%92026-W47", "soon"]
)
def test_what_is_no_week_is_not_a_page(house: Flask, odd: str) -> None:
    manager = sign_in(house, "manager")
    for page in ("report", "report.csv", "answers"):
        assert manager.get(f"/console/{page}?week={odd}").status_code == 404, page


def test_a_running_week_says_so(week: Flask) -> None:
    assert "still running" in sign_in(week, "regional").get("/console/report?week=2026-W48").text
    assert "still running" not in sign_in(week, "regional").get("/console/report").text


@pytest.mark.parametrize(
    ("ending", "kind", "start"),
    [
        ("pdf", "application/pdf", b"%PDF"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("csv", "text/csv", b"\xef\xbb\xbf"),
    ],
)
def test_the_week_may_be_taken_along(week: Flask, ending: str, kind: str, start: bytes) -> None:
    manager = sign_in(week, "manager")
    page = manager.get("/console/report").text
    address = f"/console/report.{ending}?week=2026-W47&amp;branch=BJ-01"
    assert address in page
    answer = manager.get(address.replace("&amp;", "&"))
    assert answer.status_code == 200
    assert answer.content_type.startswith(kind)
    assert answer.data.startswith(start)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="2026-W47-BJ-01.{ending}"'
    assert sign_in(week, "neighbour").get(address.replace("&amp;", "&")).status_code == 404


def test_no_other_kind_of_file(week: Flask) -> None:
    assert sign_in(week, "manager").get("/console/report.exe").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("agent", 404), ("account", 404), ("analyst", 200), ("auditor", 200)])
def test_who_may_read_the_report(week: Flask, who: str, status: int) -> None:
    assert sign_in(week, who).get("/console/report").status_code == status


def test_an_auditor_gets_numbers_without_doors_to_the_answers(week: Flask) -> None:
    page = sign_in(week, "auditor").get("/console/report?branch=NORTH").text
    assert "NPS" in page
    assert "/console/answers?" not in page


def test_the_report_in_chinese(week: Flask) -> None:
    page = sign_in(week, "regional").get("/console/report?lang=zh-Hans").text
    assert "各网点情况" in page and "北区，第47周" in plain(page)
    assert "<wbr>" in page
