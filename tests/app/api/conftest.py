"""Another system with a key, in a house with two branches."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.auth.service import create_api_key
from app.extensions import commit
from tests import world
from tests.conftest import ManualClock

Post = Callable[..., TestResponse]


@pytest.fixture
def post(any_app: Flask, clock: ManualClock) -> Post:
    """POST to the API as the core banking system; `raw` is sent as it stands."""
    with any_app.app_context():
        world.build(clock.now())
        key = create_api_key("core banking", now=clock.now())
        commit()

    def send(path: str, body: Any = None, *, raw: str | None = None) -> TestResponse:
        headers = {"Authorization": f"Bearer {key}"}
        if raw is not None:
            return any_app.test_client().post(path, data=raw, content_type="application/json", headers=headers)
        return any_app.test_client().post(path, json=body, headers=headers)

    return send
