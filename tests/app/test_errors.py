"""What goes wrong is a page people can act on, or problem+json for other systems."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.auth.roles import Role
from app.auth.service import create_api_key, create_user
from app.extensions import commit, db
from surveys.people.models import Branch
from tests import world
from tests.conftest import ManualClock

PASSWORD = "a quiet harbour"


def signed_in(app: Flask, clock: ManualClock) -> FlaskClient:
    with app.app_context():
        place = world.build(clock.now())
        create_user(
            email="anna@harbour.example",
            name="Anna Reed",
            password=PASSWORD,
            role=Role.BRANCH_MANAGER,
            branch=db.session.get_one(Branch, place.branch),
            now=clock.now(),
        )
        commit()
    client = app.test_client()
    send_form(client, "/console/sign-in", email="anna@harbour.example", password=PASSWORD)
    return client


def send_form(client: FlaskClient, path: str, **fields: str) -> int:
    """Load a page, fill in its form and send it; tells the status."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found
    return client.post(path, data={"csrf_token": found[1], **fields}).status_code


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/api/v1/nothing", "GET", 404), ("/api/v1/service-events", "POST", 401), ("/api/v1/service-events", "PUT", 405)],
)
def test_other_systems_get_problem_json(app: Flask, path: str, method: str, status: int) -> None:
    answer = app.test_client().open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json is not None
    assert answer.json["status"] == status
    assert {"type", "title", "detail"} <= set(answer.json)


def test_a_wrong_method_says_which_are_right(app: Flask) -> None:
    assert "POST" in app.test_client().put("/api/v1/service-events").headers["Allow"]


def test_a_body_that_is_too_large_is_a_problem_too(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        key = create_api_key("core banking", now=clock.now())
        commit()
    app.config["MAX_CONTENT_LENGTH"] = 100
    answer = app.test_client().post(
        "/api/v1/service-events", data=b"[" + b" " * 200 + b"]", headers={"Authorization": f"Bearer {key}"}
    )
    assert (answer.status_code, answer.mimetype) in [
        (400, "application/problem+json"),
        (413, "application/problem+json"),
    ]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_an_address_that_leads_nowhere_is_a_page_in_the_readers_language(app: Flask, language: str) -> None:
    page = app.test_client().get("/nowhere", headers={"Accept-Language": language})
    assert page.status_code == 404
    assert f'<html lang="{language}">' in page.text
    assert "/console/" in page.text


def test_a_form_that_has_grown_old_says_what_to_do(app: Flask, clock: ManualClock) -> None:
    client = app.test_client()
    page = client.post("/console/sign-in", data={"email": "anna@harbour.example", "password": PASSWORD})
    assert page.status_code == 400
    assert "load the page again" in page.text


def test_a_database_that_does_not_answer_is_a_page_and_not_a_fault_also_when_signed_in(
    app: Flask, clock: ManualClock
) -> None:
    client = signed_in(app, clock)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE users RENAME TO users_elsewhere"))
    page = client.get("/console/", headers={"Accept-Language": "zh-CN"})
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "60"
    assert '<html lang="zh-Hans">' in page.text
