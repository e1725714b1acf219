"""From an answer to a case: open or join, and tell whoever must act at once. May run twice on the same answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.cases import journal
from app.cases.clocks import renew, schedule, start_clocks
from app.cases.correcting import carry, corrected, was_slip
from app.cases.holds import free_code, hold_surveys
from app.cases.ladder import first_holder
from app.cases.lookup import case_of_origin, held, hold_customer, live_case
from app.cases.messages import alert, pass_on
from app.cases.models import Case, CaseOrigin
from app.cases.policy import LIVE, UNREAD, State, Triage, worse
from app.cases.reopening import reopen
from app.cases.replies import Meaning, hear
from app.cases.urgency import add_words, make_as_urgent
from app.cases.wording import fresh_words
from app.extensions import db, settings
from surveys.people.models import Branch, Customer, Staff
from surveys.responses.learning import current_tenant
from surveys.responses.nothing import says_nothing


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
    asked: str | None = None  # what the words answer, as the scorer knows it


def open_case(grounds: Grounds, *, now: datetime) -> Case | None:
    """Open a case on these grounds, or join the customer's open one. None where nobody at all answers for the place.

    The same origin never does so twice, however many workers try at once.
    """
    hold_customer(grounds.customer.id)
    case = case_of_origin(grounds.kind, grounds.ref)
    if case is not None:
        case = held(case)
        if case.state not in LIVE:
            return _after_the_end(case, grounds, now)
        _learn_more(case, grounds, now)
        return case
    case = live_case(grounds.customer.id)
    if case is not None:
        _join(case, grounds, now)
        return case
    return _open(grounds, now)


def _open(grounds: Grounds, now: datetime) -> Case | None:
    holder = first_holder(grounds.owner, grounds.branch, priority=grounds.triage.priority, now=now)
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
    alert(case, staff, "alert", now=now, key="alert", words=case.words)
    return case


def _keep_origin(case: Case, grounds: Grounds, now: datetime) -> None:
    db.session.add(CaseOrigin(case_id=case.id, kind=grounds.kind, ref=grounds.ref, at=now))
    db.session.flush()


def _learn_more(case: Case, grounds: Grounds, now: datetime) -> None:
    """The same answer again, perhaps with more in it: words that came after the number, or a risk seen anew."""
    fresh = add_words(case, grounds.words, grounds.words_language)
    if fresh:
        journal.record(case, "words", now=now)
    former = carry(case, grounds.rating, grounds.response_id, now=now)
    if former is not None:
        corrected(case, former, grounds.triage, risk=grounds.risk, now=now)
        return
    holder = case.owner_id
    make_as_urgent(case, grounds.triage, risk=grounds.risk, now=now)
    # Who has it only now was told these words with the rest.
    if fresh and not says_nothing(fresh) and case.owner_id == holder:
        _tell_words(case, fresh, now)


def _tell_words(case: Case, fresh: str, now: datetime) -> None:
    """Exactly one more message, and only while it can change what somebody does: soon, and before anybody said OK."""
    window = timedelta(minutes=settings().policy.words_window_minutes)
    unread = case.state in UNREAD
    if unread and now - case.opened_at <= window and not journal.times(case, "told_words"):
        journal.record(case, "told_words", now=now, to=case.owner_id)
        alert(case, case.owner, "words", now=now, key="words", words=fresh)


def _after_the_end(case: Case, grounds: Grounds, now: datetime) -> Case:
    """More of an answer whose case is over: the customer was told that a person reads it, and one does."""
    fresh = fresh_words(case.words, grounds.words)
    heard = _heard(fresh, grounds.asked) if fresh else Meaning.ACKNOWLEDGED
    carry(case, grounds.rating, grounds.response_id, now=now)
    if worse(case.reasons, grounds.triage) or heard is Meaning.UNHAPPY:
        return reopen(case, now=now, words=fresh, found=grounds.triage)
    if fresh:
        add_words(case, fresh, grounds.words_language)
        line = journal.record(case, "words", now=now)
        if heard is Meaning.NEUTRAL and not was_slip(case):
            pass_on(case, "wrote_after", fresh, now=now, key=f"after:{line.id}")
    return case


def _heard(fresh: str, asked: str | None) -> Meaning:
    return hear(fresh, question=asked, tenant=current_tenant()).meaning


def _join(case: Case, grounds: Grounds, now: datetime) -> None:
    _keep_origin(case, grounds, now)
    fresh = add_words(case, grounds.words, grounds.words_language)
    if grounds.rating:
        case.rating_kind, case.rating = grounds.rating
    if grounds.response_id is not None:
        case.response_id = grounds.response_id
    journal.record(case, "joined", now=now, origin=grounds.kind, ref=grounds.ref)
    graver = make_as_urgent(case, grounds.triage, risk=grounds.risk, now=now)
    renew(case, now=now)
    if grounds.kind == "free_text" and not fresh and not graver:
        return  # said once, kept twice: as an answer, and for whoever reads what speaks of stopping
    key = f"raised:{grounds.kind}:{grounds.ref}"[:70]
    alert(case, case.owner, "raised", now=now, key=key, words=fresh)
