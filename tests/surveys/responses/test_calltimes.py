"""When somebody would like to be called: what they type, on their own clock; what is not understood stays words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.responses.calltimes import call_time, window_of
from surveys.responses.parsing import read_reply

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)  # 14:00 in Shanghai


def told(text: str, now: datetime = FRIDAY, zone: ZoneInfo = SHANGHAI) -> str | None:
    """The window as it is read on the customer's clock."""
    found = call_time(text)
    window = window_of(found, now=now, zone=zone) if found else None
    if window is None:
        return None
    start, end = window.start.astimezone(zone), window.end.astimezone(zone)
    return f"{start:%a %d %H:%M} to {end:%H:%M}" if start.date() == end.date() else f"{start:%a %d} to {end:%a %d}"


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("Monday at 10", "Mon 23 10:00 to 11:00"),
        ("Mon morning please", "Mon 23 09:00 to 12:00"),
        ("周一上午十点", "Mon 23 10:00 to 11:00"),
        ("星期一上午10点半", "Mon 23 10:30 to 11:30"),
        ("tomorrow after 3", "Sat 21 15:00 to 20:00"),
        ("明天下午3点以后", "Sat 21 15:00 to 20:00"),
        ("星期三下午", "Wed 25 13:00 to 18:00"),
        ("禮拜三下午", "Wed 25 13:00 to 18:00"),
        ("下周三下午三点前", "Wed 25 09:00 to 15:00"),
        ("next week", "Mon 23 to Fri 27"),
        ("下周", "Mon 23 to Fri 27"),
        ("next Tuesday between 2 and 4", "Tue 24 14:00 to 16:00"),
        ("Tuesday next week, after 5pm", "Tue 24 17:00 to 20:00"),
        ("Friday", "Fri 20 09:00 to 20:00"),
        ("Friday before 11", "Fri 27 09:00 to 11:00"),
        ("this Friday before 11", None),  # it is over
        ("后天上午", "Sun 22 09:00 to 12:00"),
        ("day after tomorrow at 4", "Sun 22 16:00 to 17:00"),
        ("after 5", "Fri 20 17:00 to 20:00"),
        ("今晚七点", "Fri 20 19:00 to 20:00"),
        ("tonight", "Fri 20 17:00 to 20:00"),
        ("before 9 on Wednesday", None),  # nobody is there so early
        ("Monday or Tuesday", None),
        ("not Monday", None),
        ("any day but Monday", None),
        ("下下周一", None),
        ("周末", None),
        ("the sun was shining", None),
        ("I sat there for an hour", None),
        ("my wed ding is on Monday", None),
        ("call my sister", None),
        ("2", None),
        ("whenever", None),
        ("周一到周五", None),
    ],
)
def test_words_become_a_window_on_the_customers_clock(text: str, window: str | None) -> None:
    assert told(text) == window


def test_the_customers_own_monday_counts() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # Monday morning in Shanghai, Sunday evening in Mexico
    assert told("Monday at 10", late) == "Mon 23 10:00 to 11:00"
    assert told("tomorrow at 10", late, ZoneInfo("America/Mexico_City")) == "Mon 23 10:00 to 11:00"
    assert told("tomorrow at 10", late) == "Tue 24 10:00 to 11:00"


@pytest.mark.parametrize(("text", "value"), [("Monday at 10", 2), ("周一上午十点", 2), ("tomorrow", 2), ("after 5", 1)])
def test_a_reply_that_names_a_later_day_asks_for_a_call_and_keeps_the_words(text: str, value: int) -> None:
    reply = read_reply(text, kind="callback", choices=("today", "tomorrow", "none"))
    assert reply.value == value
    assert reply.comment == (None if text == "tomorrow" else text)


@pytest.mark.parametrize(
    "text",
    [
        "今天明天都可以",
        "今日聽日都得",
        "明天或今天都行",
        "今明两天都可以",
        "both today and tomorrow work",
        "not tomorrow, today",
        "not tomorrow today please",
        "don't call me tomorrow, today please",
        "tomorrow's no good, today",
        "today but not tomorrow",
        "不要明天，今天",
        "不是明天，是今天",
        "明天不行今天可以",
        "唔好聽日，今日",
    ],
)
def test_whom_today_suits_is_called_today_whatever_is_said_of_tomorrow(text: str) -> None:
    assert told(text) == "Fri 20 09:00 to 20:00"


@pytest.mark.parametrize(
    "text",
    [
        "今天明天",
        "today tomorrow",
        "today or tomorrow",
        "今天明天都不行",
        "今天明天不行",
        "不要今天、明天",
        "not today, not tomorrow",
        "not tomorrow",
        "今天明天都可以下午三点后",
        "not tomorrow morning",
        "not tomorrow morning, today",
        "not today, after 5",
    ],
)
def test_a_day_that_may_be_another_is_no_promise(text: str) -> None:
    assert told(text) is None


@pytest.mark.parametrize(("text", "value"), [("一", 1), ("二", 2), ("三", 3), ("3", 3), ("三点", 1)])
def test_a_number_alone_is_a_choice_and_no_hour(text: str, value: int) -> None:
    assert read_reply(text, kind="callback").value == value


@given(
    st.sampled_from(["Monday", "next Friday", "Wed", "周日", "下周二", "tomorrow", "today", "后天", "next week"]),
    st.sampled_from(["", " at 10", " after 3", " before 4pm", " 上午", " morning", "下午三点"]),
    st.integers(0, 2 * 365 * 24 * 4),
    st.sampled_from(["America/Mexico_City", "Asia/Shanghai", "Europe/Lisbon", "Australia/Lord_Howe"]),
)
def test_a_window_is_never_over_and_never_at_night(day: str, hour: str, quarters: int, zone: str) -> None:
    now, here = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarters), ZoneInfo(zone)
    found = call_time(day + hour)
    window = window_of(found, now=now, zone=here) if found else None
    if window is not None:
        assert window.start < window.end and window.end > now
        assert window.start.astimezone(here).hour >= 7 and window.end.astimezone(here).hour <= 22
        assert window.end - now < timedelta(days=14)
