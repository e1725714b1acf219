"""Files from other systems, as the person at the bank's computer sees them: what went in, what was refused."""

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.extensions import commit, db
from notifications import PhoneNumber
from surveys.invitations.models import Invitation, ServiceEvent
from surveys.people.files import open_table
from surveys.people.import_rows import Repeats, cents_of, day_of, language_of
from surveys.people.models import Consent, ContactPoint, Customer, CustomerReference, ImportRun, Transaction
from surveys.people.queries import branch_by_code
from surveys.people.service import Person, identify
from surveys.people.table_rows import Columns, Refused, Row, UnreadableError, read_rows
from tests import world
from tests.conftest import ManualClock

CUSTOMERS = """external_ref,name,phone,email,language,time_zone,branch,owner,region
C-1,Clara Wong,+15005551001,clara@example.com,en,Asia/Shanghai,BJ-01,S-17,
C-2,陈静,+15005551002,,zh-CN,,BJ-02,,
C-3,No Phone,,,en,,,,
"""
EVENTS = (
    "source,external_ref,touchpoint,occurred_at,branch,staff,"
    "customer.external_ref,customer.phone,customer.language,attributes.complaint\n"
    "core,T-1,branch_visit,2026-11-20T13:50:00+08:00,BJ-01,S-17,C-1,+15005551001,en,\n"
    "core,T-2,complaint_closed,2026-11-20T13:55:00+08:00,BJ-01,,C-2,+15005551002,zh-Hans,true\n"
)

Run = Callable[..., Result]


@pytest.fixture
def company(app: Flask, clock: ManualClock) -> None:
    """Two branches and their people."""
    with app.app_context():
        world.build(clock.now())
        commit()


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Run:
    """Runs a command on a file with these bytes, or on standard input."""

    def invoke(command: str, content: str | bytes, *options: str, stdin: bool = False) -> Result:
        data = content.encode() if isinstance(content, str) else content
        file = tmp_path / "file.csv"
        file.write_bytes(data)
        return app.test_cli_runner().invoke(
            args=[command, "-" if stdin else str(file), *options], input=data if stdin else None
        )

    return invoke


def snapshot(app: Flask) -> str:
    """Every row of what an import may touch."""
    with app.app_context():
        found = {}
        for model in (Customer, CustomerReference, ContactPoint, Consent, Transaction, ServiceEvent, Invitation):
            rows = db.session.execute(select(model.__table__).order_by(model.__table__.c.id))
            found[model.__tablename__] = [[str(value) for value in row] for row in rows]
        return json.dumps(found, sort_keys=True)


def count(app: Flask, model: type[Customer] | type[Transaction] | type[ServiceEvent]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def customer(app: Flask, reference: str) -> Customer:
    with app.app_context():
        query = select(Customer).join(CustomerReference, CustomerReference.customer_id == Customer.id)
        found = db.session.scalars(query.where(CustomerReference.external_ref == reference)).one()
        _ = found.branch, found.owner, found.contact_points  # read now: the session ends here
        return found


# ---- customers ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("company")
def test_customers_come_in_with_their_branch_owner_language_and_consent(app: Flask, run: Run) -> None:
    done = run("import-customers", CUSTOMERS)
    assert (done.exit_code, done.stdout) == (0, "3 new, 0 changed, 0 as before, 0 refused\n")
    clara, chen = customer(app, "C-1"), customer(app, "C-2")
    assert (clara.name, clara.language, clara.time_zone) == ("Clara Wong", "en", "Asia/Shanghai")
    assert clara.branch is not None
    assert clara.branch.code == "BJ-01"
    assert clara.owner is not None
    assert clara.owner.code == "S-17"
    assert {(p.kind, p.address) for p in clara.contact_points} == {
        ("phone", "+15005551001"),
        ("email", "clara@example.com"),
    }
    assert (chen.name, chen.language) == ("陈静", "zh-Hans")
    with app.app_context():
        assert set(db.session.scalars(select(Consent.source))) == {"service_relationship"}


@pytest.mark.usefixtures("company")
def test_the_same_file_again_changes_nothing(app: Flask, run: Run) -> None:
    run("import-customers", CUSTOMERS)
    before = snapshot(app)
    again = run("import-customers", CUSTOMERS)
    assert again.stdout == "0 new, 0 changed, 3 as before, 0 refused\n"
    assert snapshot(app) == before


@pytest.mark.usefixtures("company")
def test_a_later_file_corrects_what_it_says_and_erases_nothing(app: Flask, run: Run) -> None:
    run("import-customers", CUSTOMERS)
    later = run("import-customers", "external_ref,name,email\nC-1,Clara Wong-Lee,\nC-3,,third@example.com\n")
    assert later.stdout == "0 new, 2 changed, 0 as before, 0 refused\n"
    clara = customer(app, "C-1")
    assert clara.name == "Clara Wong-Lee"
    assert len(clara.contact_points) == 2
    assert customer(app, "C-3").name == "No Phone"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.usefixtures("company")
def test_chinese_names_survive_every_encoding_a_spreadsheet_writes(app: Flask, run: Run, encoding: str) -> None:
    done = run("import-customers", CUSTOMERS.replace("\n", "\r\n").encode(encoding))
    assert done.exit_code == 0, done.output
    assert customer(app, "C-2").name == "陈静"


@pytest.mark.usefixtures("company")
def test_a_dash_reads_standard_input(app: Flask, run: Run) -> None:
    assert run("import-customers", CUSTOMERS, stdin=True).exit_code == 0
    assert count(app, Customer) == 3


@pytest.mark.usefixtures("company")
def test_what_is_refused_is_named_by_its_line_and_everything_else_goes_in(app: Flask, run: Run) -> None:
    file = (
        "external_ref,name,phone,email,time_zone,branch,owner\n"
        "C-1,Good,+15005551001,,,,\n"
        "C-2,Bad phone,12,,,,\n"
        ",No reference,+15005551003,,,,\n"
        "C-4,Bad zone,,,Beijing,,\n"
        "C-5,Bad branch,,,,BJ-99,\n"
        "C-6,Bad owner,,,,,S-99\n"
        'C-7,"Never closed,,,,,\n'
        "C-8,Bad mail,,nobody,,,\n"
        "C-9,Too,few\n"
        "C-10,Good too,,,,,\n"
    )
    done = run("import-customers", file)
    assert done.exit_code == 1
    assert done.stdout == "2 new, 0 changed, 0 as before, 8 refused\n"
    said = done.stderr.splitlines()
    assert [line.split(":")[0] for line in said] == [f"line {n}" for n in range(3, 11)]
    assert "12" not in said[0].partition(": ")[2]  # a number is never repeated
    for words, line in zip(
        ("phone", "external_ref is empty", "Asia/Shanghai", "'BJ-99'", "'S-99'", "quotation mark", "@", "3 values"),
        said,
        strict=True,
    ):
        assert words in line
    assert count(app, Customer) == 2


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "line 1: the file is empty"),
        (b"name,phone\nClara,1\n", "column external_ref is missing"),
        (b"external_ref,telephone\nC-1,1\n", "column telephone is not known"),
        (b"external_ref,name,name\nC-1,a,b\n", "stands there twice"),
        ("external_ref,name\nC-1,a\n".encode("utf-16"), "UTF-16"),
    ],
)
@pytest.mark.usefixtures("company")
def test_a_file_that_cannot_be_read_says_what_to_do(app: Flask, run: Run, file: bytes, words: str) -> None:
    done = run("import-customers", file)
    assert done.exit_code == 1
    assert words in done.stderr
    assert count(app, Customer) == 0


@pytest.mark.usefixtures("company")
def test_who_a_customer_is_follows_the_same_order_as_for_an_event(app: Flask, clock: ManualClock, run: Run) -> None:
    with app.app_context():
        world.served(clock.now(), ref="T-1", phone="+15005551001", customer_ref=None, name="By phone")
        world.served(clock.now(), ref="T-2", phone="+15005551002", customer_ref="C-9", name="Named otherwise")
        commit()
    assert run("import-customers", CUSTOMERS).stdout == "2 new, 1 changed, 0 as before, 0 refused\n"
    for reference, phone in (("C-1", "+15005551001"), ("C-2", "+15005551002")):
        imported = customer(app, reference).id
        with app.app_context():
            branch = branch_by_code("BJ-01")
            assert branch is not None
            person = Person(external_ref=reference, phone=PhoneNumber.trusted(phone))
            assert identify(person, source="core", at=branch, now=clock.now()).id == imported


@pytest.mark.usefixtures("company")
def test_two_people_on_one_telephone_stay_two_people(app: Flask, run: Run) -> None:
    run("import-customers", "external_ref,phone\nC-1,+15005551001\nC-2,+15005551001\n")
    assert count(app, Customer) == 2


@pytest.mark.usefixtures("company")
def test_a_birth_date_is_kept_and_finds_who_may_be_the_same_person(app: Flask, run: Run) -> None:
    file = "external_ref,name,birth_date\nC-1,Clara Wong,1980-05-17\nC-2,clara wong,19800517\nC-3,Ben,2040-01-01\n"
    done = run("import-customers", file)
    assert done.stdout == "2 new, 0 changed, 0 as before, 1 refused\n"
    assert done.stderr == "line 4: birth_date lies in the future; correct it\n"
    clara, twin = customer(app, "C-1"), customer(app, "C-2")
    assert clara.birth_date == twin.birth_date == "1980-05-17"
    assert clara.likeness
    assert clara.likeness == twin.likeness
    run("import-customers", "external_ref,birth_date\nC-2,1981-01-01\n")
    assert customer(app, "C-2").birth_date == "1981-01-01"
    assert customer(app, "C-2").likeness != clara.likeness


def test_a_bank_without_branches_can_import_first(app: Flask, run: Run) -> None:
    assert run("import-customers", "external_ref\nC-1\n").exit_code == 0
    assert customer(app, "C-1").time_zone == "Asia/Shanghai"


def test_the_run_is_kept_with_its_counts_and_lines(app: Flask, run: Run) -> None:
    run("import-customers", "external_ref,phone\nC-1,\nC-2,12\n")
    with app.app_context():
        kept = db.session.scalars(select(ImportRun)).one()
        assert kept.finished_at is not None
        assert len(kept.file_hash) == 64
        assert kept.counts == {"new": 1, "changed": 0, "same": 0, "refused": 1, "refused_lines": [3]}


# ---- transactions -------------------------------------------------------------------------------------------------

PURCHASES = """external_ref,date,amount,margin
C-1,2026-01-02,12.50,3.75
C-1,2026-01-02,12.50,3.75
C-1,20260103,-4,
C-2,2026/01/04,"1,234.56",
"""


def test_identical_purchases_on_one_day_all_count_and_the_same_file_again_adds_none(app: Flask, run: Run) -> None:
    run("import-customers", "external_ref\nC-1\nC-2\n")
    assert run("import-transactions", PURCHASES).stdout == "4 new, 0 changed, 0 as before, 0 refused\n"
    before = snapshot(app)
    assert run("import-transactions", PURCHASES).stdout == "0 new, 0 changed, 4 as before, 0 refused\n"
    assert snapshot(app) == before
    with app.app_context():
        rows = db.session.execute(select(Transaction.on, Transaction.amount_cents, Transaction.margin_cents))
        assert sorted(map(tuple, rows), key=str) == [
            (date(2026, 1, 2), 1250, 375),
            (date(2026, 1, 2), 1250, 375),
            (date(2026, 1, 3), -400, None),
            (date(2026, 1, 4), 123456, None),
        ]


def test_a_margin_that_is_known_later_is_kept(app: Flask, run: Run) -> None:
    run("import-customers", "external_ref\nC-1\n")
    run("import-transactions", "external_ref,date,amount\nC-1,2026-01-02,10\n")
    done = run("import-transactions", "external_ref,date,amount,margin\nC-1,2026-01-02,10.00,2.5\n")
    assert done.stdout == "0 new, 1 changed, 0 as before, 0 refused\n"
    with app.app_context():
        assert db.session.scalars(select(Transaction.margin_cents)).one() == 250


def test_an_unknown_customer_is_refused_by_line_or_made_when_asked_to(app: Flask, run: Run) -> None:
    run("import-customers", "external_ref\nC-1\n")
    done = run("import-transactions", PURCHASES)
    assert done.exit_code == 1
    assert done.stderr.startswith("line 5: core has no customer 'C-2'")
    assert count(app, Transaction) == 3
    assert run("import-transactions", PURCHASES, "--create-customers").exit_code == 0
    assert count(app, Transaction) == 4
    assert count(app, Customer) == 2


@pytest.mark.parametrize("amount", ["", "ten", "1e5", "NaN", "1.234", "12,34", "¥5", "--1", "9" * 20, "0x10"])
def test_nonsense_is_no_amount(run: Run, amount: str) -> None:
    done = run("import-transactions", f"external_ref,date,amount\nC-1,2026-01-02,{json.dumps(amount)}\n")
    assert done.exit_code == 1
    assert done.stderr.startswith("line 2: amount")


@pytest.mark.parametrize("day", ["", "2026-13-01", "2026-02-30", "01/02/2026", "2026011", "yesterday", "2030-01-01"])
def test_nonsense_is_no_day(run: Run, day: str) -> None:
    done = run("import-transactions", f"external_ref,date,amount\nC-1,{day},1\n")
    assert done.exit_code == 1
    assert done.stderr.startswith("line 2: date")


@given(st.integers(-(10**14), 10**14))
def test_money_is_exact_to_the_last_hundredth(cents: int) -> None:
    sign, whole = "-" if cents < 0 else "", abs(cents)
    assert cents_of(f"{sign}{whole // 100}.{whole % 100:02d}", "amount") == cents
    assert cents_of(f"{sign}{whole // 100:,}.{whole % 100:02d}00", "amount") == cents


def test_days_and_languages_are_read_as_people_write_them() -> None:
    assert {day_of(text) for text in ("2026-11-20", "2026/11/20", "20261120", "2026.11.20", "２０２６-11-20")} == {
        date(2026, 11, 20)
    }
    assert [language_of(tag) for tag in ("zh-CN", "中文", "ZH", "zh_TW", "繁體中文", "en_GB", "es-MX", "?", "")] == [
        "zh-Hans", "zh-Hans", "zh-Hans", "zh-Hant", "zh-Hant", "en", "es", "en", None,
    ]  # fmt: skip


def test_on_postgresql_the_same_files_do_the_same(pg_app: Flask, clock: ManualClock, tmp_path: Path) -> None:
    with pg_app.app_context():
        world.build(clock.now())
        commit()
    said = []
    for command, content in (
        ("import-customers", CUSTOMERS),
        ("import-transactions", PURCHASES),
        ("import-events", EVENTS),
    ):
        file = tmp_path / "file.csv"
        file.write_text(content, "utf-8")
        said += [pg_app.test_cli_runner().invoke(args=[command, str(file)]).stdout for _ in range(2)]
    assert [line.partition(" ")[0] for line in said] == ["3", "0", "4", "0", "2", "0"]
    assert all(line.endswith(" 0 refused\n") for line in said)


def test_a_long_reference_still_has_a_key_that_fits() -> None:
    repeats = Repeats()
    keys = [repeats.key("x" * 120, date(2026, 1, 1), 100) for _ in range(2)]
    assert len(set(keys)) == 2
    assert all(len(key) <= 120 for key in keys)


# ---- events -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("company")
def test_events_are_decided_about_once_however_often_the_file_comes(app: Flask, run: Run) -> None:
    done = run("import-events", EVENTS)
    assert (done.exit_code, done.stdout) == (0, "2 new, 0 changed, 0 as before, 0 refused\n")
    before = snapshot(app)
    assert run("import-events", EVENTS).stdout == "0 new, 0 changed, 2 as before, 0 refused\n"
    assert snapshot(app) == before
    with app.app_context():
        visit, complaint = db.session.scalars(select(ServiceEvent).order_by(ServiceEvent.id))
        assert (visit.decision, visit.complaint, complaint.complaint) == ("scheduled", False, True)
        assert visit.staff is not None
        assert visit.staff.code == "S-17"


@pytest.mark.usefixtures("company")
def test_an_event_that_came_by_the_api_before_is_known(app: Flask, clock: ManualClock, run: Run) -> None:
    from app.api.schemas import ServiceEventBody, new_event
    from app.extensions import settings
    from surveys.invitations.events import record

    body = {
        "source": "core",
        "external_ref": "T-1",
        "touchpoint": "branch_visit",
        "occurred_at": "2026-11-20T13:50:00+08:00",
        "branch": "BJ-01",
        "staff": "S-17",
        "customer": {"external_ref": "C-1", "phone": "+15005551001", "language": "en"},
    }
    with app.app_context():
        record(new_event(ServiceEventBody.model_validate(body), config=settings(), now=clock.now()), now=clock.now())
        commit()
    assert run("import-events", EVENTS).stdout == "1 new, 0 changed, 1 as before, 0 refused\n"


@pytest.mark.usefixtures("company")
def test_an_event_that_cannot_be_used_is_named_by_its_line(app: Flask, run: Run) -> None:
    heading = EVENTS.splitlines()[0]
    good = "core,T-{},branch_visit,2026-11-20T13:50:00+08:00,BJ-01,,C-{},,en,"
    lines = [
        heading,
        good.format(1, 1),
        "core,T-2,branch_visit,2026-11-20T13:50:00,BJ-01,,C-2,,en,",
        "core,T-3,branch_visit,2026-11-20T13:50:00+08:00,BJ-99,,C-3,,en,",
        "core,T-4,haircut,2026-11-20T13:50:00+08:00,BJ-01,,C-4,,en,",
        "core,T-5,branch_visit,2026-11-20T13:50:00+08:00,BJ-01,,,,en,",
        "core,T-6,branch_visit,2026-11-20T13:50:00+08:00,BJ-01,,C-6,12,en,",
        "core,T-7,branch_visit,2026-11-20T13:50:00+08:00,BJ-01,,C-7,,en,perhaps",
        "core,T-8,branch_visit,2026-12-20T13:50:00+08:00,BJ-01,,C-8,,en,",
        ",T-9,branch_visit,2026-11-20T13:50:00+08:00,BJ-01,,C-9,,en,",
        "core,T-1,branch_visit,2026-11-20T13:51:00+08:00,BJ-01,,C-1,,en,",
        good.format(10, 10),
    ]
    done = run("import-events", "\n".join(lines))
    assert done.exit_code == 1
    assert done.stdout == "2 new, 0 changed, 0 as before, 9 refused\n"
    said = done.stderr.splitlines()
    assert [line.split(":")[0] for line in said] == [f"line {n}" for n in range(3, 12)]
    for words, line in zip(
        (
            "its zone",
            "'BJ-99'",
            "'haircut'",
            "external_ref",
            "phone",
            "complaint",
            "future",
            "source",
            "received before",
        ),
        said,
        strict=True,
    ):
        assert words in line
    assert count(app, ServiceEvent) == 2


# ---- reading files ------------------------------------------------------------------------------------------------

NAMES = Columns(("name",), ("note",))


def rows(content: str | bytes, columns: Columns = NAMES) -> list[Row | Refused]:
    return list(read_rows(open_table(io.BytesIO(content.encode() if isinstance(content, str) else content)), columns))


def test_lines_are_counted_as_the_eye_counts_them() -> None:
    found = rows('name,note\n\nAnna,"two\nlines"\n\nBen,\n')
    assert found == [Row(3, {"name": "Anna", "note": "two\nlines"}), Row(6, {"name": "Ben"})]


def test_a_quotation_mark_that_is_never_closed_costs_its_own_line_only() -> None:
    found = rows('name,note\nAnna,"oops\n' + "".join(f"N{n},\n" for n in range(100)))
    assert isinstance(found[0], Refused)
    assert found[0].line == 2
    assert len(found) == 101


def test_semicolons_and_tabs_are_understood() -> None:
    assert rows("name;note\nAnna;x\n") == rows("name\tnote\nAnna\tx\n") == [Row(2, {"name": "Anna", "note": "x"})]


def test_bytes_that_are_no_text_cost_their_own_line_only() -> None:
    found = rows("name,note\n陈静,一\n".encode() + b"bro\xffken,x\n" + "李强,二\n".encode())
    assert [type(one) for one in found] == [Row, Refused, Row]
    assert isinstance(found[1], Refused)
    assert found[1].line == 3


def test_an_open_ended_heading_welcomes_what_it_says_it_does() -> None:
    columns = Columns(("name",), open_ended=lambda column: column.startswith("x."))
    assert rows("name,x.y\nAnna,1\n", columns) == [Row(2, {"name": "Anna", "x.y": "1"})]
    with pytest.raises(UnreadableError, match="not known"):
        rows("name,z\nAnna,1\n", columns)


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(lambda s: s.strip() == s),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
)
def test_any_names_come_back_as_they_were_written(names: list[str], encoding: str) -> None:
    # The heading makes the file plainly Chinese: a few stray bytes alone may be read either way.
    file = "name,note\n" + "".join('"{}",{}\n'.format(name.replace('"', '""'), "排队时间太长了") for name in names)
    found = rows(file.encode(encoding))
    assert [row.values["name"] for row in found if isinstance(row, Row)] == names
