"""Nobody is texted at night, wherever they live and whatever their clock does."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.invitations.quiet_hours import NoHoursError, allowed_from, steady_spans, windows

ZONES = [
    "Asia/Shanghai", "America/New_York", "America/Mexico_City", "Europe/Lisbon", "Australia/Lord_Howe",
    "America/Havana",
    "Africa/Casablanca", "America/Santiago", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns",
    "Atlantic/Azores", "UTC",
]  # fmt: skip


def at(zone: str, *clock: int, fold: int = 0) -> datetime:
    local = datetime(*clock, tzinfo=ZoneInfo(zone), fold=fold)  # type: ignore[arg-type, misc]
    return local.astimezone(UTC)  # zones make equal instants unequal inside a fold


@pytest.mark.parametrize(
    ("now", "zone", "place", "expected"),
    [
        ("2026-03-03T15:00", "America/New_York", "US", "2026-03-03T10:00:00-05:00"),
        ("2026-03-03T14:59", "America/New_York", "US", "2026-03-03T10:00:00-05:00"),
        ("2026-03-04T00:59", "America/New_York", "US", "2026-03-03T19:59:00-05:00"),
        ("2026-03-04T01:00", "America/New_York", "US", "2026-03-04T10:00:00-05:00"),
        ("2026-03-08T06:30", "America/New_York", "US", "2026-03-08T10:00:00-04:00"),
        ("2026-07-04T21:30", "America/New_York", "US-RI", "2026-07-05T10:00:00-04:00"),
        ("2026-07-05T15:00", "America/Chicago", "US-TX", "2026-07-05T12:00:00-05:00"),
        ("2026-07-05T10:00", "Europe/Paris", "FR", "2026-07-06T10:00:00+02:00"),
        ("2026-07-04T19:00", "Europe/Paris", "FR", "2026-07-06T10:00:00+02:00"),
        ("2026-03-03T02:00", "Asia/Shanghai", "CN", "2026-03-03T10:00:00+08:00"),
        ("2026-03-03T12:00", "Asia/Shanghai", "CN", "2026-03-04T10:00:00+08:00"),
        ("2026-10-25T00:30", "Europe/London", "GB", "2026-10-25T10:00:00+00:00"),
        ("2026-03-29T00:30", "Europe/Lisbon", None, "2026-03-29T10:00:00+01:00"),
        ("2026-10-25T00:30", "Europe/Lisbon", None, "2026-10-25T10:00:00+00:00"),
        ("2026-04-05T08:00", "America/Mexico_City", None, "2026-04-05T10:00:00-06:00"),
        ("2022-04-03T08:00", "America/Mexico_City", None, "2022-04-03T10:00:00-05:00"),
        ("2026-04-04T14:00", "Australia/Lord_Howe", None, "2026-04-05T10:00:00+10:30"),
        ("2026-10-03T14:00", "Australia/Lord_Howe", None, "2026-10-04T10:00:00+11:00"),
    ],
)
def test_a_text_waits_for_the_morning_of_the_place(now: str, zone: str, place: str | None, expected: str) -> None:
    found = allowed_from(datetime.fromisoformat(now).replace(tzinfo=UTC), time_zone=zone, place=place)
    assert found.astimezone(ZoneInfo(zone)).isoformat() == expected
    assert found.utcoffset() == timedelta(0)


def test_an_hour_that_does_not_exist_opens_when_the_clock_has_jumped() -> None:
    before = at("Europe/Lisbon", 2026, 3, 29, 0, 59)
    found = allowed_from(before, time_zone="Europe/Lisbon", company=(1, 20))
    assert found.astimezone(ZoneInfo("Europe/Lisbon")).isoformat() == "2026-03-29T02:00:00+01:00"


def test_half_an_hour_that_does_not_exist_is_no_trap() -> None:
    # Lord Howe goes from 02:00 to 02:30.
    found = allowed_from(
        at("Australia/Lord_Howe", 2026, 10, 4, 1, 59), time_zone="Australia/Lord_Howe", company=(2, 20)
    )
    assert found.astimezone(ZoneInfo("Australia/Lord_Howe")).isoformat() == "2026-10-04T02:30:00+11:00"


def test_a_midnight_that_does_not_exist_starts_the_day_at_one() -> None:
    # Santiago and Havana jump from 24:00 to 01:00.
    for zone, day in (("America/Santiago", (2026, 9, 5)), ("America/Havana", (2026, 3, 7))):
        found = allowed_from(at(zone, *day, 23, 30), time_zone=zone, company=(0, 20))
        local = found.astimezone(ZoneInfo(zone))
        assert (local.day, local.hour, local.minute) == (day[2] + 1, 1, 0)


def test_an_hour_that_comes_twice_is_allowed_twice() -> None:
    zone = "America/New_York"  # 01:00 to 02:00 comes twice on 1 November
    first, second = at(zone, 2026, 11, 1, 1, 30), at(zone, 2026, 11, 1, 1, 30, fold=1)
    assert allowed_from(first, time_zone=zone, company=(1, 2)) == first
    assert allowed_from(second, time_zone=zone, company=(1, 2)) == second
    between = at(zone, 2026, 11, 1, 0, 30)
    assert allowed_from(between, time_zone=zone, company=(1, 2)) == at(zone, 2026, 11, 1, 1, 0)


def test_a_day_that_was_left_out_is_left_out() -> None:
    # Samoa went from 29 to 31 December 2011.
    found = allowed_from(at("Pacific/Apia", 2011, 12, 29, 21), time_zone="Pacific/Apia")
    assert found.astimezone(ZoneInfo("Pacific/Apia")).isoformat() == "2011-12-31T10:00:00+14:00"


def test_weekends_and_holidays_are_left_out_when_the_company_says_so() -> None:
    friday_night = at("Asia/Shanghai", 2026, 9, 25, 20, 0)
    assert allowed_from(friday_night, time_zone="Asia/Shanghai").date() == date(2026, 9, 26)
    assert allowed_from(friday_night, time_zone="Asia/Shanghai", weekdays=range(5)).date() == date(2026, 9, 28)
    golden_week = {date(2026, 10, day) for day in range(1, 9)}
    found = allowed_from(
        at("Asia/Shanghai", 2026, 9, 30, 20), time_zone="Asia/Shanghai", weekdays=range(5), holidays=golden_week
    )
    assert found == at("Asia/Shanghai", 2026, 10, 9, 10)


def test_hours_that_never_meet_are_refused() -> None:
    with pytest.raises(NoHoursError) as refused:
        allowed_from(at("Asia/Shanghai", 2026, 3, 3, 12), time_zone="Asia/Shanghai", place="CN", company=(21, 23))
    assert refused.value.message.endswith(".")
    with pytest.raises(NoHoursError):
        allowed_from(at("Asia/Shanghai", 2026, 3, 3, 12), time_zone="Asia/Shanghai", weekdays=())


def test_a_place_takes_its_own_hours_then_its_country_s_then_none() -> None:
    assert windows("US-RI") == ((9, 18),) * 5 + ((10, 17),) * 2
    assert windows("us-ca") == windows("US") == ((8, 21),) * 7
    assert windows("FR") == ((8, 22),) * 6 + (None,)
    assert windows("JP") is windows("") is windows(None) is None


instants = st.integers(946_684_800, 2_051_222_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
hours = st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda pair: pair[0] < pair[1])


@given(instants, st.sampled_from(ZONES), hours)
def test_the_answer_is_allowed_and_nothing_before_it_is(now: datetime, zone: str, company: tuple[int, int]) -> None:
    def allowed(instant: datetime) -> bool:
        return company[0] <= instant.astimezone(ZoneInfo(zone)).hour < company[1]

    found = allowed_from(now, time_zone=zone, company=company)
    assert found >= now
    assert allowed(found)
    assert allowed_from(found, time_zone=zone, company=company) == found
    wait = found - now
    assert wait < timedelta(hours=50)
    assert not wait or not any(allowed(now + wait * part / 40) for part in range(40))


@given(instants, st.sampled_from(ZONES))
def test_spans_join_without_a_gap_and_keep_their_offset(start: datetime, zone: str) -> None:
    expected = start
    for begin, end, offset in steady_spans(start, zone, days=200):
        assert begin == expected < end
        last = end - timedelta(microseconds=1)
        assert begin.astimezone(ZoneInfo(zone)).utcoffset() == last.astimezone(ZoneInfo(zone)).utcoffset() == offset
        expected = end
    assert expected >= start + timedelta(days=200)


def test_a_table_of_hours_may_be_given_instead_of_a_place() -> None:
    found = allowed_from(at("UTC", 2026, 3, 3, 12), time_zone="UTC", law=[None] * 6 + [(15, 16)])
    assert found == at("UTC", 2026, 3, 8, 15)
