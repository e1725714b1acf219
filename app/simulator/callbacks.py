"""Reports to whoever sent a text over HTTP: from a thread of its own, never inside a request or a transaction."""

import logging
import queue
import threading
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from flask import Flask, current_app
from sqlalchemy import select

from app.extensions import db, settings
from app.simulator.resource import VERSION
from notifications.channels.simulator import NEXT
from notifications.models import SimulatedMessage

log = logging.getLogger("heed.simulator")


class Postman:
    """Carries one application's texts that asked for reports, one step at a time, and reports each step, signed."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._waiting: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._work, name="heed-callbacks", daemon=True).start()

    def tell(self, sid: str) -> None:
        """Carry this text and report on it, soon."""
        self._waiting.put(sid)

    def _work(self) -> None:
        with self._app.app_context():
            self._left_over()
        while True:
            sid = self._waiting.get()
            try:
                with self._app.app_context():
                    while self._one_step(sid):
                        pass
            except Exception as error:  # the thread must outlive any trouble of one text
                log.warning("a report was not delivered", extra={"error": type(error).__name__})

    def _left_over(self) -> None:
        # Texts whose reports were cut off when the process ended.
        query = select(SimulatedMessage.sid).where(
            SimulatedMessage.status.in_(tuple(NEXT)), SimulatedMessage.callback_url.is_not(None)
        )
        for sid in db.session.scalars(query.order_by(SimulatedMessage.id)).all():
            self._waiting.put(sid)

    def _one_step(self, sid: str) -> bool:
        message = db.session.scalar(select(SimulatedMessage).where(SimulatedMessage.sid == sid).with_for_update())
        if message is None or message.status not in NEXT or message.callback_url is None:
            db.session.rollback()
            return False
        message.status = NEXT[message.status]
        url, form = message.callback_url, _form(message)
        db.session.commit()
        _post(url, form)
        return True


def report_on(sid: str) -> None:
    """Let a text that asked for reports travel on. Call after the commit."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the thread outlives this request
    with _starting:
        postman = app.extensions.get("heed.postman") or app.extensions.setdefault("heed.postman", Postman(app))
    postman.tell(sid)


_starting = threading.Lock()


def _form(message: SimulatedMessage) -> dict[str, str]:
    return {
        "AccountSid": settings().twilio_account_sid,
        "ApiVersion": VERSION,
        "From": message.from_address,
        "To": message.to_address,
        "MessageSid": message.sid,
        "MessageStatus": message.status,
        "SmsSid": message.sid,
        "SmsStatus": message.status,
    }


def _post(url: str, form: dict[str, str]) -> None:
    from twilio.request_validator import SIGNATURE_HEADER, RequestValidator

    signature = RequestValidator(settings().twilio_auth_token).compute_signature(url, form)
    request = Request(url, urlencode(form).encode(), {SIGNATURE_HEADER: signature, "User-Agent": "TwilioProxy/1.1"})
    for pause in (0.0, 0.5):
        threading.Event().wait(pause)
        try:
            with urlopen(request, timeout=5):
                return
        except OSError as error:
            log.info("nobody takes the report", extra={"error": type(error).__name__})
