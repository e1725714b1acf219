"""The rules of the house that an import contract cannot say."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from config import BEAT, ROOT

PACKAGES = ("app", "surveys", "notifications")

# Where a transaction may end and the clock may be read: views, tasks, commands, and the sweepers they share.
DOORS = {
    "app/api/views.py",
    "app/auth/commands.py",
    "app/auth/views.py",
    "app/cases/chasing.py",
    "app/cases/recovery.py",
    "app/cli_demo.py",
    "app/cli_imports.py",
    "app/cli_people.py",
    "app/cli_places.py",
    "app/cli_reports.py",
    "app/cli_scoring.py",
    "app/console/",
    "app/extensions/",
    "app/health.py",
    "app/leavers.py",
    "app/import_worker.py",
    "app/public/counters.py",
    "app/public/replies.py",
    "app/public/views.py",
    "app/reports/service.py",
    "app/serve.py",
    "app/simulator/",
    "app/tasks.py",
    "app/webhooks/",
    "notifications/channels/",  # the simulated carrier is a world of its own, with its own transactions
    "notifications/delivery.py",
    "notifications/tasks.py",
    "surveys/tasks.py",
}


def modules() -> list[Path]:
    return sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))


def calls(path: Path) -> set[str]:
    """Names of the plain functions and methods a module calls."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                found.add(node.func.id)
            elif isinstance(node.func, ast.Attribute):
                found.add(node.func.attr)
    return found


def is_door(path: Path) -> bool:
    name = path.relative_to(ROOT).as_posix()
    return any(name == door or (door.endswith("/") and name.startswith(door)) for door in DOORS)


def test_only_doors_commit() -> None:
    others = [str(p.relative_to(ROOT)) for p in modules() if not is_door(p) and "commit" in calls(p)]
    assert others == []


def test_only_doors_read_the_clock() -> None:
    clocks = {"clock", "utcnow", "today"}
    others = [str(p.relative_to(ROOT)) for p in modules() if not is_door(p) and clocks & calls(p)]
    assert others == []


def test_every_beat_entry_names_a_real_task_and_ticks_in_seconds() -> None:
    # In a process of its own: here other tests have imported the modules already.
    code = "import wsgi; wsgi.celery.finalize(); print(*wsgi.celery.tasks)"
    done = subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True, text=True)
    known = set(done.stdout.split())
    for task, seconds in BEAT.values():
        assert task in known, task
        assert seconds >= 1


def test_every_access_rule_is_stated(app: Flask) -> None:
    stated = app.extensions["heed.access"]
    blueprints = {rule.endpoint.partition(".")[0] for rule in app.url_map.iter_rules() if rule.endpoint != "static"}
    assert blueprints <= set(stated), "a blueprint without an access rule"


def test_only_config_reads_the_environment() -> None:
    readers = [
        str(p.relative_to(ROOT))
        for p in modules()
        if "os.environ" in p.read_text("utf-8") or "getenv" in p.read_text("utf-8")
    ]
    assert readers == []


@pytest.mark.parametrize(
    "module", ["surveys.invitations.service", "app.inbox", "notifications.outbox", "app.cases.service"]
)
def test_any_module_can_be_imported_first(module: str) -> None:
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True, cwd=ROOT)


def test_the_web_path_stays_light() -> None:
    heavy = ["numpy", "scipy", "textblob", "nltk", "weasyprint", "phonenumbers", "twilio", "holidays", "openpyxl"]
    code = f"import sys, wsgi; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_importing_wsgi_starts_no_thread() -> None:
    code = "import threading, wsgi; print(threading.active_count())"
    done = subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "1"


def test_no_module_grows_past_four_hundred_lines() -> None:
    long = [str(p.relative_to(ROOT)) for p in modules() if len(p.read_text("utf-8").splitlines()) > 400]
    assert long == []
