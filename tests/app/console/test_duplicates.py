"""One person twice: side by side, joined, taken back; and the page of a customer says so."""

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.auth.models import AuditEntry
from app.cases.models import Case
from app.extensions import commit, db
from surveys.people.models import Customer, Merge
from surveys.people.service import record_consent
from tests import world
from tests.app.console.office import send, sign_in
from tests.conftest import ManualClock
from tests.surveys.people.folk import known

PATH = "/console/duplicates"


@pytest.fixture
def twice(house: Flask, clock: ManualClock) -> tuple[int, int]:
    """Clara is known twice: by her account and by her card."""
    now = clock.now()
    with house.app_context():
        first = known(now, "C-1", name="Clara Wong", born="1980-05-17", phone="+15005551001")
        second = known(now, "K-7", name="Clara WONG", born="1980-05-17", email="clara@example.com", source="cards")
        world.served(now, ref="T-1", customer_ref="C-1", name="Clara Wong")
        commit()
    return first, second


def joined(client: FlaskClient, ids: tuple[int, int], keep: int | None = None):  # type: ignore[no-untyped-def]
    fields = {"first": str(ids[0]), "second": str(ids[1]), "keep": str(keep or ids[0])}
    return send(client, PATH, f"{PATH}/same", **fields)


def audited(app: Flask) -> list[tuple[str, int | None, dict[str, int]]]:
    with app.app_context():
        entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action.startswith("c")).order_by(AuditEntry.id)
        )
        return [(e.action, e.subject_id, e.detail) for e in entries if e.subject_kind == "customer"]


def test_the_hub_leads_to_two_records_side_by_side(house: Flask, twice: tuple[int, int]) -> None:
    admin = sign_in(house, "admin")
    assert PATH in admin.get("/console/setup").text
    page = admin.get(PATH).text.replace("<wbr>", "")
    assert "1 pair to look at" in page
    assert "Same name and birth date" in page
    assert "Clara Wong" in page and "Clara WONG" in page
    assert "ends 1001" in page and "+15005551001" not in page
    assert "c...@example.com" in page and "clara@example.com" not in page
    assert "1980" not in page, "that the dates agree is enough"
    assert f'value="{twice[0]}" checked' in page, "the one with the visits is proposed to stay"


def test_joined_and_taken_back(house: Flask, twice: tuple[int, int]) -> None:
    admin = sign_in(house, "admin")
    answer = joined(admin, twice)
    assert answer.status_code == 303
    page = admin.get(PATH).text
    assert "They are one person now." in page
    assert "Nobody stands here twice" in page
    assert "also known as Clara WONG" in page
    story = admin.get(f"/console/customers/{twice[0]}").text
    assert "Also known as" in story and "K-7" in story
    assert admin.get(f"/console/customers/{twice[1]}").location == f"/console/customers/{twice[0]}"
    with house.app_context():
        number = db.session.scalars(select(Merge.id)).one()
    assert send(admin, PATH, f"{PATH}/{number}/undo").status_code == 303
    assert "1 pair to look at" in admin.get(PATH).text
    assert admin.get(f"/console/customers/{twice[1]}").status_code == 200
    first, second = twice
    assert audited(house) == [
        ("customer.merge", first, {"other": second}),
        ("customer.unmerge", first, {"other": second}),
    ]


def test_the_other_may_stay(house: Flask, twice: tuple[int, int]) -> None:
    assert joined(sign_in(house, "admin"), twice, keep=twice[1]).status_code == 303
    with house.app_context():
        assert db.session.get_one(Customer, twice[0]).merged_into_id == twice[1]


def test_two_people_are_not_asked_about_again(house: Flask, twice: tuple[int, int]) -> None:
    admin = sign_in(house, "admin")
    fields = {"first": str(twice[0]), "second": str(twice[1])}
    assert send(admin, PATH, f"{PATH}/two", **fields).status_code == 303
    page = admin.get(PATH).text
    assert "Noted: two people." in page and "Nobody stands here twice" in page
    assert audited(house) == [("customer.two_people", twice[0], {"other": twice[1]})]


def test_two_open_cases_are_named_and_nothing_is_joined(
    house: Flask, twice: tuple[int, int], clock: ManualClock
) -> None:
    with house.app_context():
        for customer_id, code in zip(twice, ("1234", "5678"), strict=True):
            db.session.add(_case(customer_id, code, clock))
        commit()
    answer = joined(sign_in(house, "admin"), twice)
    assert answer.status_code == 409
    assert "Both have an open case" in answer.text
    assert "Case 1234" in answer.text and "Case 5678" in answer.text
    assert "1 pair to look at" in answer.text
    with house.app_context():
        assert db.session.scalar(select(func.count()).select_from(Merge)) == 0


def _case(customer_id: int, code: str, clock: ManualClock) -> Case:
    customer, now = db.session.get_one(Customer, customer_id), clock.now()
    assert customer.branch is not None and customer.branch.manager_id is not None
    return Case(
        code=code,
        customer_id=customer_id,
        branch_id=customer.branch.id,
        owner_id=customer.branch.manager_id,
        state="open",
        priority=2,
        reasons=[],
        opened_at=now,
        acknowledge_by=now,
        contact_by=now,
        resolve_by=now,
    )


@pytest.mark.parametrize("who", ["manager", "neighbour", "regional", "account", "agent", "analyst", "auditor"])
def test_only_an_administrator_comes_in(house: Flask, twice: tuple[int, int], who: str) -> None:
    client = sign_in(house, who)
    assert client.get(PATH).status_code == 404
    some_form = "/console/report" if who in ("analyst", "auditor") else "/console/customers"
    for deed in ("same", "two"):
        fields = {"first": str(twice[0]), "second": str(twice[1]), "keep": str(twice[0])}
        assert send(client, some_form, f"{PATH}/{deed}", **fields).status_code == 404
    with house.app_context():
        assert db.session.scalar(select(func.count()).select_from(Merge)) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"first": "x"},
        {"second": "999"},
        {"keep": "999"},
        {"keep": ""},
        {"second": "1"},
        {"first": "-1"},
        {"first": "9" * 30},
    ],
)
def test_a_form_that_was_tampered_with_joins_nothing(
    house: Flask, twice: tuple[int, int], changes: dict[str, str]
) -> None:
    assert twice[0] == 1
    fields = {"first": str(twice[0]), "second": str(twice[1]), "keep": str(twice[0]), **changes}
    assert send(sign_in(house, "admin"), PATH, f"{PATH}/same", **fields).status_code == 404
    with house.app_context():
        assert db.session.scalar(select(func.count()).select_from(Merge)) == 0


def test_the_ledger_says_wording_version_and_proof_and_can_be_taken_along(
    house: Flask, twice: tuple[int, int], clock: ManualClock
) -> None:
    with house.app_context():
        record_consent(
            twice[0],
            granted=True,
            source="branch_form",
            wording="I agree to texts.",
            wording_version="2026-03",
            proof="form 4711",
            now=clock.now(),
        )
        commit()
    admin, page = sign_in(house, "admin"), f"/console/customers/{twice[0]}"
    text = admin.get(page).text
    assert "wording 2026-03" in text and "on form 4711" in text and "with visit core:T-1" in text
    assert "Download as evidence" in text
    answer = send(admin, page, f"{page}/consents.csv")
    lines = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [line["wording_version"] for line in lines][-1] == "2026-03"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=consents-{twice[0]}.csv"
    assert audited(house) == [("consents.export", twice[0], {})]
    manager = sign_in(house, "manager")
    assert "Download as evidence" not in manager.get(page).text
    assert send(manager, "/console/customers", f"{page}/consents.csv").status_code == 404


def test_the_page_of_somebody_who_was_erased_says_so(house: Flask, twice: tuple[int, int]) -> None:
    house.test_cli_runner().invoke(args=["erase-customer", "core:C-1", "--yes"])
    page = sign_in(house, "admin").get(f"/console/customers/{twice[0]}").text
    assert "a customer" in page and "Erased on their wish" in page
    assert "Clara" not in page and "C-1" not in page


def test_a_chinese_reader_meets_no_english(house: Flask, twice: tuple[int, int]) -> None:
    admin = sign_in(house, "admin")
    send(admin, PATH, "/console/language", language="zh-Hans", back=PATH)
    page = admin.get(PATH).text
    assert "同一个人" in page
    assert "Same" not in page and "pair" not in page.replace('class="pair"', "").replace("pair-1", "")
