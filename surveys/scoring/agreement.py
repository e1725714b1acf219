"""When a rating and the words beside it say opposite things. Pure.

The explicit rating always counts first: text may raise concern, it never cancels a low score. A conflict is only a
reason to look (a scale read upside down, an answer about something else), so it takes strong disagreement.
"""

from typing import Literal

from surveys.scoring.score import Score

RatingKind = Literal["nps", "csat", "ces"]

# The ends of each scale, lowest bad rating and highest good one.
_POOR_UP_TO: dict[RatingKind, int] = {"nps": 3, "csat": 2, "ces": 2}
_GOOD_FROM: dict[RatingKind, int] = {"nps": 9, "csat": 4, "ces": 6}
_STRONG = 0.6


def conflicts(value: int, *, kind: RatingKind, score: Score) -> bool:
    """Whether a rating and its comment disagree strongly; ratings: nps 0-10, csat 1-5, ces 1-7, higher is better."""
    if score.polarity is None or score.label == "mixed":
        return False
    if value <= _POOR_UP_TO[kind]:
        return score.polarity >= _STRONG
    if value >= _GOOD_FROM[kind]:
        return score.polarity <= -_STRONG
    return False
