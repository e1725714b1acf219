"""The outbox drained by two worker processes into the simulated carrier: none lost, none twice."""

import subprocess
import sys
import time
from datetime import UTC, datetime

from sqlalchemy import func, select

from app import create_app
from app.extensions import commit, db
from config import ROOT, Config
from notifications import PhoneNumber, Purpose, queue_sms
from notifications.models import Message, SimulatedMessage, State
from tests.benchmarks.rig import Row

DRAIN = """
import sys
from datetime import UTC, datetime
from app import create_app
from config import Config
from notifications.tasks import sweep_deliver
app = create_app(Config(environment="testing", database_url=sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
with app.app_context():
    while sweep_deliver(datetime.now(UTC)):
        pass
"""


def measure(name: str, url: str, count: int) -> Row:
    """Messages a second."""
    app = create_app(Config(environment="testing", database_url=url))
    with app.app_context():
        for number in range(count):
            queue_sms(
                PhoneNumber.trusted(f"+1500555{number:04d}"),
                f"Harbour Bank: number {number}. STOP to end",
                purpose=Purpose.SURVEY,
                dedupe_key=f"bench:{number}",
                now=datetime.now(UTC),
            )
            if number % 500 == 499:
                commit()
        commit()
        workers = [
            subprocess.Popen(
                [sys.executable, "-c", DRAIN, url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(2)
        ]
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        begun = time.perf_counter()
        for worker in workers:
            worker.communicate("go\n")
        took = time.perf_counter() - begun
        waiting = db.session.scalar(select(func.count()).select_from(Message).where(Message.state == State.QUEUED))
        carried = db.session.scalar(select(func.count()).select_from(SimulatedMessage))
        assert (waiting, carried) == (0, count), (waiting, carried)
        db.session.remove()
        db.engine.dispose()
    return Row(
        f"outbox drain, 2 workers, {name}", f"{count / took:.0f}/s", ">= 300/s", verified=f"{carried} carried, 0 twice"
    )
