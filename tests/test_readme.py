"""The README is true: every command in it is run here, or by the test that is named."""

import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from config import ROOT
from tests.live import LiveServer, free_port, wait_for
from tests.test_commands import CUSTOMERS, Shell

README = (ROOT / "README.md").read_text("utf-8")
ELSEWHERE = {
    "make run": "tests/journeys/test_live.py",
    "make test": ".ci/run",
    "celery -A wsgi:celery worker --concurrency 2": "tests/faults/test_brokers.py",
    "celery -A wsgi:celery beat --scheduler celery.beat:Scheduler --max-interval 1": "tests/faults/test_brokers.py",
    "flask --app wsgi db upgrade": "tests/test_commands.py",
    "flask --app wsgi create-user you@example.com --role administrator": "tests/test_commands.py",
}


def commands() -> list[str]:
    """Every command of the fenced blocks, comments cut, those over several lines joined."""
    found, open_command = [], ""
    for block in re.findall(r"```\n(.*?)```", README, re.DOTALL):
        for line in block.splitlines():
            open_command = f"{open_command}\n{line}" if open_command else line
            if open_command.count("'") % 2:
                continue
            if re.match(r"(make|flask|curl|echo|gunicorn|celery) ", open_command):
                found.append(re.sub(r"\s+# .*$", "", open_command).strip())
            open_command = ""
    return found


def test_every_command_is_run_by_somebody() -> None:
    here = {command for command in commands() if command not in ELSEWHERE}
    assert here, "the README has no commands"
    for command in here:
        assert re.match(
            r"flask --app wsgi (accuracy|create-api-key|explain|import-|simulate)|curl|echo|gunicorn", command
        ), command
    for command, file in ELSEWHERE.items():
        assert command in commands(), f"the README no longer says {command!r}"
        words = command.removeprefix("flask --app wsgi ").split()[0:1]
        assert any(word in (ROOT / file).read_text("utf-8") for word in words), file


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")
def test_what_feed_it_says_works_line_by_line(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'heed.sqlite'}"
    shell = Shell(url)
    shell("db", "upgrade")
    shell("seed-demo")
    (tmp_path / "FILE.csv").write_text(CUSTOMERS.replace("C-3,Nobody,not a number,,en,Asia/Shanghai,BJ-01,,\n", ""))
    block = README.split("## Feed it")[1].split("```\n")[1]
    with LiveServer(url, tmp_path / "serve.log") as live:
        key = shell("create-api-key", "of this story").strip()
        script = block.replace("http://127.0.0.1:5000", live.url).replace("Bearer KEY", f"Bearer {key}")
        script = script.replace("FILE.csv", str(tmp_path / "FILE.csv")).replace("curl -X", "curl -sS -X")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=ROOT,
            env={**live.env, "PATH": f"{Path(sys.executable).parent}:{live.env['PATH']}"},
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    assert '"decision": "' in done.stdout or '"decision":"' in done.stdout
    assert "no_programme" in done.stdout, "explain prints every rule"
    assert "2 new" in done.stdout
    assert '"signals": ["intent_to_leave"]' in done.stdout


def test_gunicorn_as_the_readme_starts_it_answers(sqlite_url: str, tmp_path: Path) -> None:
    line = next(command for command in commands() if command.startswith("gunicorn"))
    port = free_port()
    words = line.replace("127.0.0.1:8000", f"127.0.0.1:{port}").split()
    env = LiveServer(sqlite_url, tmp_path / "unused.log").env
    with (tmp_path / "gunicorn.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=env, stdout=log, stderr=log)
    try:

        def answers() -> bool:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as reply:
                    return bool(reply.status == 200)
            except OSError:
                return False

        wait_for(answers, seconds=30, what="gunicorn answers")
    finally:
        process.terminate()
        process.wait()
