"""What holds for every page, whoever wrote it."""

import re
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT

TEMPLATES = sorted((ROOT / "app" / "templates").rglob("*.html"))
ASSET = re.compile(r"""url_for\(\s*['"]static['"]\s*,\s*filename\s*=\s*['"]([^'"]+)['"]""")
FROM_STYLE = re.compile(r"""url\(\s*['"]?([^'")]+)['"]?\s*\)""")


def test_every_static_file_a_template_asks_for_is_there() -> None:
    asked = {name for page in TEMPLATES for name in ASSET.findall(page.read_text("utf-8"))}
    assert asked
    assert [name for name in sorted(asked) if not (ROOT / "app" / "static" / name).is_file()] == []


def test_style_sheets_ask_nobody_for_anything() -> None:
    asked = {
        name
        for sheet in (ROOT / "app" / "static").glob("*.css")
        for name in FROM_STYLE.findall(sheet.read_text("utf-8"))
        if not name.startswith("data:")
    }
    assert [name for name in sorted(asked) if not (ROOT / "app" / "static" / name).is_file()] == []


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda page: page.relative_to(ROOT / "app" / "templates").as_posix())
def test_no_page_has_script_in_it_or_sends_a_form_without_a_token(page: Path) -> None:
    text = page.read_text("utf-8")
    inside = text.replace("<script>{{ script }}</script>", "")  # app/public/page.js: a survey page is one request
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", inside), "script belongs into a file"
    assert not re.search(r"""\son[a-z]+\s*=\s*["']""", text), "an event belongs into a script"
    outside = page.relative_to(ROOT / "app" / "templates").parts[0] == "public"
    for form in re.findall(r"<form\b[^>]*method=.post.*?</form>", text, re.DOTALL | re.IGNORECASE):
        token = "csrf" in form or "hidden_tag" in form
        assert outside or token, f"a form without its token: {form[:80]}"


def test_every_endpoint_belongs_to_a_door_with_a_rule(app: Flask) -> None:
    rules = app.extensions["heed.access"]
    for rule in app.url_map.iter_rules():
        door = rule.endpoint.rpartition(".")[0]
        assert rule.endpoint == "static" or door in rules, rule.endpoint
