"""How the demo bank's branches do: what they are good and bad at, how it changes, and what customers make of it."""

from dataclasses import dataclass
from random import Random

WEEKS = 13
SCRIPTED = "BJ-01"  # the first visitor's branch
TURN = 5  # so many weeks ago one branch began to fall and one to rise

THEMES = ("waiting", "staff_attitude", "competence", "fees", "app_website", "atm_branch", "communication", "resolution")


@dataclass(frozen=True)
class Character:
    """A branch: its usual NPS, where it is heading in the last weeks, and what people speak of there."""

    nps: float
    lately: float
    bad: dict[str, int]
    good: dict[str, int]


CHARACTERS = {
    "BJ-01": Character(36, 36, {"waiting": 4, "fees": 2}, {"staff_attitude": 4, "competence": 3}),
    "BJ-02": Character(42, 42, {"app_website": 3, "fees": 2}, {"waiting": 3, "staff_attitude": 3}),
    "BJ-03": Character(30, 30, {"communication": 4, "waiting": 2}, {"app_website": 4, "competence": 2}),
    "BJ-04": Character(38, -22, {"waiting": 6, "staff_attitude": 4}, {"atm_branch": 3, "resolution": 2}),
    "BJ-05": Character(10, 58, {"resolution": 3, "communication": 3}, {"staff_attitude": 4, "resolution": 4}),
    "BJ-06": Character(26, 26, {"atm_branch": 4, "fees": 3}, {"staff_attitude": 3, "communication": 2}),
}
_LOW = ((0, 6), (1, 5), (2, 7), (3, 9), (4, 8), (5, 15), (6, 20))
_CAUSE = {
    "waiting": "waiting",
    "staff_attitude": "staff",
    "competence": "staff",
    "communication": "staff",
    "fees": "fees",
    "app_website": "system",
    "atm_branch": "system",
}


def nps_now(code: str, weeks_ago: int) -> float:
    """The NPS customers would give this branch in that week (0 is the current one)."""
    character = CHARACTERS[code]
    if code == SCRIPTED and weeks_ago <= 1:
        return 88.0  # the written scenes are all of unhappy customers there; the others make up for them
    way = max(0.0, min(1.0, (TURN - weeks_ago) / (TURN - 1)))
    return character.nps + (character.lately - character.nps) * way


def nps_score(rng: Random, nps: float) -> int:
    """One answer of 0 to 10 where the branch's NPS is expected to be `nps`."""
    low = min(max(0.06, 0.33 - nps / 220), 0.7)
    high = min(max(nps / 100 + low, 0.05), 0.92)
    draw = rng.random()
    if draw < low:
        values, weights = zip(*_LOW, strict=True)
        return int(rng.choices(values, weights)[0])
    if draw < low + high:
        return rng.choice((9, 10, 10)) if rng.random() < 0.8 else 9
    return rng.choice((7, 8, 8))


def csat_score(rng: Random, nps: float) -> int:
    """One answer of 1 to 5."""
    mean = 3.75 + nps / 90
    return min(5, max(1, round(rng.gauss(mean, 1.0))))


def ces_score(rng: Random, nps: float) -> int:
    """One answer of 1 to 7."""
    mean = 5.1 + nps / 70
    return min(7, max(1, round(rng.gauss(mean, 1.4))))


def theme(rng: Random, code: str, *, bad: bool) -> str:
    """What a comment about this branch is about."""
    if bad and rng.random() < 0.02:
        return "safety_fraud"
    liking = CHARACTERS[code].bad if bad else CHARACTERS[code].good
    return rng.choices(THEMES, [1 + liking.get(name, 0) for name in THEMES])[0]


def cause(theme_key: str | None) -> str:
    """The root cause a manager gives for a case about this theme."""
    return _CAUSE.get(theme_key or "", "other")
