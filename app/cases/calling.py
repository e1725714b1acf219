"""When the customer may be called: what they chose, and the time they are promised."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.cases import journal
from app.cases.clocks import call_by, renew, schedule
from app.cases.holder import expected_values, holder_values
from app.cases.hours import LEAST_NOTICE
from app.cases.lookup import case_of_origin, held
from app.cases.messages import tell_staff
from app.cases.models import Case, CaseEvent
from app.cases.places import place_of
from app.cases.policy import LIVE, UNREAD, Reason, Triage, contact_deadline, resolve_deadline
from app.cases.reopening import reopen
from app.cases.wording import customer_time, staff_time
from app.extensions import db
from notifications import Purpose
from surveys.people.models import Branch, Customer
from surveys.questionnaires.service import definition_of
from surveys.responses.calltimes import Window, call_time, window_of
from surveys.responses.models import Answer, Response
from surveys.responses.nothing import says_nothing
from surveys.responses.turns import Say

DAY = timedelta(days=1)
CHOICES = ("today", "tomorrow", "morning", "none")
# Texts that say who has it, and of these the ones that name a time.
PROMISES = frozenset({"thanks_call", "thanks_no_call"})
NAMES_HOLDER = PROMISES | {"followup_low", "callback", "callback_no_words"}
ASKS_FOR_CALL = Triage(True, 4, False, (str(Reason.CALL_REQUEST),))


def promise_for(choice: str, branch: Branch, *, now: datetime, wanted: Window | None = None) -> datetime:
    """The time a customer is told: closing time today or on the next open day, noon of it, or when it must be right.

    Where they named a window that ends earlier on that day and can still be kept, its end; where it lies on a later
    day, its end too, or closing time of the first open day from then on; never after it must be right.
    """
    place = place_of(branch, now=now)
    if choice == "none":
        return resolve_deadline(now, time_zone=place.time_zone, calendar=place.calendar)
    if choice == "morning":
        return place.working_morning(now)
    closing = place.end_of_working_day(now, after_today=choice == "tomorrow")
    if wanted is None:
        return closing
    if wanted.start > closing:
        closing = place.end_of_working_day(max(wanted.start, wanted.end - DAY / 2))
        zone = ZoneInfo(place.time_zone)
        if closing.astimezone(zone).date() == wanted.end.astimezone(zone).date():
            closing = min(closing, wanted.end)
        return min(closing, resolve_deadline(now, time_zone=place.time_zone, calendar=place.calendar))
    return min(closing, wanted.end) if wanted.end - LEAST_NOTICE >= now else closing


def window_wanted(words: str | None, customer: Customer, *, now: datetime) -> Window | None:
    """The window that a customer's words name, on their own clock; None for words nobody understands for sure."""
    found = call_time(words) if words else None
    return window_of(found, now=now, zone=ZoneInfo(customer.time_zone)) if found else None


def choose_call(case: Case, choice: str, *, now: datetime, wanted: str | None = None) -> None:
    """Keep what the customer chose, promise the time, and tell the holder if it changes what they were told.

    `wanted`: the time in their own words, which the holder is always told. The same choice again, after a call that
    failed, is a promise again. Raises ValueError for what is no choice.
    """
    due_before, promised = call_by(case, now=now), case.promised_by is not None
    line = _keep(case, choice, now, wanted)
    due = call_by(case, now=now)
    sooner_or_never = promised if choice == "none" else due < due_before
    if case.state not in UNREAD or wanted or sooner_or_never:
        kind = "asks_no_call" if choice == "none" else "asks_own_time" if wanted else "asks_time"
        values = {"time": staff_time(due, case.branch.time_zone, case.owner.language, now=now), "words": wanted or ""}
        tell_staff(case, case.owner, kind, now=now, key=f"{kind}:{line.id}", purpose=Purpose.CASE, values=values)


def _keep(case: Case, choice: str, now: datetime, wanted: str | None) -> CaseEvent:
    if choice not in CHOICES:
        raise ValueError(f"when to call takes one of {', '.join(CHOICES)}, not {choice!r}")
    case.call_choice = choice
    told: dict[str, Any] = {}
    if choice == "none":
        case.promised_by = None
        renew(case, now=now)
    else:
        window = window_wanted(wanted, case.customer, now=now)
        case.promised_by = promise_for(choice, case.branch, now=now, wanted=window)
        journal.record(case, "promised", now=now, by=case.promised_by.isoformat(), choice=choice)
        if window is not None:
            told = {"start": window.start.isoformat(), "end": window.end.isoformat()}
    line = journal.record(case, "call_choice", now=now, note=wanted, choice=choice, **told)
    schedule(case, now=now)
    return line


def hear_choice(case: Case, response: Response, *, now: datetime) -> Case:
    """What they answered in the survey about a call: counts once, however often the answer is looked at.

    Whoever asks for a call after their case was closed gets it back. The case that has it now.
    """
    case = held(case)
    answer = _call_answer(response)
    if answer is None or answer.choice not in CHOICES or _heard(case, answer):
        return case
    if case.state in LIVE:
        choose_call(case, answer.choice, now=now, wanted=answer.text)
        return case
    if answer.choice == "none":
        return case
    case = reopen(case, now=now, found=ASKS_FOR_CALL)
    choose_call(case, answer.choice, now=now, wanted=answer.text)
    return case


def wants_call(response: Response) -> bool:
    """Whether they answered that they want to be called."""
    answer = _call_answer(response)
    return answer is not None and answer.choice in CHOICES and answer.choice != "none"


def _call_answer(response: Response) -> Answer | None:
    asking = {q.key for q in definition_of(response.invitation.version).questions if q.asks_for_call}
    return next((a for a in response.answers if a.question_key in asking and a.choice), None)


def _heard(case: Case, answer: Answer) -> bool:
    before = journal.last(case, "call_choice")
    if before is None or answer.at > before.at:
        return False
    return answer.at < before.at or before.detail.get("choice") == answer.choice


def customer_call_choice(response_id: int, say: Say, *, now: datetime) -> Say:
    """They answered whether we may call: keep it on their case, and complete the thanks with the time promised."""
    case = case_of_origin("response", str(response_id))
    if case is not None:
        hear_choice(case, db.session.get_one(Response, response_id), now=now)
    return with_times(response_id, say, now=now)


def with_times(response_id: int, say: Say, *, now: datetime) -> Say:
    """A text that names who calls, and when, with what holds: by the case, or by the rules while there is none yet."""
    if say.key not in NAMES_HOLDER:
        return say
    response = db.session.get_one(Response, response_id)
    invitation = response.invitation
    language = invitation.language
    case = case_of_origin("response", str(response.id))
    if case is not None and case.state not in LIVE and say.key in PROMISES:
        key = "thanks_mid_no_words" if says_nothing(case.words) else "thanks_mid"
        return Say(key, say.values)  # it is closed: nobody will call or text, so nothing is promised
    who = holder_values(case, language) if case is not None else expected_values(invitation, language, now=now)
    if say.key not in PROMISES:
        return Say(say.key, {**say.values, **who})
    due = call_by(case, now=now) if case is not None else _usual(response, say, now=now)
    said = customer_time(due, invitation.branch.time_zone, language, now=now)
    return Say(say.key, {**say.values, **who, "time": said, "promise": said})


def _usual(response: Response, say: Say, *, now: datetime) -> datetime:
    branch = response.invitation.branch
    answer = _call_answer(response)
    if say.key == "thanks_no_call" or (answer is not None and answer.choice == "none"):
        return promise_for("none", branch, now=now)
    if answer is not None and answer.choice in CHOICES:
        window = window_wanted(answer.text, response.invitation.customer, now=now)
        return promise_for(answer.choice, branch, now=now, wanted=window)
    place = place_of(branch, now=now)
    return contact_deadline(now, hours=24, time_zone=place.time_zone, calendar=place.calendar)
