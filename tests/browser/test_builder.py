"""A newcomer writes a bilingual survey that branches, looks at it in both languages, publishes and starts it, unaided.

With script and without; axe finds nothing on any page of the way, on a phone and on a desk, light and dark.
"""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Locator, Page
from sqlalchemy import select

from app.extensions import commit, db
from app.tasks import run_due
from surveys.questionnaires.models import Survey
from surveys.questionnaires.service import latest_version
from tests import world
from tests.app.console import office
from tests.conftest import ManualClock
from tests.phones import received
from tests.world import CUSTOMER_PHONE

pytestmark = pytest.mark.chromium

UNHAPPY = "dissatisfied (0 to 6)"


@pytest.fixture
def house(app: Flask, address: str, clock: ManualClock) -> str:
    office.furnish(app, clock)
    return address


def go(page: Page, what: Locator) -> None:
    """Follow a link or press a button, until the next page stands."""
    with page.expect_navigation():
        what.click()


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/console/sign-in")
    page.fill("[name=email]", "admin@harbour.example")
    page.fill("[name=password]", office.PASSWORD)
    go(page, page.locator("main button").first)


def looked_at(page: Page) -> None:
    """No sideways scroll and nothing for axe to say, at both widths and in both schemes."""
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"sideways scroll at {page.url}"
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = Axe().run(page)
            assert found.violations_count == 0, f"{page.url} {width} {scheme}\n{found.generate_report()}"


def write_a_survey(page: Page, address: str, work: Callable[[], None], *, look: bool) -> None:
    """From the hub to a published version, by what stands on the pages alone."""

    def seen() -> None:
        if look:
            looked_at(page)

    page.goto(f"{address}/console/setup")
    go(page, page.get_by_role("link", name="Questionnaires"))
    seen()
    go(page, page.get_by_role("link", name="New questionnaire"))
    seen()
    page.get_by_label("Name in English").fill("At the counter")
    page.get_by_label("Name in Chinese").fill("柜台服务")
    go(page, page.get_by_role("button", name="Start empty"))
    seen()
    go(page, page.get_by_role("link", name="Would recommend, 0 to 10"))
    seen()
    go(page, page.get_by_role("button", name="Keep the question").last)

    go(page, page.get_by_role("link", name="Add a question"))
    go(page, page.get_by_role("link", name="Their own words"))
    box = page.get_by_role("group", name="The question", exact=True)
    box.get_by_label("English", exact=True).fill("What should we do better at {branch}?")
    box.get_by_label("Simplified Chinese").fill("{branch}哪里该做得更好？")
    page.get_by_text("Other words for happy and for unhappy customers").click()
    page.get_by_label("Which answer decides?").select_option(index=1)
    sorry = page.get_by_role("group", name="When they are dissatisfied").first
    sorry.get_by_label("English", exact=True).fill("We are sorry. What went wrong?")
    sorry.get_by_label("Simplified Chinese").fill("很抱歉，哪里没有做好？")
    seen()
    go(page, page.get_by_role("button", name="Keep the question").last)

    go(page, page.get_by_role("link", name="Add a question"))
    go(page, page.get_by_role("link", name="A call back"))
    page.get_by_text("Ask this only if ...").click()
    page.get_by_label(UNHAPPY).check()
    go(page, page.get_by_role("button", name="Keep the question").last)
    assert "It can be published." in page.inner_text("main")
    assert UNHAPPY in page.inner_text("main")
    seen()

    go(page, page.get_by_role("link", name="Look at it"))
    assert "How likely are you to recommend Harbour Bank" in page.frame_locator("iframe").locator("h1").inner_text()
    seen()
    page.get_by_label("Language").select_option("zh-Hans")
    go(page, page.get_by_role("button", name="Show", exact=True))
    go(page, page.get_by_role("navigation", name="Pages of the survey").get_by_role("link", name="2"))
    assert "哪里没有做好" in page.frame_locator("iframe").locator("h1").inner_text()
    assert "哪里没有做好" in page.locator(".thread").inner_text()

    go(page, page.get_by_role("link", name="On to publishing"))
    seen()
    if page.get_by_label("I have read the advice").count():
        page.get_by_label("I have read the advice").check()
    go(page, page.get_by_role("button", name="Publish version 1"))
    assert "Version 1 is live" in page.inner_text("main")
    seen()

    go(page, page.get_by_role("link", name="Use it in a programme"))
    assert page.get_by_label("Which questionnaire?").locator("option:checked").inner_text() == "At the counter"
    page.get_by_label("Name in English").fill("Every visit to the counter")
    page.get_by_label("Where?").select_option(label="Riverside")
    page.get_by_text("How often, and at which hours").click()
    seen()
    go(page, page.get_by_role("button", name="Keep the programme"))
    work()
    page.goto(page.url)
    seen()
    go(page, page.get_by_role("button", name="Go live: ask from now on"))
    assert "It is live" in page.inner_text("main")
    seen()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_a_newcomer_writes_looks_publishes_and_starts(
    chromium: Browser, house: str, app: Flask, clock: ManualClock, script: bool
) -> None:
    context = chromium.new_context(
        java_script_enabled=script,
        bypass_csp=script,  # axe is brought in by the test
        viewport={"width": 1440, "height": 900},
    )
    page = context.new_page()
    sign_in(page, house)

    def work() -> None:
        with app.app_context():
            run_due(clock.now())

    write_a_survey(page, house, work, look=script)
    context.close()
    with app.app_context():
        survey = db.session.scalars(select(Survey).where(Survey.key == "counter")).one()
        version = latest_version(survey.id)
        assert version is not None
        questions = version.definition["questions"]
        assert [question["kind"] for question in questions] == ["nps", "text", "callback"]
        assert all(question["text"] for question in questions)
        assert questions[2]["when"] == [{"question": questions[0]["key"], "bands": ["low"]}]
        world.served(clock.now(), branch="BJ-02")
        commit()
        run_due(clock.now())
    asked = received(app, CUSTOMER_PHONE)[-1]
    assert asked.startswith("Harbour Bank:")
    assert "How likely are you to recommend" in asked


def test_script_counts_an_sms_and_writes_a_placeholder_where_the_cursor_is(chromium: Browser, house: str) -> None:
    page = chromium.new_page()
    sign_in(page, house)
    page.goto(f"{house}/console/questionnaires/new")
    go(page, page.get_by_role("button", name="Start with this: After a branch visit"))
    go(page, page.locator("main").get_by_role("link", name="How likely are you"))
    page.get_by_label("My own words").check()
    box = page.get_by_role("group", name="The SMS", exact=True).get_by_label("English", exact=True)
    box.fill("How was ")
    page.get_by_role("button", name="{branch}", exact=True).click()
    assert box.input_value() == "How was {branch}"
    page.get_by_text("1 segment, 24 of 160").wait_for()
    box.fill("x" * 200)
    page.get_by_text("2 segments, 200 signs").wait_for()
    page.close()


def test_tapping_an_answer_in_the_preview_leads_on_and_asks_nobody(chromium: Browser, house: str) -> None:
    page = chromium.new_page()
    sign_in(page, house)
    page.goto(f"{house}/console/questionnaires")
    go(page, page.get_by_role("link", name="After a branch visit"))
    go(page, page.get_by_role("link", name="Look at it"))
    with page.expect_navigation():
        page.frame_locator("iframe").get_by_role("button", name="3", exact=True).click()
    page.frame_locator("iframe").get_by_text("We are sorry. What went wrong?").wait_for()
    page.close()
