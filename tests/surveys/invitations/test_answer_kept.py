"""What a system was told about its event stays what it was told; what was decided later stands beside it."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import delete, select

from app.auth.service import create_api_key
from app.extensions import commit, db
from app.reports.funnel_queries import funnel
from app.reports.iso_weeks import week_of
from surveys.invitations.models import Hold, Programme, ServiceEvent
from surveys.people.models import Branch
from surveys.questionnaires.models import SurveyVersion
from tests.conftest import ManualClock
from tests.journeys.test_a_event_to_sms import event, post
from tests.surveys.invitations.visits import invitations, states, visited

Work = Callable[[], int]


def said_at_night(app: Flask, clock: ManualClock) -> tuple[Callable[[], Any], dict[str, Any]]:
    """An event of late in the evening: how to tell it again, and the first answer."""
    with app.app_context():
        key = create_api_key("core", now=clock.now())
        commit()
    clock.advance(hours=8)  # 22:00 in Shanghai
    body = event(clock)
    first = post(app.test_client(), key, body)
    assert (first.status_code, first.json["decision"]) == (201, "scheduled")
    assert first.json["send_at"] == "2026-11-21T02:00:00+00:00"
    return lambda: post(app.test_client(), key, body), first.json


def on_hold(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        branch = db.session.scalars(select(Branch).where(Branch.code == "BJ-01")).one()
        db.session.add(Hold(branch_id=branch.id, reason="ATM failure", since=clock.now()))
        commit()


def test_told_again_after_the_text_left_the_answer_is_the_same(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    again, first = said_at_night(bank, clock)
    clock.advance(hours=12)
    run_due()
    assert states(bank) == ["sent"]
    told = again()
    assert (told.status_code, told.json) == (200, first)
    (invitation,) = invitations(bank)
    assert invitation.rules is not None
    assert [rule["detail"] for rule in invitation.rules if rule["rule"] == "quiet_hours"] == [
        "2026-11-21 10:00 is within hours"
    ]


def test_told_again_after_the_rules_said_no_the_answer_is_the_same(
    bank: Flask, clock: ManualClock, run_due: Work
) -> None:
    again, first = said_at_night(bank, clock)
    on_hold(bank, clock)
    clock.advance(hours=12)
    run_due()
    assert again().json == first
    (skipped,) = invitations(bank)
    assert (skipped.state, skipped.skip_reasons, skipped.send_at) == ("skipped", ["hold"], None)


def test_explain_tells_both_and_as_json_the_latest(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    said_at_night(bank, clock)
    before = bank.test_cli_runner().invoke(args=["explain", "core:T-1001"]).output
    assert "asked again" not in before
    on_hold(bank, clock)
    clock.advance(hours=12)
    run_due()
    told = bank.test_cli_runner().invoke(args=["explain", "core:T-1001"]).output
    first, later = told.split("asked again before sending\n")
    assert first == before
    assert "stop   hold               held: ATM failure" in later
    latest = bank.test_cli_runner().invoke(args=["explain", "core:T-1001", "--json"]).output
    assert '"hold", "verdict": "stop"' in latest


def test_the_week_counts_by_the_latest_verdict(bank: Flask, clock: ManualClock, run_due: Work) -> None:
    said_at_night(bank, clock)
    on_hold(bank, clock)
    clock.advance(hours=12)
    run_due()
    with bank.app_context():
        ids = db.session.scalars(select(Branch.id)).all()
        counted = funnel(ids, week_of("2026-W47", "Asia/Shanghai"))
    assert (counted.service_events, counted.skipped) == (1, {"hold": 1})


def test_a_programme_that_never_published_a_survey_cannot_ask(bank: Flask, clock: ManualClock) -> None:
    with bank.app_context():
        programme = db.session.scalars(select(Programme).where(Programme.key == "branch_visit")).one()
        db.session.execute(delete(SurveyVersion).where(SurveyVersion.survey_id == programme.survey_id))
        commit()
    assert visited(bank, clock.now()) == ["no_programme"]
    with bank.app_context():
        kept = db.session.scalars(select(ServiceEvent)).one()
        assert (kept.decision, kept.send_at, len(kept.rules)) == ("skipped", None, 13)
    assert invitations(bank) == []
