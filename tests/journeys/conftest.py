"""Where most journeys begin: Clara was served at Central and has been asked by SMS."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from surveys.invitations.models import Invitation
from surveys.invitations.tokens import token_of
from tests.app.cases.unhappy import served
from tests.conftest import ManualClock


@pytest.fixture
def asked_in(app: Flask, clock: ManualClock) -> Callable[[str], None]:
    """Put the question on Clara's phone in a language."""

    def ask(language: str) -> None:
        served(app, clock, language=language)

    return ask


@pytest.fixture
def asked(asked_in: Callable[[str], None]) -> None:
    """The question lies on Clara's phone."""
    asked_in("en")


@pytest.fixture
def link(app: Flask, asked: None) -> str:
    """The path of the link in her text."""
    with app.app_context():
        return f"/s/{token_of(db.session.scalars(select(Invitation)).one())}"
