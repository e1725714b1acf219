"""How urgent a case is: it follows what the customer says, and never sinks."""

from datetime import datetime

from app.cases import journal
from app.cases.clocks import hasten_clocks, schedule
from app.cases.models import Case
from app.cases.policy import Triage
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
    schedule(case, now=now)
    return True


def add_words(case: Case, said: str | None, language: str | None = None) -> str | None:
    """Keep what they said under what they said before; the lines that are new, None when there are none."""
    fresh = fresh_words(case.words, said)
    if fresh is not None:
        case.words = with_words(case.words, fresh)
        case.words_language = language or case.words_language
    return fresh
