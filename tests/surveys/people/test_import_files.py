"""Workbooks, columns of other names, rehearsals and the file of refused rows, as whoever imports sees them."""

import csv
import io
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.extensions import commit, db
from surveys.people.files import open_table
from surveys.people.models import ContactPoint, Customer, CustomerReference, ImportRun, Transaction
from surveys.people.table_rows import Columns, Refused, Row, UnreadableError, read_rows
from tests import world
from tests.conftest import ManualClock

Run = Callable[..., Result]
ANY = Columns(("ref",), ("phone", "on", "amount"))


@pytest.fixture(autouse=True)
def company(app: Flask, clock: ManualClock) -> None:
    """Two branches and their people."""
    with app.app_context():
        world.build(clock.now())
        commit()


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Run:
    """Runs a command on a file with these bytes, whatever its name says, or on standard input."""

    def invoke(command: str, content: str | bytes, *options: str, stdin: bool = False) -> Result:
        data = content.encode() if isinstance(content, str) else content
        file = tmp_path / "file.csv"
        file.write_bytes(data)
        return app.test_cli_runner().invoke(
            args=[command, "-" if stdin else str(file), *options], input=data if stdin else None
        )

    return invoke


def workbook(*rows: list[Any], sheet: str = "Sheet1", formats: dict[str, str] | None = None, **more: Any) -> bytes:
    """An Excel workbook with these rows on its first sheet, and further sheets by name."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = sheet
    for row in rows:
        first.append(row)
    for cell, shown_as in (formats or {}).items():
        first[cell].number_format = shown_as
    for name, others in more.items():
        other = book.create_sheet(name)
        for row in others:
            other.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def references(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(CustomerReference.external_ref)))


def phones(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(ContactPoint.address).where(ContactPoint.kind == "phone")))


def rows(content: bytes, sheet: str | None = None) -> list[Row | Refused]:
    return list(read_rows(open_table(io.BytesIO(content), sheet=sheet), ANY))


# ---- workbooks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stdin", [False, True])
def test_a_workbook_is_known_by_its_content_and_its_numbers_are_read_as_phones(
    app: Flask, run: Run, stdin: bool
) -> None:
    book = workbook(
        ["external_ref", "name", "phone", "branch"],
        ["C-1", "陈静", 13800138000.0, "BJ-01"],
        [100200300, "Li", 1.3800138001e10, None],
        [],
        ["C-3", "Wang", "'+8613800138002", "BJ-02"],
    )
    done = run("import-customers", book, stdin=stdin)
    assert (done.exit_code, done.stdout) == (0, "3 new, 0 changed, 0 as before, 0 refused\n")
    assert "external_ref, phone: the spreadsheet keeps numbers there; zeros they began with are lost" in done.stderr
    assert references(app) == {"C-1", "100200300", "C-3"}
    assert phones(app) == {"+8613800138000", "+8613800138001", "+8613800138002"}


def test_dates_times_amounts_and_truths_become_what_a_csv_would_hold() -> None:
    found = rows(
        workbook(
            ["ref", "phone", "on", "amount"],
            [1001, True, datetime.fromisoformat("2026-11-20T00:00:00"), 0.1 + 0.2],
            ["A", None, datetime.fromisoformat("2026-11-20T14:05:00"), -1234.5],
            ["B", None, date(2026, 11, 20), 1e-05],
        )
    )
    assert found == [
        Row(2, {"ref": "1001", "phone": "true", "on": "2026-11-20", "amount": "0.3"}),
        Row(3, {"ref": "A", "on": "2026-11-20T14:05:00", "amount": "-1234.5"}),
        Row(4, {"ref": "B", "on": "2026-11-20", "amount": "0.00001"}),
    ]


def test_a_format_of_zeros_gives_a_number_its_zeros_back() -> None:
    assert rows(workbook(["ref"], [1234], formats={"A2": "000000"})) == [Row(2, {"ref": "001234"})]


def test_a_number_whose_digits_the_spreadsheet_has_lost_is_refused_and_so_is_its_error() -> None:
    found = rows(workbook(["ref", "phone"], [6222021234567890123, ""], ["#N/A", ""], ["fine", ""]))
    assert [type(one) for one in found] == [Refused, Refused, Row]
    assert "more than 15 digits" in str(found[0])
    assert "#N/A, an error of the spreadsheet" in str(found[1])


def test_another_sheet_is_chosen_by_its_name(app: Flask, run: Run) -> None:
    book = workbook(["notes"], ["nothing"], People=[["external_ref"], ["C-1"]])
    refused = run("import-customers", book)
    assert "column external_ref is missing" in refused.stderr
    absent = run("import-customers", book, "--sheet", "Kunden")
    assert "there is no sheet 'Kunden'; the workbook has: Sheet1, People." in absent.stderr
    assert run("import-customers", book, "--sheet", "People").exit_code == 0
    assert references(app) == {"C-1"}
    assert "no sheets" in run("import-customers", "external_ref\nC-1\n", "--sheet", "People").stderr


def test_transactions_and_events_come_from_workbooks_too(app: Flask, run: Run) -> None:
    run("import-customers", "external_ref,phone\nC-1,+15005551001\n")
    bought = workbook(
        ["external_ref", "date", "amount"], ["C-1", datetime.fromisoformat("2026-01-02"), 12.5], ["C-1", "20260103", -4]
    )
    assert run("import-transactions", bought).stdout == "2 new, 0 changed, 0 as before, 0 refused\n"
    with app.app_context():
        found = db.session.execute(select(Transaction.on, Transaction.amount_cents))
        assert sorted(map(tuple, found)) == [(date(2026, 1, 2), 1250), (date(2026, 1, 3), -400)]
    events = workbook(
        ["source", "external_ref", "touchpoint", "occurred_at", "branch", "customer.external_ref", "customer.phone"],
        ["core", "T-1", "branch_visit", "2026-11-20T13:50:00+08:00", "BJ-01", "C-1", "+15005551001"],
    )
    assert run("import-events", events).stdout == "1 new, 0 changed, 0 as before, 0 refused\n"


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def test_a_workbook_that_would_fill_the_memory_is_refused_before_it_is_unpacked(run: Run) -> None:
    bomb = zipped(**{"xl__sharedStrings.xml": b"0" * (129 << 20)})
    assert len(bomb) < 1 << 18
    assert "too large when unpacked" in run("import-customers", bomb).stderr


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (zipped(nothing=b"here"), "damaged"),
        (b"PK\x03\x04 and no more", "damaged"),
        (workbook(["external_ref"], ["C-1"])[:-200], "damaged"),
        (workbook(), "the sheet is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as .xlsx"),
    ],
)
def test_a_broken_workbook_says_what_to_do(run: Run, file: bytes, words: str) -> None:
    done = run("import-customers", file)
    assert done.exit_code == 1
    assert words in done.stderr
    assert done.stderr.startswith("Error: ") and "Traceback" not in done.stderr


def test_bytes_that_were_changed_on_the_way_never_end_in_a_traceback() -> None:
    good = workbook(["ref", "amount"], *[[f"C-{n}", n] for n in range(50)])
    chance = random.Random(20261120)
    for _ in range(200):
        bad = bytearray(good)
        for _ in range(chance.randint(1, 20)):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        with suppress(UnreadableError):
            rows(bytes(bad))


# ---- columns of other names -----------------------------------------------------------------------------------------


def test_columns_of_other_names_are_mapped_and_others_left_out(app: Flask, run: Run) -> None:
    file = "Kundennummer;Name;手机号;Notiz\nC-1;Clara;13800138000;x\n"
    assert "external_ref is missing" in run("import-customers", file).stderr
    mapped = ("--map", "Kundennummer=external_ref", "--map", "手机号=phone", "--map", "notiz=")
    assert run("import-customers", file, *mapped).stdout == "1 new, 0 changed, 0 as before, 0 refused\n"
    assert (references(app), phones(app)) == ({"C-1"}, {"+8613800138000"})


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("Kundennummer=external_ref", "there is no column Kundennummer to map. The file has: Nr, Name."),
        ("Nr=number", "nothing can be mapped to number. Known: external_ref, name"),
        ("Nr", 'write it like "Kundennummer=external_ref"'),
        ("Name=external_ref", "the column nr is not known; rename, map or remove it"),
        ("Nr=name", "external_ref is missing"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_what_there_is(run: Run, mapping: str, words: str) -> None:
    done = run("import-customers", "Nr,Name\nC-1,Clara\n", "--map", mapping)
    assert done.exit_code != 0
    assert words in done.stderr


# ---- rehearsals -----------------------------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_happen_and_writes_nothing(app: Flask, run: Run) -> None:
    run("import-customers", "external_ref,name\nC-1,Clara\nC-2,Ben\n")
    file = "external_ref,name,phone\nC-1,Clara,\nC-2,Benjamin,\nC-3,New,\nC-4,Bad,12\n"
    tried = run("import-customers", file, "--dry-run")
    assert tried.exit_code == 1
    assert tried.stdout == "1 new, 1 changed, 1 as before, 1 refused; nothing was written\n"
    assert tried.stderr.startswith("line 5: phone")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Customer)) == 2
        assert db.session.scalar(select(func.count()).select_from(ImportRun)) == 1
    assert run("import-customers", file).stdout == "1 new, 1 changed, 1 as before, 1 refused\n"


def test_a_dry_run_counts_a_thing_named_twice_as_the_import_will(run: Run) -> None:
    people = [f"C-{n},Name {n}" for n in range(600)]
    file = "\n".join(["external_ref,name", *people, "C-0,Name 0", "C-1,Another"]) + "\n"
    said = "600 new, 1 changed, 1 as before, 0 refused"
    assert run("import-customers", file, "--dry-run").stdout == f"{said}; nothing was written\n"
    assert run("import-customers", file).stdout == f"{said}\n"


def test_a_dry_run_of_visits_asks_nobody(app: Flask, run: Run) -> None:
    heading = "source,external_ref,touchpoint,occurred_at,branch,customer.phone\n"
    visit = "core,T-{},branch_visit,2026-11-20T13:5{}:00+08:00,BJ-01,+1500555{}\n"
    visits = "".join(visit.format(n, 0, 1000 + n) for n in range(30))
    file = heading + visits + visit.format(0, 0, 1000) + visit.format(1, 1, 1001)
    tried = run("import-events", file, "--dry-run")
    assert tried.stdout == "30 new, 0 changed, 1 as before, 1 refused; nothing was written\n"
    assert "line 33: core:T-1 was received before with another content" in tried.stderr
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Customer)) == 0
    assert run("import-events", file).stdout == "30 new, 0 changed, 1 as before, 1 refused\n"


# ---- the refused rows -----------------------------------------------------------------------------------------------


def test_refused_rows_come_back_as_they_were_and_are_imported_once_mended(app: Flask, run: Run, tmp_path: Path) -> None:
    file = (
        "Nr,name,phone,branch,Notiz\n"
        "C-1,Good,+15005551001,BJ-01,\n"
        'C-2,"=HYPERLINK(""http://x"")",+1,BJ-01,"a, b"\n'
        "C-3,陈静,+15005551003,BJ-99,\n"
        'C-4,"Never closed,,,\n'
        "C-5,-1.5,12,,\n"
    )
    mapped = ("--map", "Nr=external_ref", "--map", "Notiz=")
    errors = tmp_path / "refused.csv"
    assert run("import-customers", file, *mapped, "--errors", str(errors)).exit_code == 1
    assert errors.stat().st_mode & 0o077 == 0
    written = errors.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    found = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
    assert found[0] == ["Nr", "name", "phone", "branch", "Notiz", "line", "error"]
    assert [(row[0], row[5]) for row in found[1:]] == [("C-2", "3"), ("C-3", "4"), ("C-4", "5"), ("C-5", "6")]
    assert found[1][1:5] == ['\'=HYPERLINK("http://x")', "'+1", "BJ-01", "a, b"]
    assert found[2][6] == "branch 'BJ-99' is not the code of a branch; correct it or leave it out"
    assert found[4][1] == "-1.5"

    mended = written.decode("utf-8-sig").replace("'+1,", "'+15005551002,").replace("BJ-99", "BJ-02").replace("12", "")
    mended = mended.replace('"""Never closed"', "Closed")
    again = run("import-customers", mended, *mapped, "--errors", str(errors))
    assert again.stdout == "4 new, 0 changed, 0 as before, 0 refused\n", again.stderr
    with app.app_context():
        names = set(db.session.scalars(select(Customer.name)))
    assert {'=HYPERLINK("http://x")', "陈静", "-1.5", "Closed"} < names
    assert list(csv.reader(io.StringIO(errors.read_text("utf-8-sig")))) == [found[0]]


def test_refused_rows_of_a_workbook_come_as_csv(run: Run, tmp_path: Path) -> None:
    book = workbook(["external_ref", "phone"], ["C-1", 12], [6222021234567890123, None])
    errors = tmp_path / "refused.csv"
    run("import-customers", book, "--errors", str(errors))
    found = list(csv.reader(io.StringIO(errors.read_text("utf-8-sig"))))
    assert [row[:3] for row in found[1:]] == [["C-1", "12", "2"], ["6222021234567890000", "", "3"]]


def test_a_place_that_cannot_be_written_to_is_named(run: Run) -> None:
    done = run("import-customers", "external_ref\nC-1\n", "--errors", "/proc/nowhere/refused.csv")
    assert done.exit_code != 0
    assert "/proc/nowhere/refused.csv" in done.stderr
    assert "Traceback" not in done.stderr
