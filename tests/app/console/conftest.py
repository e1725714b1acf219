"""The console's stories begin in a furnished office."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.app.console import office
from tests.conftest import ManualClock


@pytest.fixture
def house(app: Flask, clock: ManualClock) -> Flask:
    """The small company with an account for every role."""
    office.furnish(app, clock)
    return app


@pytest.fixture
def case_id(house: Flask, clock: ManualClock, run_due: Callable[[], int]) -> int:
    """Clara's case at Central."""
    return office.unhappy_customer(house, clock, run_due)


@pytest.fixture
def any_house(any_app: Flask, clock: ManualClock) -> Flask:
    """The furnished company, on each database."""
    office.furnish(any_app, clock)
    return any_app
