"""When a text may leave, against a clock that is walked half hour by half hour through days that are not 24 h.

All four places change their clocks by whole half hours, so the first open moment is now, or a half hour of UTC.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.invitations.eligibility import Channel, Decision, Facts, Policy, Route, Rule, eligibility

DAYS = {
    "America/Mexico_City": (date(2022, 4, 3), date(2022, 10, 30), date(2026, 6, 1)),
    "Asia/Shanghai": (date(2026, 2, 17), date(2026, 12, 31)),
    "Europe/Lisbon": (date(2026, 3, 29), date(2026, 10, 25)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
}
HALF_HOUR = timedelta(minutes=30)
STALE, CAP = timedelta(hours=72), timedelta(days=90)


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, date, datetime]:
    """A zone, its strange day, and a minute within a day and a half of it."""
    zone = draw(st.sampled_from(sorted(DAYS)))
    day = draw(st.sampled_from(DAYS[zone]))
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return zone, day, midnight + timedelta(minutes=draw(st.integers(-2160, 2160)))


def first_open(
    begin: datetime, zone: str, hours: tuple[int, int], weekdays: tuple[int, ...], off: frozenset[date]
) -> datetime | None:
    """The clock on the wall, looked at again and again."""
    at = begin
    while at <= begin + timedelta(days=12):
        there = at.astimezone(ZoneInfo(zone))
        minutes = there.hour * 60 + there.minute
        if there.weekday() in weekdays and there.date() not in off and hours[0] * 60 <= minutes < hours[1] * 60:
            return at
        at = datetime.fromtimestamp((at.timestamp() // 1800 + 1) * 1800, UTC)
    return None


@settings(max_examples=400, deadline=None)
@given(
    moments(),
    st.integers(0, 73 * 60),
    st.sampled_from([0, 30, 120]),
    st.sampled_from([(10, 20), (9, 18), (0, 24), (2, 3), (1, 2), (8, 21)]),
    st.sampled_from([tuple(range(7)), tuple(range(5)), (5, 6)]),
    st.booleans(),
    st.sampled_from([None, -1, 0, 1]),
)
def test_a_text_leaves_at_the_first_minute_that_the_wall_clock_allows(
    moment: tuple[str, date, datetime],
    ago: int,
    delay: int,
    hours: tuple[int, int],
    weekdays: tuple[int, ...],
    holiday: bool,
    past_the_cap: int | None,
) -> None:
    zone, day, now = moment
    off = frozenset([day]) if holiday else frozenset()
    occurred = now - timedelta(minutes=ago)
    not_before = occurred + timedelta(minutes=delay)
    invited = None if past_the_cap is None else now - CAP - timedelta(minutes=past_the_cap)
    facts = Facts(
        programme="visit",
        time_zone=zone,
        place="ANY",
        routes=(Route(Channel.SMS, known=True),),
        occurred_at=occurred,
        not_before=not_before,
        sample_key="core:T-1",
        holidays=off,
        last_invited_at=invited,
    )
    found = eligibility(facts, Policy(company_hours=hours, weekdays=weekdays, respect_holidays=True), now=now)
    opens = first_open(max(now, not_before), zone, hours, weekdays, off)
    capped = past_the_cap == -1
    late = opens is None or opens > occurred + STALE
    if capped or late:
        assert found.decision is Decision.SKIPPED
        assert (Rule.FREQUENCY_CAP in found.stops) == capped
    else:
        assert found.send_at == opens
