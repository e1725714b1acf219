"""Cases of the last days, told by the services themselves: every deed at its moment, every deadline kept or missed."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy import select

from app.cases import service as cases
from app.cases.models import Case
from app.cases.recovery import ask_recovery
from app.demo import moods
from app.demo.answers import Given
from app.demo.cases_then import DONE, NOTES, OUTCOMES, awake
from app.demo.visits import Visit
from app.extensions import db
from app.insights.signs import leaving_risk
from surveys.invitations.models import Invitation, ServiceEvent
from surveys.invitations.service import send_invitation
from surveys.people.models import Staff
from surveys.questionnaires.flow import Given as Said
from surveys.questionnaires.service import definition_of
from surveys.responses.dialogues import close_dialogue, open_dialogue
from surveys.responses.models import Response
from surveys.responses.service import Recorded, record_answer


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is done about a case, each after the one before; None is never. Deadlines in between take effect."""

    acknowledge: timedelta | None = None
    contact: timedelta | None = None
    promise: timedelta | None = None  # an answer is promised so long after the call
    resolve: timedelta | None = None
    dismiss: timedelta | None = None
    outcome: str = "saved"
    recovery: str | None = None
    recovery_after: timedelta = timedelta(hours=2)


@dataclass(frozen=True)
class Young:
    """An answer, and what is going to be done about it."""

    visit: Visit
    given: Given
    plan: Plan


def likely(rng: Random) -> Plan:
    """What usually happens to a case."""
    if rng.random() < 0.05:
        return Plan(dismiss=timedelta(minutes=rng.randint(5, 50)))
    slow = rng.random() < 0.1
    plan = Plan(
        acknowledge=timedelta(hours=rng.uniform(5, 9)) if slow else timedelta(minutes=rng.randint(3, 48)),
        contact=timedelta(hours=rng.uniform(0.4, 12)),
        resolve=timedelta(hours=rng.uniform(0.5, 50)),
        outcome=rng.choices([o for o, _ in OUTCOMES], [w for _, w in OUTCOMES])[0],
    )
    return (
        replace(plan, recovery="yes", recovery_after=timedelta(hours=rng.uniform(0.2, 9)))
        if rng.random() < 0.5
        else plan
    )


class Desk:
    """Plays the plans through, case by case."""

    def __init__(self, rng: Random, *, now: datetime) -> None:
        self._rng, self._now = rng, now

    def play(self, young: Young) -> None:
        """Review the answer as it came, then do what is planned up to now."""
        given, plan, visit = young.given, young.plan, young.visit
        response = db.session.get_one(Response, given.response["id"])
        at = given.response["answered_at"] + timedelta(seconds=3)
        risk = partial(leaving_risk, response.invitation.customer, response, now=at)
        case = cases.review_outcome(response, risk=risk, now=at)
        if case is None or case.response_id != response.id:
            return
        self._go(case, plan, visit, given, at)
        self._until(case, self._now)

    def _go(self, case: Case, plan: Plan, visit: Visit, given: Given, at: datetime) -> None:
        if plan.dismiss is not None:
            at = self._moment(case, at + plan.dismiss)
            if at <= self._now:
                note = "客户说的是另一家银行。" if case.owner.language == "zh-Hans" else "Meant another bank."
                cases.dismiss(case, by=case.owner, note=note, now=at)
            return
        if plan.acknowledge is None:
            return
        at = self._moment(case, at + plan.acknowledge)
        if at > self._now:
            return
        cases.acknowledge(case, by=case.owner, now=at)
        if plan.contact is None:
            return
        at = self._moment(case, at + plan.contact)
        if at > self._now:
            return
        by: Staff = case.owner
        promised = at + plan.promise if plan.promise else None
        note = self._rng.choice(NOTES[by.language])
        cases.contact(case, by=by, note=note, reached=True, promised_by=promised, now=at)
        if plan.resolve is None:
            return
        at = self._moment(case, at + plan.resolve)
        if at > self._now:
            return
        cause = moods.cause(given.reply.theme)
        done = DONE[cause][visit.person.language]
        cases.resolve(case, by=case.owner, outcome=plan.outcome, root_cause=cause, done_text=done, now=at)
        self._recover(case, plan)

    def _recover(self, case: Case, plan: Plan) -> None:
        due = case.recovery_due_at
        if due is None or due > self._now:
            return
        ask_recovery(case.id, now=due)
        event = select(ServiceEvent.id).where(
            ServiceEvent.source == "heed", ServiceEvent.external_ref.startswith(f"case:{case.id}:")
        )
        invitation = db.session.scalar(select(Invitation).where(Invitation.service_event_id.in_(event)))
        if invitation is None or invitation.send_at is None or invitation.send_at > self._now:
            return
        sent = invitation.send_at
        send_invitation(invitation.id, now=sent)
        at = self._moment(case, sent + plan.recovery_after)
        if plan.recovery is None or at > self._now:
            return
        self._answer(invitation, plan.recovery, at)
        cases.recovery_answered(case, plan.recovery, now=at)

    @staticmethod
    def _answer(invitation: Invitation, answer: str, at: datetime) -> None:
        question = definition_of(invitation.version).first
        recorded = record_answer(invitation, question, Said(choice=answer), channel="sms", now=at)
        assert isinstance(recorded, Recorded), recorded
        response = db.session.get_one(Response, recorded.response_id)
        response.review_due, response.reviewed_at = False, at
        dialogue = open_dialogue(invitation.phone_index or "")
        if dialogue is not None:
            close_dialogue(dialogue, now=at)

    def _moment(self, case: Case, at: datetime) -> datetime:
        """When that happens, by day; whatever fell due before has taken effect."""
        at = awake(at, self._rng)
        self._until(case, min(at, self._now))
        return at

    @staticmethod
    def _until(case: Case, moment: datetime) -> None:
        for _ in range(20):
            due = case.next_check_at
            if due is None or due > moment:
                return
            cases.chase(case.id, now=due)
