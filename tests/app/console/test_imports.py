"""A file through the console, as the person who administers the bank sends it: choose, look, start, mend."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.auth.models import AuditEntry
from app.extensions import Trouble, commit, db, real_now
from app.import_worker import sweep_import_files, sweep_imports
from surveys.people import import_files
from surveys.people.import_models import ImportFile, ImportPiece, State
from surveys.people.models import Customer, CustomerReference, Transaction
from tests.app.console.office import send, sign_in, token_on
from tests.conftest import ManualClock
from tests.surveys.people.test_import_files import workbook

FILE = """客户号,姓名,Mobile,E-mail address,Note
C-1,陈静,13800138000,,x
C-2,Ben,12,,y
C-3,Clara,13800138002,c@mail.cn,z
"""
Work = Callable[[], int]


@pytest.fixture
def work(house: Flask, clock: ManualClock) -> Work:
    """What the worker does with files."""

    def run() -> int:
        with house.app_context():
            return sweep_imports(clock.now())

    return run


def upload(client: FlaskClient, content: str | bytes, **fields: str) -> str:
    """Send a file; the page it leads to."""
    data = content.encode() if isinstance(content, str) else content
    token = token_on(client.get("/console/imports").text)
    said = {
        "csrf_token": token,
        "kind": "customers",
        "source": "core",
        "file": (io.BytesIO(data), "people.csv"),
        **fields,
    }
    answer = client.post("/console/imports", data=said, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.location


def chosen(page: str) -> dict[str, str]:
    """What each column is taken for, as a browser would send it."""
    return {
        name: found[1] if (found := re.search(r'<option value="([^"]*)" selected', options)) else ""
        for name, options in re.findall(r'<select id="(column-\d+)".*?>(.*?)</select>', page, re.DOTALL)
    }


def references(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(CustomerReference.external_ref)))


def kept(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(ImportPiece)) or 0


def test_a_file_is_read_looked_at_taken_in_and_its_refused_rows_come_back(house: Flask, work: Work) -> None:
    admin = sign_in(house, "admin")
    path = upload(admin, FILE)
    assert 'http-equiv="refresh"' in admin.get(path).text
    work()
    page = admin.get(path).text
    columns = chosen(page)
    assert list(columns.values()) == ["external_ref", "name", "phone", "email", ""]
    assert "<q>陈静</q>" in page

    assert send(admin, path, f"{path}/columns", **columns).status_code == 303
    work()
    page = admin.get(path).text
    assert "Ready to import" in page and "Import 2 rows" in page
    assert "+8613800138000" in page
    assert "line 3<" in page and "too few or too many digits" in page
    assert references(house) == set()

    assert send(admin, path, f"{path}/start").status_code == 303
    work()
    page = admin.get(path).text
    assert "The rows are in" in page
    assert references(house) == {"C-1", "C-3"}
    got = send(admin, path, f"{path}/refused")
    assert got.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(got.data.decode("utf-8-sig"))))
    assert rows[0] == ["客户号", "姓名", "Mobile", "E-mail address", "Note", "line", "error"]
    assert [row[:6] for row in rows[1:]] == [["C-2", "Ben", "12", "", "y", "3"]]

    again = upload(admin, got.data.replace(b",12,", b",13800138001,"))
    work()
    send(admin, again, f"{again}/columns", **chosen(admin.get(again).text))
    work()
    send(admin, again, f"{again}/start")
    work()
    assert references(house) == {"C-1", "C-2", "C-3"}
    assert "1 new, 0 changed, 0 as before, 0 refused" in admin.get("/console/imports").text
    with house.app_context():
        deeds = list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "import")))
    assert deeds == ["import.sent", "import.started", "import.refused_rows", "import.sent", "import.started"]


def test_the_database_holds_no_word_of_the_file_in_clear(house: Flask, work: Work) -> None:
    admin = sign_in(house, "admin")
    path = upload(admin, "external_ref,name,phone\nC-1,Zhuang Mingyuan,13800138000\n")
    work()
    with house.app_context():
        database = db.engine.url.database
    assert database and kept(house) == 1
    raw = b"".join(file.read_bytes() for file in Path(database).parent.glob("heed.sqlite*"))
    assert b"Mingyuan" not in raw and b"13800138000" not in raw
    send(admin, path, f"{path}/discard")
    assert kept(house) == 0
    assert admin.get("/console/imports").text.count("deleted") >= 1


def test_a_workbook_and_its_sheet_are_read_and_lost_zeros_are_told(house: Flask, work: Work) -> None:
    admin = sign_in(house, "admin")
    book = workbook(["x"], ["y"], People=[["Customer ID", "Tel"], [7, 13800138000.0]])
    path = upload(admin, book, sheet="People")
    work()
    page = admin.get(path).text
    assert list(chosen(page).values()) == ["external_ref", "phone"]
    assert page.count("zeros they began with are lost") == 2
    wrong = upload(admin, book, sheet="Kunden")
    work()
    page = admin.get(wrong).text
    assert "Not imported" in page and "there is no sheet &#39;Kunden&#39;" in page
    assert kept(house) == 1  # the rows of the other one


def test_columns_that_cannot_be_are_told_and_what_was_chosen_stays(house: Flask, work: Work) -> None:
    admin = sign_in(house, "admin")
    path = upload(admin, FILE)
    work()
    page = send(admin, path, f"{path}/columns", **{"column-1": "name", "column-2": "name"})
    assert "Say which column holds: Customer number." in page.text
    assert [name for name in chosen(page.text).values() if name] == ["name", "name"]
    columns = {"column-0": "external_ref", "column-1": "name", "column-2": "name"}
    assert "Two columns cannot both be: Name." in send(admin, path, f"{path}/columns", **columns).text
    assert "Choose from the list" in send(admin, path, f"{path}/columns", **{"column-0": "password"}).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose a file."),
        ({"source": ""}, "Name the system"),
        ({"source": "a b"}, "Letters, digits"),
        ({"kind": "staff"}, "Not a valid choice"),
    ],
)
def test_a_form_that_is_not_whole_is_told_what_is_missing(house: Flask, fields: dict[str, str], words: str) -> None:
    admin = sign_in(house, "admin")
    said = {"kind": "customers", "source": "core", **fields}
    if fields:
        token = token_on(admin.get("/console/imports").text)
        more = {"csrf_token": token, "file": (io.BytesIO(b"x"), "x.csv"), **said}
        page = admin.post("/console/imports", data=more, content_type="multipart/form-data")
    else:
        page = send(admin, "/console/imports", "/console/imports", **said)
    assert words in page.text


def test_more_than_sixteen_megabytes_are_for_the_command(house: Flask) -> None:
    admin = sign_in(house, "admin")
    token = token_on(admin.get("/console/imports").text)
    data = {"csrf_token": token, "kind": "customers", "source": "core", "file": (io.BytesIO(b"x" * (17 << 20)), "x")}
    answer = admin.post("/console/imports", data=data, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "flask --app wsgi import-customers FILE" in answer.text


def test_only_whoever_administers_the_whole_company_finds_the_room(house: Flask) -> None:
    for name in ("manager", "regional", "analyst", "auditor"):
        assert sign_in(house, name).get("/console/imports").status_code == 404
    admin = sign_in(house, "admin")
    assert admin.get("/console/imports/99").status_code == 404
    assert 'href="/console/imports"' in admin.get("/console/setup").text


def begun(app: Flask, clock: ManualClock, content: str, kind: str = "customers") -> int:
    """A file that was read and checked and is to be imported."""
    with app.app_context():
        file = import_files.receive(
            io.BytesIO(content.encode()), kind=kind, name="people.csv", source="core", sheet=None,
            create_customers=True, user_id=1, now=clock.now(),
        )  # fmt: skip
        commit()
        number = file.id
        sweep_imports(clock.now())
        file = db.session.get_one(ImportFile, number)
        assert import_files.choose(file, file.header)
        commit()
        sweep_imports(clock.now())
        assert import_files.start(db.session.get_one(ImportFile, number))
        commit()
        return number


def test_one_worker_at_a_time_works_on_a_file_and_another_takes_over_when_it_is_gone(
    any_app: Flask, clock: ManualClock
) -> None:
    number = begun(any_app, clock, "external_ref\nC-1\n")
    with any_app.app_context():
        assert import_files.claim(number, by="first", real=real_now(), lease=timedelta(seconds=25))
        commit()
        assert not import_files.claim(number, by="second", real=real_now(), lease=timedelta(seconds=25))
        db.session.rollback()
        assert sweep_imports(clock.now()) == 0
        later = real_now() + timedelta(seconds=26)
        assert import_files.claim(number, by="second", real=later, lease=timedelta(seconds=25))
        commit()
        assert not import_files.move_on(number, by="first", position=1)
        db.session.rollback()
        assert import_files.move_on(number, by="second", lease_until=None)
        commit()
        assert sweep_imports(clock.now()) > 0
        assert db.session.get_one(ImportFile, number).state == State.DONE
        assert db.session.scalars(select(Trouble)).all() == []


def test_purchases_are_numbered_from_the_first_row_on_also_after_a_kill(any_app: Flask, clock: ManualClock) -> None:
    bought = "external_ref,date,amount\n" + "C-1,2026-01-02,10.00\n" * 2500
    number = begun(any_app, clock, bought, "transactions")
    with any_app.app_context():
        # As a worker leaves it that was killed behind the first of three batches.
        from app.importing import Batch, Choices, Kind, importing
        from surveys.people.table_rows import rows_as

        work = importing(Kind.TRANSACTIONS, Choices(create_customers=True))
        header = ["external_ref", "date", "amount"]
        batch = Batch(work, list(rows_as(header, import_files.records(number, 0), set())), clock.now())
        assert batch.keep(clock.now()).new == 1000
        file = db.session.get_one(ImportFile, number)
        file.position, file.counts = 1, {"new": 1000, "changed": 0, "same": 0, "refused": 0}
        commit()
        sweep_imports(clock.now())
        assert db.session.get_one(ImportFile, number).counts["new"] == 2500
        assert db.session.scalar(select(func.count()).select_from(Transaction)) == 2500


def test_nothing_of_a_file_is_kept_longer_than_it_may_be(app: Flask, clock: ManualClock) -> None:
    done = begun(app, clock, "external_ref,phone\nC-1,12\n")
    with app.app_context():
        sweep_imports(clock.now())
        file = import_files.receive(
            io.BytesIO(b"external_ref\nC-2\n"), kind="customers", name="left.csv", source="core", sheet=None,
            create_customers=False, user_id=1, now=clock.now(),
        )  # fmt: skip
        commit()
        left = file.id
        assert len(list(import_files.refused_rows(done))) == 1
        assert sweep_import_files(clock.now()) == 0
        clock.advance(days=1)
        assert sweep_import_files(clock.now()) == 1
        assert list(import_files.refused_rows(done)) == []
        clock.advance(days=6)
        assert sweep_import_files(clock.now()) == 1
        assert db.session.get_one(ImportFile, left).state == State.DISCARDED
        assert db.session.scalar(select(func.count()).select_from(ImportPiece)) == 0
        assert sweep_import_files(clock.now()) == 0
        assert db.session.scalar(select(func.count()).select_from(Customer)) == 0


def test_where_no_row_can_be_taken_nothing_is_offered_and_the_reasons_stand_in_the_readers_language(
    house: Flask, work: Work
) -> None:
    admin = sign_in(house, "admin")
    path = upload(admin, b"external_ref,phone\nC-1,12\n,13800138000\n")
    work()
    send(admin, path, f"{path}/columns", **chosen(admin.get(path).text))
    work()
    page = admin.get(f"{path}?lang=zh-Hans").text
    assert "还没有可以导入的行" in page and f"{path}/start" not in page
    assert "号码位数不对" in page and "external_ref 为空" in page
    assert references(house) == set()
    assert "too few or too many digits" in admin.get(f"{path}?lang=en").text
