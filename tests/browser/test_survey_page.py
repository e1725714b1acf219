"""The survey on a phone: every step, both languages, narrow and wide, light and dark; axe finds nothing."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Route, expect
from sqlalchemy import select

from app.extensions import commit, db
from surveys.invitations.models import Invitation
from surveys.invitations.tokens import token_of
from surveys.responses.models import Answer, AnswerRevision
from tests import world
from tests.conftest import ManualClock

pytestmark = pytest.mark.chromium


@pytest.fixture
def link(app: Flask, address: str, clock: ManualClock, run_due: Callable[[], int]) -> str:
    with app.app_context():
        world.build(clock.now())
        world.served(clock.now())
        commit()
    run_due()
    with app.app_context():
        return f"{address}/s/{token_of(db.session.scalars(select(Invitation)).one())}"


def tap(page: Page, what: Locator) -> None:
    """A tap that sends a form, until the next page stands."""
    with page.expect_navigation():
        what.click()


def looked_at(page: Page) -> None:
    """No sideways scroll, targets for a thumb, and nothing for axe to say."""
    wide = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth)"
        ".map(e => e.outerHTML.slice(0, 90))"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), ("sideways scroll", wide)
    small = page.evaluate(
        "[...document.querySelectorAll('button, a, label.pick')].filter(e => e.getBoundingClientRect().height < 47)"
        ".map(e => e.textContent)"
    )
    assert small == []
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("language", "sorry"), [("en", "We are sorry. What went wrong?"), ("zh-Hans", "很抱歉，是哪里没有做好？")]
)
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_three_taps_without_script(
    chromium: Browser, link: str, width: int, language: str, sorry: str, scheme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 844},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # axe is brought in by the test
    )
    page = context.new_page()
    page.goto(f"{link}?lang={language}")
    looked_at(page)
    tap(page, page.get_by_role("button", name="3", exact=True))
    assert page.locator("h1").inner_text().replace("\n", "") == sorry
    looked_at(page)
    page.locator("textarea").fill("The queue never moved")
    tap(page, page.locator("button.go"))
    looked_at(page)
    page.locator("input[type=radio]").first.check()
    tap(page, page.locator("button.go"))
    looked_at(page)
    assert "The queue never moved" in page.inner_text("main")
    assert context.cookies() == []
    context.close()


def test_one_request_under_fourteen_kilobytes(chromium: Browser, link: str) -> None:
    page = chromium.new_page(java_script_enabled=False)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    reply = page.goto(link)
    assert reply is not None
    assert len(reply.body()) < 14_000
    assert [r for r in requests if not r.startswith("data:")] == [link]
    page.close()


def answers(app: Flask) -> tuple[list[int | None], int]:
    """The values kept, and how many answers were kept before them."""
    with app.app_context():
        kept = db.session.scalars(select(Answer.value).order_by(Answer.id)).all()
        return list(kept), len(db.session.scalars(select(AnswerRevision.id)).all())


@pytest.mark.parametrize(
    ("language", "kept"),
    [("en", "kept on this phone"), ("zh-Hans", "已留在这部手机"), ("zh-Hant", "已留在這支手機")],
)
def test_an_answer_given_in_a_tunnel_stays_on_the_phone_and_goes_out_by_itself(
    app: Flask, chromium: Browser, link: str, language: str, kept: str
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{link}?lang={language}")
    context.set_offline(True)
    page.get_by_role("button", name="3", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text(kept)
    looked_at(page)
    assert answers(app) == ([], 0)
    page.close()
    context.set_offline(False)
    page = context.new_page()  # opened again at the other end: the answer goes out, the next question stands
    page.goto(f"{link}?lang={language}")
    expect(page.locator("textarea")).to_be_visible()
    assert answers(app) == ([3], 0)
    page.locator("textarea").fill("The queue never moved")
    page.reload()
    expect(page.locator("textarea")).to_have_value("The queue never moved")
    context.close()


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_what_is_said_of_a_dead_network_never_lies_over_the_button(chromium: Browser, link: str, language: str) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 480})
    page = context.new_page()
    page.goto(f"{link}?lang={language}")
    page.get_by_role("button", name="3", exact=True).click()
    page.locator("textarea").fill("The queue never moved")
    context.set_offline(True)
    page.locator("button.go").click()
    expect(page.get_by_role("status")).not_to_be_empty()
    said, button = page.get_by_role("status").bounding_box(), page.locator("button.go").bounding_box()
    assert said is not None and button is not None
    assert said["y"] >= 0 and said["y"] + said["height"] <= button["y"], (said, button)
    context.close()


def test_a_reply_lost_on_the_way_back_is_asked_for_again_and_the_answer_counts_once(
    app: Flask, chromium: Browser, link: str
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})  # under the page's own rules for scripts
    page = context.new_page()
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            route.fetch()
            lost.append(route.request.post_data or "")
            route.abort()
        else:
            route.continue_()

    page.goto(link)
    page.route("**/s/*", lose_the_first)
    page.get_by_role("button", name="9", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("goes out by itself")
    assert answers(app) == ([9], 0)
    expect(page.locator("textarea")).to_be_visible()
    assert page.evaluate("document.activeElement.tagName") == "H1"  # a screen reader goes on there
    assert answers(app) == ([9], 0)
    assert page.evaluate("Object.keys(localStorage)") == []
    context.close()
