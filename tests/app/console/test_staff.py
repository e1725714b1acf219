"""The company sets up its staff: who is here, phones, days away, portfolios, and leaving; each change is audited."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth.models import AuditEntry
from app.extensions import commit, db
from surveys.people.models import Branch, Customer, Staff
from tests import world
from tests.app.console.office import send, sign_in
from tests.conftest import ManualClock
from tests.phones import received

MARY = {
    "name": "Mary Hill",
    "code": "S-90",
    "role": "agent",
    "language": "en",
    "phone": "+15005552099",
    "email": "mary@harbour.example",
    "manager": "0",
    "deputy": "0",
}


@pytest.fixture
def ids(house: Flask) -> dict[str, int]:
    with house.app_context():
        found = {one.code: one.id for one in db.session.scalars(select(Staff))}
        return found | {one.code: one.id for one in db.session.scalars(select(Branch))}


def deeds(app: Flask) -> list[str]:
    with app.app_context():
        ours = AuditEntry.action.startswith("staff.")
        return list(db.session.scalars(select(AuditEntry.action).where(ours).order_by(AuditEntry.id)))


def test_somebody_new_is_verified_by_the_code_on_their_phone(
    house: Flask, ids: dict[str, int], run_due: Callable[[], int]
) -> None:
    admin = sign_in(house, "admin")
    path = send(admin, "/console/staff/new", "/console/staff/new", branch=str(ids["BJ-01"]), **MARY).location
    roll = admin.get("/console/staff").text
    assert roll.index("Phones to verify") < roll.index("Mary Hill</a>") < roll.index("Here today")
    assert "1 phone to verify" in roll
    assert "Check the code" not in admin.get(path).text
    send(admin, path, f"{path}/send-code")
    run_due()
    code = re.findall(r"\b\d{6}\b", received(house, "+15005552099")[0])[0]
    wrong = send(admin, path, f"{path}/check-code", code="000000" if code != "000000" else "111111")
    assert wrong.status_code == 422 and "This is not the code that was texted" in wrong.text
    assert send(admin, path, f"{path}/check-code", code=code).status_code == 303
    assert "Alerts go there." in admin.get(path).text
    assert "Phones to verify" not in admin.get("/console/staff").text
    assert deeds(house) == ["staff.hire", "staff.code_sent", "staff.phone_verified"]


def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(house: Flask, ids: dict[str, int]) -> None:
    admin = sign_in(house, "admin")
    typed = {**MARY, "name": "A name that is much too long", "phone": "+15005552001"}
    refused = send(admin, "/console/staff/new", "/console/staff/new", branch=str(ids["BJ-01"]), **typed)
    assert refused.status_code == 422
    assert "Anna Reed has this phone already" in refused.text
    assert 'value="A name that is much too long"' in refused.text
    chinese = admin.post(
        "/console/staff/new?lang=zh-Hans",
        data={"csrf_token": re.findall(r'csrf_token"[^>]*value="([^"]+)"', refused.text)[0], "branch": "3", **typed},
    )
    assert "短信里只放得下20个" in chinese.text
    assert deeds(house) == []


def test_who_is_away_and_who_stands_in_is_seen_at_a_glance(house: Flask, ids: dict[str, int]) -> None:
    admin, path = sign_in(house, "admin"), f"/console/staff/{ids['S-10']}"
    send(admin, path, f"{path}/absences", first_day="2026-11-19", last_day="2026-11-27")
    page = admin.get("/console/staff").text
    assert page.index("Away today") < page.index("Anna Reed") < page.index("Here today")
    assert "Ben Shaw stands in" in page and "27 Nov 2026" in page
    twice = send(admin, path, f"{path}/absences", first_day="2026-11-27", last_day="")
    assert twice.status_code == 422 and "They are already away" in twice.text
    with house.app_context():
        absence = db.session.get_one(Staff, ids["S-10"]).absences[0].id
    send(admin, path, f"{path}/absences/{absence}/remove")
    assert "Away today" not in admin.get("/console/staff").text
    assert deeds(house) == ["staff.absence_add", "staff.absence_remove"]


def test_a_portfolio_is_handed_over_from_a_day(house: Flask, ids: dict[str, int], clock: ManualClock) -> None:
    with house.app_context():
        world.served(clock.now(), owner="S-17")
        commit()
    admin, path = sign_in(house, "admin"), f"/console/staff/{ids['S-17']}"
    past = send(admin, path, f"{path}/portfolio", successor=str(ids["S-11"]), on="2026-11-19")
    assert past.status_code == 422 and "The day is over" in past.text
    nobody = send(admin, path, f"{path}/portfolio", successor="0", on="2026-11-20")
    assert nobody.status_code == 422 and "Name who takes over" in nobody.text
    done = send(admin, path, f"{path}/portfolio", successor=str(ids["S-11"]), on="2026-11-20")
    assert done.status_code == 303
    assert "1 customer goes to Ben Shaw." in admin.get(path).text
    with house.app_context():
        assert db.session.scalars(select(Customer)).one().owner_id == ids["S-11"]
    assert deeds(house) == ["staff.portfolio"]


def test_who_leaves_today_is_gone_at_once_and_can_no_longer_sign_in(house: Flask, ids: dict[str, int]) -> None:
    account, admin = sign_in(house, "account"), sign_in(house, "admin")
    path = f"/console/staff/{ids['S-17']}"
    left = send(admin, path, f"{path}/leave", successor=str(ids["S-11"]), on="2026-11-20")
    assert left.status_code == 303
    assert "Left on" in admin.get(path).text and "What was theirs went to Ben Shaw." in admin.get(path).text
    assert account.get("/console/").status_code == 302
    assert deeds(house) == ["staff.leave", "staff.settled"]


def test_who_will_leave_may_change_their_mind(house: Flask, ids: dict[str, int]) -> None:
    admin, path = sign_in(house, "admin"), f"/console/staff/{ids['S-17']}"
    send(admin, path, f"{path}/leave", successor=str(ids["S-11"]), on="2026-12-01")
    assert "Leaves on" in admin.get(path).text
    send(admin, path, f"{path}/stay")
    assert "Leaves on" not in admin.get(path).text
    assert deeds(house) == ["staff.leave", "staff.stay"]


def test_a_part_of_the_name_or_a_place_narrows_the_list(house: Flask, ids: dict[str, int]) -> None:
    admin = sign_in(house, "admin")
    page = admin.get("/console/staff?q=shaw").text
    assert "Ben Shaw</a>" in page and "Zhou Min</a>" not in page
    page = admin.get(f"/console/staff?place={ids['BJ-02']}").text
    assert "Nobody is shown" in page
    assert admin.get("/console/staff?place=nonsense").status_code == 200


def test_the_pages_are_chinese_throughout(house: Flask, ids: dict[str, int]) -> None:
    admin = sign_in(house, "admin")
    for path in ("places", f"places/{ids['BJ-01']}", "staff", f"staff/{ids['S-10']}"):
        page = admin.get(f"/console/{path}?lang=zh-Hans").text
        page = re.sub(r"(?s)<(datalist|select)\b.*?</\1>", " ", page)
        left = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"<[^>]+>", " ", page)))
        known = {"Heed", "NORTH", "Central", "Riverside", "Anna", "Reed", "Ben", "Shaw", "Zhou", "Min", "Lin", "Yue"}
        assert left <= known | {"English", "Asia", "Shanghai"}, path
