"""An inbound SMS: the webhook alone, and the whole turn with the worker; the sentiment of a comment."""

import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select, update
from twilio.request_validator import RequestValidator

from app import create_app
from app.extensions import commit, db
from config import Config
from notifications.models import InboundMessage, SimulatedMessage
from surveys.invitations.models import Invitation
from surveys.people.models import Customer
from surveys.responses.models import Response as SurveyResponse
from tests import world
from tests.benchmarks.rig import Browser, Row, at_once, cpu_of, gunicorn, server
from tests.live import daytime

WARM_UP = 40
COMMENTS = ("Waited fifty minutes, then the counter closed in front of me.", "等了五十分钟，轮到我的时候柜台却关了。")


def invited(url: str, count: int) -> Config:
    """Customers who were asked by SMS and have not answered."""
    config = Config(environment="testing", database_url=url)
    app = create_app(config)
    now = datetime.now(UTC)
    with app.app_context():
        from surveys.invitations.service import send_invitation

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
    """CPU-milliseconds of a signed webhook, and of the turns the worker then takes."""
    config = invited(url, count + WARM_UP)
    signer = RequestValidator(config.twilio_auth_token)
    public = "http://heed.test"

    def text(browser: Browser, number: int) -> None:
        fields = {
            "MessageSid": f"SM{number:032d}",
            "AccountSid": config.twilio_account_sid,
            "From": f"+1500555{1000 + number}",
            "To": config.sms_from,
            "Body": "3, waited fifty minutes",
            "NumMedia": "0",
        }
        signature = signer.compute_signature(f"{public}/webhooks/twilio/sms", fields)
        browser.post("/webhooks/twilio/sms", fields, {"X-Twilio-Signature": signature})

    env = {"HEED_DATABASE_URL": url, "HEED_PUBLIC_URL": public}
    with server(gunicorn("wsgi:app"), log=folder / "sms.log", env=env) as (address, pid):
        at_once(text, address=address, count=WARM_UP)
        before = cpu_of([pid, *database_pids])
        at_once(lambda b, n: text(b, WARM_UP + n), address=address, count=count)
        door = (cpu_of([pid, *database_pids]) - before) * 1000 / count
    app = create_app(config)
    with app.app_context():
        from app.tasks import run_due

        kept = db.session.scalar(select(func.count()).select_from(InboundMessage))
        assert kept == count + WARM_UP, kept
        own, theirs = time.process_time(), cpu_of(database_pids)
        run_due(datetime.now(UTC))
        turn = (time.process_time() - own + cpu_of(database_pids) - theirs) * 1000 / (count + WARM_UP)
        sent = select(func.count()).select_from(SimulatedMessage).where(SimulatedMessage.direction != "inbound")
        replies = (db.session.scalar(sent) or 0) - _asked() - _alerts()
        assert replies == count + WARM_UP, replies
        answered = db.session.scalar(select(func.count()).where(SurveyResponse.nps == 3))
        assert answered == count + WARM_UP, answered
        db.session.remove()
        db.engine.dispose()
    return [
        Row(f"inbound SMS webhook, {name}", f"{door:.1f} CPU-ms", "<= 2.5 CPU-ms", verified=f"{kept} kept"),
        Row(
            f"whole turn with review and alert, {name}",
            f"{door + turn:.1f} CPU-ms",
            "<= 10 CPU-ms",
            verified=f"{replies} answered",
        ),
    ]


def _asked() -> int:
    from notifications.models import Message

    return db.session.scalar(select(func.count()).where(Message.purpose == "survey", Message.channel == "sms")) or 0


def _alerts() -> int:
    from notifications.models import Message

    return db.session.scalar(select(func.count()).where(Message.purpose == "escalation", Message.channel == "sms")) or 0


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
