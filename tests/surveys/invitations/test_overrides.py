"""What a programme may set for itself, and what is refused."""

from dataclasses import fields
from typing import Any

import pytest

from surveys.invitations.eligibility import Policy
from surveys.invitations.overrides import CHECKS, wrong_numbers


def test_every_number_of_the_policy_may_be_overridden() -> None:
    assert set(CHECKS) == {one.name for one in fields(Policy)} | {"exempt_from_caps"}
    own: dict[str, Any] = {one.name: getattr(Policy(), one.name) for one in fields(Policy)}
    own |= {"quota": 20, "drip_per_day": 5, "reminder_after_hours": 24, "survey_open_days": 3}
    assert wrong_numbers(own) == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cap_days", -1),
        ("cap_days", "90"),
        ("cap_days", True),
        ("sampling_rate", 1.5),
        ("quota", 0),
        ("company_hours", [20, 10]),
        ("company_hours", [10]),
        ("weekdays", []),
        ("weekdays", [7]),
        ("weekdays", [1, 1]),
        ("respect_holidays", "no"),
        ("survey_open_days", 0),
    ],
)
def test_a_wrong_number_is_refused_with_what_would_do(name: str, value: Any) -> None:
    (wrong,) = wrong_numbers({name: value, "stale_hours": 48})
    assert (wrong.name, wrong.code) == (name, "wrong")
    assert wrong.detail.startswith(f"{name} takes ")


def test_a_name_nobody_knows_is_refused() -> None:
    (wrong,) = wrong_numbers({"cap_dais": 90})
    assert wrong.code == "unknown"
