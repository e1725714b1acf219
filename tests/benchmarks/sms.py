"""An inbound SMS: the webhook alone, and the whole turn with the worker; the sentiment of a comment."""

import gc
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select, update
from twilio.request_validator import RequestValidator

from app import create_app
from app.extensions import commit, db, plan_afresh
from config import Config
from notifications.models import InboundMessage, Message, SimulatedMessage
from surveys.invitations.models import Invitation
from surveys.people.models import Customer
from surveys.responses.models import Response as SurveyResponse
from tests import world
from tests.benchmarks.rig import ROUNDS, Browser, Row, at_once, cpu_of, gunicorn, median, rounds, server
from tests.live import daytime

WARM_UP = 40
CONTENT, ANGRY = "9", "3, waited fifty minutes"
COMMENTS = ("Waited fifty minutes, then the counter closed in front of me.", "等了五十分钟，轮到我的时候柜台却关了。")


def invited(url: str, count: int) -> Config:
    """Customers who were asked by SMS and have not answered."""
    config = Config(environment="testing", database_url=url)
    app = create_app(config)
    now = datetime.now(UTC)
    with app.app_context():
        from surveys.invitations.service import send_invitation

        plan_afresh()  # the plans of the empty tables it begins with
        world.build(now)
        for number in range(count):
            world.served(now, ref=f"T-{number}", customer_ref=f"C-{number}", phone=f"+1500555{1000 + number}")
        db.session.execute(update(Customer).values(time_zone=daytime(now), region="ANY"))  # whatever the hour here
        commit()
        for invitation_id in db.session.scalars(select(Invitation.id)).all():
            send_invitation(invitation_id, now=now)
            commit()
        db.session.remove()
        db.engine.dispose()
    return config


def measure(name: str, url: str, database_pids: list[int], folder: Path, count: int) -> list[Row]:
    """CPU-milliseconds of a signed webhook, and of the turns the worker then takes: content, and with an alert."""
    many = count * ROUNDS  # each round as many as a sweeper may find: its look at the clock is shared by all of them
    config = invited(url, many + count + WARM_UP)
    signer = RequestValidator(config.twilio_auth_token)
    public = "http://heed.test"

    def text(browser: Browser, number: int, body: str) -> None:
        fields = {
            "MessageSid": f"SM{number:032d}",
            "AccountSid": config.twilio_account_sid,
            "From": f"+1500555{1000 + number}",
            "To": config.sms_from,
            "Body": body,
            "NumMedia": "0",
        }
        signature = signer.compute_signature(f"{public}/webhooks/twilio/sms", fields)
        browser.post("/webhooks/twilio/sms", fields, {"X-Twilio-Signature": signature})

    def received(first: int, many: int, body: str) -> float:
        before = cpu_of([pid, *database_pids])
        at_once(lambda b, n: text(b, first + n, body), address=address, count=many)
        return (cpu_of([pid, *database_pids]) - before) * 1000 / many

    env = {"HEED_DATABASE_URL": url, "HEED_PUBLIC_URL": public}
    with server(gunicorn("wsgi:app"), log=folder / "sms.log", env=env) as (address, pid):
        received(0, WARM_UP, CONTENT)
        app = create_app(config)
        with app.app_context():
            _turns(database_pids, WARM_UP)  # brings the scorer into memory
            gc.collect()
            gc.freeze()  # as wsgi.py does for every worker
            door, whole = [], []
            for part in rounds(many):
                door.append(received(WARM_UP + part.start, len(part), CONTENT))
                whole.append(door[-1] + _turns(database_pids, len(part)))
            angry = received(WARM_UP + many, count, ANGRY) + _turns(database_pids, count)
            kept = db.session.scalar(select(func.count()).select_from(InboundMessage))
            sent = select(func.count()).select_from(SimulatedMessage).where(SimulatedMessage.direction != "inbound")
            alerts = _messages("escalation")
            replies = (db.session.scalar(sent) or 0) - _messages("survey") - alerts
            scores = select(func.count()).where(SurveyResponse.nps.in_((3, 9)))
            verified = (kept, replies, db.session.scalar(scores), alerts)
            assert verified == (many + count + WARM_UP,) * 3 + (count,), verified
            db.session.remove()
            db.engine.dispose()
    return [
        Row(f"inbound SMS webhook, {name}", f"{median(door):.1f} CPU-ms", "<= 2.5 CPU-ms", verified=f"{kept} kept"),
        Row(f"whole turn, {name}", f"{median(whole):.1f} CPU-ms", "<= 10 CPU-ms", verified=f"{many} answered"),
        Row(f"whole turn that alerts, {name}", f"{angry:.1f} CPU-ms", verified=f"{count} answered, {alerts} alerts"),
    ]


def _turns(database_pids: list[int], many: int) -> float:
    """CPU-milliseconds a turn of a worker that finds so many waiting: read, review, tell, deliver."""
    from app.tasks import run_due

    own, theirs = time.process_time(), cpu_of(database_pids)
    run_due(datetime.now(UTC))
    return (time.process_time() - own + cpu_of(database_pids) - theirs) * 1000 / many


def _messages(purpose: str) -> int:
    return db.session.scalar(select(func.count()).where(Message.purpose == purpose, Message.channel == "sms")) or 0


def sentiment(seconds: float = 3.0) -> Row:
    """Comments a second through TextBlob's interface on one core, beside TextBlob's own analyser."""
    from textblob import Blobber

    from surveys.scoring.textblob_analyzers import blobber

    ours, plain = _rate(blobber(), seconds), _rate(Blobber(), seconds)
    return Row(
        "sentiment through TextBlob",
        f"{ours:,.0f} comments/s",
        ">= 20,000 comments/s",
        f"{plain:,.0f} (its own)",
        f"{ours / plain:.1f}",
        "every one scored",
    )


def _rate(blobs: object, seconds: float) -> float:
    done, begun = 0, time.process_time()
    while time.process_time() - begun < seconds:
        for number in range(200):
            text = f"{COMMENTS[number % 2]} {done + number}"
            assert blobs(text).sentiment is not None  # type: ignore[operator]
        done += 200
    return done / (time.process_time() - begun)
