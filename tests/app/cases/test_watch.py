"""The next deadline of a case, from values alone."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.hours import Place
from app.cases.policy import State
from app.cases.watch import Due, Watch, Watched, awake, call_again, call_due, next_due
from surveys.people.calendars import Calendar

FRIDAY = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)  # 14:00 in Shanghai

PLACE = Place("Asia/Shanghai", Calendar())
OPEN = Watched(
    state=State.OPEN,
    priority=2,
    critical=True,
    no_call=False,
    acknowledge_by=FRIDAY + timedelta(hours=1),
    half_time_at=FRIDAY + timedelta(hours=12),
    contact_by=FRIDAY + timedelta(hours=24),
    resolve_by=FRIDAY + timedelta(days=7),
    promised_by=None,
    promised_at=None,
    moved_at=FRIDAY,
    clock_from=FRIDAY,
    looked_at=FRIDAY,
    done=(),
)


@pytest.mark.parametrize(
    ("change", "watch"),
    [
        ({}, Watch.ACKNOWLEDGE),
        ({"state": State.ACKNOWLEDGED}, Watch.CONTACT),
        ({"state": State.CONTACTED}, Watch.RESOLVE),
        ({"state": State.ACKNOWLEDGED, "no_call": True}, Watch.RESOLVE),
        ({"state": State.ACKNOWLEDGED, "promised_by": FRIDAY + timedelta(hours=2)}, Watch.PROMISE_DUE),
        (
            {"state": State.ACKNOWLEDGED, "promised_by": FRIDAY + timedelta(minutes=20), "promised_at": FRIDAY},
            Watch.PROMISE,
        ),
    ],
)
def test_what_is_waited_for_follows_from_where_the_case_stands(change: dict[str, object], watch: Watch) -> None:
    assert next_due(replace(OPEN, **change), PLACE).watch is watch  # type: ignore[arg-type]


def test_whoever_gets_a_case_after_its_deadline_has_time_of_their_own() -> None:
    monday = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    late = replace(OPEN, contact_by=monday, moved_at=monday, clock_from=monday)
    assert call_due(late, PLACE) == monday + timedelta(hours=4)
    assert next_due(late, PLACE) == Due(Watch.CONTACT, monday + timedelta(hours=4))


def test_what_was_dealt_with_is_not_waited_for_again() -> None:
    noted = replace(OPEN, done={("acknowledge", OPEN.acknowledge_by)})
    assert next_due(noted, PLACE) == Due(Watch.HALF_TIME, OPEN.half_time_at)


def test_when_every_deadline_is_over_somebody_looks_once_an_opening_day() -> None:
    over = {("acknowledge", OPEN.acknowledge_by), ("half_time", OPEN.half_time_at), ("contact", OPEN.contact_by)}
    monday, tuesday = datetime(2026, 11, 23, 1, 0, tzinfo=UTC), datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert next_due(replace(OPEN, done=over, looked_at=OPEN.contact_by), PLACE) == Due(Watch.STILL, monday)
    assert next_due(replace(OPEN, done=over, looked_at=monday), PLACE) == Due(Watch.STILL, tuesday)


def test_nobody_who_takes_up_a_case_at_night_has_to_call_at_night() -> None:
    night = datetime(2026, 11, 23, 15, 40, tzinfo=UTC)  # Monday 23:40
    assert call_again(OPEN, PLACE, night) == datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # Tuesday noon
    friday_night = datetime(2026, 11, 20, 15, 40, tzinfo=UTC)
    assert call_again(OPEN, PLACE, friday_night) == datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.booleans(),
)
def test_a_time_given_anew_is_later_and_by_day(moment: datetime, critical: bool) -> None:
    due = call_again(replace(OPEN, critical=critical), PLACE, moment).astimezone(ZoneInfo(PLACE.time_zone))
    assert due > moment
    assert time(9) <= due.time() <= time(20)


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_nobody_is_woken_and_no_reminder_is_early(moment: datetime) -> None:
    later = awake(moment, "Asia/Shanghai")
    assert later >= moment
    assert later - moment <= timedelta(hours=9)
    hour = (later + timedelta(hours=8)).hour if later.tzinfo is UTC else later.hour
    assert 7 <= hour < 22
