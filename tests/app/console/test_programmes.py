"""Programmes in the console: written, tried on last month, started, paused; everything written down."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.auth.models import AuditEntry
from app.extensions import commit, db
from surveys.invitations.models import Invitation, Programme, Touchpoint
from surveys.invitations.order import in_order
from surveys.invitations.preflight_runs import PreflightRun
from surveys.people.models import Branch
from surveys.questionnaires.models import Survey
from tests import world
from tests.app.console.office import send, sign_in, token_on
from tests.conftest import ManualClock
from tests.phones import received

NEW = "/console/programmes/new"


@pytest.fixture
def admin(house: Flask) -> FlaskClient:
    return sign_in(house, "admin")


def written(app: Flask, **changed: str) -> dict[str, str]:
    """A programme for branch visits as it is typed into the form."""
    with app.app_context():
        moment = db.session.scalars(select(Touchpoint.id).where(Touchpoint.key == "branch_visit")).one()
        survey = db.session.scalars(select(Survey.id).where(Survey.key == "branch_visit")).one()
    return {
        "english": "Visits of the week",
        "chinese": "本周到店",
        "touchpoint": str(moment),
        "survey": str(survey),
        "branch": "0",
        "segment": "",
        "first": "sms",
        "second": "email",
        "third": "",
        "delay": "30",
        "share": "100",
        "reminder": "y",
        "reminder_channel": "email",
        "holidays": "",
        **changed,
    }


def latest(app: Flask) -> Programme:
    with app.app_context():
        found = db.session.scalars(select(Programme).order_by(Programme.id.desc()).limit(1)).one()
        db.session.expunge_all()
    return found


def deeds(app: Flask) -> list[str]:
    with app.app_context():
        return [entry.action for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_a_programme_is_written_tried_started_and_asks(
    house: Flask, admin: FlaskClient, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    with house.app_context():
        for programme in db.session.scalars(select(Programme)):
            programme.live = False
        for number in range(12):
            world.served(clock.now(), ref=f"T-{number}", phone=f"+1500555{6000 + number}", customer_ref=f"C-{number}")
        commit()
    clock.advance(hours=1)
    kept = send(admin, NEW, NEW, **written(house, cap_days="30", quota="50", opens="9", closes="18"))
    made = latest(house)
    assert (kept.status_code, kept.location) == (303, f"/console/programmes/{made.id}/preflight")
    assert (made.live, made.channels, made.reminder_channel, made.delay_minutes) == (
        False,
        ["sms", "email"],
        "email",
        30,
    )
    assert made.policy == {"cap_days": 30, "quota": 50, "company_hours": [9, 18]}
    assert made.key == "visits_of_the_week"
    waiting = admin.get(kept.location).text
    assert "It begins in a moment." in waiting and 'http-equiv="refresh"' in waiting
    run_due()
    page = admin.get(kept.location).text
    assert "There were 12 such moments." in page and 'http-equiv="refresh"' not in page
    assert "12 customers would have been asked" in page
    assert "assumed: too few were asked so far" in page
    assert "Go live: ask from now on" in page
    with house.app_context():
        assert db.session.scalars(select(Invitation)).all() == []
    live = send(admin, kept.location, f"/console/programmes/{made.id}/live")
    assert live.location == f"/console/programmes/{made.id}?trying=1#try"
    page = admin.get(live.location).text
    assert "It is live: whoever is served from now on is asked." in page
    assert "/api/v1/service-events" in page and "&#34;touchpoint&#34;: &#34;branch_visit&#34;" in page
    with house.app_context():
        world.served(clock.now(), ref="T-live", phone="+15005556100", customer_ref="C-live")
        commit()
    clock.advance(minutes=30)
    run_due()
    assert len(received(house, "+15005556100")) == 1
    assert deeds(house)[-2:] == ["programme.create", "programme.live"]


def test_the_list_says_what_it_asks_whom_and_what_came_of_it(
    house: Flask, admin: FlaskClient, clock: ManualClock, case_id: int
) -> None:
    page = admin.get("/console/programmes").text
    rows = re.findall(r"(?s)<li class=\"row programme-row.*?</li>", page)
    visits = next(row for row in rows if "After a branch visit" in row)
    assert "live" in visits and "everywhere" in visits and "SMS" in visits
    assert "1 moment in 30 days" in visits and "1 asked" in visits and "1 answered" in visits
    assert "/console/programmes" in admin.get("/console/setup").text


def test_the_page_shows_how_invitations_ended_and_the_rates(
    house: Flask, admin: FlaskClient, clock: ManualClock, run_due: Callable[[], int], case_id: int
) -> None:
    clock.advance(days=9)
    run_due()
    with house.app_context():
        visits = db.session.scalars(select(Programme.id).where(Programme.key == "branch_visit")).one()
    page = admin.get(f"/console/programmes/{visits}?days=90").text
    assert re.search(r"answered in (full|part)</th><td class=\"n\">1<", page)
    assert "of 1 whose time is over" in page and "RR2" in page


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(house: Flask, admin: FlaskClient) -> None:
    before = latest(house).id
    wrong = written(house, english="", share="150", quota="0", opens="18", closes="9", second="sms")
    page = send(admin, NEW, NEW, **wrong)
    assert page.status_code == 422
    for said in (
        "Give it a name colleagues will know it by.",
        "From 0 to 100.",
        "Write a whole number from 1 to 1,000,000",
    ):
        assert said in page.text
    assert 'value="本周到店"' in page.text and 'value="150"' in page.text
    page = send(admin, NEW, NEW, **written(house, opens="18", closes="9"))
    assert "It must be later than the hour before it." in page.text
    page = send(admin, NEW, NEW, **written(house, second="sms"))
    assert "This way is tried already" in page.text
    assert latest(house).id == before


def test_a_change_is_kept_with_what_it_was_before(house: Flask, admin: FlaskClient) -> None:
    with house.app_context():
        recovery = db.session.scalars(select(Programme).where(Programme.key == "case_resolved")).one().id
    path = f"/console/programmes/{recovery}/change"
    with house.app_context():
        kept = db.session.get_one(Programme, recovery)
        chosen = {"touchpoint": str(kept.touchpoint_id), "survey": str(kept.survey_id)}
    done = send(admin, path, path, **{**written(house, share="80"), **chosen})
    assert done.status_code == 303
    with house.app_context():
        kept = db.session.get_one(Programme, recovery)
        assert kept.policy == {"exempt_from_caps": True}, "the form does not show it and must not lose it"
        assert kept.sampling_rate == 0.8
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (entry.action, entry.detail["sampling_rate"]) == ("programme.change", [1.0, 0.8])


def test_a_paused_programme_asks_nobody(house: Flask, admin: FlaskClient, clock: ManualClock) -> None:
    with house.app_context():
        visits = db.session.scalars(select(Programme.id).where(Programme.key == "branch_visit")).one()
    path = f"/console/programmes/{visits}"
    assert send(admin, path, f"{path}/pause").location == path
    assert "asks nobody" in admin.get(path).text
    with house.app_context():
        rules = world.served(clock.now()).event.rules
    assert rules[0]["verdict"] == "stop"
    assert deeds(house)[-1] == "programme.pause"


def test_a_new_moment_is_added_and_waits_in_the_form(house: Flask, admin: FlaskClient) -> None:
    path = "/console/programmes/touchpoints/new"
    done = send(admin, path, path, english="Card delivered", chinese="银行卡送达")
    with house.app_context():
        made = db.session.scalars(select(Touchpoint).where(Touchpoint.key == "card_delivered")).one()
        number = made.id
    assert done.location == f"/console/programmes/new?touchpoint={number}"
    page = admin.get(done.location).text
    assert f'<option selected value="{number}">Card delivered</option>' in page
    assert "Other systems report it as card_delivered." in page
    again = send(admin, path, path, english="Card delivered")
    with house.app_context():
        assert db.session.scalars(select(Touchpoint.key).where(Touchpoint.key == "card_delivered_2")).one()
    assert again.status_code == 303
    assert send(admin, path, path, english="").status_code == 422


@pytest.mark.parametrize("who", ["manager", "analyst", "auditor", "agent"])
def test_only_who_administers_comes_in(house: Flask, who: str) -> None:
    client = sign_in(house, who)
    for path in ("/console/programmes", NEW, "/console/programmes/1", "/console/programmes/1/preflight"):
        assert client.get(path).status_code in (403, 404), path


def test_nothing_is_started_without_a_token(house: Flask, admin: FlaskClient) -> None:
    assert admin.post("/console/programmes/1/live").status_code == 400
    assert admin.post("/console/programmes/1/pause").status_code == 400
    assert admin.get("/console/programmes/999").status_code == 404


def test_the_room_speaks_chinese(house: Flask, admin: FlaskClient, clock: ManualClock) -> None:
    with house.app_context():
        world.served(clock.now())
        commit()
    clock.advance(hours=1)
    for path in ("/console/programmes", NEW, "/console/programmes/1", "/console/programmes/1/preflight"):
        page = admin.get(f"{path}?lang=zh-Hans").text
        main = re.sub(r"(?s)^.*<main|<(pre|option)[^>]*>.*?</\1>|<span class=\"code\">.*?</span>|<[^>]+>", " ", page)
        left = set(re.findall(r"[A-Za-z]{3,}", main)) - {"class", "page", "main", "AAPOR", "COOP"}
        assert left == set(), (path, left)


def test_who_may_see_a_region_only_sees_its_programmes(house: Flask, clock: ManualClock) -> None:
    from app.auth.roles import Role
    from app.auth.service import create_user
    from tests.app.console.office import PASSWORD

    with house.app_context():
        riverside = db.session.scalars(select(Branch).where(Branch.code == "BJ-02")).one()
        create_user(
            email="local@harbour.example",
            name="Local",
            password=PASSWORD,
            role=Role.ADMINISTRATOR,
            branch=riverside,
            staff=None,
            now=clock.now(),
        )
        local = Programme(
            key="local",
            names={"en": "Riverside only"},
            touchpoint_id=1,
            survey_id=1,
            branch_id=riverside.id,
            live=False,
        )
        db.session.add(local)
        commit()
        number = local.id
    client = sign_in(house, "local")
    page = client.get("/console/programmes").text
    assert "Riverside only" in page and page.count("programme-row") == 1
    assert client.get("/console/programmes/1").status_code == 404
    assert client.get(f"/console/programmes/{number}").status_code == 200
    form = client.get(NEW).text
    assert "Central" not in form and "everywhere" not in form
    path = "/console/programmes/touchpoints/new"
    assert client.post(path, data={"csrf_token": token_on(client.get(path).text), "english": "X"}).status_code == 404


def test_a_month_of_nothing_says_so(
    admin: FlaskClient, house: Flask, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    clock.advance(days=timedelta(days=60).days)
    path = "/console/programmes/1/preflight"
    assert "Not tried yet" in admin.get(path).text
    send(admin, path, path)
    run_due()
    assert "No such moment was reported in the last 30 days" in admin.get(path).text


def test_a_tried_programme_keeps_its_result_and_says_when_it_was_changed_since(
    house: Flask, admin: FlaskClient, clock: ManualClock, run_due: Callable[[], int]
) -> None:
    with house.app_context():
        world.served(clock.now())
        commit()
    clock.advance(hours=1)
    path = "/console/programmes/1/preflight"
    send(admin, path, path)
    send(admin, path, path)
    with house.app_context():
        assert db.session.scalar(select(func.count()).select_from(PreflightRun)) == 1
    run_due()
    page = admin.get(path).text
    assert "There was 1 such moment." in page and "Tried on the days up to" in page
    assert "was changed since this was tried" not in page
    with house.app_context():
        db.session.get_one(Programme, 1).sampling_rate = 0.5
        commit()
    page = admin.get(path).text
    assert "There was 1 such moment." in page and "was changed since this was tried" in page


def rows_of(page: str) -> list[str]:
    return [re.sub(r"<[^>]+>", " ", row) for row in re.findall(r"(?s)<li class=\"row programme-row.*?</li>", page)]


def test_the_order_is_moved_by_buttons_says_who_comes_first_and_is_written_down(
    house: Flask, admin: FlaskClient, clock: ManualClock
) -> None:
    with house.app_context():
        central = db.session.scalars(select(Branch.id).where(Branch.code == "BJ-01")).one()
        commit()
    send(admin, NEW, NEW, **written(house, english="Central, best customers", branch=str(central), segment="MVC"))
    narrow = latest(house)
    send(admin, f"/console/programmes/{narrow.id}", f"/console/programmes/{narrow.id}/live")
    rows = rows_of(admin.get("/console/programmes").text)
    visits = " ".join(next(row for row in rows if "After a branch visit" in row).split())
    assert "customers of value A are asked by Central, best customers, which comes first." in visits
    assert "Asks nobody:" not in "".join(rows)
    moved = send(admin, "/console/programmes", f"/console/programmes/{narrow.id}/move", way="down")
    assert moved.location == f"/console/programmes#programme-{narrow.id}"
    rows = rows_of(admin.get("/console/programmes").text)
    below = next(row for row in rows if "Central, best customers" in row)
    assert "Asks nobody: every visit it fits is asked about by After a branch visit, which comes first." in " ".join(
        below.split()
    )
    assert deeds(house)[-1] == "programme.move"
    with house.app_context():
        order = [one.key for one in in_order(narrow.touchpoint_id)]
        said = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one().detail
    assert order == ["branch_visit", "central_best_customers"] and list(said) == ["priority"]
    assert "2 of 2" in admin.get(f"/console/programmes/{narrow.id}").text
    assert admin.post(f"/console/programmes/{narrow.id}/move", data={"way": "up"}).status_code == 400
