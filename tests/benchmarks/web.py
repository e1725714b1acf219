"""One complete web response: GET and three POSTs, each answer saved durably; the same four requests on the floor."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from app import create_app
from app.extensions import commit, db
from config import Config
from surveys.invitations.models import Invitation, InvitationState
from surveys.invitations.tokens import token_of
from surveys.responses.models import Response
from tests import world
from tests.benchmarks.rig import Browser, Row, at_once, cpu_of, gunicorn, server

WARM_UP = 40


def tokens(url: str, count: int) -> list[str]:
    """Invitations that wait for an answer."""
    app = create_app(Config(environment="testing", database_url=url))
    now = datetime.now(UTC)
    with app.app_context():
        world.build(now)
        for number in range(count):
            world.served(now, ref=f"T-{number}", customer_ref=f"C-{number}", phone=f"+1500555{1000 + number}")
        for invitation in db.session.scalars(select(Invitation)):
            invitation.state, invitation.sent_at = InvitationState.SENT, now
            invitation.expires_at = now + timedelta(days=7)
        commit()
        made = [token_of(i) for i in db.session.scalars(select(Invitation).order_by(Invitation.id))]
        db.session.remove()
        db.engine.dispose()
    return made


def completed(url: str) -> int:
    """Responses the database itself calls complete."""
    app = create_app(Config(environment="testing", database_url=url))
    with app.app_context():
        found = db.session.scalar(select(func.count()).select_from(Response).where(Response.completed_at.is_not(None)))
        db.session.remove()
        db.engine.dispose()
    return int(found or 0)


def respond(browser: Browser, token: str) -> None:
    """A customer who opens the link and answers three questions."""
    path = f"/s/{token}"
    browser.get(path)
    browser.post(path, {"question": "recommend", "answer": "3", "submission": "a"})
    browser.post(path, {"question": "why", "answer": "Waited fifty minutes at the counter", "submission": "b"})
    browser.post(path, {"question": "call", "answer": "today", "submission": "c"})


def measure(name: str, url: str, floor_url: str, database_pids: list[int], folder: Path, count: int) -> Row:
    """CPU-milliseconds of all server processes a response, beside the floor's."""
    made = tokens(url, count + WARM_UP)
    env = {"HEED_DATABASE_URL": url}
    with server(gunicorn("wsgi:app"), log=folder / "web.log", env=env) as (address, pid):
        at_once(lambda b, n: respond(b, made[n]), address=address, count=WARM_UP)
        before = cpu_of([pid, *database_pids])
        at_once(lambda b, n: respond(b, made[WARM_UP + n]), address=address, count=count)
        ours = (cpu_of([pid, *database_pids]) - before) * 1000 / count
    stored = completed(url)
    assert stored == count + WARM_UP, (stored, count + WARM_UP)
    floor = _floor(floor_url, database_pids, folder, count)
    return Row(
        f"complete web response, {name}",
        f"{ours:.1f} CPU-ms",
        "<= 12 CPU-ms, <= 1.7 x floor",
        f"{floor:.1f} CPU-ms",
        f"{ours / floor:.2f}",
        f"{stored} complete rows",
    )


def _floor(url: str, database_pids: list[int], folder: Path, count: int) -> float:
    from tests.benchmarks import floor

    floor.app.config["SQLALCHEMY_DATABASE_URI"] = url
    env = {"FLOOR_DATABASE_URL": url}
    from sqlalchemy import create_engine

    engine = create_engine(url)
    floor.Base.metadata.create_all(engine)
    links = [f"{part}{number}" for part, many in (("w", WARM_UP), ("t", count)) for number in range(many)]
    with engine.begin() as connection:
        connection.execute(insert(floor.FloorInvitation), [{"token": link} for link in links])
    with server(gunicorn("tests.benchmarks.floor:app"), log=folder / "floor.log", env=env) as (address, pid):
        at_once(lambda b, n: respond(b, f"w{n}"), address=address, count=WARM_UP)
        before = cpu_of([pid, *database_pids])
        at_once(lambda b, n: respond(b, f"t{n}"), address=address, count=count)
        spent = (cpu_of([pid, *database_pids]) - before) * 1000 / count
    with engine.connect() as connection:
        rows = connection.scalar(select(func.count()).select_from(floor.FloorAnswer))
    assert rows == 3 * (count + WARM_UP), rows
    engine.dispose()
    return spent
