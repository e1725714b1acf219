"""Places in a customer's words: an evidence span, and folding that keeps every character in its place. Pure."""

from dataclasses import dataclass

from surveys.scoring.language import fold


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch text[start:end] of the comment as written; `weight` is its pull, -1..1, 0 where none applies."""

    start: int
    end: int
    text: str
    weight: float = 0.0


def place(text: str, start: int, end: int, *, weight: float = 0.0) -> Span:
    """The span of a comment between two positions."""
    return Span(start, end, text[start:end], weight)


def fold_in_place(text: str) -> str:
    """Fold a comment to the same length, so that a position in it is a position in the original."""
    folded = fold(text)
    if len(folded) == len(text):
        return folded
    return "".join([(fold(character) or " ")[0] for character in text])
