"""All that customers said, read again when the rules of redaction change: answers and their copies alike.

The consent ledger is evidence that the database itself protects: its words stay as they were redacted when they came.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from app.auth import audit
from app.cases import erasing as cases
from app.extensions import db, lock
from app.privacy.models import Redaction
from app.reports import erasing as reports
from config import PolicyNumbers
from surveys.responses import redacting as words
from surveys.responses.redacting import Batch
from surveys.scoring.redaction import REDACTION_VERSION


def rules_today(policy: PolicyNumbers) -> str:
    """The rules by which words are kept now: their version, and whether originals are kept beside them."""
    return str(REDACTION_VERSION) if policy.keep_original_days else f"{REDACTION_VERSION} without originals"


def is_due(policy: PolicyNumbers) -> bool:
    """Whether something may still stand as older rules left it."""
    finished = select(Redaction.id).where(Redaction.rules == rules_today(policy), Redaction.finished_at.is_not(None))
    return db.session.scalar(finished) is None


def begin_again(policy: PolicyNumbers) -> None:
    """Forget how far the rules of today have come: everything is read once more."""
    lock("redaction")
    run = _run(rules_today(policy))
    if run is not None:
        db.session.delete(run)
        db.session.flush()


def read_on(policy: PolicyNumbers, *, most: int, now: datetime) -> Redaction:
    """The next batch of the first kind that is not through; the run, finished when nothing is left.

    One worker at a time; whoever comes second goes on where the first one was.
    """
    lock("redaction")
    run = _run(rules_today(policy))
    if run is None:
        run = Redaction(rules=rules_today(policy), began_at=now, after={}, seen=0, changed=0)
        db.session.add(run)
    for kind, read in _kinds(policy):
        batch = read(run.after.get(kind, 0), most)
        if batch.seen:
            run.after = {**run.after, kind: batch.last}
            run.seen, run.changed = run.seen + batch.seen, run.changed + batch.changed
            break
    else:
        _finish(run, now)
    db.session.flush()
    return run


def _run(rules: str) -> Redaction | None:
    query = select(Redaction).where(Redaction.rules == rules)
    return db.session.scalar(query.execution_options(populate_existing=True))


def _kinds(policy: PolicyNumbers) -> list[tuple[str, Callable[[int, int], Batch]]]:
    keep = policy.keep_original_days > 0
    return [
        ("answers", lambda after, most: words.redact_answers(after, most=most, keep=keep)),
        ("revisions", lambda after, most: words.redact_revisions(after, most=most)),
        ("free_texts", lambda after, most: words.redact_free_texts(after, most=most)),
        ("corrections", lambda after, most: words.redact_corrections(after, most=most)),
        ("cases", lambda after, most: cases.redact_again(after, most=most)),
        ("reports", lambda after, most: reports.redact_again(after, most=most)),
    ]


def _finish(run: Redaction, now: datetime) -> None:
    if run.finished_at is not None:
        return
    run.finished_at = now
    if run.seen:
        found = {"rules": run.rules, "read": run.seen, "changed": run.changed}
        audit.record(
            "words.redact_again",
            actor_kind="system",
            actor_id=None,
            subject_kind="words",
            subject_id=None,
            detail=found,
            now=now,
        )
