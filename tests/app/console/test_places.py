"""The company sets up its places: the tree, one place, its closed days and its end; every change is written down."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.extensions import db
from surveys.people.models import Branch, Closure
from tests.app.console.office import send, sign_in
from tests.conftest import ManualClock

NEW = {
    "name_en": "Old Town",
    "name_hans": "老城支行",
    "name_hant": "",
    "code": "BJ-09",
    "kind": "branch",
    "manager": "0",
    "on_call": "0",
    "phone": "010 5555 0100",
    "opens_at": "",
    "closes_at": "",
    "time_zone": "Asia/Shanghai",
    "country": "cn",
    "subdivision": "",
}


def place(code: str) -> Branch:
    return db.session.scalars(select(Branch).where(Branch.code == code)).one()


def deeds(app: Flask) -> list[str]:
    with app.app_context():
        ours = AuditEntry.action.startswith("place.")
        return list(db.session.scalars(select(AuditEntry.action).where(ours).order_by(AuditEntry.id)))


@pytest.fixture
def ids(house: Flask) -> dict[str, int]:
    with house.app_context():
        return {one.code: one.id for one in db.session.scalars(select(Branch))}


def test_the_tree_says_what_is_open_and_when_it_closes_next(house: Flask, ids: dict[str, int]) -> None:
    admin = sign_in(house, "admin")
    page = admin.get("/console/places").text
    assert "2 branches, all open today" in page
    assert page.index("Harbour Bank</a>") < page.index("Region North</a>") < page.index("Central</a>")
    assert "open 09:00 to 17:00" in page
    assert "next closed" in page and "1 Jan 2027" in page and "public holiday" in page
    closed = {"first_day": "2026-11-20", "last_day": "", "what": "closed", "reason": "Stocktaking"}
    path = f"/console/places/{ids['NORTH']}"
    assert send(admin, path, f"{path}/closures", **closed).status_code == 303
    assert "2 branches, 2 closed today" in admin.get("/console/places").text
    assert "今天2个关门" in admin.get("/console/places?lang=zh-Hans").text


def test_only_who_sets_the_company_up_comes_in(house: Flask, ids: dict[str, int]) -> None:
    manager = sign_in(house, "manager")
    for path in ("places", "places/new", f"places/{ids['BJ-01']}", "staff", "staff/new", "staff/1"):
        assert manager.get(f"/console/{path}").status_code == 404


def test_a_branch_is_added_moved_and_closed(house: Flask, ids: dict[str, int]) -> None:
    admin = sign_in(house, "admin")
    region = {**NEW, "code": "SOUTH", "kind": "region", "name_en": "Region South", "name_hans": "南区"}
    added = send(admin, "/console/places/new", "/console/places/new", parent=str(ids["HB"]), **region)
    assert added.status_code == 303
    with house.app_context():
        south = place("SOUTH").id
    added = send(admin, "/console/places/new", "/console/places/new", parent=str(ids["NORTH"]), **NEW)
    path = added.location
    with house.app_context():
        assert (place("BJ-09").country, place("BJ-09").phone) == ("CN", "+861055550100")
        assert place("BJ-09").weekdays is None
    moved = send(admin, path, path, parent=str(south), **NEW)
    assert moved.status_code == 303
    closed = send(admin, path, f"{path}/close", closed_on="2026-11-20")
    assert closed.status_code == 303
    page = admin.get(path).text
    assert "Closed since" in page and "It serves again" in page
    with house.app_context():
        assert (place("BJ-09").parent_id, place("BJ-09").closed_on) == (south, date(2026, 11, 20))
    send(admin, path, f"{path}/reopen")
    with house.app_context():
        assert place("BJ-09").closed_on is None
    assert deeds(house) == ["place.open", "place.open", "place.change", "place.close", "place.reopen"]


def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(house: Flask, ids: dict[str, int]) -> None:
    admin = sign_in(house, "admin")
    typed = {**NEW, "name_en": "A name of far too many letters", "phone": "ring me", "country": "XX", "code": "BJ-01"}
    refused = send(admin, "/console/places/new", "/console/places/new", parent=str(ids["NORTH"]), **typed)
    assert refused.status_code == 422
    assert "only 16 fit into a text to a customer" in refused.text
    assert "BJ-01 is the code of another one already" in refused.text
    assert "XX is no country we know" in refused.text
    assert 'value="A name of far too many letters"' in refused.text and 'value="ring me"' in refused.text
    assert deeds(house) == []


def test_a_cycle_is_refused(house: Flask, ids: dict[str, int]) -> None:
    admin = sign_in(house, "admin")
    sub = {**NEW, "code": "SUB", "kind": "region"}
    below = send(admin, "/console/places/new", "/console/places/new", parent=str(ids["NORTH"]), **sub).location
    path = f"/console/places/{ids['NORTH']}"
    north = {**NEW, "code": "NORTH", "kind": "region", "name_en": "Region North"}
    refused = send(admin, path, path, parent=below.rpartition("/")[2], **north)
    assert refused.status_code == 422
    assert "SUB lies below this place itself" in refused.text


def test_closed_days_are_added_and_taken_out(house: Flask, ids: dict[str, int], clock: ManualClock) -> None:
    admin, path = sign_in(house, "admin"), f"/console/places/{ids['BJ-01']}"
    wrong = send(
        admin, path, f"{path}/closures", first_day="2026-12-24", last_day="2026-12-23", what="open", reason="x"
    )
    assert wrong.status_code == 422 and "The last day lies before the first" in wrong.text
    none = send(admin, path, f"{path}/closures", first_day="", last_day="", what="closed", reason="x")
    assert none.status_code == 422 and "Write a day, like 2026-11-20." in none.text
    send(admin, path, f"{path}/closures", first_day="2026-12-24", last_day="", what="closed", reason="Moving house")
    assert "Moving house" in admin.get(path).text
    with house.app_context():
        closure = db.session.scalars(select(Closure)).one().id
    send(admin, path, f"{path}/closures/{closure}/remove")
    send(admin, path, f"{path}/closures/{closure}/remove")
    with house.app_context():
        assert db.session.scalars(select(Closure)).all() == []
    assert deeds(house) == ["place.closure_add", "place.closure_remove"]
