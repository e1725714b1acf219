"""The company of the stories of this room."""

import pytest
from flask import Flask

from app.extensions import commit
from tests import world
from tests.conftest import ManualClock


@pytest.fixture
def bank(app: Flask, clock: ManualClock) -> Flask:
    """The company stands; nobody was served yet."""
    with app.app_context():
        world.build(clock.now())
        commit()
    return app
