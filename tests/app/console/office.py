"""People of the console for stories: accounts, a session each, and forms sent as a browser sends them."""

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.auth.roles import Role
from app.auth.service import create_user
from app.cases.models import Case
from app.extensions import commit, db
from surveys.people.models import Branch, Staff
from tests import world
from tests.conftest import ManualClock
from tests.phones import reply
from tests.world import CUSTOMER_PHONE

PASSWORD = "a quiet harbour"
ANGRY = "Waited fifty minutes, then the counter closed in front of me. I will move my account."
ACCOUNTS = {
    "manager": (Role.BRANCH_MANAGER, "BJ-01", "S-10"),
    "neighbour": (Role.BRANCH_MANAGER, "BJ-02", None),
    "regional": (Role.REGIONAL_MANAGER, "NORTH", "S-01"),
    "account": (Role.ACCOUNT_MANAGER, "BJ-01", "S-17"),
    "agent": (Role.AGENT, "BJ-01", None),
    "analyst": (Role.ANALYST, "HB", None),
    "admin": (Role.ADMINISTRATOR, "HB", None),
    "auditor": (Role.AUDITOR, "HB", None),
    "privacy": (Role.PRIVACY_OFFICER, "HB", None),
}


def furnish(app: Flask, clock: ManualClock) -> None:
    """The small company with one account a role."""
    with app.app_context():
        world.build(clock.now())
        for name, (role, branch, staff) in ACCOUNTS.items():
            create_user(
                email=f"{name}@harbour.example",
                name=name.title(),
                password=PASSWORD,
                role=role,
                branch=db.session.scalars(select(Branch).where(Branch.code == branch)).one(),
                staff=db.session.scalars(select(Staff).where(Staff.code == staff)).one() if staff else None,
                now=clock.now(),
            )
        commit()


def unhappy_customer(
    app: Flask, clock: ManualClock, run_due: Callable[[], int], *, answer: str = "2", words: str = ANGRY
) -> int:
    """Clara was served at Central, answered badly and said why; the id of her case."""
    with app.app_context():
        world.served(clock.now())
        commit()
    run_due()
    reply(app, CUSTOMER_PHONE, answer, clock.now(), run_due)
    if words:
        reply(app, CUSTOMER_PHONE, words, clock.now(), run_due)
    with app.app_context():
        return db.session.scalars(select(Case)).one().id


def token_on(page: str) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "no form on this page"
    return found[1]


def sign_in(app: Flask, name: str) -> FlaskClient:
    """A browser in which this account is signed in."""
    client = app.test_client()
    page = client.get("/console/sign-in").text
    fields = {"csrf_token": token_on(page), "email": f"{name}@harbour.example", "password": PASSWORD}
    assert client.post("/console/sign-in", data=fields).status_code == 302
    return client


def send(client: FlaskClient, page: str, path: str, **fields: str) -> TestResponse:
    """Load `page`, then send a form of it to `path`."""
    return client.post(path, data={"csrf_token": token_on(client.get(page).text), **fields})
