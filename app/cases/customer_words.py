"""What a customer writes about their case without being asked by a survey: STATUS, a digit, or words."""

from collections.abc import Collection
from datetime import datetime, timedelta

from app.cases import journal
from app.cases.calling import choose_call
from app.cases.clocks import call_by, renew, schedule
from app.cases.closing import settle
from app.cases.holder import holder_values
from app.cases.lookup import held, talked_about
from app.cases.messages import alert, pass_on, tell_customer, tell_staff
from app.cases.models import Case
from app.cases.policy import LIVE, UNREAD, Reason, State, Triage, TriageFacts, triage, worse
from app.cases.recovery import recovery_answered
from app.cases.reopening import reopen
from app.cases.replies import Heard, Meaning, hear
from app.cases.urgency import add_words, make_as_urgent
from app.cases.wording import customer_time, yours
from app.extensions import settings
from notifications import Purpose
from surveys.people.models import Customer
from surveys.responses.learning import current_tenant
from surveys.responses.saying import calls_declined
from surveys.responses.turns import Say

ANSWER_DAYS = 3
# What a digit means after each question we put by text.
DIGITS = {
    "tried": {"1": "today", "2": "morning", "3": "none"},
    "tried_late": {"1": "morning", "2": "tomorrow", "3": "none"},
    "when": {"1": "today", "2": "tomorrow", "3": "none"},
    "status": {"1": "fixed", "2": "not_fixed", "3": "when"},
    "over": {"1": "fixed", "2": "not_fixed"},
}
_ALL_DIGITS = frozenset(digit for meant in DIGITS.values() for digit in meant)


def who_writes(people: Collection[Customer], *, now: datetime) -> Customer | None:
    """Who it is that texts from a phone which several share; None when it is nobody's.

    Of those with a case the one we were last in touch with; else whoever we met last.
    """
    if len(people) < 2:
        return next(iter(people), None)
    cases = [case for person in people if (case := talked_about(person, now=now)) is not None]
    latest = max(cases, key=lambda case: (journal.in_touch_at(case), case.id), default=None)
    return latest.customer if latest is not None else max(people, key=lambda person: person.id, default=None)


def status_text(customer: Customer, *, now: datetime) -> Say | None:
    """How it stands with their case, and by when what happens; None when there is nothing to tell of."""
    case = talked_about(customer, now=now)
    if case is None:
        return None
    case = held(case)
    zone, language = case.branch.time_zone, customer.language
    over = case.state not in LIVE
    line = journal.record(case, "asked_customer", now=now, question="over" if over else "status")
    if renew(case, now=now):
        # They are told a time now, so its holder is, too.
        tell_staff(case, case.owner, "asks_status", now=now, key=f"status:{line.id}", purpose=Purpose.CASE)
    key, at = "status_waiting", None
    if over:
        key, at = "status_resolved", case.resolved_at
    elif case.state == State.CONTACTED:
        key, at = "status_contacted", case.contacted_at
    elif case.acknowledged_at is not None and case.state == State.ACKNOWLEDGED and case.call_choice != "none":
        key, at = "status", case.acknowledged_at
    due = customer_time(call_by(case, now=now), zone, language, now=now)
    values = {"branch": case.branch.name(language), "time": due, "time2": due, **holder_values(case, language)}
    values["yours"] = yours(language, words=case.words is not None)
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
    if case.state in LIVE and case.call_choice != "none" and calls_declined(text):
        _answered(case, "none", now)  # "actually, don't call": as if they had chosen it when they were asked
        return True
    heard = hear(text, tenant=current_tenant())
    line = journal.record(case, "customer_wrote", now=now, note=text)
    if heard.meaning is Meaning.ACKNOWLEDGED:
        return True  # kept in the history: an "ok" needs nobody and no answer
    if case.state in LIVE:
        _told_more(case, text, heard, f"wrote:{line.id}", now)
    else:
        _told_after(case, text, heard, f"wrote:{line.id}", now)
    return True


def may_be_awaited(text: str) -> bool:
    """Whether a text may answer what is asked about a case; most that is written needs no look at any."""
    return _digit(text) in _ALL_DIGITS


def is_awaited(customer: Customer | None, text: str, *, now: datetime, since: datetime | None = None) -> bool:
    """Whether a text answers by a digit what we asked this customer about their case; `since`: and asked after that."""
    if customer is None or not may_be_awaited(text):
        return False
    case = talked_about(customer, now=now)
    if case is None or _meaning(case, text, now) is None:
        return False
    asked = journal.last(case, "asked_customer")
    return since is None or (asked is not None and asked.at >= since)


def _meaning(case: Case, text: str, now: datetime) -> str | None:
    asked = journal.last(case, "asked_customer", "answered_us")
    if asked is None or asked.kind != "asked_customer" or now - asked.at > timedelta(days=ANSWER_DAYS):
        return None
    return DIGITS[asked.detail["question"]].get(_digit(text))


def _digit(text: str) -> str:
    return text.strip().rstrip(".。")


def _answered(case: Case, meaning: str, now: datetime) -> None:
    line = journal.record(case, "answered_us", now=now, meaning=meaning)
    key = f"answer:{line.id}"
    if meaning == "when":
        if tell_customer(case, "when", now=now, key=key):
            journal.record(case, "asked_customer", now=now, question="when")
    elif meaning == "fixed":
        _fixed(case, now, key)
    elif meaning == "not_fixed":
        _not_fixed(case, now, key)
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


def _not_fixed(case: Case, now: datetime, key: str) -> None:
    if case.state not in LIVE:
        _back(case, None, None, now, key)
        return
    renew(case, now=now)
    alert(case, case.owner, "not_fixed", now=now, key=key, words=None)
    tell_customer(case, "noted_no_words", now=now, key=key)


def _told_more(case: Case, text: str, heard: Heard, key: str, now: datetime) -> None:
    first, called = case.words is None, _call_after_all(case, heard, now)
    add_words(case, text)
    found = _found(heard)
    graver = worse(case.reasons, found)
    if graver:
        make_as_urgent(case, found, now=now)
    renew(case, now=now)
    soon = now - case.opened_at <= timedelta(minutes=settings().policy.words_window_minutes)
    if first and soon and case.state in UNREAD and not journal.times(case, "told_words"):
        journal.record(case, "told_words", now=now, to=case.owner_id)
        alert(case, case.owner, "words", now=now, key="words", words=text)
    elif graver:
        alert(case, case.owner, "raised", now=now, key=key, words=text)
    else:
        pass_on(case, "wrote", text, now=now, key=key)
    schedule(case, now=now)
    tell_customer(case, "again" if called else "noted", now=now, key=key)


def _told_after(case: Case, text: str, heard: Heard, key: str, now: datetime) -> None:
    """Words after the end. Only what says that it is not right brings a case back; the rest is kept, and passed on."""
    if heard.meaning is Meaning.UNHAPPY or case.recovery == "partly":
        _back(case, text, heard, now, key)
        return
    add_words(case, text)
    if heard.meaning is Meaning.CONTENT:
        return  # thanks need no answer
    pass_on(case, "wrote_after", text, now=now, key=key)
    if tell_customer(case, "passed_on", now=now, key=f"passed_on:{journal.cycle(case)}"):
        journal.record(case, "asked_customer", now=now, question="over")


def _back(case: Case, text: str | None, heard: Heard | None, now: datetime, key: str) -> None:
    case = reopen(case, now=now, words=text)
    if heard is not None:
        make_as_urgent(case, _found(heard), now=now)
    _call_after_all(case, heard, now)
    tell_customer(case, "reopened_no_call" if case.call_choice == "none" else "reopened", now=now, key=key)


def _call_after_all(case: Case, heard: Heard | None, now: datetime) -> bool:
    """Whoever wanted no call and now asks for one is called: the later word counts."""
    asks = heard is not None and str(Reason.CALL_REQUEST) in heard.signals
    if asks and case.call_choice == "none":
        choose_call(case, "today", now=now)
        return True
    return False


def _found(heard: Heard) -> Triage:
    return triage(TriageFacts(label=heard.label, signals=heard.signals))
