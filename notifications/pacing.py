"""How many texts may leave now (pure): budgets of segments a day, and a bucket of segments a second for each sender."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One text that wants to leave. `scopes` are the budgets it counts in; `exempt` counts but is never held back."""

    id: int
    segments: int
    scopes: tuple[str, ...] = ()
    exempt: bool = False


@dataclass(frozen=True)
class Bucket:
    """A sender's bucket: how many segments may leave at once, and when that was true (seconds, real time)."""

    tokens: float
    at: float


@dataclass(frozen=True)
class Spent:
    """Who may leave, who must wait for which budget, and what is used up then."""

    admitted: tuple[int, ...]
    over: Mapping[int, str]
    used: Mapping[str, int] = field(default_factory=dict)


def within_budgets(wishes: Iterable[Wish], used: Mapping[str, int], most: Mapping[str, int]) -> Spent:
    """Admit in order while every budget of a text has room; one that has none uses up nothing."""
    spent, admitted, over = dict(used), [], {}
    for wish in wishes:
        scopes = [scope for scope in wish.scopes if scope in most]
        full = next((s for s in scopes if spent.get(s, 0) + wish.segments > most[s]), None)
        if full is not None and not wish.exempt:
            over[wish.id] = full
            continue
        admitted.append(wish.id)
        for scope in scopes:
            spent[scope] = spent.get(scope, 0) + wish.segments
    return Spent(tuple(admitted), over, spent)


@dataclass(frozen=True)
class Paced:
    """Who may leave now, and after how many seconds the others may ask again."""

    admitted: tuple[int, ...]
    later: Mapping[int, float]
    bucket: Bucket


def paced(wishes: Sequence[Wish], bucket: Bucket | None, *, rate: float, now: float) -> Paced:
    """Token bucket (RFC 2697 speaks of the same): `rate` segments a second, one second's worth at once.

    A text longer than a whole bucket leaves when the bucket is full, and the next ones wait for it.
    """
    room = max(rate, 1.0)
    tokens = room if bucket is None else min(room, bucket.tokens + max(0.0, now - bucket.at) * rate)
    admitted: list[int] = []
    later: dict[int, float] = {}
    owed = 0.0
    for wish in wishes:
        need = min(float(wish.segments), room)
        if not later and tokens >= need:
            admitted.append(wish.id)
            tokens -= wish.segments
        else:
            owed += wish.segments
            later[wish.id] = max(owed - tokens, 0.0) / rate
    return Paced(tuple(admitted), later, Bucket(tokens, now))


def prefix_of(number: str, prefixes: Iterable[str]) -> str | None:
    """The longest of these prefixes an E.164 number begins with."""
    return max((p for p in prefixes if number.startswith(p)), key=len, default=None)
