"""A complaint by letter or at the counter: a person is told at once, and only once."""

from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app.cases.models import Case
from app.extensions import commit, db
from app.tasks import run_due
from surveys.people.models import Branch
from tests.app.api.conftest import Post
from tests.conftest import ManualClock
from tests.phones import received
from tests.world import CUSTOMER_PHONE, MANAGER_PHONE

PATH = "/api/v1/complaints"


def complaint(clock: ManualClock, **changes: Any) -> dict[str, Any]:
    body = {
        "source": "desk",
        "external_ref": "L-77",
        "branch": "BJ-01",
        "customer": {"external_ref": "C-1", "name": "Clara Wong", "phone": CUSTOMER_PHONE, "language": "en"},
        "text": "The teller charged my card 6222021234567890123 twice. I will go to the ombudsman.",
        "occurred_at": clock.now().isoformat(),
    }
    return {**body, **changes}


def test_the_manager_is_told_at_once_and_the_words_are_redacted(any_app: Flask, post: Post, clock: ManualClock) -> None:
    answer = post(PATH, complaint(clock))
    assert answer.status_code == 201
    with any_app.app_context():
        run_due(clock.now())
        case = db.session.scalars(select(Case)).one()
        assert answer.json == {"id": "1", "case": case.code, "state": "open", "priority": case.priority}
        assert "6222021234567890123" not in (case.words or "")
        assert "legal_threat" in case.reasons
    assert any(case.code in text for text in received(any_app, MANAGER_PHONE))


def test_the_same_complaint_five_times_is_one_case_and_another_body_a_conflict(
    any_app: Flask, post: Post, clock: ManualClock
) -> None:
    answers = [post(PATH, complaint(clock)) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 200]
    assert len({answer.text for answer in answers}) == 1
    changed = post(PATH, complaint(clock, text="Something else"))
    assert changed.status_code == 409
    assert changed.mimetype == "application/problem+json"
    with any_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Case)) == 1


def test_a_second_complaint_joins_the_open_case(any_app: Flask, post: Post, clock: ManualClock) -> None:
    first = post(PATH, complaint(clock))
    second = post(PATH, complaint(clock, external_ref="L-78", text="Still nobody called."))
    assert second.status_code == 201
    assert second.json is not None and first.json is not None
    assert second.json["case"] == first.json["case"]


def test_nobody_is_left_out_without_the_sender_knowing(any_app: Flask, post: Post, clock: ManualClock) -> None:
    with any_app.app_context():
        db.session.add(Branch(code="XX-9", kind="branch", names={"en": "Nowhere"}))
        commit()
    answer = post(PATH, complaint(clock, branch="XX-9"))
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"][0]["code"] == "nobody_answers"
    assert post(PATH, complaint(clock, branch="ZZ")).json["errors"][0]["pointer"] == "/branch"  # type: ignore[index]
    assert post(PATH, complaint(clock, text=" ")).json["errors"][0]["pointer"] == "/text"  # type: ignore[index]


def test_a_list_tells_each_its_own_status(post: Post, clock: ManualClock) -> None:
    many = [complaint(clock), complaint(clock, external_ref="L-2", branch="ZZ"), complaint(clock)]
    assert [item["status"] for item in post(PATH, many).json] == [201, 422, 200]  # type: ignore[union-attr]
