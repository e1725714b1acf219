"""A case that is over and is not: it comes back, every clock anew, at the same level or one higher."""

from datetime import datetime

from app.cases import journal
from app.cases.clocks import schedule, start_clocks
from app.cases.holds import code_is_free, free_code, hold_surveys
from app.cases.ladder import Level, away, higher_holder, next_holder
from app.cases.lookup import live_case
from app.cases.messages import alert
from app.cases.models import Case
from app.cases.policy import Deed, Triage, apply
from app.cases.urgency import add_words, make_as_urgent
from app.extensions import db
from surveys.people.models import Staff


def reopen(
    case: Case, *, now: datetime, higher: bool = False, words: str | None = None, found: Triage | None = None
) -> Case:
    """Bring it back and tell its holder. `found`: what they said since; without it they say it is not put right.

    Joins a case that was opened since, and returns that one.
    """
    other = live_case(case.customer_id)
    if other is not None and other.id != case.id:
        return _join(other, case, words, found, now)
    holder, level = higher_holder(case, now=now) if higher else _holder(case, now)
    former, level_before = case.owner_id, case.level
    case.code = case.code if code_is_free(case) else free_code(f"case:{case.id}:{journal.cycle(case)}")
    case.state = apply(case.state, Deed.REOPEN).value
    case.owner_id, case.owner, case.level = holder.id, holder, int(level)
    add_words(case, words)
    case.acknowledged_at = case.contacted_at = case.resolved_at = case.closed_at = None
    case.outcome = case.done_text = case.promised_by = case.recovery_due_at = None
    if case.call_choice != "none":  # who wants no call wants none when it comes back
        case.call_choice = None
    if found is None:
        case.priority, case.critical = max(1, case.priority - 1), True
        case.reasons = list(dict.fromkeys(["not_put_right", *case.reasons]))
    journal.record(case, "reopened", now=now, to=holder.id, former=former, level=case.level, before=level_before)
    start_clocks(case, now=now)
    if found is not None:
        make_as_urgent(case, found, now=now)
    hold_surveys(case, now=now)
    schedule(case, now=now)
    # Without new words the old ones are not what they say now.
    alert(case, case.owner, _kind(found), now=now, key=f"back:{journal.cycle(case)}", words=words)
    db.session.flush()
    return case


def _holder(case: Case, now: datetime) -> tuple[Staff, Level]:
    stands_in = next_holder(case, now=now) if away(case.owner, case.branch, now=now) else None
    return stands_in or (case.owner, Level(case.level))


def _join(other: Case, case: Case, words: str | None, found: Triage | None, now: datetime) -> Case:
    journal.record(other, "joined", now=now, origin="reopened", ref=str(case.id))
    add_words(other, words)
    if found is not None:
        make_as_urgent(other, found, now=now)
    # However often the earlier case is heard of again: each time is news to whoever has this one.
    times = journal.times(other, "joined")
    alert(other, other.owner, _kind(found), now=now, key=f"back:{case.id}:{times}", words=words)
    return other


def _kind(found: Triage | None) -> str:
    return "back" if found is None else "more"
