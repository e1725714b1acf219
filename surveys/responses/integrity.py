"""Answers that may not be the customer's own words: marked for a second look and for the report, never left out.

They are signs, no proof: a family shares a telephone, and two people may like the same sentence.
"""

import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import ColumnElement, String, cast, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from app.extensions import Blind, blind, db, lock
from surveys.people.models import Staff
from surveys.questionnaires.flow import Kind
from surveys.responses.models import Answer, Response

SAME_DEVICE_WITHIN, CUSTOMERS_A_DEVICE = timedelta(days=7), 3
SAME_WORDS_WITHIN = timedelta(days=30)
LONG, LONG_HAN = 40, 15  # letters and digits of words nobody else says by chance
WRITTEN, WRITTEN_HAN = 20, 8  # more than anybody types in
TOO_FAST = timedelta(seconds=2)
DEVICE_DAYS = 30  # how long it is known from which device an answer came


class Doubt(StrEnum):
    """Why an answer is worth a second look."""

    SAME_DEVICE = "same_device"  # one device answered for three customers or more within a week
    SAME_WORDS = "same_words"  # another customer said the same, word for word, within a month
    TOO_FAST = "too_fast"  # words were there within two seconds: pasted, or written by a machine
    STAFF_PHONE = "staff_phone"  # the survey went to the telephone of somebody who works here
    STAFF_DEVICE = "staff_device"  # the device is one from which somebody who works here signed in


def sameness(text: str | None) -> Blind | None:
    """A keyed hash of words long enough that two people do not say them by chance; else None. Signs do not count."""
    bare = "".join(c for c in unicodedata.normalize("NFKC", text or "").casefold() if c.isalnum())
    return blind(f"words {bare}") if _written(bare, LONG, LONG_HAN) else None


def is_doubted() -> ColumnElement[bool]:
    """Responses on which something is noted."""
    return cast(Response.doubts, String) != "[]"


def is_of_staff(phone_index: ColumnElement[str] | InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
    """Whether this is the telephone of somebody who works here, to be asked for beside what is read anyway."""
    return exists().where(Staff.phone_index == phone_index, Staff.settled_at.is_(None))


def find_doubts(response: Response, *, staff_phone: bool, staff_device: bool) -> list[str]:
    """What speaks against a response's being the customer's own; noted at once on those that are like it.

    `staff_phone`: whether the survey went to the telephone of somebody who works here; `staff_device`: whether one of
    them signed in from the device it came from. Once noted it stays.
    """
    found = {*response.doubts}
    if staff_device:
        found.add(Doubt.STAFF_DEVICE)
    if _too_fast(response):
        found.add(Doubt.TOO_FAST)
    if staff_phone:
        found.add(Doubt.STAFF_PHONE)
    others = _from_the_same_device(response)
    if len({one.customer_id for one in others} | {response.customer_id}) >= CUSTOMERS_A_DEVICE:
        found.add(Doubt.SAME_DEVICE)
        _note(others, Doubt.SAME_DEVICE)
    if likes := _with_the_same_words(response):
        found.add(Doubt.SAME_WORDS)
        _note(likes, Doubt.SAME_WORDS)
    return sorted(found)


def _too_fast(response: Response) -> bool:
    by_time = sorted((one for one in response.answers if not one.skipped), key=lambda one: one.at)
    return any(
        after.channel == "web"
        and after.kind == Kind.TEXT
        and _written("".join(filter(str.isalnum, after.text or "")), WRITTEN, WRITTEN_HAN)
        and after.at - before.at < TOO_FAST
        for before, after in pairwise(by_time)
    )


def _from_the_same_device(response: Response) -> list[Response]:
    if not response.device:
        return []
    lock(f"device:{response.device}")
    return _others(response, Response.device == response.device, response.answered_at - SAME_DEVICE_WITHIN)


def _with_the_same_words(response: Response) -> list[Response]:
    words = [one.sameness for one in response.answers if one.sameness]
    if not words:
        return []
    lock(*(f"words:{one}" for one in words))
    same = select(Answer.response_id).where(Answer.sameness.in_(words))
    return _others(response, Response.id.in_(same), response.answered_at - SAME_WORDS_WITHIN)


def _others(response: Response, alike: ColumnElement[bool], since: datetime) -> list[Response]:
    other = Response.customer_id != response.customer_id
    return list(db.session.scalars(select(Response).where(alike, other, Response.answered_at >= since)))


def _note(others: list[Response], doubt: Doubt) -> None:
    # One that somebody holds is passed over: two that waited for each other would wait for ever. While it is being
    # answered or reviewed it finds ours itself; while it is scored again or corrected it does not, and its note is
    # missing until it is reviewed the next time.
    ids = [other.id for other in others]
    free = select(Response.id).where(Response.id.in_(ids)).with_for_update(skip_locked=True, key_share=True)
    held = set(db.session.scalars(free))
    for other in others:
        if other.id in held:
            other.doubts = sorted({*other.doubts, doubt})


def _written(bare: str, letters: int, han: int) -> bool:
    return len(bare) >= letters or sum("\u3400" <= c <= "\u9fff" for c in bare) >= han
