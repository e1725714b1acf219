"""A day at the demo bank, while it runs: who comes in, and how they answer the texts they get."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from app.demo import moods, names
from app.demo.comments import MIDDLE, NEGATIVE, POSITIVE, Comments
from app.demo.people import SOURCE
from app.extensions import db
from notifications import PhoneNumber
from surveys.invitations.events import NewEvent
from surveys.invitations.models import OPEN, Invitation
from surveys.people.models import Branch, ContactPoint, Customer, CustomerReference, Staff
from surveys.people.service import Person
from surveys.questionnaires.flow import Band, Kind, Question, band
from surveys.questionnaires.service import definition_of
from surveys.responses.models import Dialogue

NEW_PHONES = 15005559000  # the seeded customers' numbers end before
TOUCHPOINTS = (("branch_visit", 8), ("call_centre", 1), ("request_done", 1))
CAP = timedelta(days=90)
MOOD = {Band.LOW: NEGATIVE, Band.MID: MIDDLE, Band.HIGH: POSITIVE}


@dataclass(frozen=True)
class Known:
    """A customer who could come in, by what the bank's own system knows of them."""

    reference: str
    branch: str


class Town:
    """The people who may come in today."""

    def __init__(self, rng: Random, *, now: datetime) -> None:
        self._rng = rng
        asked = select(Invitation.customer_id).where(Invitation.sent_at > now - CAP)
        query = (
            select(CustomerReference.external_ref, Branch.code)
            .join(Customer, Customer.id == CustomerReference.customer_id)
            .join(Branch, Branch.id == Customer.branch_id)
            .join(ContactPoint, ContactPoint.customer_id == Customer.id)
            .where(
                Customer.demo.is_(True),
                CustomerReference.source == SOURCE,
                ContactPoint.kind == "phone",
                Customer.id.not_in(asked),
            )
        )
        self._known = [Known(*row) for row in db.session.execute(query)]
        self._rng.shuffle(self._known)
        self._branches = list(db.session.scalars(select(Branch.code).where(Branch.code.in_(moods.CHARACTERS))))
        served = select(Staff.code, Branch.code).join(Branch, Branch.id == Staff.branch_id)
        self._staff: dict[str, list[str]] = {}
        for code, branch in db.session.execute(served.where(Staff.role.in_(("agent", "account_manager")))):
            self._staff.setdefault(branch, []).append(code)

    @property
    def is_demo(self) -> bool:
        """Whether there is a demo company to come to."""
        return bool(self._branches)

    def visit(self, *, now: datetime) -> NewEvent:
        """The next customer served: mostly somebody the bank knows, now and then somebody new."""
        rng = self._rng
        known = self._known.pop() if self._known and rng.random() < 0.8 else None
        branch = known.branch if known else rng.choice(self._branches)
        person = Person(external_ref=known.reference) if known else self._stranger()
        touchpoint = rng.choices([k for k, _ in TOUCHPOINTS], [w for _, w in TOUCHPOINTS])[0]
        return NewEvent(
            source=SOURCE,
            external_ref=f"DAY-{rng.getrandbits(48):012x}",
            touchpoint=touchpoint,
            branch=branch,
            staff=rng.choice(self._staff[branch]) if branch in self._staff else None,
            occurred_at=now - timedelta(minutes=rng.randint(1, 6)),
            person=person,
        )

    def _stranger(self) -> Person:
        rng = self._rng
        chinese = rng.random() < 0.66
        return Person(
            external_ref=f"N-{rng.getrandbits(32):08x}",
            name=names.chinese(rng) if chinese else names.english(rng),
            phone=PhoneNumber.trusted(f"+{NEW_PHONES + rng.randrange(1000)}"),
            language="zh-Hans" if chinese else "en",
            demo=True,
        )


def silent_phones(rng: Random, *, most: int) -> list[int]:
    """Invitations asked earlier and still open, whose customers may answer now: some of them, by id."""
    query = (
        select(Invitation.id)
        .join(Dialogue, Dialogue.invitation_id == Invitation.id)
        .join(Customer, Customer.id == Invitation.customer_id)
        .where(Dialogue.closed_at.is_(None), Invitation.state.in_(OPEN), Customer.demo.is_(True))
    )
    found = sorted(db.session.scalars(query))
    return rng.sample(found, min(most, len(found)))


class Caller:
    """One customer with a phone in hand: what they think, and how they put it."""

    def __init__(self, invitation: Invitation, rng: Random, comments: Comments) -> None:
        first = definition_of(invitation.version).first
        nps = moods.nps_now(invitation.branch.code, 0) if invitation.branch.code in moods.CHARACTERS else 35.0
        self._rng, self._comments, self._language = rng, comments, invitation.language
        self._branch, self._first = invitation.branch.code, first
        score = {Kind.NPS: moods.nps_score, Kind.CSAT: moods.csat_score, Kind.CES: moods.ces_score}
        self._score = score[first.kind](rng, nps) if first.kind in score else 0
        self._band = band(first.kind, self._score) if first.kind in score else Band.HIGH
        self._unclear = rng.random() < 0.07
        self._stops = rng.random() < 0.02

    def text(self, question: Question) -> str:
        """What they reply to this question."""
        if self._stops:
            return "退订" if self._language == "zh-Hans" else "STOP"
        if self._unclear:
            self._unclear = False
            return self._rng.choice(("?", "hello", "你好", "谁啊", "who is this"))
        if question.scale is not None:
            return self._number()
        if question.choices:
            return str(self._rng.randint(1, len(question.choices)))
        return self._words()

    def _number(self) -> str:
        draw = self._rng.random()
        if draw < 0.12:
            return f"{self._score} {self._words()}"
        if draw < 0.24 and self._language == "zh-Hans":
            return f"{self._score}分"
        return str(self._score)

    def _words(self) -> str:
        code = self._branch if self._branch in moods.CHARACTERS else "BJ-01"
        theme = moods.theme(self._rng, code, bad=self._band is not Band.HIGH)
        if self._band is not Band.LOW and theme == "safety_fraud":
            theme = "waiting"
        return self._comments.comment(self._language, MOOD[self._band], theme)
