"""Every page an administrator reaches from Set up: axe finds nothing, nothing scrolls sideways, in both languages."""

import re
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.app.console import office
from tests.browser.test_builder import sign_in
from tests.conftest import ManualClock

pytestmark = pytest.mark.chromium
Scheme = Literal["light", "dark"]
ROOMS = ("questionnaires", "programmes", "themes", "places", "staff", "imports", "operations", "accuracy", "duplicates")
NO_PAGE = re.compile(r"sign-out|language|\.(?:csv|json|toml|yaml|xlsx|pdf|png)$|/console/(?:people|cases|reports)")


def links(page: Page, address: str) -> list[str]:
    """The console pages linked from the middle of this page."""
    found = page.evaluate("[...document.querySelectorAll('main a[href]')].map((one) => one.href)")
    paths = (urlsplit(one) for one in found if one.startswith(f"{address}/console/"))
    return [one.path for one in paths if not NO_PAGE.search(one.path)]


def kind(path: str) -> str:
    """Pages of one kind differ by a number: one of each is enough."""
    return re.sub(r"\d+", "1", path)


@pytest.mark.parametrize(("language", "width", "scheme"), [("en", 390, "light"), ("zh-Hans", 1440, "dark")])
def test_axe_finds_nothing_on_any_page_behind_set_up(
    app: Flask, clock: ManualClock, chromium: Browser, address: str, language: str, width: int, scheme: Scheme
) -> None:
    office.furnish(app, clock)
    context = chromium.new_context(bypass_csp=True, viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    sign_in(page, address)
    if language != "en":
        page.get_by_role("button", name="中文").click()
    waiting, seen = ["/console/setup"], {}
    while waiting:
        path = waiting.pop(0)
        if kind(path) in seen:
            continue
        answer = page.goto(f"{address}{path}")
        assert answer is not None
        assert answer.status == 200, path
        seen[kind(path)] = path
        assert page.locator("html").get_attribute("lang") == language
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"sideways scroll at {path}"
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        waiting += links(page, address)
    assert {room for room in ROOMS if any(path.startswith(f"/console/{room}") for path in seen)} == set(ROOMS)
    context.close()
