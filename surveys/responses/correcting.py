"""A person says what words mean: it holds at once, the scorer's own reading stays beside it, both are kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from app.extensions import db, lock
from surveys.responses.correction_models import About, Correction
from surveys.responses.learning import current_tenant
from surveys.responses.models import Answer, FreeText, Response
from surveys.responses.review import asks_in, held_free_text, held_response, hold_to_label, let_go, sum_up
from surveys.scoring.labels import CHOICES, MEANINGS, meaning_of, unhappier
from surveys.scoring.language import detect
from surveys.scoring.polarity import read_whole
from surveys.scoring.spans import fold_in_place
from surveys.scoring.version import reading_version


class Refusal(StrEnum):
    """Why a correction was not taken."""

    NO_WORDS = "no_words"  # nothing there that was read: not yet, or no longer
    NOT_IN_WORDS = "not_in_words"  # the phrase stands nowhere in the comment


@dataclass(frozen=True)
class Says:
    """What a person says words mean; `phrase` is what decided, and `means` what it means here.

    Raises ValueError for a label or meaning nobody offered.
    """

    label: str
    phrase: str = ""
    means: str | None = None

    def __post_init__(self) -> None:
        if self.label not in CHOICES or (self.means is not None and self.means not in MEANINGS):
            raise ValueError(f"no such reading: {self.label!r}, {self.means!r}")

    @property
    def told(self) -> tuple[str, str | None, str | None]:
        """Label, phrase and meaning as they are kept: a phrase means what the whole does unless it is said."""
        phrase = self.phrase.strip() or None
        return self.label, phrase, (self.means or meaning_of(self.label)) if phrase else None


@dataclass(frozen=True)
class Corrected:
    """What became of it. `unhappier`: it says now that somebody is unhappy, or very, and did not before."""

    correction: Correction
    changed: bool
    unhappier: bool


def correct_answer(response_id: int, answer_id: int, says: Says, *, by: int, now: datetime) -> Corrected | Refusal:
    """Let a person's label hold for an answer in words. The same again changes nothing; another one replaces it."""
    response = _held(response_id)
    answer = next((one for one in response.answers if one.id == answer_id), None) if response is not None else None
    if response is None or answer is None or not answer.text or not answer.score_version:
        return Refusal.NO_WORDS
    row = _row_of(answer, About.ANSWER)
    row.response_id, row.asks, row.machine_confidence = response.id, asks_in(response, answer), answer.confidence
    done = _keep(row, answer.text, answer.label, says, by=by, now=now)
    if isinstance(done, Corrected) and done.changed:
        hold_to_label(answer, says.label)
        sum_up(response)
        db.session.flush()
    return done


def correct_text(free_text_id: int, says: Says, *, by: int, now: datetime) -> Corrected | Refusal:
    """The same for words that came without a question."""
    free = held_free_text(free_text_id)
    if free is None or not free.text or not free.score_version:
        return Refusal.NO_WORDS
    done = _keep(_row_of(free, About.FREE_TEXT), free.text, free.label, says, by=by, now=now)
    if isinstance(done, Corrected) and done.changed:
        hold_to_label(free, says.label)
        db.session.flush()
    return done


def correct_case(
    case_id: int, words: str, says: Says, *, opened_at: datetime, by: int, now: datetime
) -> Corrected | Refusal:
    """The same for what a case holds beside answers and free texts: these redacted words. Nobody had read them."""
    lock(f"case_words:{case_id}")
    if not words.strip():
        return Refusal.NO_WORDS
    tenant = current_tenant()
    reading = read_whole(words, tenant=tenant)
    row = Correction(
        about=About.CASE,
        about_id=case_id,
        words_at=opened_at,
        words=words,
        language=detect(words),
        machine_label=reading.label,
        machine_polarity=reading.polarity,
        machine_confidence=reading.confidence,
        model_version=reading_version(tenant),
    )
    stands = _standing(row)
    before = stands.label if stands is not None else reading.label
    return _keep(row, words, before, says, by=by, now=now)


def take_back(correction_id: int, *, by: int, now: datetime) -> Correction | None:
    """The scorer's reading holds again; None when this correction does not stand any more."""
    row = db.session.get(Correction, correction_id)
    if row is None:
        return None
    response = _held(row.response_id) if row.response_id is not None else None
    free = held_free_text(row.about_id) if row.about == About.FREE_TEXT else None
    if row.about == About.CASE:
        lock(f"case_words:{row.about_id}")
    db.session.refresh(row)
    if row.ended_at is not None:
        return None
    _end(row, by, now)
    answers = response.answers if response is not None else []
    read = free or next((answer for answer in answers if answer.id == row.about_id), None)
    if read is not None and read.at == row.words_at and read.corrected is not None:
        let_go(read)
    if response is not None:
        sum_up(response)
    db.session.flush()
    return row


def standing(about: About, ids: Collection[int]) -> dict[int, Correction]:
    """The correction that holds for each of these answers, free texts or cases, as they are worded now."""
    query = select(Correction).where(
        Correction.about == about, Correction.about_id.in_(ids), Correction.ended_at.is_(None)
    )
    if about == About.ANSWER:
        now = (Answer.id == Correction.about_id) & (Answer.at == Correction.words_at)
        query = query.join(Answer, now).where(Answer.corrected.is_not(None))
    return {found.about_id: found for found in db.session.scalars(query)}


def _held(response_id: int) -> Response | None:
    held = held_response(response_id)
    return held.response if held is not None else None


def _row_of(read: Answer | FreeText, about: About) -> Correction:
    by_machine = read.corrected is None
    return Correction(
        about=about,
        about_id=read.id,
        words_at=read.at,
        language=read.language,
        machine_label=read.label if by_machine else read.machine_label,
        machine_polarity=read.polarity if by_machine else read.machine_polarity,
        model_version=read.score_version,
    )


def _keep(
    row: Correction, words: str, before: str | None, says: Says, *, by: int, now: datetime
) -> Corrected | Refusal:
    label, phrase, means = says.told
    if phrase and fold_in_place(phrase) not in fold_in_place(words):
        return Refusal.NOT_IN_WORDS
    stands = _standing(row)
    if stands is not None and (stands.label, stands.phrase, stands.means) == (label, phrase, means):
        return Corrected(stands, False, False)
    if stands is not None:
        _end(stands, by, now)
        db.session.flush()
    row.label, row.phrase, row.means, row.by, row.at = label, phrase, means, by, now
    db.session.add(row)
    db.session.flush()
    return Corrected(row, True, unhappier(before, label))


def _standing(row: Correction) -> Correction | None:
    same = (Correction.about == row.about, Correction.about_id == row.about_id, Correction.words_at == row.words_at)
    query = select(Correction).where(*same, Correction.ended_at.is_(None)).execution_options(populate_existing=True)
    return db.session.scalar(query)


def _end(correction: Correction, by: int, now: datetime) -> None:
    correction.ended_at, correction.ended_by, correction.learned_at = now, by, None
