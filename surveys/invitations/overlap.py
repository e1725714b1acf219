"""Which of several programmes of one moment asks (pure): where two fit the same visit, the first in the order does."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Whom a programme is for. `within`: its place and every place above it; a place of None is everywhere."""

    programme_id: int
    place: int | None
    within: frozenset[int]
    segment: str | None
    asks: bool  # live, with a published questionnaire


@dataclass(frozen=True)
class Lost:
    """Visits that an earlier programme takes: all of them, or those at a place (None: any) by a segment (None: any)."""

    to: int
    wholly: bool
    place: int | None
    segment: str | None


def covers(wide: Reach, narrow: Reach) -> bool:
    """Whether every visit the second fits is one the first fits too."""
    return _holds(wide, narrow) and wide.segment in (None, narrow.segment)


def lost_to(earlier: Sequence[Reach], one: Reach) -> tuple[Lost, ...]:
    """What the programmes before this one take of it, in their order; only those that ask take anything."""
    found = []
    for other in earlier:
        together = _holds(other, one) or _holds(one, other)
        alike = other.segment is None or one.segment is None or other.segment == one.segment
        if other.asks and together and alike:
            place = other.place if _holds(one, other) else one.place
            found.append(Lost(other.programme_id, covers(other, one), place, other.segment or one.segment))
    return tuple(found)


def place_for(order: Sequence[Reach], new: Reach) -> int:
    """Where a new programme goes: before the first that is wider, or it would never ask; else last."""
    for number, other in enumerate(order):
        if covers(other, new) and not covers(new, other):
            return number
    return len(order)


def _holds(wide: Reach, narrow: Reach) -> bool:
    return wide.place is None or wide.place in narrow.within
