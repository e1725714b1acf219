"""The cases of somebody who is forgotten: closed, without a word; that they were, and how long it took, stays."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select

from app.cases.closing import settle
from app.cases.lookup import held
from app.cases.models import Case, CaseEvent, CaseOrigin
from app.cases.policy import LIVE, Deed, State, apply
from app.extensions import db
from notifications.forgetting import rename_keys
from surveys.people.service import erased_ref, is_erased_ref
from surveys.responses.redacting import Batch, read_each
from surveys.scoring.redaction import redact

UNREACHABLE, CUSTOMER_WROTE = "unreachable", "customer_wrote"


def erase_cases(case_ids: Collection[int], message_ids: Collection[int], *, now: datetime) -> None:
    """End what is open, tell nobody, and forget what was said and noted. May run twice."""
    for case_id in case_ids:
        case = held(db.session.get_one(Case, case_id))
        if case.state in LIVE:
            settle(case, outcome=UNREACHABLE, root_cause=None, done_text=None, staff=None, now=now)
        if case.state == State.RESOLVED:
            case.state, case.closed_at = apply(case.state, Deed.CLOSE).value, now
        case.recovery_due_at, case.words, case.done_text = None, None, None
        for origin in db.session.scalars(select(CaseOrigin).where(CaseOrigin.case_id == case.id)):
            _forget_origin(origin, message_ids)
        for line in db.session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id)):
            line.note = None
            line.detail = {name: value for name, value in line.detail.items() if name != "ref"}
    db.session.flush()


def forget_old_words(before: datetime, *, most: int) -> int:
    """Forget the words of up to `most` cases that ended before then, and as many old notes. How many."""
    said = or_(Case.words.is_not(None), Case.done_text.is_not(None))
    old = db.session.scalars(select(Case).where(said, Case.closed_at < before).order_by(Case.closed_at).limit(most))
    noted = select(CaseEvent).where(CaseEvent.note.is_not(None), CaseEvent.at < before)
    moved = 0
    for case in old.all():
        case.words, case.done_text, moved = None, None, moved + 1
    for line in db.session.scalars(noted.order_by(CaseEvent.at).limit(most)).all():
        line.note, moved = None, moved + 1
    db.session.flush()
    return moved


def redact_again(after: int, *, most: int) -> Batch:
    """The words of customers in the next cases from this id on, by the rules of redaction of today."""
    query = select(Case).where(Case.id > after).order_by(Case.id).limit(most)
    return read_each(db.session.scalars(query).all(), after, _redacted)


def _redacted(case: Case) -> bool:
    theirs = [line for line in case.history if line.kind == CUSTOMER_WROTE and line.note]
    before = [case.words, *(line.note for line in theirs)]
    case.words = _clean(case.words)
    for line in theirs:
        line.note = _clean(line.note)
    return before != [case.words, *(line.note for line in theirs)]


def _clean(words: str | None) -> str | None:
    return redact(words).text if words else words


def _forget_origin(origin: CaseOrigin, message_ids: Collection[int]) -> None:
    if origin.kind != "complaint" or is_erased_ref(origin.ref):
        return
    rename_keys(message_ids, origin.ref)
    origin.ref, origin.body_hash = erased_ref(*origin.ref.split(":", 1)), None
