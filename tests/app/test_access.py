"""Who may come in by which door."""

import base64

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.auth.models import ApiKey, User
from app.auth.service import create_api_key, sign_out_everywhere
from app.extensions import commit, db
from config import Config
from tests.app.console.office import furnish, sign_in
from tests.app.test_errors import PASSWORD, send_form, signed_in
from tests.conftest import ManualClock


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic abc", "Bearer \xff\xfe"])
def test_without_a_key_another_system_is_told_how_to_bring_one(app: Flask, header: str | None) -> None:
    headers = {"Authorization": header} if header is not None else {}
    answer = app.test_client().post("/api/v1/service-events", json={}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_key_is_no_key(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        key = create_api_key("core banking", now=clock.now())
        commit()
    headers = {"Authorization": f"bearer {key}"}
    client = app.test_client()
    assert client.post("/api/v1/service-events", json={}, headers=headers).status_code == 422
    with app.app_context():
        db.session.scalars(select(ApiKey)).one().revoked_at = clock.now()
        commit()
    assert client.post("/api/v1/service-events", json={}, headers=headers).status_code == 401


def test_a_stranger_is_led_to_the_sign_in_and_back(app: Flask, clock: ManualClock) -> None:
    answer = app.test_client().get("/console/customers?band=low")
    assert answer.status_code == 302
    assert answer.location == "/console/sign-in?next=/console/customers?band%3Dlow"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "/\t/elsewhere.example",
        "elsewhere",
        "",
    ],
)
def test_nobody_is_led_elsewhere_after_signing_in(app: Flask, clock: ManualClock, elsewhere: str) -> None:
    client = signed_in(app, clock)
    answer = client.get("/console/sign-in", query_string={"next": elsewhere})
    assert answer.location == "/console/"


def test_an_own_path_is_gone_back_to(app: Flask, clock: ManualClock) -> None:
    client = signed_in(app, clock)
    assert client.get("/console/sign-in?next=/console/answers?band%3Dlow").location == "/console/answers?band=low"


def test_the_budget_of_tries_is_a_page_that_says_how_long_to_wait(app: Flask, clock: ManualClock) -> None:
    signed_in(app, clock)
    stranger = app.test_client()
    tries = [
        send_form(stranger, "/console/sign-in", email="anna@harbour.example", password="not this") for _ in range(11)
    ]
    assert tries == [401] * 10 + [429]
    assert send_form(stranger, "/console/sign-in", email="anna@harbour.example", password=PASSWORD) == 429


def test_an_empty_sign_in_says_what_is_missing(app: Flask) -> None:
    assert send_form(app.test_client(), "/console/sign-in", email="", password="") == 422


def test_signing_out_ends_the_sessions_on_every_device(app: Flask, clock: ManualClock) -> None:
    phone, desk = signed_in(app, clock), app.test_client()
    send_form(desk, "/console/sign-in", email="anna@harbour.example", password=PASSWORD)
    assert [device.get("/console/sign-in").status_code for device in (phone, desk)] == [302, 302]
    with app.app_context():
        sign_out_everywhere(db.session.scalars(select(User)).one())
        commit()
    assert [device.get("/console/sign-in").status_code for device in (phone, desk)] == [200, 200]


@pytest.mark.parametrize("path", ["/webhooks/twilio/sms", "/webhooks/twilio/status"])
def test_the_carriers_doors_take_forms_with_a_signature_only(app: Flask, path: str) -> None:
    client = app.test_client()
    assert client.post(path, json={"Body": "1"}).status_code == 403
    assert client.post(path, data={"Body": "1"}).status_code == 403


def test_the_simulated_carrier_asks_for_its_own_account(app: Flask) -> None:
    config = Config()
    path = f"/simulator/2010-04-01/Accounts/{config.twilio_account_sid}/Messages.json"
    client = app.test_client()

    def with_token(token: str) -> int:
        pair = base64.b64encode(f"{config.twilio_account_sid}:{token}".encode()).decode()
        return client.get(path, headers={"Authorization": f"Basic {pair}"}).status_code

    assert client.get(path).status_code == 401
    assert with_token("wrong") == 401
    assert with_token(config.twilio_auth_token) == 200


@pytest.mark.parametrize("number", ["9" * 19, "9" * 40])
@pytest.mark.parametrize("door", ["cases", "answers", "customers", "events"])
def test_a_row_no_database_can_hold_is_not_there(app: Flask, clock: ManualClock, door: str, number: str) -> None:
    assert signed_in(app, clock).get(f"/console/{door}/{number}").status_code == 404


def test_only_who_may_answer_as_anybody_finds_the_phones(app: Flask, clock: ManualClock) -> None:
    furnish(app, clock)
    assert sign_in(app, "manager").get("/simulator/").status_code == 200
    assert sign_in(app, "auditor").get("/simulator/").status_code == 404


@pytest.mark.parametrize(("proxies", "locked_out"), [(0, 429), (1, 302)])
def test_behind_a_proxy_one_guesser_locks_nobody_else_out(
    sqlite_url: str, clock: ManualClock, proxies: int, locked_out: int
) -> None:
    config = Config(environment="testing", database_url=sqlite_url, trusted_proxies=proxies)
    app = create_app(config, clock=clock)
    signed_in(app, clock)

    def tries(source: str, email: str, password: str) -> int:
        client = app.test_client()
        client.environ_base["HTTP_X_FORWARDED_FOR"] = source
        return send_form(client, "/console/sign-in", email=email, password=password)

    assert {tries("203.0.113.6", f"guess{n}@harbour.example", "not this") for n in range(10)} == {401}
    assert tries("203.0.113.9", "anna@harbour.example", PASSWORD) == locked_out
    with app.app_context():
        db.engine.dispose()
