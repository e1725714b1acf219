"""Roles by place: what a grant lets somebody do, and how far it reaches."""

import pytest
from flask import Flask

from app.auth.models import Grant, User
from app.auth.roles import MATRIX, Permission, Role, Scope, scope
from app.auth.service import create_user
from app.extensions import db
from surveys.people.models import Branch, Staff
from tests import world
from tests.conftest import ManualClock


def account(place: int, role: Role, clock: ManualClock, *, staff: int | None = None) -> User:
    return create_user(
        email=f"{role}@harbour.example",
        name="Somebody",
        password="a quiet harbour",
        role=role,
        branch=db.session.get_one(Branch, place),
        staff=db.session.get_one(Staff, staff) if staff else None,
        now=clock.now(),
    )


def test_every_role_has_its_line_and_every_permission_somebody_who_holds_it() -> None:
    assert set(MATRIX) == set(Role)
    assert set().union(*MATRIX.values()) == set(Permission)


def test_only_administrators_administer_and_only_auditors_beside_them_read_the_audit_log() -> None:
    assert {role for role, may in MATRIX.items() if Permission.ADMINISTER in may} == {Role.ADMINISTRATOR}
    assert {role for role, may in MATRIX.items() if Permission.SEE_AUDIT in may} == {Role.ADMINISTRATOR, Role.AUDITOR}


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR])
def test_who_only_reads_handles_no_case_and_sees_no_customer(role: Role) -> None:
    assert not MATRIX[role] & {Permission.HANDLE_CASES, Permission.SEE_CUSTOMERS, Permission.LOOK_UP}


def test_a_grant_reaches_its_place_and_everything_below_it_and_nothing_beside_it(
    app: Flask, clock: ManualClock
) -> None:
    with app.app_context():
        place = world.build(clock.now())
        branch = scope(account(place.branch, Role.BRANCH_MANAGER, clock))
        region = scope(account(place.region, Role.REGIONAL_MANAGER, clock))
        whole = scope(account(place.company, Role.ADMINISTRATOR, clock))
        assert branch.branch_ids == {place.branch}
        assert region.branch_ids == {place.region, place.branch, place.other_branch}
        assert whole.branch_ids == region.branch_ids | {place.company}
        assert branch.reaches(place.branch)
        assert not branch.reaches(place.other_branch)
        assert not branch.reaches(None)


def test_an_account_manager_is_narrowed_to_their_own_customers_until_they_also_manage(
    app: Flask, clock: ManualClock
) -> None:
    with app.app_context():
        place = world.build(clock.now())
        user = account(place.branch, Role.ACCOUNT_MANAGER, clock, staff=place.account_manager)
        assert scope(user).own_staff_id == place.account_manager
        db.session.add(Grant(user_id=user.id, role=Role.BRANCH_MANAGER, branch_id=place.other_branch))
        db.session.flush()
        db.session.refresh(user)
        both = scope(user)
        assert both.own_staff_id is None
        assert both.branch_ids == {place.branch, place.other_branch}


def test_an_account_without_a_grant_may_do_nothing(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        place = world.build(clock.now())
        user = account(place.branch, Role.AGENT, clock)
        for grant in user.grants:
            db.session.delete(grant)
        db.session.flush()
        db.session.refresh(user)
        assert scope(user) == Scope(frozenset(), frozenset())
