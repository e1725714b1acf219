"""What a customer writes about their case without being asked by a survey: STATUS, a digit, or words."""

from datetime import datetime, timedelta

from app.cases import journal
from app.cases.calling import choose_call
from app.cases.clocks import call_by, schedule
from app.cases.deeds import settle
from app.cases.lookup import held, talked_about
from app.cases.messages import alert, tell_customer, tell_staff
from app.cases.models import Case
from app.cases.policy import LIVE, State
from app.cases.recovery import recovery_answered, reopen
from app.cases.wording import customer_time
from app.extensions import settings
from notifications import Purpose
from notifications.texts import spoken
from surveys.people.models import Customer
from surveys.responses.conversation import Say

ANSWER_DAYS = 3
# What a digit means after each question we put by text.
DIGITS = {
    "tried": {"1": "today", "2": "morning", "3": "none"},
    "tried_late": {"1": "morning", "2": "tomorrow", "3": "none"},
    "when": {"1": "today", "2": "tomorrow", "3": "none"},
    "status": {"1": "fixed", "2": "not_fixed", "3": "when"},
}


def status_text(customer: Customer, *, now: datetime) -> Say | None:
    """How it stands with their case, and by when what happens; None when there is nothing to tell of."""
    case = talked_about(customer, now=now)
    if case is None:
        return None
    case = held(case)
    zone, language = case.branch.time_zone, customer.language
    journal.record(case, "asked_customer", now=now, question="status")
    key, at = "status_waiting", None
    if case.state in (State.RESOLVED, State.CLOSED):
        key, at = "status_resolved", case.resolved_at
    elif case.state == State.CONTACTED:
        key, at = "status_contacted", case.contacted_at
    elif case.acknowledged_at is not None and case.call_choice != "none":
        key, at = "status", case.acknowledged_at
    due = customer_time(call_by(case, now=now), zone, language, now=now)
    values = {"branch": case.branch.name(spoken(language)), "time": due, "time2": due}
    if at is not None:
        values["time"] = customer_time(at, zone, language, now=now)
    return Say(key, values)


def customer_wrote(customer: Customer, text: str, *, now: datetime) -> bool:
    """A text that answers no survey: for their case. `text` is redacted. False when it is for others."""
    case = talked_about(customer, now=now)
    if case is None or not text.strip():
        return False
    case = held(case)
    meaning = _meaning(case, text, now)
    if meaning is not None:
        _answered(case, meaning, now)
        return True
    if text.strip().isdigit():
        return False
    _words(case, text, now)
    return True


def _meaning(case: Case, text: str, now: datetime) -> str | None:
    asked = journal.last(case, "asked_customer", "answered_us")
    if asked is None or asked.kind != "asked_customer" or now - asked.at > timedelta(days=ANSWER_DAYS):
        return None
    return DIGITS[asked.detail["question"]].get(text.strip().rstrip(".。"))


def _answered(case: Case, meaning: str, now: datetime) -> None:
    line = journal.record(case, "answered_us", now=now, meaning=meaning)
    key = f"answer:{line.id}"
    if meaning == "when":
        journal.record(case, "asked_customer", now=now, question="when")
        tell_customer(case, "when", now=now, key=key)
    elif meaning == "fixed":
        _fixed(case, now, key)
    elif meaning == "not_fixed":
        _words(case, "", now)
    elif case.state in LIVE:
        choose_call(case, meaning, now=now)
        tell_customer(case, "no_call" if meaning == "none" else "again", now=now, key=key)


def _fixed(case: Case, now: datetime, key: str) -> None:
    if case.state in LIVE:
        settle(case, outcome="saved", root_cause=None, done_text=None, staff=None, now=now)
        tell_staff(case, case.owner, "fixed_by_customer", now=now, key=key, purpose=Purpose.CASE)
    if case.state == State.RESOLVED:
        recovery_answered(case, "yes", now=now)
    tell_customer(case, "fixed", now=now, key=key)


def _words(case: Case, text: str, now: datetime) -> None:
    line = journal.record(case, "customer_wrote", now=now, note=text or None)
    key = f"wrote:{line.id}"
    if case.state not in LIVE:
        if text and case.recovery != "partly" and _content(text):
            return  # thanks need no answer and bring nothing back
        case = reopen(case, now=now, higher=False, words=text or None)
        tell_customer(case, "reopened", now=now, key=key, time=call_by(case, now=now))
        return
    if text:
        _told_more(case, text, key, now)
    tell_customer(case, "noted", now=now, key=key, time=call_by(case, now=now))


def _told_more(case: Case, text: str, key: str, now: datetime) -> None:
    first = case.words is None
    case.words = text if first else f"{case.words}\n{text}"
    soon = now - case.opened_at <= timedelta(minutes=settings().policy.words_window_minutes)
    if first and soon and case.state == State.OPEN and not journal.times(case, "told_words"):
        journal.record(case, "told_words", now=now, to=case.owner_id)
        alert(case, case.owner, "words", now=now, key="words")
    else:
        tell_staff(case, case.owner, "wrote", now=now, key=key, purpose=Purpose.CASE, values={"words": text})
    schedule(case, now=now)


def _content(text: str) -> bool:
    from surveys.scoring.score import score_text

    score = score_text(text)
    return score.polarity is not None and score.polarity > 0.3
