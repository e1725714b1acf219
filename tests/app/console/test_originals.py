"""What redaction took out is read by one role, with a reason, and the audit log keeps that it was."""

import html
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.extensions import db
from surveys.responses.models import Answer
from tests.app.console import office
from tests.app.console.office import sign_in, token_on
from tests.conftest import ManualClock

CARD = "4111 1111 1111 1111"


@pytest.fixture
def told(app: Flask, clock: ManualClock, run_due: Callable[[], int]) -> Answer:
    office.furnish(app, clock)
    office.unhappy_customer(app, clock, run_due, words=f"You swallowed my card {CARD} and nobody cared at all")
    with app.app_context():
        return db.session.scalars(select(Answer).where(Answer.kind == "text")).one()


def test_whoever_protects_data_reads_the_words_whole_and_says_what_for(app: Flask, told: Answer) -> None:
    privacy = sign_in(app, "privacy")
    page = privacy.get(f"/console/answers/{told.response_id}").text
    assert CARD not in page
    assert "my card [card]" in html.unescape(page).replace("<mark>", "").replace("</mark>", "")
    form = {"csrf_token": token_on(page), "why": "fraud"}
    shown = privacy.post(f"/console/answers/originals/{told.id}", data=form)
    assert shown.status_code == 200
    assert CARD in shown.text
    assert "because a fraud is looked into" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    with app.app_context():
        line = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "answer.original")).one()
        assert (line.subject_id, line.detail) == (told.id, {"why": "fraud"})


@pytest.mark.parametrize("name", ["manager", "regional", "account", "analyst", "admin", "auditor", "agent"])
def test_nobody_else_does(app: Flask, told: Answer, name: str) -> None:
    somebody = sign_in(app, name)
    page = somebody.get(f"/console/answers/{told.response_id}")
    assert "originals" not in page.text
    token = token_on(somebody.get("/console/", follow_redirects=True).text)
    refused = somebody.post(f"/console/answers/originals/{told.id}", data={"csrf_token": token, "why": "fraud"})
    assert refused.status_code == 404
    with app.app_context():
        assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "answer.original")).all() == []


def test_without_a_reason_nothing_is_shown(app: Flask, told: Answer) -> None:
    privacy = sign_in(app, "privacy")
    token = token_on(privacy.get(f"/console/answers/{told.response_id}").text)
    for why in ("", "curiosity"):
        refused = privacy.post(f"/console/answers/originals/{told.id}", data={"csrf_token": token, "why": why})
        assert refused.status_code == 400
        assert CARD not in refused.text
