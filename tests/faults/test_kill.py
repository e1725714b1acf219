"""kill -9 in the middle of 200 invitations, then a restart: each customer has exactly one SMS."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.extensions import commit, db
from config import Config, PolicyNumbers
from notifications.models import SimulatedMessage
from surveys.invitations.models import Invitation, Programme
from surveys.people.models import Customer
from tests import world
from tests.live import LiveServer, daytime, wait_for

CUSTOMERS = 200


def on(url: str) -> Flask:
    # Day and night alike, so that the story may run at any hour.
    policy = PolicyNumbers(company_hours=(0, 24))
    return create_app(Config(environment="testing", database_url=url, policy=policy))


def texts_by_phone(app: Flask) -> Counter[str]:
    with app.app_context():
        query = select(SimulatedMessage.phone_index, func.count()).where(SimulatedMessage.direction != "inbound")
        return Counter(dict(db.session.execute(query.group_by(SimulatedMessage.phone_index)).all()))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_every_customer_gets_exactly_one_text(request: pytest.FixtureRequest, tmp_path: Path, database: str) -> None:
    url = request.getfixturevalue("sqlite_url" if database == "sqlite" else "postgres_url")
    app = on(url)
    now = datetime.now(UTC)
    with app.app_context():
        world.build(now)
        for number in range(CUSTOMERS):
            world.served(now, ref=f"T-{number}", customer_ref=f"C-{number}", phone=f"+1500555{3000 + number}")
        # All due at once, whatever the hour in which this story is told: they live where it is early afternoon and
        # no law forbids it; the rules about hours have their own tests.
        for customer in db.session.scalars(select(Customer)):
            customer.time_zone, customer.region = daytime(now), "ANY"
        for programme in db.session.scalars(select(Programme)):
            programme.policy = {**programme.policy, "company_hours": [0, 24]}
        for invitation in db.session.scalars(select(Invitation)):
            invitation.send_at = now - timedelta(seconds=1)
        commit()
        db.session.remove()
    # The carrier takes 60 segments a second, so that no machine is fast enough to be done before the first kill.
    server = LiveServer(url, tmp_path / "serve.log", HEED_SMS_PER_SECOND="60")
    try:
        kills = 0
        for _ in range(2):
            server.start()
            before = sum(texts_by_phone(app).values())
            if before >= CUSTOMERS:
                break
            wait_for(lambda b=before: sum(texts_by_phone(app).values()) > b, seconds=30, what="some texts go out")
            server.kill()
            kills += sum(texts_by_phone(app).values()) < CUSTOMERS
        assert kills >= 1, "the run was over before it could be disturbed"
        server.start()
        wait_for(lambda: len(texts_by_phone(app)) == CUSTOMERS, seconds=60, what="every customer is asked")
    finally:
        server.kill()
    counts = texts_by_phone(app)
    assert len(counts) == CUSTOMERS
    assert set(counts.values()) == {1}
    with app.app_context():
        db.engine.dispose()
