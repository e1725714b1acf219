"""From an answer to a case: open or join, and tell whoever must act at once. May run twice on the same answer."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.cases import journal
from app.cases.clocks import hasten_clocks, schedule, start_clocks
from app.cases.ladder import first_holder
from app.cases.lookup import case_of_origin, hold_customer, live_case
from app.cases.messages import alert
from app.cases.models import Case, CaseOrigin
from app.cases.policy import LIVE, State, Triage
from app.extensions import db, lock, settings
from surveys.invitations.models import Hold
from surveys.people.models import Branch, Customer, Staff


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What a case stands on: where it came from, whose it is, and what triage made of it. Words are redacted."""

    kind: str  # response, complaint, free_text
    ref: str
    customer: Customer
    branch: Branch
    owner: Staff | None
    triage: Triage
    rating: tuple[str, int] | None = None
    words: str | None = None
    words_language: str | None = None
    risk: float | None = None
    response_id: int | None = None


def open_case(grounds: Grounds, *, now: datetime) -> Case | None:
    """Open a case on these grounds, or join the customer's open one. None where nobody at all answers for the place.

    The same origin never does so twice, however many workers try at once.
    """
    hold_customer(grounds.customer.id)
    case = case_of_origin(grounds.kind, grounds.ref)
    if case is not None:
        _learn_more(case, grounds, now)
        return case
    case = live_case(grounds.customer.id)
    if case is not None:
        _join(case, grounds, now)
        return case
    return _open(grounds, now)


def _open(grounds: Grounds, now: datetime) -> Case | None:
    holder = first_holder(grounds.owner, grounds.branch, now=now)
    if holder is None:
        return None
    staff, level = holder
    case = Case(
        code=free_code(f"{grounds.kind}:{grounds.ref}"),
        customer_id=grounds.customer.id,
        branch_id=grounds.branch.id,
        response_id=grounds.response_id,
        owner_id=staff.id,
        level=int(level),
        state=State.OPEN.value,
        priority=grounds.triage.priority,
        critical=grounds.triage.critical,
        reasons=list(grounds.triage.reasons),
        rating=grounds.rating[1] if grounds.rating else None,
        rating_kind=grounds.rating[0] if grounds.rating else None,
        risk=grounds.risk,
        words=grounds.words,
        words_language=grounds.words_language,
        opened_at=now,
        acknowledge_by=now,
        contact_by=now,
        resolve_by=now,
    )
    db.session.add(case)
    case.customer, case.branch, case.owner = grounds.customer, grounds.branch, staff
    start_clocks(case, now=now)
    db.session.flush()
    primary = grounds.owner or grounds.branch.manager
    journal.record(case, "opened", now=now, to=staff.id, primary=primary.id if primary else staff.id)
    _keep_origin(case, grounds, now)
    hold_surveys(case, now=now)
    schedule(case, now=now)
    alert(case, staff, "alert", now=now, key="alert")
    return case


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


def _keep_origin(case: Case, grounds: Grounds, now: datetime) -> None:
    db.session.add(CaseOrigin(case_id=case.id, kind=grounds.kind, ref=grounds.ref, at=now))
    db.session.flush()


def _learn_more(case: Case, grounds: Grounds, now: datetime) -> None:
    """The same answer again, perhaps with more in it: words that came after the number, or a risk seen anew."""
    if case.state not in LIVE:
        return
    fresh = bool(grounds.words) and grounds.words != case.words
    if fresh and case.response_id == grounds.response_id:
        case.words, case.words_language = grounds.words, grounds.words_language
        if grounds.rating:
            case.rating_kind, case.rating = grounds.rating
        journal.record(case, "words", now=now)
    raised = _raise(case, grounds, now)
    if fresh:
        _tell_words(case, raised, now)


def _tell_words(case: Case, raised: bool, now: datetime) -> None:
    """Exactly one more message, and only while it can change what somebody does: soon, and before anybody said OK."""
    window = timedelta(minutes=settings().policy.words_window_minutes)
    unread = case.state in (State.OPEN, State.REOPENED)
    if unread and now - case.opened_at <= window and not journal.times(case, "told_words"):
        journal.record(case, "told_words", now=now, to=case.owner_id)
        alert(case, case.owner, "words", now=now, key="words")


def _join(case: Case, grounds: Grounds, now: datetime) -> None:
    _keep_origin(case, grounds, now)
    if grounds.words:
        case.words, case.words_language = grounds.words, grounds.words_language
    if grounds.rating:
        case.rating_kind, case.rating = grounds.rating
    if grounds.response_id is not None:
        case.response_id = grounds.response_id
    journal.record(case, "joined", now=now, origin=grounds.kind, ref=grounds.ref)
    _raise(case, grounds, now)
    alert(case, case.owner, "raised", now=now, key=f"raised:{grounds.kind}:{grounds.ref}"[:70])


def _raise(case: Case, grounds: Grounds, now: datetime) -> bool:
    """Make the case as urgent as these grounds are; it never becomes less so. Whether anything changed."""
    found = grounds.triage
    if grounds.risk is not None:
        case.risk = max(case.risk or 0.0, grounds.risk)
    case.reasons = _united(case.reasons, found.reasons)
    if found.priority >= case.priority and (case.critical or not found.critical):
        schedule(case, now=now)
        return False
    before = case.priority
    case.priority, case.critical = min(case.priority, found.priority), case.critical or found.critical
    hasten_clocks(case, now=now)
    journal.record(case, "raised", now=now, before=before, priority=case.priority)
    schedule(case, now=now)
    return True


def _united(before: Collection[str], more: Collection[str]) -> list[str]:
    return list(dict.fromkeys([*more, *before]))


def hold_surveys(case: Case, *, now: datetime) -> None:
    """While somebody owes this customer an answer, nobody asks them anything."""
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
