"""The end of a case: put right, or whatever else came of it; or a false alarm. The customer is told the truth of it."""

from datetime import datetime, timedelta

from app.cases import journal
from app.cases.clocks import schedule
from app.cases.deeds import not_open
from app.cases.holds import release_surveys
from app.cases.ladder import may_act
from app.cases.lookup import held
from app.cases.messages import language_of, tell_customer
from app.cases.models import Case, CaseEvent
from app.cases.policy import LIVE, Deed, NotAllowed, State, apply
from app.cases.results import Done, Refused, Result
from app.cases.wording import CAUSES, OUTCOME_NAMES, catalogue
from app.extensions import settings
from surveys.people.models import Staff


def resolve(
    case: Case, *, by: Staff, outcome: str, root_cause: str, done_text: str | None = None, now: datetime
) -> Result:
    """Nothing more is to be done: the customer is told what came of it and asked two days later whether it is right."""
    case = held(case)
    refused = not_open(case, by)
    if refused is not None:
        return refused
    if root_cause not in CAUSES:
        return Refused("no_cause", case)
    if outcome not in OUTCOME_NAMES:
        return Refused("no_outcome", case)
    language = language_of(case)
    done = " ".join((done_text or "").split()).rstrip(".。")
    if catalogue().refusals(language, what=done):
        return Refused("too_long", case)
    line = settle(case, outcome=outcome, root_cause=root_cause, done_text=done or None, staff=by, now=now)
    what = done or closing_words(outcome, root_cause, language)
    told_at = tell_customer(case, "resolved", now=now, key=f"resolved:{journal.cycle(case)}", what=what)
    line.detail = {**line.detail, "told": told_at is not None}
    case.recovery_due_at = now + timedelta(days=settings().policy.recovery_after_days)
    return Done(case, told=told_at is not None, later=told_at is not None and told_at > now)


def closing_words(outcome: str, cause: str, language: str) -> str:
    """What the customer reads when nobody wrote down what was done: by the cause only if something was put right."""
    return catalogue().render(f"did_{cause if outcome == 'saved' else outcome}", language)


def settle(
    case: Case, *, outcome: str, root_cause: str | None, done_text: str | None, staff: Staff | None, now: datetime
) -> CaseEvent:
    """Write down that a case is over; whoever ended it without a call has acknowledged and contacted by that."""
    case.state = apply(case.state, Deed.RESOLVE).value
    case.acknowledged_at, case.contacted_at = case.acknowledged_at or now, case.contacted_at or now
    case.resolved_at, case.outcome, case.done_text = now, outcome, done_text
    case.root_cause = root_cause or case.root_cause
    case.promised_by, case.recovery = None, None
    release_surveys(case, now=now)
    line = journal.record(case, "resolved", now=now, staff=staff, outcome=outcome, cause=root_cause)
    schedule(case, now=now)
    return line


def dismiss(case: Case, *, by: Staff, note: str, now: datetime) -> Result:
    """A false alarm; the note says why. The customer is told nothing."""
    case = held(case)
    if not may_act(by, case):
        return Refused("not_yours", case)
    if case.state == State.DISMISSED:
        return Done(case, changed=False)
    if not note.strip():
        return Refused("no_note", case)
    try:
        case.state = apply(case.state, Deed.DISMISS).value
    except NotAllowed:
        return Refused("not_now" if case.state in LIVE else "closed", case)
    case.closed_at, case.promised_by = now, None
    release_surveys(case, now=now)
    journal.record(case, "dismissed", now=now, staff=by, note=note)
    schedule(case, now=now)
    return Done(case)
