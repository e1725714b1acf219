"""Words kept under older rules of redaction, read again by those of today, and scored again where they changed.

Always from what stands there, never from the original: the copies of an answer, in cases and reports, stay equal.
"""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, Update, select, update

from app.extensions import db, lock
from surveys.responses.correction_models import Correction
from surveys.responses.models import Answer, AnswerRevision, FreeText
from surveys.responses.rescoring import score_changed_words
from surveys.responses.review import score_free_text
from surveys.scoring.redaction import redact


@dataclass(frozen=True)
class Batch:
    """The last id that was read, how many rows were, and how many of them changed. None is left when `seen` is 0."""

    last: int
    seen: int
    changed: int


def redact_answers(after: int, *, most: int, keep: bool) -> Batch:
    """The next answers in words from this id on. `keep`: originals may be kept; else they are forgotten."""
    query = select(Answer.id, Answer.response_id, Answer.text, Answer.original)
    wanted = query.where(Answer.id > after, Answer.text.is_not(None)).order_by(Answer.id).limit(most)
    last, seen, changed = after, 0, 0
    for row in db.session.execute(wanted).all():
        last, seen = row.id, seen + 1
        clean = redact(row.text).text
        before = row.original or row.text
        original = before if keep and clean != before else None
        if (clean, original) == (row.text, row.original):
            continue
        lock(f"review:{row.response_id}")
        # One that was changed meanwhile came under the rules of today.
        still = update(Answer).where(Answer.id == row.id, Answer.text == row.text)
        if clean == row.text:
            changed += _did(still.values(original=original))
        elif _did(still.values(text=clean, original=original, score_version=None, deciding=[], signals=[])):
            score_changed_words(row.response_id)
            changed += 1
    return Batch(last, seen, changed)


def redact_revisions(after: int, *, most: int) -> Batch:
    """The next former answers from this id on."""
    query = select(AnswerRevision.id, AnswerRevision.text).where(AnswerRevision.id > after)
    wanted = query.where(AnswerRevision.text.is_not(None)).order_by(AnswerRevision.id).limit(most)
    last, seen, changed = after, 0, 0
    for row in db.session.execute(wanted).all():
        last, seen = row.id, seen + 1
        if (clean := redact(row.text).text) != row.text:
            changed += _did(update(AnswerRevision).where(AnswerRevision.id == row.id).values(text=clean))
    return Batch(last, seen, changed)


def redact_free_texts(after: int, *, most: int) -> Batch:
    """The next words that came without a question, from this id on."""
    query = select(FreeText).where(FreeText.id > after, FreeText.text != "").order_by(FreeText.id).limit(most)
    last, seen, changed = after, 0, 0
    for free in db.session.scalars(query).all():
        last, seen = free.id, seen + 1
        if (clean := redact(free.text).text) != free.text:
            free.text, changed = clean, changed + 1
            if free.score_version is not None:  # else the sweeper is about to score it anyway
                score_free_text(free)
    db.session.flush()
    return Batch(last, seen, changed)


def redact_corrections(after: int, *, most: int) -> Batch:
    """The words that the next corrections from this id on stand on."""
    query = select(Correction).where(Correction.id > after, Correction.forgotten_at.is_(None))
    last, seen, changed = after, 0, 0
    for one in db.session.scalars(query.order_by(Correction.id).limit(most)).all():
        last, seen = one.id, seen + 1
        words, phrase = (redact(kept).text if kept else kept for kept in (one.words, one.phrase))
        changed += (words, phrase) != (one.words, one.phrase)
        one.words, one.phrase = words, phrase
    db.session.flush()
    return Batch(last, seen, changed)


def _did(statement: Update) -> bool:
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], done).rowcount == 1
