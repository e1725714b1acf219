"""The product as people run it: `flask serve` in a process of its own, on a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path
from types import TracebackType

from config import ROOT


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def daytime(now: datetime) -> str:
    """A time zone in which it is about one o'clock in the afternoon."""
    offset = 13 - now.hour
    offset = offset - 24 if offset > 12 else offset
    return f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"


class LiveServer:
    """Web, worker and scheduler in one process; may be killed and started again on the same database."""

    def __init__(self, database_url: str, log: Path, **env: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("HEED_")},
            "HEED_DATABASE_URL": database_url,
            "HEED_PORT": str(self.port),
            **env,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "LiveServer":
        """Start and wait until it answers; RuntimeError with the log's end when it does not within 30 s."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                    return self
            except (urllib.error.URLError, OSError):
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        raise RuntimeError("the server did not start:\n" + self._log.read_text("utf-8", "replace")[-3000:])

    def kill(self) -> None:
        """kill -9: nothing is finished, nothing is said goodbye to."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def __enter__(self) -> "LiveServer":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


def wait_for(condition: object, *, seconds: float, what: str) -> None:
    """Wait until `condition()` is true; AssertionError naming `what` when it is not in time."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)  # whoever watches more closely takes the processor from what is watched
    raise AssertionError(f"not within {seconds} s: {what}")
