"""Every command of the README, run as people run it: in a process of its own."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from config import ROOT

CUSTOMERS = """external_ref,name,phone,email,language,time_zone,branch,owner,region
C-1,Clara Wong,+15005551001,clara@example.com,en,Asia/Shanghai,BJ-01,,
C-2,陈静,+15005551002,,zh-Hans,Asia/Shanghai,BJ-01,,
C-3,Nobody,not a number,,en,Asia/Shanghai,BJ-01,,
"""
EVENTS = """source,external_ref,touchpoint,occurred_at,branch,customer.external_ref,customer.phone,customer.language
core,T-1,branch_visit,2026-11-20T10:00:00+08:00,BJ-01,C-1,+15005551001,en
"""


class Shell:
    """`flask --app wsgi` on a database of its own."""

    def __init__(self, database_url: str) -> None:
        self.database = database_url.removeprefix("sqlite:///")
        clean = {k: v for k, v in os.environ.items() if not k.startswith("HEED_")}
        self._env = {**clean, "HEED_DATABASE_URL": database_url}

    def __call__(self, *args: str, text: str = "", fails: bool = False, **env: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *args],
            input=text.encode(),
            capture_output=True,
            cwd=ROOT,
            env={**self._env, **env},
            timeout=120,
        )
        assert (done.returncode != 0) is fails, (args, done.returncode, done.stderr.decode()[-2000:])
        return done.stdout.decode() + (done.stderr.decode() if fails else "")

    def everything(self) -> str:
        """A digest of every row of every table."""
        with closing(sqlite3.connect(self.database)) as connection:
            return sha256("\n".join(connection.iterdump()).encode()).hexdigest()

    def known(self, *references: str) -> dict[str, str]:
        """The names of these customers of the core system."""
        query = "SELECT external_ref, name FROM customer_references r JOIN customers c ON c.id = r.customer_id"
        with closing(sqlite3.connect(self.database)) as connection:
            return {ref: name for ref, name in connection.execute(query) if ref in references}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The demo company in a fresh database."""
    shell = Shell(f"sqlite:///{tmp_path_factory.mktemp('commands') / 'heed.sqlite'}")
    shell("db", "upgrade")
    shell("seed-demo", "--if-empty")
    return shell


def test_a_key_is_printed_alone(shell: Shell) -> None:
    assert re.fullmatch(r"heed_[\w-]{40,}\n", shell("create-api-key", "core-banking"))
    assert "already" in shell("create-api-key", "core-banking", fails=True)


def test_an_account_is_made_with_a_password_told_once(shell: Shell) -> None:
    password = shell("create-user", "you@example.com", "--role", "administrator").strip()
    assert len(password) >= 10
    assert "already" in shell("create-user", "you@example.com", "--role", "administrator", fails=True)


def test_customers_are_imported_and_the_refused_line_is_named(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text(CUSTOMERS, "utf-8-sig")
    said = shell("import-customers", str(file), fails=True).splitlines()
    assert said[0] == "2 new, 0 changed, 0 as before, 1 refused"
    assert [line for line in said[1:] if line.startswith("line ")] == [said[1]]
    assert said[1].startswith("line 4: phone: A phone number holds digits")
    assert shell.known("C-1", "C-2", "C-3") == {"C-1": "Clara Wong", "C-2": "陈静"}
    good = "\n".join(CUSTOMERS.splitlines()[:3]) + "\n"
    assert shell("import-customers", "-", text=good) == "0 new, 0 changed, 2 as before, 0 refused\n"
    changed = good.replace("Clara Wong", "Clara Lim")
    assert shell("import-customers", "-", text=changed) == "0 new, 1 changed, 1 as before, 0 refused\n"
    assert shell.known("C-1") == {"C-1": "Clara Lim"}


def test_an_event_is_imported_and_explained(shell: Shell) -> None:
    shell("import-events", "-", text=EVENTS)
    shell("import-events", "-", text=EVENTS)
    told = shell("explain", "core:T-1")
    assert "stale_event" in told
    rules = json.loads(shell("explain", "core:T-1", "--json"))
    assert [set(rule) for rule in rules] == [{"rule", "verdict", "detail"}] * 13
    assert "no event" in shell("explain", "core:T-404", fails=True)


def test_score_reads_lines_and_prints_json(shell: Shell) -> None:
    lines = shell("score", text="Waited fifty minutes and nobody cared\n等了五十分钟，再这样我就销户\n\n").split("\n")
    english, chinese, empty = (json.loads(line) for line in lines[:3])
    assert (english["language"], chinese["language"]) == ("en", "zh")
    assert english["polarity"] < 0
    assert chinese["polarity"] < 0
    assert "intent_to_leave" in chinese["signals"]
    assert (empty["polarity"], empty["label"]) == (None, None)
    assert set(english) == {"language", "polarity", "label", "confidence", "themes", "signals", "redacted"}


def last_week() -> str:
    """The ISO week that ended last."""
    year, week, _ = (datetime.now(UTC) - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02d}"


def without_pdf() -> str:
    """Why no PDF can be made here; nothing where it can."""
    try:
        import weasyprint  # noqa: F401 - whether it loads is the question
    except (ImportError, OSError) as missing:
        return str(missing)
    return ""


def test_the_report_is_written_in_five_forms(shell: Shell, tmp_path: Path) -> None:
    name, missing = last_week(), without_pdf()
    shell("weekly-report", "--week", name, "--branch", "BJ-01", "--out", str(tmp_path), fails=bool(missing))
    forms = ["html", "xlsx", "csv", "json", *([] if missing else ["pdf"])]
    assert {p.name for p in tmp_path.iterdir()} == {f"{name}-BJ-01.{ending}" for ending in forms}
    report = json.loads((tmp_path / f"{name}-BJ-01.json").read_text())
    assert (report["iso_week"], report["scope"]) == (name, "BJ-01")
    if missing:
        pytest.skip(f"the other four are written; WeasyPrint cannot make the PDF here: {missing}")
    assert (tmp_path / f"{name}-BJ-01.pdf").read_bytes().startswith(b"%PDF")


def test_a_report_about_no_place_is_refused(shell: Shell) -> None:
    assert "no branch" in shell("weekly-report", "--week", last_week(), "--branch", "XX", fails=True)


def test_without_pango_the_other_four_are_written_and_it_says_what_to_install(shell: Shell, tmp_path: Path) -> None:
    # The import fails as WeasyPrint's does where the library is not installed; here it may well be.
    stub = tmp_path / "stub" / "weasyprint"
    stub.mkdir(parents=True)
    (stub / "__init__.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")\n")
    out = tmp_path / "out"
    said = shell(
        "weekly-report", "--week", last_week(), "--out", str(out), fails=True, PYTHONPATH=str(stub.parent)
    )  # fmt: skip
    name = f"{last_week()}-HB"
    assert {p.name for p in out.iterdir()} == {f"{name}.{ending}" for ending in ("html", "xlsx", "csv", "json")}
    assert f"{name}.pdf is missing" in said
    assert "apt-get install libpango-1.0-0" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("odd", ["9999-W52", "0001-W01", "2026-W7", "2026-W47 ", "２０２６-W４７"])
def test_an_odd_week_is_refused_in_one_sentence(shell: Shell, tmp_path: Path, odd: str) -> None:
    said = shell("weekly-report", "--week", odd, "--out", str(tmp_path), fails=True)
    assert said == f"Error: {odd!r} is no ISO week. Write it like 2026-W47.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_named(shell: Shell) -> None:
    said = shell("weekly-report", "--week", last_week(), "--out", "/proc/nope", fails=True)
    assert said.startswith("Error: Cannot write /proc/nope/")
    assert "--out" in said and len(said.splitlines()) == 1


def test_a_little_life(shell: Shell) -> None:
    served = shell("simulate", "--events", "3").splitlines()
    assert [re.fullmatch(r"\d\d:\d\d:\d\d  BJ-0\d  \w+ +DAY-\S+  .+", line) is not None for line in served] == [
        True
    ] * 3


def test_seeding_twice_changes_nothing_and_a_full_database_is_refused(shell: Shell) -> None:
    before = shell.everything()
    assert shell("seed-demo", "--if-empty") == ""
    assert "already holds customers" in shell("seed-demo", fails=True)
    assert shell.everything() == before


def test_production_refuses_to_start_without_its_secrets() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "routes"],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "HEED_ENV": "production"},
    )
    assert done.returncode != 0
    for name in ("HEED_SECRET_KEY", "HEED_DATA_KEYS", "HEED_INDEX_KEY", "HEED_SMTP_URL", "HEED_PUBLIC_URL"):
        assert name in done.stderr.decode()
