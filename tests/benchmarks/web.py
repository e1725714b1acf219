"""One complete web response: GET and three POSTs, each answer saved durably; the same four requests on the floor."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, func, insert, select

from app import create_app
from app.extensions import commit, db, plan_afresh
from config import Config
from surveys.invitations.models import Invitation, InvitationState
from surveys.invitations.tokens import token_of
from surveys.responses.models import Response
from tests import world
from tests.benchmarks import floor
from tests.benchmarks.rig import Browser, Row, at_once, cpu_of, gunicorn, median, rounds, server

WARM_UP = 40


def tokens(url: str, count: int) -> list[str]:
    """Invitations that wait for an answer."""
    app = create_app(Config(environment="testing", database_url=url))
    now = datetime.now(UTC)
    with app.app_context():
        plan_afresh()  # the plans of the empty tables it begins with
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
    """CPU-milliseconds of all server processes a response, beside the floor's; the two take turns."""
    links, floor_links = tokens(url, WARM_UP + count), floor_tokens(floor_url, WARM_UP + count)
    ours_at = server(gunicorn("wsgi:app"), log=folder / "web.log", env={"HEED_DATABASE_URL": url})
    floor_at = server(
        gunicorn("tests.benchmarks.floor:app"), log=folder / "floor.log", env={"FLOOR_DATABASE_URL": floor_url}
    )

    def spent(address: str, pid: int, links: list[str]) -> float:
        before = cpu_of([pid, *database_pids])
        at_once(lambda browser, number: respond(browser, links[number]), address=address, count=len(links))
        return (cpu_of([pid, *database_pids]) - before) * 1000 / len(links)

    mine, theirs = [], []
    with ours_at as (address, pid), floor_at as (other, other_pid):
        spent(address, pid, links[:WARM_UP])
        spent(other, other_pid, floor_links[:WARM_UP])
        for numbers in rounds(count):
            part = slice(WARM_UP + numbers.start, WARM_UP + numbers.stop)
            mine.append(spent(address, pid, links[part]))
            theirs.append(spent(other, other_pid, floor_links[part]))
    stored = completed(url)
    assert stored == WARM_UP + count, (stored, WARM_UP + count)
    rows = floor_answers(floor_url)
    assert rows == 3 * (WARM_UP + count), rows
    return Row(
        f"complete web response, {name}",
        f"{median(mine):.1f} CPU-ms",
        "<= 12 CPU-ms, <= 1.7 x floor",
        f"{median(theirs):.1f} CPU-ms",
        f"{median([ours / bare for ours, bare in zip(mine, theirs, strict=True)]):.2f}",
        f"{stored} complete rows",
    )


def floor_tokens(url: str, count: int) -> list[str]:
    """Links of the floor that wait for an answer."""
    made = [f"t{number}" for number in range(count)]
    engine = create_engine(url)
    floor.Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(floor.FloorInvitation), [{"token": link} for link in made])
    engine.dispose()
    return made


def floor_answers(url: str) -> int:
    """The answers the floor's database holds."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.scalar(select(func.count()).select_from(floor.FloorAnswer))
    engine.dispose()
    return int(rows or 0)
