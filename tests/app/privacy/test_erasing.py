"""Forgotten means forgotten: not a word, name or number of hers is left anywhere, and no figure has changed."""

import io
import json
import zipfile

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.auth.models import AuditEntry
from app.cases.models import Case
from app.extensions import commit, db
from app.reports import render
from app.reports.service import links, report_for
from notifications.models import Message, State
from surveys.invitations.models import Invitation, InvitationState, ServiceEvent
from surveys.people.models import Branch, Customer
from surveys.responses.models import Answer, Response
from tests import world
from tests.app.privacy.life import MARKERS, NAME, PHONE, Life, begin, complaint, event, everywhere, found, hashes, live
from tests.conftest import ManualClock


@pytest.fixture
def life(any_app: Flask, clock: ManualClock) -> Life:
    """The company, on each database."""
    return begin(any_app, clock)


def report_files(life: Life) -> str:
    """The week's report, in each form that is text or can be unpacked."""
    with life.app.app_context():
        branch = db.session.scalars(select(Branch).where(Branch.code == "BJ-01")).one()
        report = report_for(branch, "2026-W47", now=life.clock.now())
        sheet = zipfile.ZipFile(io.BytesIO(render.xlsx(report, language="en")))
        return "\n".join(
            [
                render.html_mail(report, language="en", links=links(branch, "2026-W47"), brand="#0a5866"),
                render.csv(report, language="zh-Hans"),
                render.json(report, language="en"),
                *(sheet.read(name).decode() for name in sheet.namelist()),
            ]
        )


def figures(life: Life) -> dict[str, object]:
    """What is counted about the week and the company."""
    with life.app.app_context():
        branch = db.session.scalars(select(Branch).where(Branch.code == "BJ-01")).one()
        told = json.loads(render.json(report_for(branch, "2026-W47", now=life.clock.now()), language="en"))
        scores = select(Response.nps, Response.csat, Response.answered_at, Response.sentiment).order_by(Response.id)
        return {
            "nps": told["nps"],
            "responses": [tuple(row) for row in db.session.execute(scores)],
            "answers": db.session.scalar(select(func.count()).select_from(Answer)),
            "events": db.session.scalar(select(func.count()).select_from(ServiceEvent)),
            "sent": db.session.scalar(select(func.count()).where(Message.sent_at.is_not(None))),
        }


def test_every_planted_word_was_there_and_none_is_left(life: Life) -> None:
    customer = live(life)
    with life.app.app_context():
        before = found()
    assert set(before) == {marker.casefold() for marker in MARKERS}, "the life plants every word"
    assert "weekly_reports.figures" in {column for columns in before.values() for column in columns}
    assert "琉璃瓦" in report_files(life) or "rhubarb" in report_files(life)
    counted = figures(life)

    said = life.command("erase-customer", "core:C-PURPLEREF", "--yes")
    assert said.exit_code == 0, said.output
    with life.app.app_context():
        assert found() == {}
        assert hashes() == {"opt_outs.address_index"}
        assert db.session.get_one(Customer, customer).erased_at is not None
    told = report_files(life).casefold()
    assert [marker for marker in MARKERS if marker.casefold() in told] == []
    assert figures(life) == counted

    life.clock.advance(days=3)
    life.run_due()
    with life.app.app_context():
        assert found() == {}, "nothing that runs later brings a word back"


def test_it_may_run_twice_and_is_written_down_with_ids_alone(life: Life) -> None:
    customer = live(life)
    life.command("erase-customer", str(customer), "--yes")
    with life.app.app_context():
        before = set(everywhere())
    assert life.command("erase-customer", str(customer), "--yes").exit_code == 0
    with life.app.app_context():
        changed = set(everywhere()) ^ before
        assert {column.split(".")[0] for column, _ in changed} <= {"audit_log", "messages"}
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "customer.erase")).all()
        assert [(entry.subject_id, entry.actor_kind) for entry in entries] == [(customer, "command")] * 2
    assert "There is no customer" in life.command("erase-customer", "core:C-PURPLEREF", "--yes").output


def test_it_asks_first(life: Life) -> None:
    live(life)
    said = life.command("erase-customer", "core:C-PURPLEREF", text="n\n")
    assert said.exit_code != 0
    with life.app.app_context():
        assert "quillandra" in found()


def test_what_waits_does_not_leave_and_what_is_open_is_over(life: Life) -> None:
    life.post("service-events", event(life))
    life.run_due()
    life.says("2")
    with life.app.app_context():
        link = db.session.scalars(select(Invitation).order_by(Invitation.id.desc())).first()
        assert link is not None and link.state == InvitationState.STARTED
    life.command("erase-customer", "core:C-PURPLEREF", "--yes")
    life.says("8")
    life.run_due()
    with life.app.app_context():
        waiting = select(func.count()).where(Message.state.in_((State.QUEUED, State.SENDING, State.UNCERTAIN)))
        assert db.session.scalar(waiting) == 0
        states = select(Case.state).where(Case.state.in_(("open", "acknowledged", "contacted", "reopened")))
        assert db.session.scalars(states).all() == []
        assert db.session.scalar(select(func.count()).where(Answer.value == 8, Answer.question_key == "recommend")) == 0


def test_who_wanted_nothing_still_gets_nothing_when_they_are_brought_back(life: Life) -> None:
    live(life)
    life.command("erase-customer", "core:C-PURPLEREF", "--yes")
    rows = f"external_ref,name,phone\nC-PURPLEREF,{NAME},{PHONE}\n"
    assert life.command("import-customers", "-", text=rows).output.startswith("1 new")
    with life.app.app_context():
        rules = world.served(life.clock.now(), ref="T-again", phone=PHONE, customer_ref="C-PURPLEREF").event.rules
        assert [rule["rule"] for rule in rules if rule["verdict"] == "stop"] == ["opted_out"]
        commit()


def test_a_refusal_told_by_another_system_outlives_the_person_too(life: Life) -> None:
    body = event(life)
    body["customer"] = {"external_ref": "C-9", "phone": PHONE, "consent": {"sms": False}}
    life.post("service-events", body)
    life.command("erase-customer", "core:C-9", "--yes")
    with life.app.app_context():
        rules = world.served(life.clock.now(), ref="T-again", phone=PHONE, customer_ref="C-9").event.rules
        assert "opted_out" in [rule["rule"] for rule in rules if rule["verdict"] == "stop"]
        commit()


def test_what_is_sent_again_is_known_and_brings_nobody_back(life: Life) -> None:
    live(life)
    life.command("erase-customer", "core:C-PURPLEREF", "--yes")
    life.post("service-events", event(life), status=200)
    life.post("complaints", complaint(life), status=200)
    with life.app.app_context():
        assert found() == {}


def test_who_shares_her_telephone_keeps_what_is_theirs(life: Life) -> None:
    with life.app.app_context():
        world.served(life.clock.now(), ref="T-son", phone=PHONE, customer_ref="C-son", name="Tom")
        commit()
    life.run_due()
    life.says("9")
    life.says("Kind staff, thank you from Tom")
    life.post("service-events", event(life))
    assert life.command("erase-customer", "core:C-PURPLEREF", "--yes").exit_code == 0
    with life.app.app_context():
        kept = found(("from tom", PHONE))
        assert "answers.text" in kept["from tom"]
        assert {"contact_points.address", "messages.to_address"} <= kept[PHONE]
        assert found(("quillandra", "purpleref", "attributed")) == {}
