"""A week is written in one way only."""

import pytest

from app.reports.iso_weeks import iso_week_at, week_before, week_of
from tests.conftest import FRIDAY


def test_a_week_begins_on_monday_in_its_zone() -> None:
    week = week_of("2026-W47", "Asia/Shanghai")
    assert week.begins.isoformat() == "2026-11-15T16:00:00+00:00"
    assert (week.first.isoformat(), week.last.isoformat()) == ("2026-11-16", "2026-11-22")
    assert iso_week_at(FRIDAY, "Asia/Shanghai") == "2026-W47"


def test_the_week_before_the_first_is_the_last_of_the_year_before() -> None:
    assert week_before(week_of("2027-W01", "Asia/Shanghai"), "Asia/Shanghai").iso == "2026-W53"


@pytest.mark.parametrize(
    "odd",
    ["2026-W7", "2026-W47 ", " 2026-W47", "2026-W47\n", "２０２６-W４７", "2026-47", "2026-w47", "2026-W54", "2026-W00",
     "0001-W01", "0001-W02", "9999-W52", "99999-W01", "", "soon"],
)  # fmt: skip
def test_what_is_no_week_is_refused_in_one_way(odd: str) -> None:
    with pytest.raises(ValueError, match="week"):
        week_of(odd, "Asia/Shanghai")


def test_every_week_that_is_taken_has_one_before_it() -> None:
    for name in ("1970-W01", "9998-W52"):
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
            assert week_before(week_of(name, zone), zone).iso < name
