"""What the words mean, kept beside the answer: scored once a text, model version and version of the theme book."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, load_only

from app.extensions import change, db, hold_row, lock
from surveys.invitations.models import Invitation, ServiceEvent
from surveys.questionnaires.flow import Definition, Given, Kind
from surveys.questionnaires.models import SurveyVersion
from surveys.questionnaires.service import definition_of
from surveys.responses.integrity import find_doubts, is_of_staff, sameness
from surveys.responses.kept import given_answers
from surveys.responses.learning import current_tenant, latest_refit, tenant_of
from surveys.responses.models import Answer, FreeText, Response
from surveys.scoring.labels import POLARITY, told_label
from surveys.scoring.signals import as_spans
from surveys.scoring.tenant import Tenant
from surveys.scoring.themes import ThemeBook, ThemeMention
from surveys.understanding.books import book_in_use, book_of, latest_number

_REVIEWED = (
    select(Response, latest_number(), latest_refit(), is_of_staff(Invitation.phone_index))
    .join(Response.invitation)
    .where(Response.id == bindparam("response_id"))
    .options(
        joinedload(Response.answers).defer(Answer.original),
        joinedload(Response.invitation, innerjoin=True).options(
            load_only(
                Invitation.service_event_id,
                Invitation.version_id,
                Invitation.customer_id,
                Invitation.branch_id,
                Invitation.owner_id,
                Invitation.tier,
                Invitation.channel,
                Invitation.language,
            ),
            joinedload(Invitation.version, innerjoin=True).load_only(SurveyVersion.published_at),
            joinedload(Invitation.event, innerjoin=True).load_only(ServiceEvent.source, ServiceEvent.external_ref),
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


@dataclass(frozen=True)
class ReadBy:
    """What words are read by at this moment: the theme book, and what the company's corrections add to the model."""

    book: ThemeBook
    tenant: Tenant | None


@dataclass(frozen=True)
class Held:
    """A response as it stands now, and what reads it: whichever process published the book or learnt meanwhile."""

    response: Response
    by: ReadBy
    first: bool  # nobody has looked at it before
    staff_phone: bool  # seen at the first look: the survey went to the telephone of somebody who works here


def claim_for_review(response_id: int) -> Held | None:
    """The response, if something in it still waits for review; the first to claim it holds it until the commit."""
    held = held_response(response_id)
    return held if held is not None and held.response.review_due else None


def held_response(response_id: int) -> Held | None:
    """The response as it stands now, held until the commit; None when there is none.

    An answer that comes meanwhile waits: read past it, nobody would ever be told that there is more to read.
    """
    if not hold_row(Response, response_id):
        return None
    row = db.session.execute(_REVIEWED, {"response_id": response_id}).unique().one_or_none()
    if row is None:
        return None
    response, book, refit, staff_phone = row
    first = response.reviewed_at is None
    # Where the survey went does not change: whoever comes to work here later did not answer as staff.
    return Held(response, ReadBy(book_of(book), tenant_of(refit)), first, staff_phone and first)


def look_over(held: Held, *, staff_device: bool, now: datetime) -> None:
    """Score every answer in words that has no score yet, note what speaks against them, and mark it reviewed.

    `staff_device`: somebody who works here signed in from the device it came from.
    """
    response = held.response
    score_words(response, held.by)
    for answer in response.answers:
        if answer.kind == Kind.TEXT:
            answer.sameness = sameness(answer.text)
    doubts = find_doubts(response, staff_phone=held.staff_phone, staff_device=staff_device)
    change(response, **_summed(response), doubts=doubts, review_due=False, reviewed_at=now)


def score_words(response: Response, by: ReadBy) -> None:
    """Score the answers in words that have no score. `sum_up` keeps on the response what they say together."""
    from surveys.scoring.textblob_analyzers import comment_blobber

    definition = definition_of(response.invitation.version)
    answers = given_answers(response)
    for answer in response.answers:
        if answer.kind != Kind.TEXT or not answer.text or answer.score_version:
            continue
        asks = asks_of(definition, answer.question_key, answers)
        _keep_score(answer, comment_blobber(asks, by.book, tenant=by.tenant)(answer.text).sentiment)


def claim_free_text(free_text_id: int) -> FreeText | None:
    """The free text, if nobody has scored it yet; whoever claims it first holds it until the commit."""
    found = held_free_text(free_text_id)
    return found if found is not None and found.score_version is None else None


def held_free_text(free_text_id: int) -> FreeText | None:
    """The free text as it stands now, held until the commit; None when there is none."""
    lock(f"free_text:{free_text_id}")
    return db.session.get(FreeText, free_text_id, populate_existing=True)


def score_free_text(free: FreeText) -> None:
    """Score words that came without a question, by the model and the theme book of today."""
    from surveys.scoring.textblob_analyzers import comment_blobber

    score = comment_blobber(None, book_in_use(), tenant=current_tenant())(free.text).sentiment
    free.language, free.polarity, free.label = score.language, score.polarity, score.label
    free.book_version, free.themes = score.book_version, [as_kept(mention) for mention in score.themes]
    free.signals = list(dict.fromkeys(str(s.kind) for s in score.signals))
    free.score_version = score.version
    _hold_again(free)


def asks_of(definition: Definition, question_key: str, answers: Mapping[str, Given]) -> str | None:
    """The kind of question these words answer, as the scorer knows it."""
    question = definition.question(question_key)
    if question is None:
        return None
    return question.asks.get(definition.band_for(question, answers)) or question.asks.get("")


def asks_in(response: Response, answer: Answer) -> str | None:
    """The same of an answer that was given."""
    return asks_of(definition_of(response.invitation.version), answer.question_key, given_answers(response))


def hold_to_label(read: Answer | FreeText, label: str) -> None:
    """Let what a person said the words mean stand for them, and the scorer's reading beside it."""
    if read.corrected is None:
        read.machine_label, read.machine_polarity = read.label, read.polarity
    read.corrected, read.label, read.polarity = label, told_label(label), POLARITY[label]


def let_go(read: Answer | FreeText) -> None:
    """Let the scorer's reading hold again."""
    read.corrected, read.label, read.polarity = None, read.machine_label, read.machine_polarity
    read.machine_label = read.machine_polarity = None


def _hold_again(read: Answer | FreeText) -> None:
    if read.corrected is not None:
        label, read.corrected = read.corrected, None
        hold_to_label(read, label)


def themes_of(read: Answer | FreeText) -> list[dict[str, Any]]:
    """The themes of words as they hold now; a person's reading of the whole overrules what contradicts it."""
    whole = POLARITY[read.corrected] if read.corrected else None
    if not whole:
        return read.themes
    # What is unhappy on the whole praises nothing in part, and the other way round; mixed does both.
    return [{**t, "polarity": whole} if (t.get("polarity") or 0.0) * whole < 0 else t for t in read.themes]


def _keep_score(answer: Answer, score: Any) -> None:
    answer.language, answer.polarity, answer.label = score.language, score.polarity, score.label
    answer.confidence, answer.score_version = score.confidence, score.version
    answer.book_version, answer.themes = score.book_version, [as_kept(mention) for mention in score.themes]
    answer.signals = as_spans(score.signals)
    answer.deciding = [[span.start, span.end, round(span.weight, 3)] for span in score.deciding]
    _hold_again(answer)


def as_kept(mention: ThemeMention) -> dict[str, Any]:
    """A theme as it stands beside an answer: with the parts of it that were named, the first one first."""
    return {"theme": mention.theme, "polarity": mention.polarity, "parts": list(mention.subthemes)}


def sum_up(response: Response) -> None:
    """Keep beside the answers what they say together: the unhappiest words decide."""
    change(response, **_summed(response))


def _summed(response: Response) -> dict[str, Any]:
    words: Sequence[Answer] = [a for a in response.answers if a.score_version]
    scored = [a for a in words if a.polarity is not None]
    worst = min(scored, key=lambda a: a.polarity if a.polarity is not None else 0.0, default=None)
    return {
        "polarity": worst.polarity if worst else None,
        "sentiment": worst.label if worst else None,
        "score_version": (worst or words[0]).score_version if words else None,
        "themes": [t for a in words for t in themes_of(a)],
        "signals": sorted({s["signal"] for a in words for s in a.signals}),
    }
