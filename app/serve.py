"""`flask --app wsgi serve`: web, worker and scheduler in one process when the broker is memory; else the web alone."""

import logging
import threading
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from app.extensions import settings

log = logging.getLogger("heed")

WEB_THREADS = 8
WORKER_THREADS = 4


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=None, help="HEED_PORT, 5000 when not said")
@with_appcontext
def serve(host: str, port: int | None) -> None:
    """Answer on HEED_PORT until interrupted."""
    from waitress.server import create_server

    from app.demo.guide import print_guide
    from surveys.responses.review import load_scorer

    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    config = settings()
    server = create_server(app, host=host, port=port or config.port, threads=WEB_THREADS, ident=None)
    if config.embedded:
        _daemon(load_scorer, "heed-scorer")  # or the first unhappy customer of the day would wait for it
        start_worker(app.extensions["celery"])
        app.extensions["heed.hurry"].heard = True  # from here on somebody takes what is hurried
        start_scheduler(app.extensions["celery"])
    print_guide()
    try:
        server.run()
    finally:
        log.info("stopped")


def start_worker(celery: Any) -> threading.Thread:
    """A Celery worker in a thread of this process; Celery's own program would take the main thread's signals."""
    from celery.worker import WorkController

    worker = WorkController(
        app=celery,
        hostname="heed@embedded",
        pool_cls="threads",
        concurrency=WORKER_THREADS,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        loglevel="WARNING",
        quiet=True,
    )
    return _daemon(worker.start, "heed-worker")


def start_scheduler(celery: Any) -> threading.Thread:
    """The scheduler in a thread: intervals only, so it keeps no state on disk."""
    from celery.beat import Scheduler, Service

    service = Service(celery, scheduler_cls=Scheduler, max_interval=1)
    return _daemon(lambda: service.start(embedded_process=False), "heed-scheduler")


def _daemon(target: Any, name: str) -> threading.Thread:
    thread = threading.Thread(target=target, name=name, daemon=True)
    thread.start()
    return thread
