"""From a dissatisfied answer to the manager's text at the carrier, as `make run` starts it; its idle memory."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import select

from app import create_app
from app.cases.models import Case
from app.extensions import db, reading
from config import Config
from notifications.models import Message, SimulatedMessage
from surveys.responses.models import Response as SurveyResponse
from tests.benchmarks.rig import Browser, Row, memory_of
from tests.benchmarks.web import respond, tokens
from tests.live import LiveServer

PER_SECOND = 10


def measure(url: str, folder: Path, count: int) -> list[Row]:
    """p99 of the whole way at ten answers a second, and PSS of all processes before the first answer."""
    made = tokens(url, count)
    app = create_app(Config(environment="testing", database_url=url))
    with LiveServer(url, folder / "alerts.log") as live:
        assert live.process is not None
        time.sleep(8)  # let it finish starting: the scorer is loaded in the background
        idle = memory_of(live.process.pid)
        begun = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            given = []
            for number, token in enumerate(made):
                time.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
                given.append(pool.submit(respond, Browser(live.url.removeprefix("http://")), token))
        for answer in given:
            answer.result()
        with app.app_context():
            for _ in range(60):
                time.sleep(1)
                if len(waits := _waits()) == count:
                    break
            db.session.remove()
            db.engine.dispose()
    assert len(waits) == count, (len(waits), count)
    p99 = waits[int(len(waits) * 0.99) - 1]
    return [
        Row(
            f"answer to manager's text, {PER_SECOND}/s embedded",
            f"p99 {p99:.2f} s",
            "<= 2 s",
            verified=f"{len(waits)} alerts",
        ),
        Row("idle memory of make run", f"{idle:.0f} MB", "<= 300 MB"),
    ]


def _waits() -> list[float]:
    """Seconds from each first answer to the carrier's own note of the manager's text."""
    pairs = (
        select(SimulatedMessage.created_at, SurveyResponse.answered_at)
        .join(Message, Message.provider_message_id == SimulatedMessage.sid)
        .join(Case, Case.id == Message.subject_id)
        .join(SurveyResponse, SurveyResponse.id == Case.response_id)
        .where(Message.subject_kind == "case", Message.template.in_(("case_alert", "case_alert_no_words")))
    )
    with reading():
        return sorted((carried - given).total_seconds() for carried, given in db.session.execute(pairs))
