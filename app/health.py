"""Is it alive, is it ready, and its figures for Prometheus."""

from datetime import timedelta

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import func, or_, select

from app.extensions import Trouble, beat_alive, clock, db, real_now, settings
from notifications.models import Circuit, InboundMessage, Message, State, StoppedTemplate
from surveys.responses.models import Response as SurveyResponse

blueprint = Blueprint("health", __name__)

SLOWEST_QUEUE = timedelta(minutes=5)


@blueprint.get("/healthz")
def healthz() -> Response:
    """This process answers."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Whether the system does its work: each check with its own word, 503 when one fails."""
    checks = {"database": _check_database(), "migrations": "unknown", "queue": "unknown", "scheduler": "unknown"}
    if checks["database"] == "ok":
        checks["migrations"] = _check_migrations()
        if checks["migrations"] == "ok":
            checks["queue"] = _check_queue()
            checks["scheduler"] = _check_scheduler()
    ready = all(word == "ok" for word in checks.values())
    return jsonify(status="ready" if ready else "not ready", checks=checks), 200 if ready else 503


def _check_database() -> str:
    try:
        db.session.execute(select(1))
    except Exception:  # whatever it is, the answer is that it does not answer
        db.session.rollback()
        return "does not answer"
    return "ok"


def _check_migrations() -> str:
    script = ScriptDirectory(current_app.extensions["migrate"].directory)
    context = MigrationContext.configure(db.session.connection())
    if set(context.get_current_heads()) == set(script.get_heads()):
        return "ok"
    return "run: flask --app wsgi db upgrade"


def _check_queue() -> str:
    oldest = db.session.scalar(
        select(func.min(Message.next_attempt_at)).where(
            Message.state == State.QUEUED,
            Message.next_attempt_at <= real_now(),
            or_(Message.not_before.is_(None), Message.not_before <= clock().now()),
        )
    )
    return (
        "ok" if oldest is None or real_now() - oldest < SLOWEST_QUEUE else "messages are waiting: is a worker running?"
    )


def _check_scheduler() -> str:
    within = timedelta(seconds=30)
    return "ok" if beat_alive("scheduler", within=within) else "no heartbeat: is the scheduler running?"


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counts of rows by state, read from the database, so that every process tells the same."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()
    messages = Gauge("heed_messages", "Messages in the outbox by state", ["state"], registry=registry)
    for state, count in db.session.execute(select(Message.state, func.count()).group_by(Message.state)):
        messages.labels(state).set(count)
    waiting = Gauge("heed_waiting", "Work that waits for a worker", ["kind"], registry=registry)
    unread = select(func.count()).where(InboundMessage.handled_at.is_(None))
    waiting.labels("inbound").set(db.session.scalar(unread) or 0)
    unreviewed = select(func.count()).where(
        SurveyResponse.review_due.is_(True), SurveyResponse.changed_at <= clock().now()
    )
    waiting.labels("review").set(db.session.scalar(unreviewed) or 0)
    troubles = Gauge("heed_troubles", "Rows set aside because they raised", ["work"], registry=registry)
    for work, count in db.session.execute(select(Trouble.work, func.count()).group_by(Trouble.work)):
        troubles.labels(work).set(count)
    down = Gauge(
        "heed_carrier_down", "Carriers that are left alone because they do not answer", ["provider"], registry=registry
    )
    for provider in db.session.scalars(select(Circuit.provider).where(Circuit.probe_at.is_not(None))):
        down.labels(provider).set(1)
    stopped = Gauge("heed_stopped_wordings", "Wordings that carriers filter", registry=registry)
    stopped.set(db.session.scalar(select(func.count()).select_from(StoppedTemplate)) or 0)
    speed = Gauge("heed_clock_speed", "Speed of the business clock", registry=registry)
    speed.set(settings().clock_speed)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
