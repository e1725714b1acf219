"""What the words mean, kept beside the answer: scored once a text and model version."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import defer, joinedload

from app.extensions import db, lock
from surveys.invitations.models import Invitation, ServiceEvent
from surveys.questionnaires.flow import Kind, Question
from surveys.questionnaires.models import SurveyVersion
from surveys.questionnaires.service import definition_of
from surveys.responses.kept import given_answers
from surveys.responses.models import Answer, FreeText, Response
from surveys.scoring.model import MODEL_VERSION

_REVIEWED = (
    select(Response)
    .where(Response.id == bindparam("response_id"))
    .options(
        joinedload(Response.answers),
        joinedload(Response.invitation, innerjoin=True).options(
            defer(Invitation.rules),
            defer(Invitation.reminder_rules),
            joinedload(Invitation.version, innerjoin=True).load_only(SurveyVersion.published_at),
            joinedload(Invitation.event, innerjoin=True).load_only(ServiceEvent.source, ServiceEvent.external_ref),
            joinedload(Invitation.customer, innerjoin=True),
        ),
    )
    .execution_options(populate_existing=True)
)


@cache
def load_scorer() -> None:
    """Bring the scorer into memory (seconds, once a process) before a transaction is open that others wait for."""
    from surveys.scoring import polarity, textblob_analyzers

    polarity.prepare()
    textblob_analyzers.comment_blobber(None)


def claim_for_review(response_id: int) -> Response | None:
    """The response, if something in it still waits for review; the first to claim it holds it until the commit."""
    lock(f"review:{response_id}")
    response = db.session.scalars(_REVIEWED, {"response_id": response_id}).unique().one_or_none()
    return response if response is not None and response.review_due else None


def score_response(response: Response, *, now: datetime) -> None:
    """Score every answer in words that has no score yet, and sum them up on the response."""
    _score_words(response)
    response.review_due, response.reviewed_at = False, now


def score_again(response: Response) -> None:
    """Score its words by the model of today where another scored them. Nobody is alerted: it was read at its time."""
    for answer in response.answers:
        if answer.score_version != MODEL_VERSION:
            answer.score_version = None
    _score_words(response)


def _score_words(response: Response) -> None:
    from surveys.scoring.textblob_analyzers import comment_blobber

    definition = definition_of(response.invitation.version)
    answers = given_answers(response)
    for answer in response.answers:
        if answer.kind != Kind.TEXT or not answer.text or answer.score_version:
            continue
        question = definition.question(answer.question_key)
        asks = _asks(question, definition.band_for(question, answers)) if question else None
        _keep_score(answer, comment_blobber(asks)(answer.text).sentiment)
    _sum_up(response)


def claim_free_text(free_text_id: int) -> FreeText | None:
    """The free text, if nobody has scored it yet; whoever claims it first holds it until the commit."""
    lock(f"free_text:{free_text_id}")
    found = db.session.get(FreeText, free_text_id, populate_existing=True)
    return found if found is not None and found.score_version is None else None


def score_free_text(free: FreeText) -> None:
    """Score words that came without a question."""
    from surveys.scoring.textblob_analyzers import comment_blobber

    score = comment_blobber(None)(free.text).sentiment
    free.language, free.polarity, free.label = score.language, score.polarity, score.label
    free.signals = list(dict.fromkeys(str(s.kind) for s in score.signals))
    free.score_version = score.model_version


def _asks(question: Question, band: str) -> str | None:
    return question.asks.get(band) or question.asks.get("")


def _keep_score(answer: Answer, score: Any) -> None:
    answer.language, answer.polarity, answer.label = score.language, score.polarity, score.label
    answer.confidence, answer.score_version = score.confidence, score.model_version
    answer.themes = [{"theme": t.theme, "polarity": t.polarity} for t in score.themes]
    answer.signals = [{"signal": str(s.kind), "start": s.evidence.start, "end": s.evidence.end} for s in score.signals]
    answer.deciding = [[span.start, span.end, round(span.weight, 3)] for span in score.deciding]


def _sum_up(response: Response) -> None:
    words: Sequence[Answer] = [a for a in response.answers if a.score_version]
    scored = [a for a in words if a.polarity is not None]
    worst = min(scored, key=lambda a: a.polarity if a.polarity is not None else 0.0, default=None)
    response.polarity, response.sentiment = (worst.polarity, worst.label) if worst else (None, None)
    response.score_version = (worst or words[0]).score_version if words else None
    response.themes = [t for a in words for t in a.themes]
    response.signals = sorted({s["signal"] for a in words for s in a.signals})


def scored_by_another(after: int, *, most: int) -> list[int]:
    """Ids of responses, from the next after this one on, with words another model scored than today's."""
    other = (Answer.score_version.is_not(None), Answer.score_version != MODEL_VERSION)
    query = select(Answer.response_id).where(Answer.response_id > after, *other).distinct()
    return list(db.session.scalars(query.order_by(Answer.response_id).limit(most)))


def texts_scored_by_another(after: int, *, most: int) -> list[int]:
    """The same of words that came without a question."""
    other = (FreeText.score_version.is_not(None), FreeText.score_version != MODEL_VERSION)
    query = select(FreeText.id).where(FreeText.id > after, *other)
    return list(db.session.scalars(query.order_by(FreeText.id).limit(most)))


def score_all_again(ids: Sequence[int], text_ids: Sequence[int]) -> int:
    """Score these responses and free texts by the model of today. How many; one that was changed meanwhile is left."""
    done = 0
    for response_id in ids:
        lock(f"review:{response_id}")
        response = db.session.scalars(_REVIEWED, {"response_id": response_id}).unique().one_or_none()
        if response is not None and not response.review_due:  # else the sweeper is about to score it anyway
            score_again(response)
            done += 1
    for free in db.session.scalars(select(FreeText).where(FreeText.id.in_(text_ids))):
        score_free_text(free)
        done += 1
    db.session.flush()
    return done
