"""While somebody owes a customer an answer, nobody asks them anything; and the number a case goes by meanwhile."""

import hashlib
from datetime import datetime

from sqlalchemy import select

from app.cases.models import Case
from app.cases.policy import LIVE
from app.extensions import db, lock
from surveys.invitations.models import Hold


def hold_surveys(case: Case, *, now: datetime) -> None:
    """No survey from now on, until `release_surveys`."""
    if _holding(case) is None:
        db.session.add(Hold(customer_id=case.customer_id, reason="open_case", since=now))
        db.session.flush()


def release_surveys(case: Case, *, now: datetime) -> None:
    """They may be asked again, as far as the other rules allow."""
    hold = _holding(case)
    if hold is not None:
        hold.until = now
        db.session.flush()


def _holding(case: Case) -> Hold | None:
    query = select(Hold).where(Hold.customer_id == case.customer_id, Hold.reason == "open_case", Hold.until.is_(None))
    return db.session.scalar(query.limit(1))


def free_code(seed: str) -> str:
    """Four digits no open case has; the same seed tends to the same digits, so that a demo repeats itself."""
    lock("case-codes")
    taken = set(db.session.scalars(select(Case.code).where(Case.state.in_(LIVE))))
    digits = 4 if len(taken) < 8000 else 6
    first, room = 10 ** (digits - 1), 9 * 10 ** (digits - 1)
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") % room
    while str(first + number) in taken:
        number = (number + 1) % room
    return str(first + number)


def code_is_free(case: Case) -> bool:
    """Whether no other open case has taken the number of one that is over."""
    query = select(Case.id).where(Case.code == case.code, Case.id != case.id)
    return db.session.scalar(query.where(Case.state.in_(LIVE))) is None
