"""A bank with many branches brings its tree and its people in files; whatever cannot be is named by its line."""

from pathlib import Path

from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.auth.models import AuditEntry
from app.extensions import db
from surveys.people.models import Branch, Staff
from surveys.people.queries import branch_by_code, staff_by_code

PLACES = """code,name_en,name_zh_hans,kind,parent,phone,weekdays,country,time_zone
BJ-01,Central,中心支行,,NORTH,+861055550100,,,
NORTH,Region North,北区,region,HB,,123456,,
HB,Harbour Bank,海港银行,company,,,,CN,Asia/Shanghai
"""
STAFF = """code,name,branch,role,language,phone,email,manager,deputy
S-17,周敏,BJ-01,account_manager,zh-CN,+15005552017,s17@harbour.example,S-10,S-11
S-10,Anna Reed,BJ-01,branch_manager,en,+15005552010,,,S-11
S-11,Ben Shaw,BJ-01,deputy,en,+15005552011,,S-10,
"""


def run(app: Flask, command: str, path: Path, text: str, *options: str) -> Result:
    path.write_text(text, "utf-8")
    return app.test_cli_runner().invoke(args=[command, str(path), *options])


def test_places_then_staff_then_managers(any_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    assert run(any_app, "import-places", file, PLACES).stdout == "3 new, 0 changed, 0 as before, 0 refused\n"
    assert run(any_app, "import-staff", file, STAFF).stdout == "3 new, 0 changed, 0 as before, 0 refused\n"
    answers = "code,name_en,manager,on_call\nBJ-01,Central,S-10,\nNORTH,Region North,,S-11\n"
    assert run(any_app, "import-places", file, answers).stdout == "0 new, 2 changed, 0 as before, 0 refused\n"
    with any_app.app_context():
        central, zhou = branch_by_code("BJ-01"), staff_by_code("S-17")
        assert central is not None and zhou is not None and central.manager is not None
        assert (central.kind, central.names["zh-Hans"], central.phone) == ("branch", "中心支行", "+861055550100")
        assert central.parent is not None and central.parent.code == "NORTH" and central.parent.weekdays == "123456"
        assert central.manager.code == "S-10"
        assert (zhou.language, zhou.phone_verified_at) == ("zh-Hans", None)
        assert zhou.manager is not None and zhou.deputy is not None
        assert (zhou.manager.code, zhou.deputy.code) == ("S-10", "S-11")


def test_the_same_file_again_changes_nothing(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    for command, text in (("import-places", PLACES), ("import-staff", STAFF)):
        run(app, command, file, text)
        assert run(app, command, file, text).stdout == "0 new, 0 changed, 3 as before, 0 refused\n"
    changed = STAFF.replace("Ben Shaw", "Ben Stone")
    assert run(app, "import-staff", file, changed).stdout == "0 new, 1 changed, 2 as before, 0 refused\n"


def test_wrong_rows_are_named_by_line_and_the_others_are_kept(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    wrong = PLACES + (
        "BJ-02,A name of far too many letters,,,NORTH,,,,\n"
        "BJ-03,Riverside,,,SOUTH,,,,\n"
        "A,Round,,region,B,,,,\n"
        "B,About,,region,A,,,,\n"
    )
    told = run(app, "import-places", file, wrong)
    assert told.exit_code == 1
    assert told.stdout == "3 new, 0 changed, 0 as before, 4 refused\n"
    assert "line 5: name_en: A name of far too many letters has 30 characters; only 16 fit" in told.stderr
    assert "line 6: parent: SOUTH is not the code of a place; correct it." in told.stderr
    assert "line 7: parent: B is not the code of a place" in told.stderr
    people = STAFF + "S-20,Nobody,XX-1,agent,en,,,,\nS-21,Tom,BJ-01,wizard,en,12,,,\n"
    told = run(app, "import-staff", file, people)
    assert told.stdout == "3 new, 0 changed, 0 as before, 2 refused\n"
    assert "line 5: branch: XX-1 is not the code of a place" in told.stderr
    assert "line 6: role: Choose one of the roles.; phone: Write the phone with its country code" in told.stderr
    with app.app_context():
        assert staff_by_code("S-21") is None


def test_a_circle_of_managers_is_refused_by_its_line(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    run(app, "import-places", file, PLACES)
    told = run(
        app,
        "import-staff",
        file,
        STAFF.replace(
            "S-10,Anna Reed,BJ-01,branch_manager,en,+15005552010,,,S-11",
            "S-10,Anna Reed,BJ-01,branch_manager,en,+15005552010,,S-11,",
        ),
    )
    assert told.exit_code == 1
    assert "line 4: manager: Anna Reed answers to this person already" in told.stderr


def test_a_rehearsal_writes_nothing_and_a_run_is_audited(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    told = run(app, "import-places", file, PLACES, "--dry-run")
    assert told.stdout == "3 new, 0 changed, 0 as before, 0 refused; nothing was written\n"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Branch)) == 0
    run(app, "import-places", file, PLACES)
    with app.app_context():
        line = db.session.scalars(select(AuditEntry)).one()
        assert (line.action, line.detail) == ("places.import", {"new": 3, "changed": 0, "refused": 0})
        assert db.session.scalar(select(func.count()).select_from(Staff)) == 0


def test_a_file_that_cannot_be_read_says_why(app: Flask, tmp_path: Path) -> None:
    told = run(app, "import-staff", tmp_path / "file.csv", "code,name\nS-1,Anna\n")
    assert told.exit_code == 1
    assert "the column branch is missing" in told.stderr
