"""Jobs: commit, then nudge. Rows are the work; a nudge that is lost costs a second."""

import logging
import queue
import threading
from typing import Any

from celery import Celery, Task
from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.extensions.database import db
from config import Config

log = logging.getLogger("heed")


class Hurry:
    """Nudges the queue after a commit, from a thread of its own: a dead broker never holds or fails a request.

    A nudge that is lost costs a second: rows are the work, sweepers find them. Until somebody listens none is made: in
    a process that has a queue of its own and no worker they would only gather.
    """

    def __init__(self, celery: Celery, *, heard: bool) -> None:
        self.heard = heard
        self._celery = celery
        self._waiting: queue.Queue[tuple[str, tuple[Any, ...]]] = queue.Queue(maxsize=10_000)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def __call__(self, task: str, *args: Any) -> None:
        if not self.heard:
            return
        if self._thread is None or not self._thread.is_alive():
            with self._lock:
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._publish, name="heed-nudges", daemon=True)
                    self._thread.start()
        try:
            self._waiting.put_nowait((task, args))
        except queue.Full:
            log.debug("nudge dropped", extra={"task": task})

    def _publish(self) -> None:
        while True:
            task, args = self._waiting.get()
            try:
                self._celery.send_task(task, args=args, retry=False, ignore_result=True)
            except Exception as error:  # any broker trouble whatever: the sweepers do the work
                log.warning("broker does not answer", extra={"error": type(error).__name__})
                threading.Event().wait(1.0)


class RecordedNudges(list[tuple[str, tuple[Any, ...]]]):
    """Keeps nudges instead of sending them; a story then calls run_due(now)."""

    def __call__(self, task: str, *args: Any) -> None:
        self.append((task, args))


def hurry(task: str, *args: Any) -> None:
    """Ask for `task` to run soon, once this session has committed. Asked twice: the task finds its row or none."""
    wanted = db.session.info.setdefault("hurry", [])
    if (task, args) not in wanted:
        wanted.append((task, args))


def commit() -> None:
    """Commit the unit of work, then nudge. The one way a door ends its transaction."""
    db.session.commit()
    for task, args in db.session.info.pop("hurry", ()):
        current_app.extensions["heed.hurry"](task, *args)


@event.listens_for(Session, "after_rollback")
def _forget_nudges(session: Session) -> None:
    session.info.pop("hurry", None)


class FlaskTask(Task):  # type: ignore[misc]  # celery has no types
    """Runs inside an application context and leaves no open transaction behind."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with self.app.flask_app.app_context():
            return self.run(*args, **kwargs)


def init_celery(app: Flask, config: Config) -> Celery:
    """The Celery application bound to this Flask application; tasks are the shared tasks of the packages."""
    celery = Celery(app.name, task_cls=FlaskTask)
    celery.flask_app = app
    celery.conf.update(config.celery())
    celery.set_default()
    app.extensions["celery"] = celery
    return celery
