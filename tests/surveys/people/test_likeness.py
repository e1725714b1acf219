"""One person under two references: who is proposed as the same, and who never again."""

import pytest
from flask import Flask

from app.extensions import commit
from surveys.people.likeness import likeness
from surveys.people.merging import two_people
from tests import world
from tests.conftest import ManualClock
from tests.surveys.people.folk import known, proposed


@pytest.mark.parametrize(
    "spelling", ["Clara Wong", "clara  wong", "Clara-Wong", "ＣＬＡＲＡ　ＷＯＮＧ", "Clara\u00a0Wong."]
)
def test_a_name_is_the_same_however_it_is_typed(spelling: str) -> None:
    assert likeness(spelling, "1980-05-17") == likeness("Clara Wong", "1980-05-17")


@pytest.mark.parametrize(
    ("name", "born"), [("Clara Wang", "1980-05-17"), ("Clara Wong", "1980-05-18"), ("黄淑华", "1980-05-17")]
)
def test_another_name_or_day_is_somebody_else(name: str, born: str) -> None:
    assert likeness(name, born) != likeness("Clara Wong", "1980-05-17")


@pytest.mark.parametrize(("name", "born"), [("", "1980-05-17"), (" -·", "1980-05-17"), ("Clara Wong", None)])
def test_half_of_it_says_nothing(name: str, born: str | None) -> None:
    assert likeness(name, born) is None


def test_chinese_names_are_told_apart_and_found_alike() -> None:
    assert likeness("陈 静", "1990-01-02") == likeness("陈静", "1990-01-02") != likeness("陈晶", "1990-01-02")


@pytest.fixture
def company(any_app: Flask, clock: ManualClock) -> Flask:
    """The bank, on each database."""
    with any_app.app_context():
        world.build(clock.now())
        commit()
    return any_app


def test_who_may_be_one_person_is_proposed_with_every_reason(company: Flask, clock: ManualClock) -> None:
    now = clock.now()
    with company.app_context():
        clara = known(now, "C-1", born="1980-05-17", phone="+15005551001", email="clara@example.com")
        again = known(now, "C-2", name="clara wong", born="1980-05-17", email=" Clara@EXAMPLE.com ")
        husband = known(now, "C-3", name="Paul Wong", phone="+15005551001")
        known(now, "C-4", name="Clara Wong", phone="+15005551004")
        commit()
        assert proposed() == [(clara, again, ("email", "likeness")), (clara, husband, ("phone",))]


def test_two_people_are_not_proposed_again(company: Flask, clock: ManualClock) -> None:
    now = clock.now()
    with company.app_context():
        clara = known(now, "C-1", phone="+15005551001")
        husband = known(now, "C-3", name="Paul Wong", phone="+15005551001")
        for _ in range(2):
            two_people(husband, clara, now=now)
        commit()
        assert proposed() == []
        two_people(clara, clara, now=now)


def test_a_corrected_name_is_found_alike_from_then_on(company: Flask, clock: ManualClock) -> None:
    now = clock.now()
    with company.app_context():
        clara = known(now, "C-1", born="1980-05-17")
        other = known(now, "C-2", name="Klara Wong", born="1980-05-17")
        commit()
        assert proposed() == []
        assert known(now, "C-2", name="Clara Wong") == other
        commit()
        assert proposed() == [(clara, other, ("likeness",))]


@pytest.mark.parametrize("spelling", ["CLARA@example.com", "clara@EXAMPLE.COM", "Clara Wong <Clara@Example.com>"])
def test_a_mailbox_is_one_however_it_is_written(company: Flask, clock: ManualClock, spelling: str) -> None:
    with company.app_context():
        clara = known(clock.now(), "C-1", email="clara@example.com")
        assert known(clock.now(), email=spelling) == clara
