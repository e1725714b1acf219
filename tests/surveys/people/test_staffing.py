"""Staff: what is typed in is checked, phones are verified, absences counted, and who leaves leaves nothing behind."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.auth.models import AuditEntry, User
from app.auth.roles import Role
from app.auth.service import create_user
from app.extensions import commit, db
from app.leavers import sweep_days
from notifications.gsm import is_gsm, segments
from notifications.texts import LANGUAGES
from surveys.people.models import Branch, Customer, Staff
from surveys.people.refusals import Wrong
from surveys.people.staff_phones import catalogue, check_code, code_waits, send_code
from surveys.people.staffing import StaffFacts, add_absence, change_staff, hire, leave, stay
from tests import world
from tests.app.cases.unhappy import ANGRY, says, served, the_case, work
from tests.conftest import ManualClock
from tests.phones import received, text_in
from tests.world import DEPUTY_PHONE, MANAGER_PHONE

TODAY = date(2026, 11, 20)
NEW_PHONE = "+15005552099"


def person(code: str) -> Staff:
    return db.session.scalars(select(Staff).where(Staff.code == code)).one()


def branch(code: str = "BJ-01") -> Branch:
    return db.session.scalars(select(Branch).where(Branch.code == code)).one()


def facts(**said: object) -> StaffFacts:
    """A newcomer as somebody types them in, with what the story says otherwise."""
    usual = StaffFacts(
        code="S-90", name="Mary Hill", role="agent", branch=branch(), phone=NEW_PHONE, email="mary@harbour.example"
    )
    return replace(usual, **said)  # type: ignore[arg-type]  # every story names fields of it


def facts_of(someone: Staff, **said: object) -> StaffFacts:
    """Somebody as they are known, with what the story changes."""
    kept = StaffFacts(
        code=someone.code,
        name=someone.name,
        role=someone.role,
        branch=someone.branch,
        language=someone.language,
        phone=someone.phone,
        email=someone.email,
        manager=someone.manager,
        deputy=someone.deputy,
    )
    return replace(kept, **said)  # type: ignore[arg-type]


def codes(told: object) -> list[tuple[str, str]]:
    assert isinstance(told, list)
    return [(wrong.field, wrong.code) for wrong in told]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"code": "S-10"}, ("code", "code_taken")),
        ({"name": " "}, ("name", "person_empty")),
        ({"name": "Twenty-one characters"}, ("name", "name_long")),
        ({"name": "欧阳小明明"}, ("name", "name_long")),
        ({"role": "wizard"}, ("role", "role")),
        ({"language": "fr"}, ("language", "language")),
        ({"branch": None}, ("branch", "parent_empty")),
        ({"phone": "not a number"}, ("phone", "phone")),
        ({"phone": MANAGER_PHONE}, ("phone", "phone_taken")),
        ({"email": "nobody"}, ("email", "email")),
    ],
)
def test_what_cannot_be_is_told_by_field(
    app: Flask, clock: ManualClock, said: dict[str, object], wrong: tuple[str, str]
) -> None:
    with app.app_context():
        world.build(clock.now())
        told = hire(facts(**said), today=TODAY)
        assert codes(told) == [wrong]


def test_managers_and_deputies_never_run_in_a_circle(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.build(clock.now())
        regional, manager, deputy = person("S-01"), person("S-10"), person("S-11")
        assert codes(change_staff(regional, facts_of(regional, manager=person("S-17")), today=TODAY)) == [
            ("manager", "manager_cycle")
        ]
        assert codes(change_staff(deputy, facts_of(deputy, deputy=manager), today=TODAY)) == [
            ("deputy", "deputy_cycle")
        ]
        assert codes(change_staff(manager, facts_of(manager, deputy=manager), today=TODAY)) == [
            ("deputy", "self_deputy")
        ]
        assert change_staff(deputy, facts_of(deputy, manager=manager), today=TODAY) is True


def test_a_phone_is_verified_by_the_code_typed_in(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.build(clock.now())
        mary = hire(facts(), today=TODAY)
        assert isinstance(mary, Staff)
        assert mary.phone_verified_at is None
        assert send_code(mary, now=clock.now()) is None
        commit()
    work(app, clock.now())
    (text,) = received(app, NEW_PHONE)
    found = re.search(r"\b\d{6}\b", text)
    assert found
    code = found[0]
    with app.app_context():
        mary = person("S-90")
        assert code_waits(mary, now=clock.now())
        wrong = "000000" if code != "000000" else "111111"
        assert check_code(mary, wrong, now=clock.now()) == Wrong("code", "code_wrong")
        assert check_code(mary, f" {code} ", now=clock.now()) is None
        assert mary.phone_verified_at == clock.now()
        assert send_code(mary, now=clock.now()) == Wrong("phone", "verified")
        change_staff(mary, facts_of(mary, phone="+15005552098"), today=TODAY)
        assert mary.phone_verified_at is None, "another phone must be verified anew"


def test_a_phone_is_verified_by_texting_the_code_back(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.build(clock.now())
        mary = hire(facts(language="zh-Hans"), today=TODAY)
        assert isinstance(mary, Staff)
        send_code(mary, now=clock.now())
        commit()
    work(app, clock.now())
    found = re.search(r"\d{6}", received(app, NEW_PHONE)[0])
    assert found
    text_in(app, NEW_PHONE, found[0], clock.now())
    work(app, clock.now())
    assert received(app, NEW_PHONE)[1].startswith("【海港银行】验证成功")
    with app.app_context():
        assert person("S-90").phone_verified_at == clock.now()


def test_a_code_cannot_be_guessed_and_grows_old(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.build(clock.now())
        mary = hire(facts(), today=TODAY)
        assert isinstance(mary, Staff)
        send_code(mary, now=clock.now())
        told = [check_code(mary, "no code", now=clock.now()) for _ in range(6)]
        assert [wrong.code for wrong in told if wrong] == ["code_wrong"] * 5 + ["code_over"]
        for _ in range(4):
            clock.advance(minutes=1)
            assert send_code(mary, now=clock.now()) is None
        assert send_code(mary, now=clock.now()) == Wrong("phone", "too_often")
        clock.advance(days=1, minutes=1)
        assert check_code(mary, "123456", now=clock.now()) == Wrong("code", "code_over")


def test_an_unverified_phone_gets_no_alert(app: Flask, clock: ManualClock) -> None:
    served(app, clock)
    with app.app_context():
        manager = person("S-10")
        change_staff(manager, facts_of(manager, phone=NEW_PHONE), today=TODAY)
        commit()
    says(app, clock, f"2 {ANGRY}")
    assert received(app, NEW_PHONE) == []
    assert the_case(app).owner.code == "S-10"


def test_several_absences_are_kept_and_do_not_overlap(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.build(clock.now())
        manager = person("S-10")
        add_absence(manager, first=date(2026, 12, 1), last=date(2026, 12, 5))
        add_absence(manager, first=date(2027, 1, 4), last=None)
        assert add_absence(manager, first=date(2026, 12, 5), last=date(2026, 12, 9)) == Wrong("first_day", "overlaps")
        assert add_absence(manager, first=date(2026, 12, 9), last=date(2026, 12, 8)) == Wrong("last_day", "days")
        assert [manager.absent_on(day) for day in (date(2026, 12, 5), date(2026, 12, 6), date(2028, 1, 1))] == [
            True,
            False,
            True,
        ]


def test_who_leaves_leaves_cases_customers_posts_and_the_account_to_others(app: Flask, clock: ManualClock) -> None:
    served(app, clock, owner="S-10")
    says(app, clock, f"2 {ANGRY}")
    with app.app_context():
        manager, deputy = person("S-10"), person("S-11")
        create_user(
            email="anna@harbour.example",
            name="Anna",
            password="a quiet harbour",
            role=Role.BRANCH_MANAGER,
            branch=branch(),
            staff=manager,
            now=clock.now(),
        )
        assert leave(manager, on=TODAY + timedelta(days=3), successor=manager) == Wrong("successor", "successor")
        assert leave(manager, on=TODAY + timedelta(days=3), successor=deputy) is None
        commit()
    work(app, clock.now())
    assert the_case(app).owner.code == "S-10", "until the day has come"
    clock.advance(days=3)
    before = len(received(app, DEPUTY_PHONE))
    work(app, clock.now())
    case = the_case(app)
    assert case.owner.code == "S-11"
    assert [text for text in received(app, DEPUTY_PHONE)[before:] if "Anna Reed hands you" in text]
    with app.app_context():
        manager, deputy = person("S-10"), person("S-11")
        assert branch().manager is deputy
        assert branch("BJ-02").manager is deputy
        assert deputy.deputy is None and deputy.manager is not deputy
        assert person("S-17").manager is deputy
        assert db.session.scalars(select(Customer)).one().owner is deputy
        assert (manager.phone_verified_at, manager.settled_at) == (None, clock.now())
        assert db.session.scalars(select(User)).one().active is False
        line = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.settled")).one()
        assert line.detail == {"successor": deputy.id, "customers": 1, "cases": 1}
        assert stay(manager) == Wrong("left_on", "has_left")
        assert sweep_days(clock.now()) == 0


def test_whoever_changes_their_mind_stays(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.build(clock.now())
        manager = person("S-10")
        leave(manager, on=TODAY + timedelta(days=3), successor=person("S-11"))
        assert stay(manager) is None
        commit()
        clock.advance(days=4)
        assert sweep_days(clock.now()) == 0
        assert not manager.absent_on(TODAY + timedelta(days=4))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(catalogue().entries))
def test_texts_to_staff_fit_one_segment_or_say_otherwise(key: str, language: str) -> None:
    said = catalogue().longest(key, language)
    assert segments(said).count == catalogue().entries[key].segments[language]
    assert language != "en" or is_gsm(said)
