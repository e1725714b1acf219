"""What all comments of a week name, and which three stand for it: the best, the worst, the most typical. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from statistics import median

from app.reports.figures import CommentCounts, Verbatim

KEPT_TO_QUOTE = 400

SCALES: dict[str, tuple[int, int]] = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}


class Role(StrEnum):
    """Why a comment was chosen."""

    BEST = "best"
    WORST = "worst"
    TYPICAL = "typical"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A comment and why it stands here."""

    role: Role
    verbatim: Verbatim


def mood(verbatim: Verbatim) -> float | None:
    """0 (worst) to 1 (best): the rating on its scale, sharpened a little by the words; None with neither."""
    parts: list[tuple[float, float]] = []
    if verbatim.rating is not None and verbatim.kind in SCALES:
        low, high = SCALES[verbatim.kind]
        parts.append((3.0, (verbatim.rating - low) / (high - low)))
    if verbatim.polarity is not None:
        parts.append((1.0, (verbatim.polarity + 1) / 2))
    if not parts:
        return None
    return sum(weight * value for weight, value in parts) / sum(weight for weight, _ in parts)


def unhappy(verbatim: Verbatim) -> bool:
    """A comment from a dissatisfied customer; the explicit rating counts before the words."""
    if verbatim.rating is not None and verbatim.kind in SCALES:
        return verbatim.rating <= {"nps": 6, "csat": 2, "ces": 3}[verbatim.kind]
    return verbatim.polarity is not None and verbatim.polarity < -0.2


def tally(verbatims: Sequence[Verbatim]) -> tuple[CommentCounts, ...]:
    """All comments counted by place and theme, so that a report need not keep every one of them."""
    out = []
    for code in sorted({verbatim.branch_code for verbatim in verbatims}):
        here = [verbatim for verbatim in verbatims if verbatim.branch_code == code]
        named = Counter(theme for verbatim in here for theme in set(verbatim.themes))
        sad = Counter(theme for verbatim in here if unhappy(verbatim) for theme in set(verbatim.themes))
        out.append(CommentCounts(code, len(here), {theme: (named[theme], sad[theme]) for theme in sorted(named)}))
    return tuple(out)


def sample(verbatims: Sequence[Verbatim], most: int = KEPT_TO_QUOTE) -> tuple[Verbatim, ...]:
    """All of them, or of very many a fair draw: by a hash of the words, so that neither the hour nor a run decides."""
    if len(verbatims) <= most:
        return tuple(verbatims)
    return tuple(sorted(verbatims, key=lambda v: sha256(f"{v.branch_code}\0{v.text}".encode()).digest())[:most])


def _telling(verbatim: Verbatim) -> int:
    """How much a reader learns from it: a sentence or two tells more than a word or an essay."""
    # a Chinese character carries about what three Latin letters do
    length = sum(3 if "\u4e00" <= sign <= "\u9fff" else 1 for sign in verbatim.text)
    return 2 if 40 <= length <= 320 else 1 if 15 <= length <= 600 else 0


def choose(verbatims: Sequence[Verbatim]) -> tuple[Chosen, ...]:
    """Best, worst and most typical, never the same words twice; fewer when there are few; always the same choice."""
    rated: list[tuple[float, Verbatim]] = []
    seen: set[str] = set()
    for verbatim in verbatims:
        feeling = mood(verbatim)
        if feeling is not None and verbatim.text.strip() and verbatim.text not in seen:
            seen.add(verbatim.text)
            rated.append((feeling, verbatim))
    if not rated:
        return ()
    telling = [pair for pair in rated if _telling(pair[1])] or rated
    middle = median(feeling for feeling, _ in rated)
    themes = Counter(theme for _, verbatim in rated for theme in verbatim.themes)
    out: list[Chosen] = []

    def take(role: Role, order: list[tuple[float, Verbatim]]) -> None:
        taken = {chosen.verbatim.text for chosen in out}
        left = [verbatim for _, verbatim in order if verbatim.text not in taken]
        if left:
            out.append(Chosen(role, left[0]))

    happy = [pair for pair in telling if pair[0] >= 0.5]
    sad = [pair for pair in telling if pair[0] < 0.5]
    take(Role.BEST, sorted(happy, key=lambda pair: (-pair[0], -_telling(pair[1]), pair[1].text)))
    take(Role.WORST, sorted(sad, key=lambda pair: (pair[0], -_telling(pair[1]), pair[1].text)))

    def distance(pair: tuple[float, Verbatim]) -> float:
        common = max((themes[theme] for theme in pair[1].themes), default=0) / len(rated)
        return abs(pair[0] - middle) - 0.3 * common - 0.05 * _telling(pair[1])

    take(Role.TYPICAL, sorted(telling, key=lambda pair: (distance(pair), pair[1].text)))
    return tuple(out)
