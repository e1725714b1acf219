"""Words kept under older rules of redaction, read again by those of today, and scored again where they changed.

Always from what stands there, never from the original: the copies of an answer, in cases and reports, stay equal.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, Update, select, update

from app.extensions import db, hold_row
from surveys.responses.correction_models import Correction
from surveys.responses.models import Answer, AnswerRevision, FreeText, Response
from surveys.responses.rescoring import score_changed_words
from surveys.responses.review import score_free_text
from surveys.scoring.redaction import redact


@dataclass(frozen=True)
class Batch:
    """The last id that was read, how many rows were, and how many of them changed. None is left when `seen` is 0."""

    last: int
    seen: int
    changed: int


def read_each(rows: Iterable[Any], after: int, redacted: Callable[[Any], bool]) -> Batch:
    """Read each of these rows once more; `redacted` tells whether it changed one."""
    last, seen, changed = after, 0, 0
    for row in rows:
        last, seen, changed = row.id, seen + 1, changed + redacted(row)
    db.session.flush()
    return Batch(last, seen, changed)


def redact_answers(after: int, *, most: int, keep: bool) -> Batch:
    """The next answers in words from this id on. `keep`: originals may be kept; else they are forgotten."""
    query = select(Answer.id, Answer.response_id, Answer.text, Answer.original)
    wanted = query.where(Answer.id > after, Answer.text.is_not(None)).order_by(Answer.id).limit(most)
    return read_each(db.session.execute(wanted).all(), after, lambda row: _answer(row, keep=keep))


def _answer(row: Any, *, keep: bool) -> bool:
    clean = redact(row.text).text
    before = row.original or row.text
    original = before if keep and clean != before else None
    if (clean, original) == (row.text, row.original):
        return False
    hold_row(Response, row.response_id)
    # One that was changed meanwhile came under the rules of today.
    still = update(Answer).where(Answer.id == row.id, Answer.text == row.text)
    if clean == row.text:
        return _did(still.values(original=original))
    if not _did(still.values(text=clean, original=original, score_version=None, deciding=[], signals=[])):
        return False
    score_changed_words(row.response_id)
    return True


def redact_revisions(after: int, *, most: int) -> Batch:
    """The next former answers from this id on."""
    query = select(AnswerRevision).where(AnswerRevision.id > after, AnswerRevision.text.is_not(None))

    def redacted(former: AnswerRevision) -> bool:
        before, former.text = former.text, redact(former.text or "").text
        return former.text != before

    return read_each(db.session.scalars(query.order_by(AnswerRevision.id).limit(most)).all(), after, redacted)


def redact_free_texts(after: int, *, most: int) -> Batch:
    """The next words that came without a question, from this id on."""
    query = select(FreeText).where(FreeText.id > after, FreeText.text != "").order_by(FreeText.id).limit(most)

    def redacted(free: FreeText) -> bool:
        before, free.text = free.text, redact(free.text).text
        if free.text != before and free.score_version is not None:  # else the sweeper is about to score it anyway
            score_free_text(free)
        return free.text != before

    return read_each(db.session.scalars(query).all(), after, redacted)


def redact_corrections(after: int, *, most: int) -> Batch:
    """The words that the next corrections from this id on stand on."""
    query = select(Correction).where(Correction.id > after, Correction.forgotten_at.is_(None))

    def redacted(one: Correction) -> bool:
        before = one.words, one.phrase
        one.words, one.phrase = (redact(kept).text if kept else kept for kept in before)
        return (one.words, one.phrase) != before

    return read_each(db.session.scalars(query.order_by(Correction.id).limit(most)).all(), after, redacted)


def _did(statement: Update) -> bool:
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], done).rowcount == 1
