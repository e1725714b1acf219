"""The one text that answers a manager's text: its values, and its way to their phone."""

from datetime import datetime
from typing import Any

from app.cases.clocks import due_by
from app.cases.lookup import waiting_for
from app.cases.messages import has_had_enough, staff_values
from app.cases.models import Case
from app.cases.reasons import short_reason
from app.cases.wording import catalogue, day, staff_time
from app.extensions import settings
from notifications import PhoneNumber, Purpose, queue_sms
from notifications.texts import spoken
from surveys.people.models import Staff
from surveys.people.queries import sms_reach

MOST_LINES = 8
Answer = tuple[str, dict[str, Any], Case | None]  # the text's key, its values, the case it speaks of


def their_time(case: Case, moment: datetime, staff: Staff, now: datetime) -> str:
    """A moment in the words of this colleague, on the branch's clock."""
    return staff_time(moment, case.branch.time_zone, staff.language, now=now)


def details(staff: Staff, case: Case, now: datetime) -> dict[str, Any]:
    """The values of "? 4821": the words at length, why it is urgent, the full number."""
    language, zone = staff.language, case.branch.time_zone
    reach = sms_reach(case.customer_id)
    return {
        "score": staff_values(case, language, now=now)["score"] or "-",
        "day": day(case.opened_at, zone, language),
        "time": staff_time(case.opened_at, zone, language, now=case.opened_at),
        "longwords": case.words or "-",
        "reason": short_reason(case.reasons, language),
        "phone": reach.address if reach else "-",
    }


def list_of(staff: Staff, now: datetime) -> Answer:
    """The answer to a bare "?": the most pressing first, eight at most."""
    mine = waiting_for(staff)
    if not mine:
        return "list_empty", {}, None
    language = staff.language
    lines = [_line(case, language, now) for case in mine[:MOST_LINES]]
    more = f" +{len(mine) - MOST_LINES}" if len(mine) > MOST_LINES else ""
    return "list", {"lines": ("；" if spoken(language) == "zh-Hans" else "; ").join(lines) + more}, None


def _line(case: Case, language: str, now: datetime) -> str:
    due, values = due_by(case, now=now), staff_values(case, language, now=now)
    if due > now:
        return catalogue().render("list_line", language, **values)
    values["time"] = staff_time(due, case.branch.time_zone, language, now=now)
    return catalogue().render("list_line_over", language, **values)


def send_answer(
    staff: Staff, key: str, values: dict[str, Any], case: Case | None, now: datetime, inbound_id: int
) -> None:
    """Queue the answer, once for each text that came in. Nothing for a colleague without a phone."""
    if staff.phone is None or (key == "not_read" and has_had_enough(staff.phone, {"case_not_read"}, now=now)):
        return  # a telephone that answers by itself would be told for ever that it was not understood
    known = staff_values(case, staff.language, now=now) if case is not None else {}
    known["org"] = settings().organisation.name(spoken(staff.language))
    queue_sms(
        PhoneNumber.trusted(staff.phone),
        catalogue().render(key, staff.language, **{**known, **values}),
        purpose=Purpose.CONVERSATION,
        dedupe_key=f"turn:{inbound_id}",
        now=now,
        template=f"case_{key}",
        subject_kind="case" if case is not None else "",
        subject_id=case.id if case is not None else None,
    )
