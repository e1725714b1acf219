"""What may be shown of how few people, and what must be hidden with it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN_FROM = 10
RANKED_FROM = 30


@dataclass(frozen=True, slots=True)
class Showing:
    """One cell: may its score be shown, is it flagged as few, may it be compared in bands."""

    n: int
    shown: bool
    few: bool
    ranked: bool


def showing(sizes: Sequence[int], *, parent: int) -> list[Showing]:
    """Which children of a shown parent may show their score: n >= 10, and never exactly one hidden.

    One hidden cell could be worked out from the parent and the rest, so the next smallest is hidden with it
    (complementary suppression, as in official statistics). Scores are compared in bands from 30 answers.
    """
    shown = [n >= SHOWN_FROM for n in sizes]
    if parent >= SHOWN_FROM and shown.count(False) == 1:
        visible = [i for i, seen in enumerate(shown) if seen]
        if visible:
            shown[min(visible, key=lambda i: sizes[i])] = False
    return [
        Showing(n, seen, seen and n < RANKED_FROM, seen and n >= RANKED_FROM)
        for n, seen in zip(sizes, shown, strict=True)
    ]
