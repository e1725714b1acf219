"""A correction given with thumb and eyes: under an answer and on a case, seen on the page of figures, taken back."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.cases.models import Case
from app.extensions import db
from tests.app.console import office
from tests.app.console.said import SAID, says
from tests.browser.test_builder import go, looked_at, sign_in
from tests.conftest import ManualClock

pytestmark = pytest.mark.chromium


@pytest.fixture
def desk(app: Flask, clock: ManualClock, run_due: Callable[[], int], chromium: Browser, address: str) -> Page:
    """The administrator before comments of two customers, one of them with a case."""
    office.furnish(app, clock)
    office.unhappy_customer(app, clock, run_due)
    says(app, clock, 2, SAID)
    page = chromium.new_context(bypass_csp=True).new_page()
    sign_in(page, address)
    return page


def corrects(page: Page, label: str, phrase: str = "") -> None:
    page.locator("details.reread > summary").first.click()
    page.get_by_label("What do they say?").first.select_option(label)
    page.get_by_label("Which word decides?").first.fill(phrase)
    looked_at(page)
    go(page, page.get_by_role("button", name="Let this reading hold").first)


def test_a_correction_is_given_seen_and_taken_back(
    desk: Page, app: Flask, address: str, run_due: Callable[[], int]
) -> None:
    with app.app_context():
        case_id = db.session.scalars(select(Case.id)).one()
    desk.goto(f"{address}/console/answers/2")
    corrects(desk, "very positive", "sick")
    expect(desk.get_by_text("Admin reads it as very positive")).to_be_visible()
    desk.goto(f"{address}/console/cases/{case_id}")
    corrects(desk, "mixed, good and bad")
    looked_at(desk)
    run_due()
    for tongue in ("zh-Hans", "en"):
        desk.goto(f"{address}/console/accuracy?lang={tongue}")
        desk.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        looked_at(desk)
    go(desk, desk.get_by_role("link", name="See the comment"))
    looked_at(desk)
    go(desk, desk.get_by_role("button", name="Take it back"))
    expect(desk.get_by_text("Heed reads it as: negative.")).to_be_visible()
