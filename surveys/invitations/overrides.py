"""What a programme may set for itself (pure): every number of the contact policy, checked by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class WrongNumber:
    """A number that cannot be used, or a name nobody knows; `detail` says what would do."""

    name: str
    code: str
    detail: str


def wrong_numbers(policy: Mapping[str, Any]) -> tuple[WrongNumber, ...]:
    """Everything in a programme's own policy that must not be kept; empty when all of it may be."""
    found = []
    for name, value in policy.items():
        check = CHECKS.get(name)
        if check is None:
            found.append(WrongNumber(name, "unknown", f"the contact policy has no number {name!r}"))
        elif not check[0](value):
            found.append(WrongNumber(name, "wrong", f"{name} takes {check[1]}"))
    return tuple(found)


def _whole(value: Any, *, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _from(least: int, most: int) -> tuple[Callable[[Any], bool], str]:
    return (lambda value: _whole(value, least=least, most=most)), f"a whole number from {least} to {most}"


def _hours(value: Any) -> bool:
    pair = isinstance(value, list | tuple) and len(value) == 2
    return pair and all(_whole(hour, least=0, most=24) for hour in value) and value[0] < value[1]


def _weekdays(value: Any) -> bool:
    given = isinstance(value, list | tuple) and len(value) > 0
    return given and all(_whole(day, least=0, most=6) for day in value) and len(set(value)) == len(value)


def _share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


_YES_OR_NO = ((lambda value: isinstance(value, bool)), "true or false")
_MANY = 1_000_000

CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "cap_days": _from(0, 3650),
    "answer_cap_days": _from(0, 3650),
    "relationship": _YES_OR_NO,
    "relationship_cap_days": _from(0, 3650),
    "stale_hours": _from(1, 8760),
    "sampling_rate": (_share, "a share from 0 to 1"),
    "quota": _from(1, _MANY),
    "drip_per_day": _from(1, _MANY),
    "company_hours": (_hours, "two hours, the first before the second, like [10, 20]"),
    "weekdays": (_weekdays, "days from 0 (Monday) to 6 (Sunday), each once"),
    "respect_holidays": _YES_OR_NO,
    "reminder_after_hours": _from(1, 8760),
    "survey_open_days": _from(1, 365),
    "exempt_from_caps": _YES_OR_NO,
}
