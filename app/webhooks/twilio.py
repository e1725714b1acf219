"""Twilio's two doors. Unknown fields and media are welcome: a carrier adds them without notice."""

import re

from flask import Response, abort, request

from app.extensions import clock, commit, hurry
from app.webhooks import blueprint
from app.webhooks.signature import is_signed
from notifications import AddressError, PhoneNumber, inbound, receipts
from notifications.report_refs import attempt_of
from notifications.rows import carrier_id

PROVIDER = "twilio"
# Nothing to say back here: what we answer goes out by the outbox, once.
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
STATUS = re.compile(r"[a-z_]{1,16}")


@blueprint.post("/twilio/sms")
def sms() -> Response:
    """A text came in."""
    if not is_signed(request):
        abort(403)
    form = request.form
    sid = form.get("MessageSid") or form.get("SmsSid") or form.get("SmsMessageSid")
    if sid:
        media = form.get("NumMedia", "0")
        kept = inbound.receive(
            provider=PROVIDER,
            provider_message_id=sid,
            sender=_sender(form.get("From", "")),
            to=form.get("To", ""),
            body=form.get("Body", ""),
            media=min(int(media), 99) if media.isascii() and media.isdigit() else 0,
            now=clock().now(),
        )
        if kept is not None:
            hurry("app.handle_inbound", kept)
        commit()
    return Response(NOTHING_TO_SAY, mimetype="text/xml")


@blueprint.post("/twilio/status")
def status() -> tuple[str, int]:
    """The carrier tells what has become of a message of ours."""
    if not is_signed(request):
        abort(403)
    form = request.form
    sid = form.get("MessageSid") or form.get("SmsSid")
    word = form.get("MessageStatus") or form.get("SmsStatus") or ""
    if sid and STATUS.fullmatch(word):
        receipts.receive(
            provider=PROVIDER,
            provider_message_id=carrier_id(sid),
            status=word,
            error_code=form.get("ErrorCode", "").replace("\0", "")[:40] or None,
            about=attempt_of(request.args.get("m", "")),
            now=clock().now(),
        )
        commit()
    return "", 204


def _sender(given: str) -> PhoneNumber | str:
    try:
        return PhoneNumber.trusted(given)
    except AddressError:
        return given[:80]  # a short code, a name, another kind of address
