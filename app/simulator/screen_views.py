"""The phones and the mailbox on the screen. A reply goes the same way in as one from the carrier's webhook."""

import re

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from app.extensions import blind, clock, commit, db, hurry, settings
from app.simulator import queries, screen
from app.simulator.words import moment, word
from notifications import AddressError, PhoneNumber, inbound, parse_phone
from notifications.channels.simulator import PROVIDER, carry
from notifications.models import SimulatedMail

LONGEST_REPLY = 4000
_LINK = re.compile(r"https?://[^\s<>\"'，。；、）】]+[^\s<>\"'，。；、）】.,;:!?)\]]")


@screen.get("/", strict_slashes=False)
def phones() -> str:
    """Every phone, the latest first."""
    return _page(key=None)


@screen.post("/", strict_slashes=False)
def open_number() -> str | AnyResponse | tuple[str, int]:
    """Open the phone of a customer or member of staff by its number; never in the address, which is logged."""
    try:
        key = blind(parse_phone(request.form.get("number", ""), default_country=settings().default_country).e164)
    except AddressError as wrong:
        return _page(key=None, number_error=wrong.message), 422
    if queries.owner_of(key) is None:
        return _page(key=None, number_error=word("number_wrong")), 422
    return redirect(url_for("simulator.phone", key=key), 303)


@screen.get("/phones/<key>")
def phone(key: str) -> str:
    """One phone with its texts."""
    return _page(key=key)


@screen.post("/phones/<key>")
def reply(key: str) -> AnyResponse | tuple[str, int]:
    """A text from this phone, as if its owner had sent it."""
    owner = queries.owner_of(key) or abort(404)
    sender = _answerable(owner)
    if sender is None:
        abort(403)
    body = request.form.get("body", "")[:LONGEST_REPLY]
    if not body.strip():
        return _page(key=key, reply_error=word("reply_empty")), 422
    text = carry(direction="inbound", sender=sender.e164, to=settings().sms_from, body=body, status="received")
    kept = inbound.receive(
        provider=PROVIDER,
        provider_message_id=text.sid,
        sender=sender,
        to=settings().sms_from,
        body=body,
        now=clock().now(),
    )
    if kept is not None:
        hurry("app.handle_inbound", kept)
    commit()
    return redirect(url_for("simulator.phone", key=key, _anchor="end"), 303)


@screen.get("/mail")
def mailbox() -> str:
    """Every mail, the latest first."""
    return render_template("simulator/mail.html", mails=queries.mailbox(), mail=None, w=word, moment=moment)


@screen.get("/mail/<int:number>")
def mail(number: int) -> str:
    """One mail."""
    found = db.session.get(SimulatedMail, number) or abort(404)
    return render_template("simulator/mail.html", mails=queries.mailbox(), mail=found, w=word, moment=moment)


def linked(body: str) -> Markup:
    """The text with its links to tap and its lines kept."""
    parts, at = [], 0
    for found in _LINK.finditer(body):
        parts += [escape(body[at : found.start()])]
        parts += [Markup('<a href="{0}" target="_blank" rel="noopener">{0}</a>').format(found.group())]
        at = found.end()
    return Markup("").join([*parts, escape(body[at:])])


def _page(*, key: str | None, number_error: str = "", reply_error: str = "") -> str:
    owner = None
    if key is not None:
        owner = queries.owner_of(key) or abort(404)
    find_link = current_app.extensions.get("heed.survey_link")
    sender = _answerable(owner) if owner else None
    return render_template(
        "simulator/phones.html",
        phones=queries.phones(),
        key=key,
        owner=owner,
        bubbles=queries.thread(key) if key else [],
        can_reply=sender is not None,
        survey_link=find_link(sender) if find_link and sender else None,
        carried_here=settings().sms_channel == "simulator",
        number_error=number_error,
        reply_error=reply_error,
        w=word,
        moment=moment,
        linked=linked,
    )


def _answerable(owner: queries.Owner) -> PhoneNumber | None:
    """The phone to answer from. With a real carrier chosen, only numbers that ring nowhere."""
    try:
        number = PhoneNumber.trusted(owner.number)
    except AddressError:
        return None
    return number if settings().sms_channel == "simulator" or number.is_simulated else None


@screen.after_request
def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
