"""The branch tree: opened, renamed, moved and closed; what cannot be is told, and nothing changes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from app.auth.roles import Role, scope
from app.auth.service import create_user
from app.cases.wording import catalogue as case_texts
from app.extensions import commit, db
from surveys.invitations.events import Unknown
from surveys.people.models import Branch, Closure, Staff
from surveys.people.places import (
    LONGEST_NAME,
    PlaceFacts,
    add_closure,
    change_place,
    close_place,
    law_of,
    open_place,
    reopen_place,
)
from surveys.people.queries import branch_by_code
from surveys.people.refusals import Wrong
from surveys.people.staffing import LONGEST_NAME as LONGEST_STAFF_NAME
from surveys.responses.catalogue import catalogue as customer_texts
from tests import world
from tests.conftest import ManualClock

TODAY = date(2026, 11, 20)


def facts(parent: Branch | None, **said: object) -> PlaceFacts:
    """A branch as somebody types it in, with what the story says otherwise."""
    usual = PlaceFacts(
        code="BJ-09",
        kind="branch",
        names={"en": "Old Town", "zh-Hans": "老城支行", "zh-Hant": ""},
        parent=parent,
        time_zone="Asia/Shanghai",
        country="CN",
    )
    return replace(usual, **said)  # type: ignore[arg-type]  # every story names fields of it


def place(code: str) -> Branch:
    found = branch_by_code(code)
    assert found is not None
    return found


def codes(told: object) -> list[tuple[str, str]]:
    """Field and reason of everything that was wrong."""
    assert isinstance(told, list)
    return [(wrong.field, wrong.code) for wrong in told]


def test_a_tree_of_any_depth_stands(any_app: Flask, clock: ManualClock) -> None:
    with any_app.app_context():
        world.build(clock.now())
        above = place("NORTH")
        for depth in range(4):
            made = open_place(
                facts(above, code=f"SUB-{depth}", kind="region", names={"en": f"Level {depth}"}), today=TODAY
            )
            assert isinstance(made, Branch)
            above = made
        branch = open_place(facts(above, phone="010 5555 0100"), today=TODAY)
        commit()
        assert isinstance(branch, Branch)
        assert (branch.name("zh-Hans"), branch.phone, branch.place) == ("老城支行", "+861055550100", "CN")
        assert branch.weekdays is None, "as at the place above"


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"code": ""}, ("code", "code_empty")),
        ({"code": "BJ 09"}, ("code", "code_empty")),
        ({"code": "BJ-01"}, ("code", "code_taken")),
        ({"names": {"en": " "}}, ("names.en", "name_empty")),
        ({"names": {"en": "Seventeen letters"}}, ("names.en", "name_long")),
        ({"names": {"en": "Fine", "zh-Hans": "七个汉字的支行"}}, ("names.zh-Hans", "name_long")),
        ({"kind": "kiosk"}, ("kind", "kind")),
        ({"kind": "company"}, ("kind", "second_company")),
        ({"parent": None}, ("parent", "parent_empty")),
        ({"time_zone": "Mars/Olympus"}, ("time_zone", "time_zone")),
        ({"country": "XX"}, ("country", "country")),
        ({"country": "DE", "subdivision": "nowhere"}, ("subdivision", "subdivision")),
        ({"phone": "ring me"}, ("phone", "phone")),
        ({"opens_at": "09:00"}, ("closes_at", "hours")),
        ({"opens_at": "18:00", "closes_at": "09:00"}, ("closes_at", "hours")),
        ({"opens_at": "9", "closes_at": "25:00"}, ("closes_at", "hours")),
        ({"weekdays": "128"}, ("weekdays", "weekdays")),
    ],
)
def test_what_cannot_be_is_told_by_field(
    app: Flask, clock: ManualClock, said: dict[str, object], wrong: tuple[str, str]
) -> None:
    with app.app_context():
        world.build(clock.now())
        told = open_place(replace(facts(place("NORTH")), **said), today=TODAY)  # type: ignore[arg-type]
        assert codes(told) == [wrong]
        assert branch_by_code("BJ-09") is None
        assert isinstance(told, list)
        assert told[0].message("en") != told[0].message("zh-Hans")
        assert "{" not in told[0].message("en") + told[0].message("zh-Hans")


def test_a_place_cannot_be_moved_under_itself_and_nothing_lies_under_a_branch(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.build(clock.now())
        north = place("NORTH")
        below = open_place(facts(north, code="SUB", kind="region"), today=TODAY)
        assert isinstance(below, Branch)
        into_itself = facts(below, code="NORTH", kind="region", names=dict(north.names))
        assert codes(change_place(north, into_itself, today=TODAY)) == [("parent", "cycle")]
        into_a_branch = facts(place("BJ-01"), code="SUB", kind="region")
        assert codes(change_place(below, into_a_branch, today=TODAY)) == [("parent", "parent_is_branch")]
        assert north.parent_id == place("HB").id
        top = facts(north, code="HB", kind="company", names={"en": "Harbour Bank"})
        assert codes(change_place(place("HB"), top, today=TODAY)) == [("parent", "company_above")]


def test_moving_a_branch_changes_at_once_who_sees_it(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.build(clock.now())
        south = open_place(facts(place("HB"), code="SOUTH", kind="region", names={"en": "Region South"}), today=TODAY)
        assert isinstance(south, Branch)
        user = create_user(
            email="lin@harbour.example",
            name="Lin",
            password="a quiet harbour",
            role=Role.REGIONAL_MANAGER,
            branch=place("NORTH"),
            now=clock.now(),
        )
        branch = place("BJ-02")
        assert scope(user).reaches(branch.id)
        moved = change_place(branch, facts(south, code="BJ-02", names=dict(branch.names)), today=TODAY)
        commit()
        assert moved is True
        assert not scope(user).reaches(branch.id)


def test_a_closed_branch_keeps_its_history_and_takes_no_events(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.build(clock.now())
        north, central = place("NORTH"), place("BJ-01")
        before = world.served(clock.now()).event
        assert close_place(north, on=TODAY) == Wrong("closed_on", "below_open")
        assert close_place(central, on=TODAY) is None
        commit()
        with pytest.raises(AssertionError, match="branch_closed"):
            world.served(clock.now(), ref="T-2")
        yesterday = world.served(clock.now(), ref="T-3", ago=timedelta(days=1))
        assert yesterday.status == "new", "it was open then"
        assert before.branch is central
        reopen_place(central)
        assert world.served(clock.now(), ref="T-2").status == "new"


def test_an_event_of_a_closed_branch_is_refused_with_a_sentence(app: Flask, clock: ManualClock) -> None:
    from surveys.invitations.events import NewEvent, record
    from surveys.people.service import Person

    with app.app_context():
        world.build(clock.now())
        close_place(place("BJ-01"), on=TODAY)
        event = NewEvent(
            source="core",
            external_ref="T-9",
            touchpoint="branch_visit",
            branch="BJ-01",
            occurred_at=clock.now(),
            person=Person(external_ref="C-9"),
        )
        told = record(event, now=clock.now())
        assert told == Unknown(
            "/branch",
            "branch_closed",
            "'BJ-01' is closed since 2026-11-20; name the branch that served the customer.",
        )


def test_closures_are_kept_with_a_reason_and_refused_without(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        world.build(clock.now())
        central = place("BJ-01")
        day = date(2026, 12, 24)
        assert add_closure(central, first=day, last=day - timedelta(days=1), opens=False, reason="x") == Wrong(
            "last_day", "days"
        )
        assert add_closure(central, first=day, last=day, opens=False, reason=" ") == Wrong("reason", "reason_empty")
        too_long = day + timedelta(days=400)
        assert add_closure(central, first=day, last=too_long, opens=False, reason="x") == Wrong("last_day", "days_many")
        kept = add_closure(central, first=day, last=day, opens=True, reason="Christmas market")
        assert isinstance(kept, Closure) and central.closures == [kept]


def test_somebody_who_left_answers_for_no_place(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        built = world.build(clock.now())
        gone = db.session.get_one(Staff, built.deputy)
        gone.left_on = TODAY
        told = open_place(facts(place("NORTH"), manager=gone, on_call=gone), today=TODAY)
        assert codes(told) == [("manager", "gone"), ("on_call", "gone")]


def test_a_state_with_its_own_hours_for_texts_is_known_by_its_letters() -> None:
    assert (law_of("US", "TX"), law_of("CN", None), law_of("DE", "Augsburg")) == ("US-TX", "CN", "DE")


def test_names_that_are_taken_fit_into_every_text() -> None:
    for language in ("en", "zh-Hans"):
        rooms = [texts().room("branch", language) for texts in (case_texts, customer_texts)]
        assert LONGEST_NAME[language] == min(room for room in rooms if room is not None)
        assert LONGEST_STAFF_NAME[language] == case_texts().room("name", language)
