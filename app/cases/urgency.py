"""How urgent a case is: it follows what the customer says, and never sinks."""

from datetime import datetime

from app.cases import journal
from app.cases.clocks import hasten_clocks, schedule
from app.cases.ladder import on_call_for
from app.cases.messages import alert
from app.cases.models import Case
from app.cases.policy import UNREAD, Triage
from app.cases.wording import fresh_words, with_words


def make_as_urgent(case: Case, found: Triage, *, risk: float | None = None, now: datetime) -> bool:
    """Make the case as urgent as these findings are; it never becomes less so. Whether anything changed."""
    if risk is not None:
        case.risk = max(case.risk or 0.0, risk)
    case.reasons = list(dict.fromkeys([*found.reasons, *case.reasons]))
    if found.priority >= case.priority and (case.critical or not found.critical):
        schedule(case, now=now)
        return False
    before = case.priority
    case.priority, case.critical = min(case.priority, found.priority), case.critical or found.critical
    hasten_clocks(case, now=now)
    journal.record(case, "raised", now=now, before=before, priority=case.priority)
    if before > case.priority and case.state in UNREAD:
        _to_on_call(case, now)
    schedule(case, now=now)
    return True


def _to_on_call(case: Case, now: datetime) -> None:
    """Nobody has taken it, and now it cannot wait: whoever is on call has it while the others are not there."""
    person = on_call_for(case, now=now)
    if person is None:
        return
    former = case.owner_id
    case.owner_id, case.owner = person.id, person
    line = journal.record(case, "handed_up", now=now, to=person.id, former=former, level=case.level, watch="on_call")
    alert(case, person, "alert", now=now, key=f"on_call:{line.id}", words=case.words)


def add_words(case: Case, said: str | None, language: str | None = None) -> str | None:
    """Keep what they said under what they said before; the lines that are new, None when there are none."""
    fresh = fresh_words(case.words, said)
    if fresh is not None:
        case.words = with_words(case.words, fresh)
        case.words_language = language or case.words_language
    return fresh
