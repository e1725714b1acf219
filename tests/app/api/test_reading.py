"""Whatever another system sends, it is told what to mend; nothing is half kept."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from surveys.invitations.models import ServiceEvent
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
