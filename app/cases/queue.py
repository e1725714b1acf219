"""Who is called first: most of a manager's time by value at risk, the rest by need alone. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor
from typing import Generic, Protocol, TypeVar


class Waiting(Protocol):
    """What the order needs to know of a case."""

    @property
    def id(self) -> str:
        """Stable name of the case."""

    @property
    def clv(self) -> float:
        """Customer lifetime value; may be below zero."""

    @property
    def p_churn(self) -> float:
        """Chance that the customer leaves, 0 to 1."""

    @property
    def rating(self) -> float | None:
        """The explicit rating, lower is worse; None when there is none (a complaint by letter)."""


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """A plain value with the facts the order needs."""

    id: str
    clv: float
    p_churn: float
    rating: float | None = None


W = TypeVar("W", bound=Waiting)


@dataclass(frozen=True, slots=True)
class Queue(Generic[W]):
    """Two lanes of today's calls: by value at risk, and by need with value ignored."""

    by_value: tuple[W, ...]
    by_need: tuple[W, ...]


def value_at_risk(case: Waiting) -> float:
    """Expected loss: lifetime value, never below zero, times the chance to leave."""
    return max(case.clv, 0.0) * case.p_churn


def work_queue(cases: Iterable[W], *, capacity: int, value_share: float = 0.7) -> Queue[W]:
    """Split `capacity` calls: value_share (halves rounded up) by value at risk, the rest by chance to leave alone.

    Ties: the lower rating first, then the id. Customers of small value are thus never crowded out altogether.
    """
    if capacity < 0 or not 0 <= value_share <= 1:
        raise ValueError("capacity is not negative and value_share runs from 0 to 1")

    def tie(case: W) -> tuple[float, str]:
        return (case.rating if case.rating is not None else -1.0, case.id)

    waiting = list(cases)
    by_value = sorted(waiting, key=lambda c: (-value_at_risk(c), *tie(c)))[: floor(value_share * capacity + 0.5 + 1e-9)]
    taken = {case.id for case in by_value}
    rest = sorted((c for c in waiting if c.id not in taken), key=lambda c: (-c.p_churn, *tie(c)))
    return Queue(tuple(by_value), tuple(rest[: capacity - min(len(by_value), capacity)]))
