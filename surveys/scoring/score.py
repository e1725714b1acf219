"""What one comment means: language, polarity, label, themes, signals, and the words that decided. Pure.

Polarity is P(positive) - P(negative), -1 to 1. When nothing in the words is known, polarity and label are None: no
signal is not neutral, and the prior is never reported as if the customer had said it.
"""

import re
from dataclasses import dataclass
from typing import cast

from surveys.scoring.deciding import deciding_spans
from surveys.scoring.labels import LABELS
from surveys.scoring.language import Language, detect
from surveys.scoring.polarity import Reading, read, split_clauses
from surveys.scoring.signals import Signal, find_signals
from surveys.scoring.spans import Span, fold_in_place
from surveys.scoring.tables import Question, answers
from surveys.scoring.tenant import Tenant
from surveys.scoring.themes import Clause, ThemeBook, ThemeMention, find_themes, standard_book
from surveys.scoring.version import reading_version


@dataclass(frozen=True, slots=True)
class Score:
    """Everything the product knows about one comment; stored with the versions of the reading and the theme book."""

    language: Language
    polarity: float | None
    label: str | None
    confidence: float | None
    themes: tuple[ThemeMention, ...]
    signals: tuple[Signal, ...]
    deciding: tuple[Span, ...]
    version: str
    book_version: str


def score_text(
    text: str, *, question: str | None = None, book: ThemeBook | None = None, tenant: Tenant | None = None
) -> Score:
    """Score one comment; `question` is the kind it answers ("what_went_wrong", "improve", "praise"), else ignored.

    `tenant`: what the company's corrections add to the shipped model.
    """
    asked = cast(Question, question) if question in answers().answered else None
    language = detect(text)
    folded = fold_in_place(text)
    reading = read(text, language=language, question=asked, tenant=tenant)
    parts = split_clauses(folded, language=language)
    clauses: tuple[Clause, ...]
    if len(parts) > 1:
        readings = [read(text[start:end], language=language, question=asked, tenant=tenant) for start, end in parts]
        clauses = tuple(Clause(start, end, part.polarity) for (start, end), part in zip(parts, readings, strict=True))
        reading = reading.told_apart(readings)
    else:
        clauses = (Clause(0, len(text), reading.polarity),)
    book = book or standard_book()
    themes = find_themes(text, folded, clauses, language=language, book=book) if re.search(r"\w", folded) else ()
    return Score(
        language=language,
        polarity=reading.polarity,
        label=reading.label,
        confidence=reading.confidence,
        themes=themes,
        signals=find_signals(text),
        deciding=deciding_spans(text, folded, reading, language=language, tenant=tenant),
        version=reading_version(tenant),
        book_version=book.version,
    )


__all__ = ["LABELS", "Reading", "Score", "score_text"]
