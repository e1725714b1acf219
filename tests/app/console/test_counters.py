"""Codes to scan: made, printed, counted and ended by whoever administers."""

import re

from flask import Flask
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.extensions import db
from surveys.invitations.counters import counter_link
from surveys.invitations.models import Counter, Programme
from surveys.people.models import Branch
from tests.app.console.office import send, sign_in


def branch_id(house: Flask) -> int:
    with house.app_context():
        return db.session.scalars(select(Branch.id).where(Branch.code == "BJ-01")).one()


def test_a_code_is_made_printed_scanned_and_ended(house: Flask) -> None:
    admin, place = sign_in(house, "admin"), branch_id(house)
    room = f"/console/places/{place}/counters"
    assert "No code hangs here yet" in admin.get(room).text
    with house.app_context():
        programme = db.session.scalars(select(Programme.id).where(Programme.key == "branch_visit")).one()
    assert send(admin, room, room, name="", programme=str(programme)).status_code == 422
    assert send(admin, room, room, name="Counter 3", programme=str(programme)).status_code == 303
    with house.app_context():
        counter = db.session.scalars(select(Counter)).one()
        counter_id, link = counter.id, counter_link(counter)
    sheet = admin.get(f"{room}/{counter_id}/print").text
    assert "<svg" in sheet and link in sheet and "Counter 3" in sheet
    scanned = house.test_client().get(re.sub(r"^http://[^/]+", "", link))
    assert scanned.status_code == 200
    house.test_client().post(
        re.sub(r"^http://[^/]+", "", link), data={"question": "recommend", "answer": "9", "submission": "a"}
    )
    assert "1 answer" in admin.get(room).text
    assert send(admin, room, f"{room}/{counter_id}/end").status_code == 303
    assert "ended" in admin.get(room).text
    with house.app_context():
        actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "counter")).all()
        assert actions == ["counter.open", "counter.end"]


def test_others_and_other_places_see_nothing_of_it(house: Flask) -> None:
    place = branch_id(house)
    assert sign_in(house, "manager").get(f"/console/places/{place}/counters").status_code == 404
    admin = sign_in(house, "admin")
    with house.app_context():
        region = db.session.scalars(select(Branch.id).where(Branch.kind == "region")).first()
    assert admin.get(f"/console/places/{region}/counters").status_code == 404
    assert admin.get(f"/console/places/{place}/counters/77/print").status_code == 404
