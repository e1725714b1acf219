"""Accounts and keys: who is let in, who is not, and how often somebody may try."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from app.auth.models import ApiKey, Attempt, User
from app.auth.roles import Role
from app.auth.service import (
    NOBODY,
    WINDOW,
    RefusedSignIn,
    api_key_named_by,
    check_sign_in,
    create_api_key,
    create_user,
    opens,
    sign_out_everywhere,
)
from app.extensions import commit, db, real_now
from surveys.people.models import Branch
from tests import world
from tests.conftest import ManualClock

PASSWORD = "a quiet harbour"


def anna(clock: ManualClock) -> User:
    """The branch manager of Central with an account."""
    place = world.build(clock.now())
    user = create_user(
        email=" Anna@Harbour.Example ",
        name="Anna Reed",
        password=PASSWORD,
        role=Role.BRANCH_MANAGER,
        branch=db.session.get_one(Branch, place.branch),
        now=clock.now(),
    )
    commit()
    return user


def try_wrongly(times: int, *, email: str = "anna@harbour.example", source: str = "10.0.0.1") -> None:
    for _ in range(times):
        assert check_sign_in(email, "not this", source=source) == RefusedSignIn("wrong")
        commit()


def test_the_right_password_opens_the_account_however_the_mailbox_is_written(
    any_app: Flask, clock: ManualClock
) -> None:
    with any_app.app_context():
        user_id = anna(clock).id
        found = check_sign_in("ANNA@harbour.example ", PASSWORD, source="10.0.0.1")
        assert isinstance(found, User)
        assert found.id == user_id


def test_a_password_is_kept_as_argon2_and_nothing_else(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        assert anna(clock).password_hash.startswith("$argon2id$")


def test_after_ten_wrong_tries_the_account_waits_wherever_they_came_from(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        anna(clock)
        for number in range(10):
            try_wrongly(1, source=f"10.0.0.{number}")
        assert check_sign_in("anna@harbour.example", PASSWORD, source="10.9.9.9") == RefusedSignIn("too_many")


def test_after_ten_wrong_tries_the_address_waits_whoever_it_names(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        anna(clock)
        for number in range(10):
            try_wrongly(1, email=f"guess{number}@harbour.example")
        assert check_sign_in("anna@harbour.example", PASSWORD, source="10.0.0.1") == RefusedSignIn("too_many")
        assert isinstance(check_sign_in("anna@harbour.example", PASSWORD, source="10.0.0.2"), User)


def test_a_quarter_of_an_hour_later_they_may_try_again(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        anna(clock)
        try_wrongly(10)
        db.session.execute(update(Attempt).values(at=real_now() - WINDOW - timedelta(seconds=1)))
        commit()
        assert isinstance(check_sign_in("anna@harbour.example", PASSWORD, source="10.0.0.1"), User)


def test_getting_it_right_forgives_the_account_what_went_before(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        anna(clock)
        try_wrongly(9)
        assert isinstance(check_sign_in("anna@harbour.example", PASSWORD, source="10.0.0.2"), User)
        commit()
        try_wrongly(9, source="10.0.0.2")
        assert isinstance(check_sign_in("anna@harbour.example", PASSWORD, source="10.0.0.3"), User)


def test_tries_are_kept_for_a_day_and_name_no_mailbox(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        anna(clock)
        try_wrongly(1)
        assert not any("anna" in source for source in db.session.scalars(select(Attempt.source)))
        db.session.execute(update(Attempt).values(at=real_now() - timedelta(days=2)))
        commit()
        try_wrongly(1)
        assert db.session.scalar(select(func.count()).select_from(Attempt)) == 2


def test_a_closed_account_is_as_wrong_as_one_that_never_was(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        anna(clock).active = False
        commit()
        assert check_sign_in("anna@harbour.example", PASSWORD, source="10.0.0.1") == RefusedSignIn("wrong")


def test_checking_a_password_needs_no_database_so_nobody_waits_for_it() -> None:
    assert opens(NOBODY, PASSWORD) is False
    assert opens("not a hash at all", PASSWORD) is False


@given(email=st.text(max_size=60), password=st.text(max_size=60))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_whatever_is_a_wrong_try_and_no_fault(any_app: Flask, email: str, password: str) -> None:
    with any_app.app_context():
        for address in (email, "\0", "a\0b@example.com"):
            assert isinstance(check_sign_in(address, password, source="10.0.0.1"), RefusedSignIn)
            db.session.rollback()


@pytest.mark.parametrize(
    ("email", "name", "password", "what"),
    [
        ("anna", "Anna", PASSWORD, "e-mail address"),
        (f"{'a' * 120}@b.example", "Anna", PASSWORD, "e-mail address"),
        ("new@harbour.example", " ", PASSWORD, "name"),
        ("new@harbour.example", "A" * 81, PASSWORD, "name"),
        ("new@harbour.example", "Anna", "short", "10 characters"),
        ("anna@harbour.EXAMPLE", "Anna", PASSWORD, "already an account"),
    ],
)
def test_an_account_that_cannot_be_made_says_what_to_mend(
    app: Flask, clock: ManualClock, email: str, name: str, password: str, what: str
) -> None:
    with app.app_context():
        place = db.session.get_one(Branch, anna(clock).grants[0].branch_id)
        with pytest.raises(ValueError, match=what):
            create_user(email=email, name=name, password=password, role=Role.AGENT, branch=place, now=clock.now())


def test_signing_out_everywhere_ends_every_session(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        user = anna(clock)
        before = user.get_id()
        sign_out_everywhere(user)
        assert user.get_id() != before


def test_a_key_is_told_once_and_kept_as_its_hash(any_app: Flask, clock: ManualClock) -> None:
    with any_app.app_context():
        key = create_api_key("core banking", now=clock.now())
        commit()
        row = db.session.scalars(select(ApiKey)).one()
        assert key not in (row.name, row.key_hash)
        assert api_key_named_by(key) is row
        assert api_key_named_by(key + "x") is None
        assert api_key_named_by("ключ\0\ud800") is None


def test_a_revoked_key_opens_nothing(app: Flask, clock: ManualClock) -> None:
    with app.app_context():
        key = create_api_key("core banking", now=clock.now())
        db.session.scalars(select(ApiKey)).one().revoked_at = clock.now()
        commit()
        assert api_key_named_by(key) is None


@pytest.mark.parametrize("name", ["", "  ", "k" * 81, "core banking"])
def test_a_key_needs_a_name_of_its_own(app: Flask, clock: ManualClock, name: str) -> None:
    with app.app_context():
        create_api_key("core banking", now=clock.now())
        with pytest.raises(ValueError, match="name"):
            create_api_key(name, now=clock.now())
