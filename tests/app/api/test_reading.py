"""Whatever another system sends, it is told what to mend; nothing is half kept."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from surveys.invitations.models import ServiceEvent
from surveys.people.models import Consent, Customer
from tests.app.api.conftest import Post
from tests.conftest import ManualClock

PATH = "/api/v1/service-events"


def event(clock: ManualClock, **changes: Any) -> dict[str, Any]:
    body = {
        "source": "core",
        "external_ref": "T-1",
        "touchpoint": "branch_visit",
        "branch": "BJ-01",
        "occurred_at": (clock.now() - timedelta(minutes=5)).isoformat(),
        "customer": {"external_ref": "C-1", "phone": "+15005551001"},
    }
    return {**body, **changes}


def nested(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = {}
    for _ in range(levels):
        inner = {"x": inner}
    return inner


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"source": "heed"}, "/source", "reserved"),
        ({"occurred_at": "0001-01-01T00:00:00+08:00"}, "/occurred_at", "too_long_ago"),
        ({"occurred_at": "2999-01-01T00:00:00+08:00"}, "/occurred_at", "in_the_future"),
        ({"occurred_at": 1_763_618_700}, "/occurred_at", "value_error"),
        ({"occurred_at": "2026-11-20T14:05:00"}, "/occurred_at", "timezone_aware"),
        ({"attributes": nested(900)}, "/attributes", "too_deep"),
        ({"attributes": {"a/b~": "\0"}}, "/attributes/a~1b~0", "unstorable_text"),
        ({"attributes": {"complaint": "yes"}}, "/attributes/complaint", "not_a_boolean"),
        ({"touchpoint": "nowhere"}, "/touchpoint", "unknown_touchpoint"),
        ({"branch": "ZZ"}, "/branch", "unknown_branch"),
        ({"customer": {"phone": "12"}}, "/customer/phone", "phone_length"),
        ({"customer": {}}, "/customer", "nobody"),
        ({"customer": {"external_ref": "C-1", "birth_date": "17/05/1980"}}, "/customer/birth_date", "value_error"),
        (
            {"customer": {"external_ref": "C-1", "birth_date": "1980-02-31"}},
            "/customer/birth_date",
            "date_from_datetime_parsing",
        ),
        ({"customer": {"external_ref": "C-1", "birth_date": "2999-01-01"}}, "/customer/birth_date", "impossible"),
        ({"shoe_size": 43}, "/shoe_size", "extra_forbidden"),
    ],
)
def test_the_part_that_cannot_be_used_is_named(
    any_app: Flask, post: Post, clock: ManualClock, changes: dict[str, Any], pointer: str, code: str
) -> None:
    answer = post(PATH, event(clock, **changes))
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert [(e["pointer"], e["code"]) for e in answer.json["errors"]] == [(pointer, code)]
    with any_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ServiceEvent)) == 0


@pytest.mark.parametrize("raw", ["", "{", "[" * 100_000, '{"x": NaN}', '"text"', "5", "null", "\ud800"])
def test_what_is_no_object_is_told_so(post: Post, raw: str) -> None:
    answer = post(PATH, raw=raw.encode("utf-8", "surrogatepass").decode("latin-1"))
    assert answer.status_code == 400
    assert "JSON object" in answer.text


def test_too_many_at_once_are_refused_as_a_whole(post: Post, clock: ManualClock) -> None:
    answer = post(PATH, [event(clock, external_ref=f"T-{n}") for n in range(501)])
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"][0]["code"] == "too_many"


def test_one_bad_item_does_not_take_the_others_with_it(post: Post, clock: ManualClock) -> None:
    many = [event(clock), event(clock, external_ref="T-2", attributes=nested(900)), 7, event(clock, external_ref="T-3")]
    told = post(PATH, many).json
    assert told is not None
    assert [item["status"] for item in told] == [201, 422, 422, 201]


def test_a_birth_date_and_what_proves_the_consent_are_kept(any_app: Flask, post: Post, clock: ManualClock) -> None:
    consent = {"sms": True, "source": "form", "wording": "I agree to texts.", "wording_version": "2026-03"}
    customer = {"external_ref": "C-1", "birth_date": "1980-05-17", "consent": consent}
    assert post(PATH, event(clock, customer=customer)).status_code == 201
    given = {**consent, "sms": False, "proof": "form 4711"}
    assert post(PATH, event(clock, external_ref="T-2", customer={**customer, "consent": given})).status_code == 201
    with any_app.app_context():
        assert db.session.scalars(select(Customer.birth_date)).one() == "1980-05-17"
        lines = db.session.scalars(select(Consent).order_by(Consent.id)).all()
        assert [(line.granted, line.wording_version, line.proof) for line in lines] == [
            (True, "2026-03", "event core:T-1"),
            (False, "2026-03", "form 4711"),
        ]


def test_an_event_from_before_birth_dates_is_known_again(any_app: Flask, post: Post, clock: ManualClock) -> None:
    body = event(clock, customer={"external_ref": "C-1", "consent": {"sms": True}})
    assert post(PATH, body).status_code == 201
    with any_app.app_context():
        kept = db.session.scalars(select(ServiceEvent.body_hash)).one()
    before = (
        '{"attributes":{},"branch":"BJ-01","customer":{"branch":null,"consent":{"sms":true,"source":"","wording":""},'
        '"email":null,"external_ref":"C-1","language":null,"name":null,"owner":null,"phone":null,"region":null,'
        f'"time_zone":null}},"external_ref":"T-1","occurred_at":"{body["occurred_at"].replace("+00:00", "Z")}",'
        '"reopens":null,"source":"core","staff":null,"touchpoint":"branch_visit"}'
    )
    assert kept == sha256(before.encode()).hexdigest()
    assert post(PATH, body).status_code == 200
    assert post(PATH, {**body, "customer": {**body["customer"], "birth_date": "1980-05-17"}}).status_code == 409
