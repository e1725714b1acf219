"""What every benchmark needs: servers, CPU of whole process trees from /proc, a small HTTP client, a table."""

import os
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from config import ROOT
from tests.conftest import POSTGRES
from tests.live import free_port

TICK = os.sysconf("SC_CLK_TCK")
ROUNDS = 5


@dataclass(frozen=True)
class Row:
    """One line of the table: a figure, what it is to reach, the floor of the same run, and the verified count."""

    work: str
    figure: str
    reach: str = ""
    floor: str = ""
    ratio: str = ""
    verified: str = ""


def table(rows: list[Row]) -> str:
    """The rows as aligned text."""
    lines = [("work", "figure", "to reach", "floor", "ratio", "verified")]
    lines += [(r.work, r.figure, r.reach, r.floor, r.ratio, r.verified) for r in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(6)]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def processes() -> dict[int, tuple[int, float]]:
    """{pid: (parent, CPU seconds with reaped children)} of the machine."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                rest = Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            found[int(entry)] = (int(rest[1]), sum(map(int, rest[11:15])) / TICK)
    return found


def cpu_of(roots: list[int]) -> float:
    """CPU seconds of these processes and all their descendants so far."""
    everything, total, todo = processes(), 0.0, list(roots)
    children: dict[int, list[int]] = {}
    for pid, (parent, _) in everything.items():
        children.setdefault(parent, []).append(pid)
    while todo:
        pid = todo.pop()
        if pid in everything:
            total += everything[pid][1]
            todo += children.get(pid, [])
    return total


def memory_of(root: int) -> float:
    """Proportional memory (PSS) of a process tree in MB."""
    everything, total, todo = processes(), 0, [root]
    while todo:
        pid = todo.pop()
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            continue
        todo += [p for p, (parent, _) in everything.items() if parent == pid]
    return total / 1024


def postmaster() -> int:
    """The root process of the PostgreSQL server on this machine."""
    with psycopg.connect(f"{POSTGRES}/postgres") as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        return int(Path(f"/proc/{row[0]}/stat").read_text().rsplit(")", 1)[1].split()[1])


@contextmanager
def server(command: Callable[[int], list[str]], *, log: Path, env: dict[str, str]) -> Iterator[tuple[str, int]]:
    """A server of its own: its address and the pid of its root process."""
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command(port)],
            cwd=ROOT,
            env={**{k: v for k, v in os.environ.items() if not k.startswith("HEED_")}, **env},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                    break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError(log.read_text("utf-8", "replace")[-2000:])
        yield f"127.0.0.1:{port}", process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def gunicorn(target: str) -> Callable[[int], list[str]]:
    """Two plain workers, for the product and the floor alike."""
    return lambda port: ["gunicorn", "--workers", "2", "--bind", f"127.0.0.1:{port}", "--log-level", "warning", target]


class Browser:
    """A small HTTP client that keeps its connection; raises AssertionError for anything but 200."""

    def __init__(self, address: str) -> None:
        self._connection = HTTPConnection(address, timeout=60)

    def get(self, path: str) -> bytes:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> bytes:
        return self._ask("POST", path, urlencode(fields), headers)

    def _ask(self, method: str, path: str, body: str | None, more: dict[str, str] | None = None) -> bytes:
        headers = {"Content-Type": "application/x-www-form-urlencoded", **(more or {})} if body is not None else {}
        self._connection.request(method, path, body, headers)
        reply = self._connection.getresponse()
        content = reply.read()
        assert reply.status == 200, (method, path, reply.status)
        return content


def at_once(work: Callable[[Browser, int], None], *, address: str, count: int, threads: int = 4) -> float:
    """Do work number 0..count-1 from several clients; wall seconds."""

    def run(thread: int) -> None:
        browser = Browser(address)
        for number in range(thread, count, threads):
            work(browser, number)

    begun = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, range(threads)))
    return time.perf_counter() - begun


def median(values: list[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def rounds(count: int) -> list[range]:
    """The numbers 0..count-1 in a few rounds: a neighbour who is loud for a second spoils one of them, not the figure.

    What is compared takes turns, round by round, so that both have the same neighbours.
    """
    cuts = [count * part // ROUNDS for part in range(ROUNDS + 1)]
    return [range(first, last) for first, last in pairwise(cuts)]
