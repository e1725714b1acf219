"""Old words read again by the model, the rules and the theme book of today. No case is opened, nobody is alerted.

What names no book, or no rules, was stored before those had versions, and is read again like any other.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, func, or_, select, update

from app.extensions import db, hurry, lock
from surveys.responses.learning import current_version
from surveys.responses.models import Answer, FreeText, Response
from surveys.responses.review import ReadBy, held_free_text, held_response, score_free_text, score_words, sum_up
from surveys.scoring.version import reading_version
from surveys.understanding.books import number_in_use, version_name
from surveys.understanding.models import Rescoring, RescoringState

TASK = "app.work_rescoring"
LEASE = timedelta(minutes=2)  # renewed with every batch


def _by_another() -> tuple[Any, ...]:
    book = func.coalesce(Answer.book_version, "") != version_name(number_in_use())
    # Words that were forgotten keep what they were read as: there is nothing left to read.
    there = Answer.text.is_not(None), Answer.text != ""
    return Answer.score_version.is_not(None), *there, or_(Answer.score_version != current_version(), book)


def _text_by_another() -> tuple[Any, ...]:
    book = func.coalesce(FreeText.book_version, "") != version_name(number_in_use())
    there = FreeText.score_version.is_not(None), FreeText.text != ""
    return *there, or_(FreeText.score_version != current_version(), book)


def scored_by_another(after: int, *, most: int) -> list[int]:
    """Ids of responses, from the next after this one on, with words another model or theme book read than today's."""
    query = select(Answer.response_id).where(Answer.response_id > after, *_by_another()).distinct()
    return list(db.session.scalars(query.order_by(Answer.response_id).limit(most)))


def texts_scored_by_another(after: int, *, most: int) -> list[int]:
    """The same of words that came without a question."""
    query = select(FreeText.id).where(FreeText.id > after, *_text_by_another())
    return list(db.session.scalars(query.order_by(FreeText.id).limit(most)))


def count_scored_by_another() -> int:
    """How many responses and free texts that is in all."""
    responses = select(func.count(Answer.response_id.distinct())).where(*_by_another())
    texts = select(func.count()).select_from(FreeText).where(*_text_by_another())
    return (db.session.scalar(responses) or 0) + (db.session.scalar(texts) or 0)


def score_all_again(ids: Sequence[int], text_ids: Sequence[int]) -> int:
    """Score these responses and free texts as of today. How many; one that was changed meanwhile is left."""
    done = 0
    for response_id in ids:
        held = held_response(response_id)
        if held is not None and not held.response.review_due:  # else the sweeper is about to score it anyway
            _score_again(held.response, held.by)
            done += 1
    for text_id in text_ids:
        free = held_free_text(text_id)
        if free is not None and free.text and free.score_version:
            score_free_text(free)
            done += 1
    db.session.flush()
    return done


def score_changed_words(response_id: int) -> None:
    """Score the answers of this response that lost their score."""
    held = held_response(response_id)
    if held is not None and not held.response.review_due:  # else the sweeper is about to score it anyway
        score_words(held.response, held.by)
        sum_up(held.response)
        db.session.flush()


def _score_again(response: Response, by: ReadBy) -> None:
    today = reading_version(by.tenant), by.book.version
    for answer in response.answers:
        if answer.text and (answer.score_version, answer.book_version) != today:
            answer.score_version = None
    score_words(response, by)
    sum_up(response)


# ---- asked for in the console, worked off by the worker --------------------------------------------------------------


def ask(*, now: datetime, by: int | None = None) -> Rescoring:
    """Have all old words read again; the run that waits already, when there is one. One at work begins anew."""
    lock("rescoring")
    hurry(TASK)
    run, total = latest(), count_scored_by_another()
    if run is None or run.state == RescoringState.DONE:
        run = Rescoring(state=RescoringState.WAITING)
        db.session.add(run)
    run.asked_at, run.by, run.total, run.done = now, by, total, 0
    run.after_response = run.after_text = 0
    db.session.flush()
    return run


def latest() -> Rescoring | None:
    """The run that was asked for last."""
    return db.session.scalar(select(Rescoring).order_by(Rescoring.id.desc()).limit(1))


def waiting(*, real: datetime) -> list[int]:
    """Runs that a worker should take up."""
    free = or_(Rescoring.lease_until.is_(None), Rescoring.lease_until <= real)
    return list(db.session.scalars(select(Rescoring.id).where(Rescoring.state != RescoringState.DONE, free)))


def claim(run_id: int, *, real: datetime) -> bool:
    """Take a run to work on it. False when somebody else has it; then roll back."""
    free = or_(Rescoring.lease_until.is_(None), Rescoring.lease_until <= real)
    mine = update(Rescoring).where(Rescoring.id == run_id, Rescoring.state != RescoringState.DONE, free)
    taken = mine.values(state=RescoringState.RUNNING, lease_until=real + LEASE)
    found = db.session.execute(taken.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], found).rowcount == 1


def let_go(run_id: int) -> None:
    """Let any worker go on with a run that has had its turn, soon."""
    db.session.get_one(Rescoring, run_id, populate_existing=True).lease_until = None
    db.session.flush()
    hurry(TASK)


def work(run_id: int, *, most: int, now: datetime, real: datetime) -> bool:
    """One batch of a run that was claimed. False when it was the last one."""
    run = db.session.get_one(Rescoring, run_id, populate_existing=True)
    ids = scored_by_another(run.after_response, most=most)
    text_ids = texts_scored_by_another(run.after_text, most=most)
    score_all_again(ids, text_ids)
    run.done += len(ids) + len(text_ids)
    run.after_response, run.after_text = max([run.after_response, *ids]), max([run.after_text, *text_ids])
    run.lease_until = real + LEASE
    if not ids and not text_ids:
        run.state, run.finished_at, run.lease_until = RescoringState.DONE, now, None
    db.session.flush()
    return bool(ids or text_ids)
