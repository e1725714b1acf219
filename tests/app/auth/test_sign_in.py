"""Signing in: the right words, the budget of tries, where one is led, and what a session is worth."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.auth.models import AuditEntry, User
from app.extensions import db
from config import PolicyNumbers
from tests.app.console import office
from tests.app.console.office import PASSWORD, sign_in, token_on
from tests.conftest import ManualClock

PATH = "/console/sign-in"


@pytest.fixture(autouse=True)
def _furnished(app: Flask, clock: ManualClock) -> None:
    office.furnish(app, clock)


def tried(client: FlaskClient, path: str = PATH, **fields: str) -> tuple[int, str]:
    token = token_on(client.get(PATH).text)
    answer = client.post(path, data={"csrf_token": token, "email": "manager@harbour.example", **fields})
    return answer.status_code, answer.location or answer.text


def test_the_right_words_let_in_and_are_written_down(app: Flask) -> None:
    assert tried(app.test_client(), password=PASSWORD) == (302, "/console/")
    with app.app_context():
        assert db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "sign_in")).all() == ["sign_in"]


@pytest.mark.parametrize("email", ["manager@harbour.example", "nobody@harbour.example"])
def test_a_stranger_cannot_tell_which_accounts_exist(app: Flask, email: str) -> None:
    status, page = tried(app.test_client(), email=email, password="wrong")
    assert status == 401
    assert "The e-mail or the password is not right." in page


def test_after_too_many_tries_even_the_right_words_wait(app: Flask) -> None:
    client = app.test_client()
    for _ in range(PolicyNumbers().sign_in_attempts):
        assert tried(client, password="wrong")[0] == 401
    status, page = tried(client, password=PASSWORD)
    assert status == 429
    assert "Wait 15 minutes" in page


def test_without_the_forms_token_nobody_signs_in(app: Flask) -> None:
    fields = {"email": "manager@harbour.example", "password": PASSWORD}
    assert app.test_client().post(PATH, data=fields).status_code == 400


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/console/customers?band=low", "/console/customers?band=low"),
        ("https://elsewhere.example/", "/console/"),
        ("//elsewhere.example/", "/console/"),
        ("/\\elsewhere.example/", "/console/"),
        ("/\t/elsewhere.example/", "/console/"),
        ("javascript:alert(1)", "/console/"),
        ("", "/console/"),
    ],
)
def test_one_is_led_back_to_our_own_pages_only(app: Flask, wanted: str, led_to: str) -> None:
    client = app.test_client()
    token = token_on(client.get(PATH).text)
    fields = {"csrf_token": token, "email": "manager@harbour.example", "password": PASSWORD}
    assert client.post(PATH, data=fields, query_string={"next": wanted}).location == led_to


def test_a_session_that_was_planted_before_is_not_the_one_after(app: Flask) -> None:
    client = app.test_client()
    client.get(PATH)
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    tried(client, password=PASSWORD)
    with client.session_transaction() as session:
        assert "planted" not in session


def test_a_closed_account_is_out_at_once(app: Flask) -> None:
    client = sign_in(app, "manager")
    with app.app_context():
        db.session.scalars(select(User).where(User.email == "manager@harbour.example")).one().active = False
        db.session.commit()
    assert client.get("/console/").status_code == 302
    assert tried(app.test_client(), password=PASSWORD)[0] == 401


def test_a_password_is_kept_as_argon2_only(app: Flask) -> None:
    with app.app_context():
        kept = db.session.scalars(select(User.password_hash)).all()
    assert all(one.startswith("$argon2id$") for one in kept)
    assert not any(PASSWORD in one for one in kept)


def test_the_cookie_is_for_the_server_alone(app: Flask) -> None:
    client = app.test_client()
    token = token_on(client.get(PATH).text)
    fields = {"csrf_token": token, "email": "manager@harbour.example", "password": PASSWORD}
    cookie = client.post(PATH, data=fields).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(("asked", "heading"), [("en", "Sign in"), ("zh-CN", "登录")])
def test_the_page_speaks_the_browsers_language(app: Flask, asked: str, heading: str) -> None:
    page = app.test_client().get(PATH, headers={"Accept-Language": asked}).text
    assert f"<h1>{heading}</h1>" in page


def test_a_bank_without_demo_people_shows_no_password(app: Flask) -> None:
    page = app.test_client().get(PATH).text
    assert "harbour-demo" not in page
