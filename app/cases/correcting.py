"""A customer corrects the number a case stands on: the case carries it, and is over where no reason is left."""

from datetime import datetime

from sqlalchemy import select

from app.cases import journal
from app.cases.clocks import schedule
from app.cases.holds import release_surveys
from app.cases.ladder import held_by
from app.cases.messages import alert, rating_word, tell_customer, tell_staff
from app.cases.models import Case, CaseOrigin
from app.cases.policy import UNREAD, Deed, Reason, State, Triage, apply
from app.cases.urgency import make_as_urgent
from app.extensions import db
from notifications import Purpose
from surveys.people.models import Staff

# Reasons that come of the number; any other was given by words, or by other answers.
OF_THE_NUMBER = frozenset({str(Reason.VERY_LOW_SCORE), str(Reason.LOW_SCORE), str(Reason.CONFLICT)})
# Lines that say that there is more to the case than one answer.
MORE = ("joined", "customer_wrote", "reopened", "handed_over", "note")


def carry(case: Case, rating: tuple[str, int] | None, response_id: int | None, *, now: datetime) -> int | None:
    """Let the case carry the number its answer has now; the one before, where that was another on the same scale."""
    if rating is None or case.response_id != response_id or (case.rating_kind, case.rating) == rating:
        return None
    former = case.rating if case.rating_kind == rating[0] else None
    case.rating_kind, case.rating = rating
    if former is not None:
        journal.record(case, "corrected", now=now, before=former, after=rating[1], scale=rating[0])
    return former


def corrected(case: Case, former: int, found: Triage, *, risk: float | None, now: datetime) -> None:
    """Act on a corrected number: as urgent as it is now, or over; whoever has the case is told which."""
    line = journal.last(case, "corrected")
    assert line is not None and case.rating is not None
    alone = _stands_alone(case)
    others = [] if alone else [reason for reason in case.reasons if reason not in OF_THE_NUMBER]
    case.reasons = list(dict.fromkeys([*found.reasons, *others]))
    key = f"corrected:{line.id}"
    if alone and not found.escalate and case.state in (*UNREAD, State.ACKNOWLEDGED) and case.promised_by is None:
        _over(case, former, now, key)
        return
    holder = case.owner_id
    make_as_urgent(case, found, risk=risk, now=now)
    if case.owner_id == holder:  # who has it only now was told the number with the rest
        kind = "corrected" if case.rating < former else "corrected_stands"
        values = _former(case, case.owner, former)
        alert(case, case.owner, kind, now=now, key=key, words=case.words, **values)


def was_slip(case: Case) -> bool:
    """Whether the case is over because the number was a slip: what comes with the new one is no news of it."""
    line = journal.last(case, "dismissed", "reopened")
    return line is not None and bool(line.detail.get("slip"))


def _stands_alone(case: Case) -> bool:
    """Whether nothing but this one answer stands behind the case."""
    origins = select(CaseOrigin.id).where(CaseOrigin.case_id == case.id).limit(2)
    return len(db.session.scalars(origins).all()) < 2 and journal.last(case, *MORE) is None


def _over(case: Case, former: int, now: datetime, key: str) -> None:
    """It was a slip: nobody has anything to put right, and everybody who was told to is told so."""
    told_of_call = case.acknowledged_at is not None
    case.state = apply(case.state, Deed.DISMISS).value
    case.closed_at = now
    release_surveys(case, now=now)
    journal.record(case, "dismissed", now=now, slip=True)
    schedule(case, now=now)
    alert(case, case.owner, "corrected_over", now=now, key=key, words=None, **_former(case, case.owner, former))
    for staff_id in held_by(case) - {case.owner_id}:
        before = db.session.get_one(Staff, staff_id)
        values = _former(case, before, former)
        tell_staff(case, before, "corrected_over", now=now, key=key, purpose=Purpose.CASE, values=values)
    if told_of_call:
        tell_customer(case, "call_off", now=now, key=key)


def _former(case: Case, staff: Staff, former: int) -> dict[str, str]:
    return {"former": rating_word(former, case.rating_kind, staff.language)}
