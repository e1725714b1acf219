"""The carrier's API: create a text, list texts newest first, show one. It shows all it carried, however it came."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import request
from sqlalchemy import ColumnElement, and_, or_, select

from app.extensions import commit, db, settings
from app.simulator import carrier
from app.simulator.callbacks import report_on
from app.simulator.resource import VERSION, refusal, written
from notifications import AddressError, PhoneNumber
from notifications.channels.simulator import carry
from notifications.models import SimulatedMessage

Answer = tuple[dict[str, Any], int]
HOST = "https://api.twilio.com"
LONGEST = 1600


@carrier.post("/Accounts/<account>/Messages.json")
def create(account: str) -> Answer:
    """Accept a text for a phone."""
    if account != settings().twilio_account_sid:
        return refusal(20404)
    form = request.form
    wrong = _wrong(form.get("To", ""), form.get("From") or form.get("MessagingServiceSid", ""), form.get("Body", ""))
    callback = form.get("StatusCallback") or None
    if wrong is None and callback and urlsplit(callback).scheme not in ("http", "https"):
        wrong = 21609
    if wrong is not None:
        return refusal(wrong)
    message = carry(
        direction="outbound-api",
        sender=form.get("From") or settings().sms_from,
        to=form["To"],
        body=form["Body"],
        callback_url=callback,
    )
    commit()
    answer = written(message, account)
    if callback:
        report_on(message.sid)
    return answer, 201


@carrier.get("/Accounts/<account>/Messages/<sid>.json")
def one(account: str, sid: str) -> Answer:
    """One text."""
    message = db.session.scalar(select(SimulatedMessage).where(SimulatedMessage.sid == sid))
    if message is None or account != settings().twilio_account_sid:
        return refusal(20404)
    return written(message, account), 200


@carrier.get("/Accounts/<account>/Messages.json")
def several(account: str) -> Answer:
    """Texts, newest first, by To, From and DateSent; a page at a time."""
    if account != settings().twilio_account_sid:
        return refusal(20404)
    try:
        size = min(max(int(request.args.get("PageSize", 50)), 1), 1000)
        page = max(int(request.args.get("Page", 0)), 0)
        token = request.args.get("PageToken", "")
        before = int(token.removeprefix("PA"), 16) if token else None
        wanted = list(_dates())
    except ValueError:
        return refusal(20001)
    wanted += list(_phones())
    found = _newest_first(wanted, before, size + 1)
    shown = found[:size]
    more = {"Page": page + 1, "PageToken": f"PA{shown[-1].id:x}"} if len(found) > size else None
    return {
        "messages": [written(message, account) for message in shown],
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + max(len(shown) - 1, 0),
        # Twilio's description wants whole addresses here; its library follows only the next page's, and joins that one.
        "uri": HOST + _address(account, {"PageSize": size, "Page": page}),
        "first_page_uri": HOST + _address(account, {"PageSize": size, "Page": 0}),
        "next_page_uri": _address(account, {"PageSize": size, **more}) if more else None,
        "previous_page_uri": None,
    }, 200


def _wrong(to: str, sender: str, body: str) -> int | None:
    if not to:
        return 21604
    try:
        PhoneNumber.trusted(to)
    except AddressError:
        return 21211
    if not sender:
        return 21603
    if not re.fullmatch(r"\+\d{7,15}|\d{3,8}|[A-Za-z0-9 ]{1,11}|MG[0-9a-fA-F]{32}", sender):
        return 21212
    if not body:
        return 21602
    return 21617 if len(body) > LONGEST else None


def _phones() -> Iterator[ColumnElement[bool]]:
    outbound, inbound = SimulatedMessage.direction != "inbound", SimulatedMessage.direction == "inbound"
    ours = settings().sms_from
    if to := request.args.get("To"):
        at_phone = and_(outbound, SimulatedMessage.phone_index == to)
        yield or_(at_phone, inbound) if to == ours else at_phone
    if sender := request.args.get("From"):
        at_phone = and_(inbound, SimulatedMessage.phone_index == sender)
        yield or_(at_phone, outbound) if sender == ours else at_phone


def _dates() -> Iterator[ColumnElement[bool]]:
    day = timedelta(days=1)
    at = SimulatedMessage.created_at
    if given := request.args.get("DateSent"):
        since, whole_day = _moment(given)
        yield at >= since
        yield at < since + (day if whole_day else timedelta(seconds=1))
    if given := request.args.get("DateSent>"):
        yield at >= _moment(given)[0]
    if given := request.args.get("DateSent<"):
        until, whole_day = _moment(given)
        yield at < until + (day if whole_day else timedelta(seconds=1))


def _moment(given: str) -> tuple[datetime, bool]:
    at = datetime.fromisoformat(given)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)), len(given) == len("2026-11-20")


def _newest_first(wanted: list[ColumnElement[bool]], before: int | None, most: int) -> list[SimulatedMessage]:
    query = select(SimulatedMessage).where(*wanted).order_by(SimulatedMessage.id.desc())
    if before is not None:
        query = query.where(SimulatedMessage.id < before)
    return list(db.session.scalars(query.limit(most)))


def _address(account: str, page: dict[str, Any]) -> str:
    # Without our own prefix: Twilio's library joins it to its host, and whoever rebased the host joins the prefix.
    asked = {key: value for key, value in request.args.items() if key not in ("PageSize", "Page", "PageToken")}
    return f"/{VERSION}/Accounts/{account}/Messages.json?{urlencode({**asked, **page})}"
