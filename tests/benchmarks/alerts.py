"""From a dissatisfied answer to the manager's text at the carrier, as `make run` starts it; its idle memory."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import func, select

from app import create_app
from app.extensions import db
from config import Config
from notifications.models import Message
from tests.benchmarks.rig import Browser, Row, memory_of
from tests.benchmarks.web import respond, tokens
from tests.live import LiveServer

PER_SECOND = 10


def measure(url: str, folder: Path, count: int) -> list[Row]:
    """p99 of the whole way at ten answers a second, and PSS of all processes before the first answer."""
    made = tokens(url, count)
    with LiveServer(url, folder / "alerts.log") as live:
        assert live.process is not None
        time.sleep(8)  # let it finish starting: the scorer is loaded in the background
        idle = memory_of(live.process.pid)
        begun = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            for number, token in enumerate(made):
                time.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
                pool.submit(respond, Browser(live.url.removeprefix("http://")), token)
        time.sleep(5)
    app = create_app(Config(environment="testing", database_url=url))
    with app.app_context():
        alerts = select(Message).where(
            Message.purpose == "escalation", Message.channel == "sms", Message.template == "alert"
        )
        waits = sorted(
            (m.sent_at - m.created_at).total_seconds() for m in db.session.scalars(alerts) if m.sent_at is not None
        )
        opened = db.session.scalar(select(func.count()).select_from(alerts.subquery()))
        assert len(waits) == count == opened, (len(waits), opened, count)
        reviewed = _review_waits()
        db.session.remove()
        db.engine.dispose()
    total = sorted(a + b for a, b in zip(reviewed, waits, strict=False))
    p99 = total[int(len(total) * 0.99) - 1]
    return [
        Row(
            f"answer to manager's text, {PER_SECOND}/s embedded",
            f"p99 {p99:.2f} s",
            "<= 2 s",
            verified=f"{opened} alerts",
        ),
        Row("idle memory of make run", f"{idle:.0f} MB", "<= 300 MB"),
    ]


def _review_waits() -> list[float]:
    from app.cases.models import Case
    from surveys.responses.models import Response

    pairs = select(Case.opened_at, Response.answered_at).join(Response, Response.id == Case.response_id)
    return sorted((opened - answered).total_seconds() for opened, answered in db.session.execute(pairs))
