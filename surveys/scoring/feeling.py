"""How words feel, in the three steps a flow of questions can turn at. Pure, and light enough for a web request."""

from typing import Literal, cast

from surveys.scoring.language import detect
from surveys.scoring.polarity import read, split_clauses
from surveys.scoring.spans import fold_in_place
from surveys.scoring.tables import Question, answers

_FEELS: dict[str | None, Literal["negative", "positive"]] = {
    "very_negative": "negative",
    "negative": "negative",
    "positive": "positive",
    "very_positive": "positive",
}


def feeling(text: str, *, asks: str | None = None) -> Literal["negative", "neutral", "positive"]:
    """Whether words are unhappy or happy; neutral when mixed, even, or when nothing in them tells.

    The label the whole score will give, without what the score adds to it. `asks`: the kind of question they answer.
    """
    asked = cast(Question, asks) if asks in answers().answered else None
    language = detect(text)
    whole = read(text, language=language, question=asked)
    parts = split_clauses(fold_in_place(text), language=language)
    if len(parts) > 1:
        whole = whole.told_apart([read(text[start:end], language=language, question=asked) for start, end in parts])
    return _FEELS.get(whole.label, "neutral")
