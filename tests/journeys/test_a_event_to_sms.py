"""A. Service event -> invitation -> SMS."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.auth.service import create_api_key
from app.extensions import commit, db
from notifications.models import Message
from surveys.invitations.models import Invitation, ServiceEvent
from surveys.people.models import Consent, Customer
from tests import world
from tests.conftest import ManualClock
from tests.phones import received

PHONE = "+15005551001"


@pytest.fixture
def key(app: Flask, clock: ManualClock) -> str:
    with app.app_context():
        world.build(clock.now())
        plain = create_api_key("core banking", now=clock.now())
        commit()
    return plain


def event(clock: ManualClock, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "source": "core",
        "external_ref": "T-1001",
        "touchpoint": "branch_visit",
        "occurred_at": (clock.now() - timedelta(minutes=10)).isoformat(),
        "branch": "BJ-01",
        "staff": "S-17",
        "customer": {
            "external_ref": "C-9",
            "name": "Clara Wong",
            "phone": PHONE,
            "email": None,
            "language": "en",
            "time_zone": "Asia/Shanghai",
        },
        "reopens": None,
        "attributes": {"complaint": False},
    }
    return {**body, **changes}


def post(client: FlaskClient, key: str, body: Any) -> Any:
    return client.post("/api/v1/service-events", json=body, headers={"Authorization": f"Bearer {key}"})


def test_a_served_customer_gets_one_text_that_says_who_asks_what_and_how_to_stop(
    app: Flask, client: FlaskClient, key: str, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    answer = post(client, key, event(clock))
    assert answer.status_code == 201
    assert answer.json["decision"] == "scheduled"
    assert [r["rule"] for r in answer.json["rules"]][:2] == ["no_programme", "opted_out"]
    assert {r["verdict"] for r in answer.json["rules"]} == {"pass"}
    run_due()
    (text,) = received(app, PHONE)
    assert text.startswith("Harbour Bank: after Central today, how likely are you to recommend us")
    assert "/s/" in text
    assert text.endswith("STOP to end")
    assert run_due() == 0
    assert len(received(app, PHONE)) == 1


def test_the_same_event_again_changes_nothing_and_another_body_is_a_conflict(
    app: Flask, client: FlaskClient, key: str, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    body = event(clock)
    first = post(client, key, body)
    again = post(client, key, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    other = post(client, key, {**body, "branch": "BJ-02"})
    assert other.status_code == 409
    assert other.mimetype == "application/problem+json"
    run_due()
    assert len(received(app, PHONE)) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ServiceEvent)) == 1


def test_what_cannot_be_used_is_named_and_nothing_is_kept(
    app: Flask, client: FlaskClient, key: str, clock: ManualClock
) -> None:
    unknown = post(client, key, event(clock, branch="XX-99"))
    assert unknown.status_code == 422
    assert unknown.json["errors"][0]["pointer"] == "/branch"
    assert "XX-99" in unknown.json["errors"][0]["detail"]
    missing = post(client, key, {k: v for k, v in event(clock).items() if k != "occurred_at"})
    assert missing.json["errors"][0]["pointer"] == "/occurred_at"
    naught = post(client, key, event(clock, external_ref="T\0-1"))
    assert naught.json["errors"][0]["code"] == "unstorable_text"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Customer)) == 0


def test_a_list_answers_each_item_with_its_own_status(client: FlaskClient, key: str, clock: ManualClock) -> None:
    answer = post(client, key, [event(clock), event(clock), event(clock, external_ref="T-2", touchpoint="teleport")])
    assert answer.status_code == 200
    assert [item["status"] for item in answer.json] == [201, 200, 422]


def test_without_a_key_the_door_stays_shut(client: FlaskClient, key: str, clock: ManualClock) -> None:
    assert client.post("/api/v1/service-events", json=event(clock)).status_code == 401
    assert post(client, "heed_wrong", event(clock)).status_code == 401


def test_nobody_is_asked_twice_within_ninety_days_and_the_reason_is_kept(
    app: Flask, client: FlaskClient, key: str, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    post(client, key, event(clock))
    run_due()
    clock.advance(days=12)
    run_due()  # the first survey closes unanswered
    second = post(client, key, event(clock, external_ref="T-1002"))
    assert second.json["decision"] == "skipped"
    stopped = [r for r in second.json["rules"] if r["verdict"] == "stop"]
    assert [r["rule"] for r in stopped] == ["frequency_cap"]
    assert "90" in stopped[0]["detail"]
    with app.app_context():
        states = [i.state for i in db.session.scalars(select(Invitation).order_by(Invitation.id))]
    assert states == ["expired", "skipped"]


def test_at_night_the_text_waits_for_the_morning(
    app: Flask, client: FlaskClient, key: str, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    clock.advance(hours=8)  # 22:00 in Shanghai
    answer = post(client, key, event(clock))
    assert answer.json["decision"] == "scheduled"
    assert answer.json["send_at"].startswith("2026-11-21T02:00")
    run_due()
    assert received(app, PHONE) == []
    clock.advance(hours=12)
    run_due()
    assert len(received(app, PHONE)) == 1


def test_an_event_without_consent_is_written_to_the_ledger_as_the_place_basis_and_a_no_wins(
    app: Flask, client: FlaskClient, key: str, clock: ManualClock
) -> None:
    post(client, key, event(clock))
    refused = event(clock, external_ref="T-2")
    refused["customer"] = {"external_ref": "C-10", "phone": "+15005551002", "consent": {"sms": False, "source": "app"}}
    answer = post(client, key, refused)
    assert answer.json["decision"] == "skipped"
    with app.app_context():
        lines = [(c.granted, c.source) for c in db.session.scalars(select(Consent).order_by(Consent.id))]
    assert lines == [(True, "service_relationship"), (False, "app")]


def test_the_document_describes_the_api_to_anyone(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    assert "/api/v1/service-events" in document["paths"]


def test_a_dead_number_closes_the_invitation_and_is_not_tried_again(
    app: Flask, client: FlaskClient, key: str, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    post(client, key, event(clock))
    run_due()
    with app.app_context():
        # The simulated phones are always on: what a carrier would report is written down for it.
        message = db.session.scalars(select(Message)).one()
        message.state, message.error_code = "undelivered", "30005"
        commit()
    run_due()
    with app.app_context():
        assert db.session.scalar(select(Invitation.state)) == "undeliverable"
    clock.advance(days=100)
    again = post(client, key, event(clock, external_ref="T-2"))
    assert [r["rule"] for r in again.get_json()["rules"] if r["verdict"] == "stop"] == ["no_channel"]
