"""What holds for every page of signed-in people."""

from typing import Any

import pytest
from flask import Flask

from app.auth.roles import Permission
from tests.app.console.office import send, sign_in


def test_every_view_of_the_console_states_what_it_needs(app: Flask) -> None:
    silent = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint.startswith("console.") and not hasattr(view, "needs")
    ]
    assert silent == []


def test_only_the_language_and_the_welcome_are_for_everybody(app: Flask) -> None:
    views = {name: view for name, view in app.view_functions.items() if name.startswith("console.")}
    needed = {name: vars(view)["needs"] for name, view in views.items()}
    assert {name for name, needs in needed.items() if not needs} == {"console.choose_language", "console.know_the_way"}
    assert all(isinstance(one, Permission) for needs in needed.values() for one in needs)


def test_a_stranger_meets_the_sign_in_at_every_door(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(("console.", "simulator.")) and "GET" in (rule.methods or ()):
            values: dict[str, Any] = dict.fromkeys(rule.arguments, 1)
            if "ending" in values:
                continue
            with app.test_request_context():
                path = app.url_for(rule.endpoint, **values)
            answer = client.get(path)
            assert (answer.status_code, answer.location.split("?")[0]) == (302, "/console/sign-in"), path


@pytest.mark.parametrize("path", ["/console/sign-in", "/console/", "/simulator", "/console/nowhere"])
def test_a_browser_is_told_what_to_refuse(house: Flask, path: str) -> None:
    headers = sign_in(house, "manager").get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_no_page_needs_script_of_its_own(house: Flask, case_id: int) -> None:
    client = sign_in(house, "manager")
    for path in ("/console/", f"/console/cases/{case_id}", "/console/answers", "/console/customers", "/console/report"):
        page = client.get(path).text
        assert "<script" not in page, path
        assert "onclick" not in page


def test_signing_out_ends_every_session(house: Flask) -> None:
    here, there = sign_in(house, "manager"), sign_in(house, "manager")
    send(here, "/console/", "/console/sign-out")
    assert there.get("/console/").status_code == 302


def test_the_way_is_known_until_the_next_sign_in(house: Flask) -> None:
    assert send(sign_in(house, "manager"), "/console/", "/console/welcome").location == "/console/"
