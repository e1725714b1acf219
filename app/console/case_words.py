"""A case in words: why it is urgent, what is at stake, and every line of its history as a sentence."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from app.cases.messages import TOPS
from app.cases.models import Case, CaseEvent
from app.cases.reasons import reason_words
from app.cases.wording import called, cause_name, of_full, staff_time
from app.console import labels
from app.extensions import db
from app.i18n import gettext as _
from app.i18n import language, ngettext
from app.insights.churn import base_rate
from surveys.people.models import Customer, Staff

PRIORITIES = {
    1: ("urgent", _l("at once")),
    2: ("urgent", _l("urgent")),
    3: ("soon", _l("soon")),
    4: ("", _l("routine")),
}
OUTCOMES = {
    "saved": _l("Saved: they stay"),
    "lost": _l("Lost: they leave, or have left"),
    "unreachable": _l("Could not be reached"),
    "not_justified": _l("Not justified"),
}
LEVELS = (_l("its owner"), _l("the deputy"), _l("the branch manager"), _l("the region"))
CHOICES = {
    "today": _l("They asked to be called today."),
    "tomorrow": _l("They asked to be called tomorrow."),
    "morning": _l("They asked to be called in the morning."),
    "none": _l("They asked not to be called."),
}
MEANINGS = {
    "today": _l("They wrote back: today."),
    "tomorrow": _l("They wrote back: tomorrow."),
    "morning": _l("They wrote back: in the morning."),
    "none": _l("They wrote back: please do not call."),
    "fixed": _l("They wrote back: it is put right."),
    "not_fixed": _l("They wrote back: it is not put right."),
    "when": _l("They asked for another time."),
}
RECOVERIES = {
    "yes": _l("They say it is put right."),
    "partly": _l("They say it is partly put right."),
    "no": _l("They say it is not put right."),
}
WATCHES = {
    "acknowledge": _l("Nobody read it in time."),
    "contact": _l("Nobody called in time."),
    "promise": _l("The promised time passed."),
    "resolve": _l("It was not put right in time."),
}


def name_of(customer: Customer, *, whole: bool) -> str:
    """The customer by name for who looks after them, else as staff read of them by SMS."""
    return (customer.name if whole else called(customer.name, language())) or _("a customer")


def rating_of(case: Case) -> tuple[str, int] | None:
    """The rating behind the case."""
    return None if case.rating is None or case.rating_kind is None else (case.rating_kind, case.rating)


def priority(case: Case) -> tuple[str, str]:
    """How urgent: the tone of the badge, and its word."""
    tone, word = PRIORITIES[case.priority]
    return tone, str(word)


def why(case: Case) -> str:
    """Every reason as one sentence, the heaviest first."""
    said = reason_words(case.reasons, language())
    return _("%(reasons)s.", reasons=said[:1].upper() + said[1:]) if said else ""


def in_how_many(risk: float) -> str:
    """A chance as people weigh it: "about 1 in 5"."""
    return _("about 1 in %(n)s", n=max(1, round(1 / risk))) if risk > 0 else _("hardly any")


def usual_risk() -> str:
    """The same for most customers."""
    return in_how_many(base_rate())


def tries(count: int) -> str:
    """Calls nobody answered."""
    return ngettext("Tried once, no answer.", "Tried %(num)s times, no answer.", count) if count else ""


def line(event: CaseEvent, *, reader: Staff | None, zone: str, now: datetime) -> str:
    """What happened, as a sentence; "you" when the reader did it."""
    who = _who(event.staff, reader)
    detail: dict[str, Any] = event.detail or {}
    match event.kind:
        case "opened":
            return _("They answered, and the case went to %(to)s.", to=_named(detail.get("to"), reader))
        case "acknowledged" if detail.get("told", True):
            return _("%(who)s took it; the customer was told.", who=who)
        case "acknowledged":
            return _("%(who)s took it; the customer gets no texts from us.", who=who)
        case "contacted":
            return _("%(who)s reached them.", who=who)
        case "tried":
            return _("%(who)s called, no answer.", who=who)
        case "promised":
            time = staff_time(datetime.fromisoformat(detail["by"]), zone, language(), now=now)
            return _("Promised before %(time)s.", time=time)
        case "granted":
            time = staff_time(datetime.fromisoformat(detail["by"]), zone, language(), now=now)
            return _("The time was over; a new one runs until %(time)s.", time=time)
        case "asked_customer" if detail.get("question") == "status":
            return _("They asked how it stands and were told.")
        case "asked_customer" if detail.get("question") == "over":
            return _("They were told that it is closed, and what to reply if it is not right.")
        case "asked_customer":
            return _("They were asked by SMS when to call.")
        case "call_choice" if "start" in detail:
            start, end = (datetime.fromisoformat(detail[side]) for side in ("start", "end"))
            times = {"start": staff_time(start, zone, language(), now=now), "end": _until(start, end, zone, now=now)}
            return _("They asked to be called between %(start)s and %(end)s.", **times)
        case "call_choice":
            return str(CHOICES.get(detail.get("choice", ""), ""))
        case "answered_us":
            return str(MEANINGS.get(detail.get("meaning", ""), ""))
        case "customer_wrote":
            return _("They wrote again.")
        case "words":
            return _("They added words to the number.")
        case "told_words":
            return _("The words were sent to %(to)s.", to=_named(detail.get("to"), reader))
        case "joined" if detail.get("origin") == "reopened":
            return _("An earlier case came back and joined this one.")
        case "joined":
            return _("They complained again; it joined this case.")
        case "raised":
            return _("It became more urgent.")
        case "reminded":
            return _("%(to)s was reminded by SMS.", to=_("The owner"))
        case "breached":
            return str(WATCHES.get(detail.get("watch", ""), _("A deadline passed.")))
        case "handed_over":
            return _("%(who)s handed it to %(to)s.", who=who, to=_named(detail.get("to"), reader))
        case "handed_up":
            return _("Handed up to %(to)s.", to=_named(detail.get("to"), reader))
        case "handed_back":
            return _("Not taken; it went back to %(to)s.", to=_named(detail.get("to"), reader))
        case "resolved":
            return _resolved(event, who, detail)
        case "corrected":
            return _("They corrected the number: %(after)s, not %(before)s.", **_numbers(detail))
        case "dismissed" if detail.get("slip"):
            return _("The number was a slip; nothing was left to put right, and it was closed.")
        case "dismissed":
            return _("%(who)s dismissed it as a false alarm.", who=who)
        case "recovery_asked" if detail.get("decision") == "scheduled":
            return _("They were asked whether it is put right.")
        case "recovery_asked":
            return _("They could not be asked whether it is put right: a rule forbids the text, or they want none.")
        case "recovery":
            return str(RECOVERIES.get(detail.get("answer", ""), ""))
        case "reopened" if detail.get("level", 0) > detail.get("before", 3):
            return _("It came back, one level up, to %(to)s.", to=_named(detail.get("to"), reader))
        case "reopened":
            return _("It came back, to %(to)s.", to=_named(detail.get("to"), reader))
        case "closed":
            return _("Closed without an answer from them.") if detail.get("unanswered") else _("Closed.")
        case "note":
            return _("%(who)s wrote a note.", who=who)
    return event.kind


def _numbers(detail: dict[str, Any]) -> dict[str, str]:
    top = TOPS.get(detail.get("scale", ""), 10)
    return {name: of_full(detail[name], top, language()) for name in ("before", "after")}


def _resolved(event: CaseEvent, who: str, detail: dict[str, Any]) -> str:
    if event.staff is None:
        return _("The customer says it is put right.")
    outcome = OUTCOMES.get(detail.get("outcome", ""), "")
    closed = _(
        "%(who)s closed it. %(outcome)s; cause: %(cause)s.",
        who=who,
        outcome=outcome,
        cause=cause_name(detail.get("cause"), language()),
    )
    untold = _("They get no texts from us and were not told.")
    return closed if detail.get("told", True) else f"{closed} {untold}"


def _who(staff: Staff | None, reader: Staff | None) -> str:
    if staff is None:
        return _("The system")
    return _("You") if reader is not None and staff.id == reader.id else staff.name


def _named(staff_id: int | None, reader: Staff | None) -> str:
    staff = db.session.get(Staff, staff_id) if staff_id else None
    if staff is None:
        return _("a colleague")
    return _("you") if reader is not None and staff.id == reader.id else staff.name


def _until(start: datetime, end: datetime, zone: str, *, now: datetime) -> str:
    """The end of a window: the hour alone where it is the same day."""
    here = ZoneInfo(zone)
    ends = end.astimezone(here)
    if ends.date() == start.astimezone(here).date():
        return f"{ends:%H:%M}"
    return staff_time(end, zone, language(), now=now)


def cause(case: Case) -> str:
    """The root cause by name."""
    return cause_name(case.root_cause, language())


def tier_words(customer: Customer) -> tuple[str, str] | None:
    """The letter and the word of a value tier."""
    found = labels.TIERS.get((customer.tier or "").upper())
    return (found[0], str(found[1])) if found else None
