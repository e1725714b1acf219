"""Every command of the README, run as people run it: in a process of its own."""

import json
import os
import re
import subprocess
import sys
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
        clean = {k: v for k, v in os.environ.items() if not k.startswith("HEED_")}
        self._env = {**clean, "HEED_DATABASE_URL": database_url}

    def __call__(self, *args: str, text: str = "", fails: bool = False) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *args],
            input=text.encode(),
            capture_output=True,
            cwd=ROOT,
            env=self._env,
            timeout=120,
        )
        assert (done.returncode != 0) is fails, (args, done.returncode, done.stderr.decode()[-2000:])
        return done.stdout.decode() + (done.stderr.decode() if fails else "")


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
    said = shell("import-customers", str(file), fails=True)
    assert "4" in said  # the line of the file
    again = shell("import-customers", "-", text="\n".join(CUSTOMERS.splitlines()[:3]) + "\n")
    assert again is not None


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


def test_the_report_is_written_in_five_forms(shell: Shell, tmp_path: Path) -> None:
    from datetime import UTC, datetime, timedelta

    year, week, _ = (datetime.now(UTC) - timedelta(days=7)).isocalendar()
    name = f"{year}-W{week:02d}"
    shell("weekly-report", "--week", name, "--branch", "BJ-01", "--out", str(tmp_path))
    written = {p.name for p in tmp_path.iterdir()}
    assert written == {f"{name}-BJ-01.{ending}" for ending in ("html", "pdf", "xlsx", "csv", "json")}
    assert (tmp_path / f"{name}-BJ-01.pdf").read_bytes().startswith(b"%PDF")
    report = json.loads((tmp_path / f"{name}-BJ-01.json").read_text())
    assert report["iso_week"] == name
    assert "no branch" in shell("weekly-report", "--week", name, "--branch", "XX", fails=True)
    assert "ISO week" in shell("weekly-report", "--week", "2026-99", "--branch", "BJ-01", fails=True)


def test_a_little_life(shell: Shell) -> None:
    assert shell("simulate", "--events", "3")


def test_seeding_twice_changes_nothing_and_a_full_database_is_refused(shell: Shell) -> None:
    shell("seed-demo", "--if-empty")
    shell("seed-demo", fails=True)


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
