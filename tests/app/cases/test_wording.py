"""How people and times are spoken of."""

from datetime import UTC, datetime, timedelta

import pytest

from app.cases.wording import called, customer_time, staff_time

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)  # Friday 14:00 in Shanghai
SHANGHAI = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("Clara Wong", "C. W.", "C.W."),
        ("陈静", "customer", "陈姓客户"),
        ("欧阳修", "customer", "欧阳客户"),
        ("", "customer", "客户"),
        ("Anna Maria von Reed", "A. M.", "A.M."),
    ],
)
def test_a_customer_is_called_by_less_than_their_name(name: str, english: str, chinese: str) -> None:
    assert called(name, "en") == english
    assert called(name, "zh-Hans") == chinese


@pytest.mark.parametrize(
    ("ahead", "english", "chinese"),
    [
        (timedelta(hours=1), "15:00", "15:00"),
        (timedelta(days=3), "Mon 14:00", "周一14:00"),
        (timedelta(days=-2), "Wed 14:00", "周三14:00"),
        (timedelta(days=7), "27 Nov", "11月27日"),
    ],
)
def test_a_colleague_is_told_a_time_in_few_signs(ahead: timedelta, english: str, chinese: str) -> None:
    assert staff_time(NOW + ahead, SHANGHAI, "en", now=NOW) == english
    assert staff_time(NOW + ahead, SHANGHAI, "zh-Hans", now=NOW) == chinese


def test_a_customer_is_told_a_time_that_is_still_right_tomorrow() -> None:
    assert customer_time(NOW, SHANGHAI, "en", now=NOW) == "14:00"
    assert customer_time(NOW + timedelta(days=1), SHANGHAI, "en", now=NOW) == "14:00 on 21 Nov"
    assert customer_time(NOW + timedelta(days=1), SHANGHAI, "zh-Hans", now=NOW) == "11月21日14:00"
