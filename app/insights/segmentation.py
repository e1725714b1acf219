"""Telling customers apart by what they do and are worth: RFM, ABC and value tiers. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor, fsum


def quantile(values: Sequence[float], q: float) -> float:
    """Linear interpolation between order statistics (Hyndman and Fan type 7, the default of numpy and R)."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    place = (len(ordered) - 1) * q
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def quintile_cuts(values: Sequence[float]) -> list[float]:
    """The four inner cut points of fifths."""
    ordered = sorted(values)
    return [quantile(ordered, q / 5) for q in (1, 2, 3, 4)]


class Segment(StrEnum):
    """Names of the recency x frequency grid, as marketing people use them."""

    CHAMPIONS = "Champions"
    LOYAL = "Loyal"
    POTENTIAL_LOYALIST = "Potential Loyalist"
    NEW = "New"
    PROMISING = "Promising"
    NEED_ATTENTION = "Need Attention"
    ABOUT_TO_SLEEP = "About To Sleep"
    AT_RISK = "At Risk"
    CANNOT_LOSE = "Cannot Lose"
    HIBERNATING = "Hibernating"
    LOST = "Lost"


_GRID: dict[int, tuple[Segment, ...]] = {
    1: (Segment.LOST, Segment.LOST, Segment.AT_RISK, Segment.AT_RISK, Segment.CANNOT_LOSE),
    2: (Segment.HIBERNATING, Segment.HIBERNATING, Segment.AT_RISK, Segment.AT_RISK, Segment.AT_RISK),
    3: (Segment.ABOUT_TO_SLEEP, Segment.ABOUT_TO_SLEEP, Segment.NEED_ATTENTION, Segment.LOYAL, Segment.LOYAL),
    4: (
        Segment.PROMISING,
        Segment.POTENTIAL_LOYALIST,
        Segment.POTENTIAL_LOYALIST,
        Segment.CHAMPIONS,
        Segment.CHAMPIONS,
    ),
    5: (Segment.NEW, Segment.POTENTIAL_LOYALIST, Segment.POTENTIAL_LOYALIST, Segment.CHAMPIONS, Segment.CHAMPIONS),
}


def rf_segment(recency: int, frequency: int) -> Segment:
    """Segment of a recency and a frequency score, 1 to 5 each."""
    return _GRID[recency][frequency - 1]


@dataclass(frozen=True, slots=True)
class Buying:
    """What one customer did until the day of reckoning."""

    id: str
    recency_days: float
    frequency: float
    monetary: float


@dataclass(frozen=True, slots=True)
class Rfm:
    """Scores from 1 (worst) to 5 (best) and the segment they make."""

    id: str
    recency: int
    frequency: int
    monetary: int
    segment: Segment


@dataclass(frozen=True, slots=True)
class RfmCuts:
    """The quintile cut points the scores were read from."""

    recency: list[float]
    frequency: list[float]
    monetary: list[float]


def rfm_cuts(customers: Sequence[Buying]) -> RfmCuts:
    """Quintile cut points of the three dimensions (Hughes 1994)."""
    return RfmCuts(
        quintile_cuts([c.recency_days for c in customers]),
        quintile_cuts([c.frequency for c in customers]),
        quintile_cuts([c.monetary for c in customers]),
    )


def rfm(customers: Sequence[Buying], *, cuts: RfmCuts | None = None) -> list[Rfm]:
    """Score = 1 + number of cut points below the value, recency reversed; equal values always score alike."""
    if not customers:
        return []
    marks = cuts or rfm_cuts(customers)
    out = []
    for c in customers:
        r = 5 - sum(c.recency_days > q for q in marks.recency)
        f = 1 + sum(c.frequency > q for q in marks.frequency)
        m = 1 + sum(c.monetary > q for q in marks.monetary)
        out.append(Rfm(c.id, r, f, m, rf_segment(r, f)))
    return out


class AbcClass(StrEnum):
    """A makes the first 80 % of value, B the next 15 %, C the rest; Z has no positive value."""

    A = "A"
    B = "B"
    C = "C"
    Z = "Z"


@dataclass(frozen=True, slots=True)
class Abc:
    """One item with the share of value before and after it."""

    id: str
    value: float
    before: float
    after: float
    cls: AbcClass


def abc(items: Iterable[tuple[str, float]], *, a_until: float = 0.80, b_until: float = 0.95) -> list[Abc]:
    """Pareto classes, largest first, by the cumulative share *before* the item; value <= 0 is class Z."""
    ordered = sorted(items, key=lambda item: (-item[1], item[0]))
    total = fsum(value for _, value in ordered if value > 0)
    out, running = [], 0.0
    for key, value in ordered:
        if value <= 0:
            out.append(Abc(key, value, 1.0, 1.0, AbcClass.Z))
            continue
        before, running = running / total, running + value
        cls = AbcClass.A if before < a_until - 1e-12 else AbcClass.B if before < b_until - 1e-12 else AbcClass.C
        out.append(Abc(key, value, before, running / total, cls))
    return out


def top_share(values: Iterable[float], *, top: float = 0.2) -> float:
    """Share of positive value held by the top fifth of customers with positive value."""
    ordered = sorted((v for v in values if v > 0), reverse=True)
    if not ordered:
        return 0.0
    return fsum(ordered[: int(len(ordered) * top)]) / fsum(ordered)


class Tier(StrEnum):
    """Peppers and Rogers: most valuable, most growable, below zero, migrator, and everybody else."""

    MVC = "MVC"
    MGC = "MGC"
    STANDARD = "STANDARD"
    MIGRATOR = "MIGRATOR"
    BZ = "BZ"


@dataclass(frozen=True, slots=True)
class Worth:
    """Actual value (expected margin less cost to serve, present value) and strategic value of one customer."""

    id: str
    actual: float
    strategic: float


@dataclass(frozen=True, slots=True)
class TierCuts:
    """Where most valuable, most growable and nearly nothing begin."""

    most_valuable_from: float
    most_growable_from: float
    migrator_under: float


def tier_cuts(customers: Sequence[Worth]) -> TierCuts | None:
    """Quantiles over customers with positive actual value: P80 of value, P80 of the gap, P10 of value."""
    positive = [c for c in customers if c.actual > 0]
    if not positive:
        return None
    return TierCuts(
        quantile([c.actual for c in positive], 0.8),
        quantile([c.strategic - c.actual for c in positive], 0.8),
        quantile([c.actual for c in positive], 0.1),
    )


def tier(customer: Worth, *, cuts: TierCuts | None) -> Tier:
    """First that holds: below zero, most valuable, most growable, migrator, standard (Peppers and Rogers 1997)."""
    av, sv = customer.actual, customer.strategic
    if av < 0 and sv <= 0:
        return Tier.BZ
    if cuts and av > 0 and av >= cuts.most_valuable_from:
        return Tier.MVC
    if cuts and sv - av >= cuts.most_growable_from:
        return Tier.MGC
    if av <= 0 < sv or (cuts and 0 < av < cuts.migrator_under):
        return Tier.MIGRATOR
    return Tier.STANDARD


def tiers(customers: Sequence[Worth]) -> Mapping[str, Tier]:
    """Tier of every customer, cut points taken from all of them."""
    cuts = tier_cuts(customers)
    return {c.id: tier(c, cuts=cuts) for c in customers}
