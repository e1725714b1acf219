"""Builds the demo company: the same seed and the same day give the same bank."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.cases.models import Case
from app.cases.places import place_of
from app.demo import company as bank
from app.demo import live, moods, people
from app.demo.answers import Answering
from app.demo.arrangements import arrange
from app.demo.cases_now import Desk, Young, likely
from app.demo.cases_then import PastCases
from app.demo.comments import Comments
from app.demo.ledger import Ledger
from app.demo.letters import Letters
from app.demo.people import ZONE
from app.demo.seal import seal, show
from app.demo.visits import Reception
from app.demo.weeks import Weeks
from app.extensions import db
from surveys.people.models import Branch, Customer
from surveys.responses.models import Response

CUSTOMERS = 6_000
SEED = 20_260_101


@dataclass(frozen=True)
class Seeded:
    """What was made."""

    customers: int
    answers: int
    cases: int


def has_customers() -> bool:
    """Whether this database already holds somebody's customers."""
    return db.session.scalar(select(Customer.id).limit(1)) is not None


def seed_demo(*, now: datetime, seed: int = SEED, customers: int = CUSTOMERS, weeks: int = moods.WEEKS) -> Seeded:
    """Write the demo company into an empty database; the caller commits."""
    now = now.astimezone(UTC).replace(second=0, microsecond=0)
    now -= timedelta(minutes=now.minute % 5)
    today = now.astimezone(ZoneInfo(ZONE)).date()
    rng = Random(f"{seed}:{today.isoformat()}")
    since = now - timedelta(weeks=weeks + 3)
    company = bank.build(since=since)
    ledger = Ledger()
    letters = Letters(ledger, rng, now)
    comments = Comments(rng)
    reception = Reception(ledger, rng)
    crowd = people.make(company, ledger, rng, count=customers, now=now, since=since)
    hours = place_of(db.session.get_one(Branch, company.places[0].id), now=since)
    codes = [str(code) for code in rng.sample(range(1000, 10_000), 4000)]
    past = PastCases(company, ledger, letters, reception, rng, hours, now, codes)
    answering = Answering(ledger, letters, comments, rng, now=now)
    story = Weeks(company, crowd, ledger, letters, reception, answering, comments, past, rng, now)
    players = live.cast(crowd, rng)
    story.pass_all(weeks)
    young = [Young(visit, given, likely(rng)) for visit, given in story.young]
    young += live.scenes(company, story, players, hours, now=now)
    live.strays(crowd, story, rng, now=now)
    answers = len(ledger.rows(Response))
    ledger.write()
    desk = Desk(rng, now=now)
    for one in sorted(young, key=lambda y: y.given.response["answered_at"]):
        desk.play(one)
    arrange(today=today)
    texts, mails = seal(rng, now=now)
    show([*letters.threads, *texts], mails)
    cases = db.session.scalar(select(func.count()).select_from(Case)) or 0
    return Seeded(customers, answers, cases)
