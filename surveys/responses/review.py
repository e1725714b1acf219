"""What the words mean, kept beside the answer: scored once a text, model version and version of the theme book."""

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
from surveys.responses.integrity import sameness
from surveys.responses.kept import given_answers
from surveys.responses.models import Answer, FreeText, Response
from surveys.scoring.themes import ThemeBook, ThemeMention
from surveys.understanding.books import book_of, latest_number

REVIEWED = (
    select(Response, latest_number())
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


def claim_for_review(response_id: int) -> tuple[Response, ThemeBook] | None:
    """The response, if something in it still waits for review; the first to claim it holds it until the commit.

    With it the theme book that is in use at this moment, whichever process published it.
    """
    lock(f"review:{response_id}")
    row = db.session.execute(REVIEWED, {"response_id": response_id}).unique().one_or_none()
    return (row[0], book_of(row[1])) if row is not None and row[0].review_due else None


def score_response(response: Response, *, book: ThemeBook, now: datetime) -> None:
    """Score every answer in words that has no score yet, and sum them up on the response."""
    score_words(response, book)
    for answer in response.answers:
        answer.sameness = sameness(answer.text) if answer.kind == Kind.TEXT else None
    response.review_due, response.reviewed_at = False, now


def score_words(response: Response, book: ThemeBook) -> None:
    """Score the answers in words that have no score, and sum all up on the response."""
    from surveys.scoring.textblob_analyzers import comment_blobber

    definition = definition_of(response.invitation.version)
    answers = given_answers(response)
    for answer in response.answers:
        if answer.kind != Kind.TEXT or not answer.text or answer.score_version:
            continue
        question = definition.question(answer.question_key)
        asks = _asks(question, definition.band_for(question, answers)) if question else None
        _keep_score(answer, comment_blobber(asks, book)(answer.text).sentiment)
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
    answer.book_version, answer.themes = score.book_version, [as_kept(mention) for mention in score.themes]
    answer.signals = [{"signal": str(s.kind), "start": s.evidence.start, "end": s.evidence.end} for s in score.signals]
    answer.deciding = [[span.start, span.end, round(span.weight, 3)] for span in score.deciding]


def as_kept(mention: ThemeMention) -> dict[str, Any]:
    """A theme as it stands beside an answer: with the parts of it that were named, the first one first."""
    return {"theme": mention.theme, "polarity": mention.polarity, "parts": list(mention.subthemes)}


def _sum_up(response: Response) -> None:
    words: Sequence[Answer] = [a for a in response.answers if a.score_version]
    scored = [a for a in words if a.polarity is not None]
    worst = min(scored, key=lambda a: a.polarity if a.polarity is not None else 0.0, default=None)
    response.polarity, response.sentiment = (worst.polarity, worst.label) if worst else (None, None)
    response.score_version = (worst or words[0]).score_version if words else None
    response.themes = [t for a in words for t in a.themes]
    response.signals = sorted({s["signal"] for a in words for s in a.signals})
