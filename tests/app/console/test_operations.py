"""Operations: whoever administers sees what holds messages back, and lets a wording leave again."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import delete, select

from app.auth.models import AuditEntry, User
from app.extensions import commit, db, real_now
from app.tasks import run_due
from notifications.limits import stop_template
from notifications.models import Circuit, SimulatedMail, StoppedTemplate
from tests import world
from tests.app.console.office import send, sign_in
from tests.conftest import ManualClock
from tests.phones import mails


def test_a_quiet_day_says_that_everything_runs_and_what_arrived(house: Flask, clock: ManualClock) -> None:
    with house.app_context():
        world.served(clock.now())
        commit()
        run_due(clock.now())
    page = sign_in(house, "admin").get("/console/operations").text
    assert "Everything runs." in page
    assert "simulator" in page
    assert "100 %" in page


def test_a_filtered_wording_is_released_and_that_is_written_down(house: Flask, clock: ManualClock) -> None:
    with house.app_context():
        stop_template("invite_nps", code="30007", now=clock.now())
        db.session.add(Circuit(provider="twilio", outages=5, since=real_now(), probe_at=real_now()))
        commit()
    admin = sign_in(house, "admin")
    page = admin.get("/console/operations").text
    assert "Something needs you." in page
    assert "invite_nps" in page
    assert "twilio does not answer" in page
    assert "heed_stopped_wordings 1.0" in admin.get("/metrics").text
    answer = send(admin, "/console/operations", "/console/operations/wordings/invite_nps/release")
    assert answer.status_code == 303
    with house.app_context():
        assert db.session.scalars(select(StoppedTemplate)).all() == []
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "wording.release")).one()
        assert entry.detail == {"template": "invite_nps"}
    assert send(admin, "/console/operations", "/console/operations/wordings/invite_nps/release").status_code == 404


def test_whoever_administers_is_told_by_mail_once_in_their_language(house: Flask, clock: ManualClock) -> None:
    with house.app_context():
        stop_template("invite_nps", code="30007", now=clock.now())
        real = real_now()
        db.session.add(Circuit(provider="twilio", outages=9, since=real - timedelta(minutes=3), probe_at=real))
        chief = db.session.scalars(select(User).where(User.email == "admin@harbour.example")).one()
        chief.language = "zh-Hans"
        commit()
        run_due(clock.now())
        run_due(clock.advance(hours=1))
    told = [mail for mail in mails(house, "admin@harbour.example") if "operations" in mail.text]
    assert [mail.subject for mail in told] == ["海港银行：一种短信措辞已停发", "海港银行：twilio没有响应"]
    assert "30007" in told[0].text and "invite_nps" in told[0].text
    with house.app_context():
        others = select(SimulatedMail.id).where(SimulatedMail.to_index != "admin@harbour.example")
        assert db.session.scalars(others.where(SimulatedMail.text.contains("/console/operations"))).all() == []
        db.session.execute(delete(StoppedTemplate))
        stop_template("invite_nps", code="30007", now=clock.advance(days=1))  # it happened again
        commit()
        run_due(clock.now())
    assert len([mail for mail in mails(house, "admin@harbour.example") if "invite_nps" in mail.text]) == 2


def test_nobody_else_sees_it(house: Flask) -> None:
    for name in ("manager", "analyst", "agent", "auditor"):
        assert sign_in(house, name).get("/console/operations").status_code == 404
