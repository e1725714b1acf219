"""How words feel, in the three steps a flow of questions can turn at. Pure, and light enough for a web request."""

from typing import Literal, cast

from surveys.scoring.polarity import read_whole
from surveys.scoring.tables import Question, answers
from surveys.scoring.tenant import Tenant

_FEELS: dict[str | None, Literal["negative", "positive"]] = {
    "very_negative": "negative",
    "negative": "negative",
    "positive": "positive",
    "very_positive": "positive",
}


def feeling(
    text: str, *, asks: str | None = None, tenant: Tenant | None = None
) -> Literal["negative", "neutral", "positive"]:
    """Whether words are unhappy or happy; neutral when mixed, even, or when nothing in them tells.

    The label the whole score will give, without what the score adds to it. `asks`: the kind of question they answer.
    """
    asked = cast(Question, asks) if asks in answers().answered else None
    return _FEELS.get(read_whole(text, question=asked, tenant=tenant).label, "neutral")
