"""What the counts of a week say: NPS, CSAT, CES and response rates. Pure; scores in points, shares from 0 to 1."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class NpsCounts:
    """Answers to a 0-10 question: promoters 9-10, passives 7-8, detractors 0-6."""

    promoters: int = 0
    passives: int = 0
    detractors: int = 0

    def __post_init__(self) -> None:
        if min(self.promoters, self.passives, self.detractors) < 0:
            raise ValueError("counts are never negative")

    @property
    def n(self) -> int:
        """All valid answers."""
        return self.promoters + self.passives + self.detractors

    def __add__(self, other: "NpsCounts") -> "NpsCounts":
        return NpsCounts(
            self.promoters + other.promoters, self.passives + other.passives, self.detractors + other.detractors
        )

    def __sub__(self, other: "NpsCounts") -> "NpsCounts":
        return NpsCounts(
            self.promoters - other.promoters, self.passives - other.passives, self.detractors - other.detractors
        )


def nps(counts: NpsCounts) -> float | None:
    """Net promoter score in points, -100 to 100 (Reichheld 2003); None without answers."""
    return 100 * (counts.promoters - counts.detractors) / counts.n if counts.n else None


def nps_variance(counts: NpsCounts) -> float:
    """Variance of one answer coded -1, 0, 1: p + d - (p - d)^2 (Rocks 2016). Raises ValueError without answers."""
    if not counts.n:
        raise ValueError("no answers")
    p, d = counts.promoters / counts.n, counts.detractors / counts.n
    return p + d - (p - d) ** 2


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; the shape of every proportion we show."""

    x: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.x <= self.n:
            raise ValueError("a share needs 0 <= x <= n")

    @property
    def value(self) -> float | None:
        """x / n, or None when nobody could have been counted."""
        return self.x / self.n if self.n else None


def top_box(counts: Mapping[int, int], *, lowest: int) -> Share:
    """Answers at or above `lowest`, of all valid answers: 4 on the CSAT scale of 5, 5 on the CES scale of 7."""
    return Share(sum(c for rating, c in counts.items() if rating >= lowest), sum(counts.values()))


def csat(counts: Mapping[int, int]) -> Share:
    """Top-2-box of a 1-5 satisfaction question."""
    return top_box(counts, lowest=4)


def ces(counts: Mapping[int, int]) -> Share:
    """Top-3-box of a 1-7 effort question (CES 2.0, CEB 2013)."""
    return top_box(counts, lowest=5)


def bottom_box(counts: Mapping[int, int], *, highest: int) -> Share:
    """Answers at or below `highest`, of all valid answers."""
    return Share(sum(c for rating, c in counts.items() if rating <= highest), sum(counts.values()))


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and sample standard deviation of a set of ratings."""

    n: int
    mean: float
    sd: float


def rating_spread(counts: Mapping[int, int]) -> Spread | None:
    """Mean and standard deviation (n - 1) of counted ratings; None without answers."""
    n = sum(counts.values())
    if not n:
        return None
    mean = sum(rating * c for rating, c in counts.items()) / n
    squares = sum(c * (rating - mean) ** 2 for rating, c in counts.items())
    return Spread(n, mean, sqrt(squares / (n - 1)) if n > 1 else 0.0)


@dataclass(frozen=True, slots=True)
class Dispositions:
    """Final dispositions of a sample in the words of AAPOR: complete, partial, refusal, no contact, other, unknown."""

    complete: int
    partial: int
    refusal: int
    no_contact: int
    other: int = 0
    unknown_household: int = 0
    unknown_other: int = 0


def _ratio(x: float, n: float) -> float | None:
    return x / n if n else None


def aapor_rates(d: Dispositions, *, eligible_share: float) -> dict[str, float | None]:
    """RR1-RR6 and COOP1 (AAPOR Standard Definitions, 10th edition); `eligible_share` is e, of the unknown cases."""
    if not 0 <= eligible_share <= 1:
        raise ValueError("eligible_share runs from 0 to 1")
    known = d.complete + d.partial + d.refusal + d.no_contact + d.other
    unknown = d.unknown_household + d.unknown_other
    answered = d.complete + d.partial
    return {
        "RR1": _ratio(d.complete, known + unknown),
        "RR2": _ratio(answered, known + unknown),
        "RR3": _ratio(d.complete, known + eligible_share * unknown),
        "RR4": _ratio(answered, known + eligible_share * unknown),
        "RR5": _ratio(d.complete, known),
        "RR6": _ratio(answered, known),
        "COOP1": _ratio(d.complete, answered + d.refusal + d.other),
    }


def funnel_rates(
    *, invited: int, delivered: int, started: int, completed: int, opted_out: int
) -> dict[str, float | None]:
    """Rates of a message survey; each name says what it is a share of (sent means invited)."""
    return {
        "response_rate_sent": _ratio(completed, invited),
        "response_rate_delivered": _ratio(completed, delivered),
        "delivery_rate": _ratio(delivered, invited),
        "start_rate_delivered": _ratio(started, delivered),
        "completion_rate": _ratio(completed, started),
        "opt_out_rate_delivered": _ratio(opted_out, delivered),
    }
