"""Words are kept for a time; the numbers, choices and what the words were about stay."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import literal_column, select, update

from app.extensions import Model, db
from surveys.responses.correction_models import About, Correction
from surveys.responses.models import Answer, AnswerRevision, FreeText, Response


def forget_old_words(before: datetime, *, most: int) -> int:
    """Forget up to `most` answers, former answers and free texts of before then. How many; 0 when none is left."""
    moved = 0
    kinds: tuple[tuple[type[Any], Any, dict[str, Any]], ...] = (
        (Answer, Answer.text.is_not(None), {"text": None, "original": None, "deciding": [], "sameness": None}),
        (AnswerRevision, AnswerRevision.text.is_not(None), {"text": None}),
        (FreeText, FreeText.text != literal_column("''"), {"text": ""}),  # written out: so SQLite knows its index
    )
    for model, said, values in kinds:
        ids = db.session.scalars(select(model.id).where(said, model.at < before).order_by(model.at).limit(most)).all()
        _change(model, ids, values)
        moved += len(ids)
    return moved


def forget_old_originals(before: datetime, *, most: int) -> int:
    """Forget what redaction took out of up to `most` answers of before then; the redacted words stay. How many."""
    old = select(Answer.id).where(Answer.original.is_not(None), Answer.at < before).order_by(Answer.at).limit(most)
    ids = db.session.scalars(old).all()
    _change(Answer, ids, {"original": None})
    return len(ids)


def forget_old_devices(before: datetime, *, most: int) -> int:
    """Forget from which device up to `most` responses of before then came. How many."""
    old = select(Response.id).where(Response.device.is_not(None), Response.answered_at < before)
    ids = db.session.scalars(old.order_by(Response.answered_at).limit(most)).all()
    _change(Response, ids, {"device": None})
    return len(ids)


def forget_old_corrections(before: datetime, *, most: int, now: datetime) -> int:
    """Forget the words kept with up to `most` corrections of before then; label and giver stay. How many."""
    old = (Correction.words_at < before, Correction.forgotten_at.is_(None))
    ids = db.session.scalars(select(Correction.id).where(*old).order_by(Correction.id).limit(most)).all()
    _change(Correction, ids, {"words": None, "phrase": None, "forgotten_at": now, "learned_at": None})
    return len(ids)


def forget_corrections(about: About, ids: Collection[int], *, now: datetime) -> None:
    """Forget the words kept with the corrections of these answers, free texts or cases."""
    theirs = (Correction.about == about, Correction.about_id.in_(ids), Correction.forgotten_at.is_(None))
    found = db.session.scalars(select(Correction.id).where(*theirs)).all()
    _change(Correction, found, {"words": None, "phrase": None, "forgotten_at": now, "learned_at": None})


def _change(model: type[Model], ids: Collection[int], values: dict[str, Any]) -> None:
    if ids:
        db.session.execute(
            update(model).where(model.__table__.c.id.in_(ids)).values(**values),
            execution_options={"synchronize_session": False},
        )
