"""Every page a customer may meet, in every language: axe finds nothing, at 320 px and with text twice as large."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select

from app.cases.models import Case
from app.extensions import commit, db
from surveys.invitations.counters import counter_link, open_counter
from surveys.invitations.models import Invitation, Programme
from surveys.invitations.tokens import token_of
from surveys.people.models import Branch
from tests import world
from tests.browser.test_survey_page import looked_at
from tests.conftest import ManualClock

pytestmark = pytest.mark.chromium
TWICE = "html{font-size:200%!important}"


@pytest.fixture
def pages(app: Flask, clock: ManualClock, run_due: Callable[[], int]) -> list[str]:
    """The paths of every page: each question, each ending, each refusal."""
    client = app.test_client()
    people = {name: f"C-{name}" for name in ("asked", "words", "call", "content", "bad", "number", "closed", "ended")}
    with app.app_context():
        world.build(clock.now())
        for number, (name, ref) in enumerate(people.items()):
            world.served(clock.now(), ref=f"T-{name}", customer_ref=ref, phone=f"+15005556{number:03d}")
        branch = db.session.scalars(select(Branch).where(Branch.code == "BJ-01")).one()
        programme = db.session.scalars(select(Programme).where(Programme.key == "branch_visit")).one()
        counter = f"/q/{counter_link(open_counter(branch, '3号窗口', programme, now=clock.now())).rpartition('/')[2]}"
        commit()
    run_due()
    with app.app_context():
        found = db.session.scalars(select(Invitation).order_by(Invitation.id)).all()
        link = {name: f"/s/{token_of(one)}" for name, one in zip(people, found, strict=True)}

    def says(path: str, *answers: tuple[str, str]) -> None:
        for question, answer in answers:
            client.post(path, data={"question": question, "answer": answer, "submission": question})

    low, why, call = ("recommend", "2"), ("why", "Nobody came to the counter"), ("call", "today")
    says(link["words"], low)
    says(link["call"], low, why)
    says(link["content"], ("recommend", "10"), ("why", "Quick and kind"))
    says(link["bad"], low, why, call)
    says(link["number"], low)
    says(link["ended"], low, why, call)
    own = client.post(counter, data={"question": "recommend", "answer": "2"}).headers["Location"].partition("?")[0]
    says(own, why)
    run_due()
    with app.app_context():
        late = db.session.scalars(select(Invitation).where(Invitation.customer_id == found[-1].customer_id)).one()
        late.expires_at = clock.now() - timedelta(days=40)
        case = db.session.scalars(select(Case).where(Case.customer_id == late.customer_id)).one()
        case.state, case.closed_at, case.next_check_at = "closed", clock.now() - timedelta(days=31), None
        for over in found[-3:-1]:
            db.session.get_one(Invitation, over.id).expires_at = clock.now() - timedelta(hours=1)
        commit()
    usual = [*link.values(), f"{link['asked']}?a=7", f"{link['asked']}/stop", own, counter]
    return [*usual, "/s", "/privacy", "/s/0000000000000"]


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_axe_finds_nothing_on_any_page(chromium: Browser, address: str, pages: list[str], language: str) -> None:
    for scheme in ("light", "dark"):
        context = chromium.new_context(
            viewport={"width": 320, "height": 700},
            color_scheme=scheme,
            bypass_csp=True,
        )
        page = context.new_page()
        seen = set()
        for path in pages:
            page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={language}")
            assert page.locator("html").get_attribute("lang") == language
            seen.add(page.locator("h1").first.inner_text())
            if scheme == "dark":
                page.add_style_tag(content=TWICE)
            looked_at(page)
        assert len(seen) >= 11, seen  # different pages indeed
        assert context.cookies() == []
        context.close()
