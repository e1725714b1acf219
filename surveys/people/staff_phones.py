"""Whether a phone is really a colleague's: a code is texted there, and typed in or texted back; alerts wait for it."""

import hmac
import re
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select

from app.extensions import db, settings
from notifications import PhoneNumber, Purpose, queue_sms, sent_lately
from notifications.texts import Catalogue, spoken
from surveys.people.models import PhoneCode, Staff
from surveys.people.refusals import Wrong

VALID = timedelta(hours=24)
MOST_TRIES = 5
MOST_A_DAY = 5
TEMPLATE = "staff_code"
_CODE = re.compile(r"\s*(\d{6})\s*[.。]?\s*")


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The texts of this room."""
    return Catalogue.load(Path(__file__).parent / "texts.toml")


def send_code(person: Staff, *, now: datetime) -> Wrong | None:
    """Text a fresh code to their phone; the one before is no longer valid. None when it is on its way."""
    if person.phone is None:
        return Wrong("phone", "no_phone")
    if person.phone_verified_at is not None:
        return Wrong("phone", "verified")
    if sent_lately(person.phone, templates={TEMPLATE}, since=now - timedelta(days=1)) >= MOST_A_DAY:
        return Wrong("phone", "too_often")
    kept = _code_of(person) or PhoneCode(staff_id=person.id)
    kept.code, kept.sent_at, kept.tries = f"{secrets.randbelow(10**6):06d}", now, 0
    db.session.add(kept)
    db.session.flush()
    _text(person, TEMPLATE, key=f"{now.timestamp():.0f}", now=now, code=kept.code)
    return None


def check_code(person: Staff, said: str, *, now: datetime) -> Wrong | None:
    """The code they were texted makes the phone theirs. None when it does; every wrong try is counted."""
    if person.phone_verified_at is not None:
        return None
    kept = _code_of(person)
    if kept is None or kept.tries >= MOST_TRIES or now - kept.sent_at > VALID:
        return Wrong("code", "code_over")
    kept.tries += 1
    found = _CODE.fullmatch(said)
    if found is None or not hmac.compare_digest(found[1], kept.code):
        return Wrong("code", "code_wrong")
    person.phone_verified_at = now
    db.session.delete(kept)
    db.session.flush()
    return None


def code_waits(person: Staff, *, now: datetime) -> bool:
    """Whether a code that is still valid was sent."""
    query = select(PhoneCode.id).where(
        PhoneCode.staff_id == person.id, PhoneCode.sent_at >= now - VALID, PhoneCode.tries < MOST_TRIES
    )
    return db.session.scalar(query) is not None


def verified_by_text(phone: PhoneNumber, text: str, *, now: datetime) -> Staff | None:
    """Whose phone a text just made theirs, because it is their code: they are thanked. None for any other text."""
    if _CODE.fullmatch(text) is None:
        return None
    query = select(Staff).join(PhoneCode, PhoneCode.staff_id == Staff.id).where(Staff.phone_index == phone.e164)
    for person in db.session.scalars(query):
        if check_code(person, text, now=now) is None:
            _text(person, "staff_verified", key="verified", now=now)
            return person
    return None


def _code_of(person: Staff) -> PhoneCode | None:
    return db.session.scalar(select(PhoneCode).where(PhoneCode.staff_id == person.id).with_for_update())


def _text(person: Staff, template: str, *, key: str, now: datetime, **values: str) -> None:
    organisation = settings().organisation.name(spoken(person.language))
    queue_sms(
        PhoneNumber.trusted(person.phone or ""),
        catalogue().render(template, person.language, org=organisation, **values),
        purpose=Purpose.ACCOUNT,
        dedupe_key=f"staff:{person.id}:{template}:{key}:{(person.phone or '')[-4:]}",
        now=now,
        template=template,
        subject_kind="staff",
        subject_id=person.id,
    )
