"""When the customer may be called: what they chose, and the time they are promised."""

from datetime import datetime

from app.cases import journal
from app.cases.clocks import call_by, schedule
from app.cases.lookup import case_of_origin, held
from app.cases.messages import tell_staff
from app.cases.models import Case
from app.cases.places import place_of
from app.cases.policy import LIVE, State, contact_deadline, resolve_deadline
from app.cases.wording import customer_time, staff_time
from notifications import Purpose
from surveys.people.models import Branch
from surveys.responses.conversation import Say
from surveys.responses.models import Response

CHOICES = ("today", "tomorrow", "morning", "none")


def promise_for(choice: str, branch: Branch, *, now: datetime) -> datetime:
    """The time a customer is told: closing time today or on the next open day, noon of it, or when it must be right."""
    place = place_of(branch, now=now)
    if choice == "none":
        return resolve_deadline(now, time_zone=place.time_zone, holidays=place.holidays)
    if choice == "morning":
        return place.working_morning(now)
    return place.end_of_working_day(now, after_today=choice == "tomorrow")


def choose_call(case: Case, choice: str | None, *, now: datetime) -> bool:
    """Keep what the customer chose, promise the time, and tell the holder if it changes what they were told."""
    if choice not in CHOICES or case.state not in LIVE or case.call_choice == choice:
        return False
    due_before = call_by(case, now=now)
    case.call_choice = choice
    if choice == "none":
        case.promised_by = None
    else:
        case.promised_by = promise_for(choice, case.branch, now=now)
        journal.record(case, "promised", now=now, by=case.promised_by.isoformat(), choice=choice)
    line = journal.record(case, "call_choice", now=now, choice=choice)
    schedule(case, now=now)
    due = call_by(case, now=now)
    if case.state == State.ACKNOWLEDGED or (choice != "none" and due < due_before):
        kind = "asks_no_call" if choice == "none" else "asks_time"
        time = staff_time(due, case.branch.time_zone, case.owner.language, now=now)
        tell_staff(
            case, case.owner, kind, now=now, key=f"{kind}:{line.id}", purpose=Purpose.CASE, values={"time": time}
        )
    return True


def customer_call_choice(response: Response, choice: str, say: Say, *, now: datetime) -> Say:
    """They answered whether we may call: keep it on their case, and complete the thanks with the time promised."""
    case = case_of_origin("response", str(response.id))
    if case is not None:
        choose_call(held(case), choice, now=now)
    return with_times(response, say, now=now)


def with_times(response: Response, say: Say, *, now: datetime) -> Say:
    """Thanks that name a time, with the time that holds: by the case, or by the rules while there is none yet."""
    if say.key not in ("thanks_call", "thanks_no_call"):
        return say
    branch, language = response.invitation.branch, response.invitation.language
    case = case_of_origin("response", str(response.id))
    live = case is not None and case.state in LIVE
    due = call_by(case, now=now) if case is not None and live else _usual(response, say, now=now)
    said = customer_time(due, branch.time_zone, language, now=now)
    return Say(say.key, {**say.values, "time": said, "promise": said})


def _usual(response: Response, say: Say, *, now: datetime) -> datetime:
    branch = response.invitation.branch
    choice = next((a.choice for a in response.answers if a.question_key == "call" and a.choice), None)
    if say.key == "thanks_no_call" or choice == "none":
        return promise_for("none", branch, now=now)
    if choice in CHOICES:
        return promise_for(choice, branch, now=now)
    place = place_of(branch, now=now)
    return contact_deadline(now, hours=24, time_zone=place.time_zone, holidays=place.holidays)
