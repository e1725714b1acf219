"""Was it put right? Asked two days after closing; a no brings the case back, one level higher."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.cases import journal
from app.cases.clocks import call_by, schedule
from app.cases.holder import holder_values
from app.cases.lookup import held
from app.cases.models import Case
from app.cases.policy import Deed, State, apply
from app.cases.reopening import reopen
from app.cases.wording import customer_time
from app.extensions import commit, db, one_by_one, reading, settings
from surveys.invitations.events import NewEvent, Received, record
from surveys.invitations.invited import Invited
from surveys.people.models import CustomerReference
from surveys.people.service import Person
from surveys.responses.models import Response
from surveys.responses.turns import Say

SOURCE, TOUCHPOINT = "heed", "case_resolved"
ANSWERS = ("yes", "partly", "no")
BATCH = 200


def sweep_recovery(now: datetime) -> int:
    """Door: ask about every case whose two days are over, one commit each. How many."""
    query = select(Case.id).where(Case.recovery_due_at <= now).order_by(Case.recovery_due_at).limit(BATCH)

    def ask(case_id: int) -> int:
        ask_recovery(case_id, now=now)
        commit()
        return 1

    with reading():
        due = db.session.scalars(query).all()
    return one_by_one("ask recovery", due, ask)


def ask_recovery(case_id: int, *, now: datetime) -> bool:
    """Ask by a survey of our own, or close a case that nobody answered about. False when another worker was first."""
    found = db.session.get(Case, case_id)
    if found is None:
        return False
    case = held(found)
    if case.recovery_due_at is None or case.recovery_due_at > now:
        return False
    if case.state != State.RESOLVED:
        case.recovery_due_at = None
        return False
    asked = journal.last(case, "recovery_asked", "reopened")
    if case.recovery is not None or (asked is not None and asked.kind == "recovery_asked"):
        _close(case, now, unanswered=case.recovery is None)
        return True
    received = record(_event(case, now), now=now)
    decision = received.event.decision if isinstance(received, Received) else "unknown"
    journal.record(case, "recovery_asked", now=now, decision=decision)
    case.recovery_due_at = now + timedelta(days=settings().policy.survey_open_days + 1)
    return True


def _event(case: Case, now: datetime) -> NewEvent:
    reference = f"customer:{case.customer_id}"
    known = select(CustomerReference.id).where(
        CustomerReference.source == SOURCE, CustomerReference.external_ref == reference
    )
    if db.session.scalar(known) is None:
        # Our own name for this very person: a shared telephone must not lead to somebody else.
        db.session.add(CustomerReference(customer_id=case.customer_id, source=SOURCE, external_ref=reference))
        db.session.flush()
    return NewEvent(
        source=SOURCE,
        external_ref=f"case:{case.id}:{journal.cycle(case)}",
        touchpoint=TOUCHPOINT,
        branch=case.branch.code,
        occurred_at=now,
        person=Person(external_ref=reference),
    )


def _close(case: Case, now: datetime, *, unanswered: bool) -> None:
    case.state = apply(case.state, Deed.CLOSE).value
    case.closed_at, case.recovery_due_at = now, None
    journal.record(case, "closed", now=now, unanswered=unanswered)
    schedule(case, now=now)


def asks_recovery(invitation: Invited) -> bool:
    """Whether this invitation asks if a case was put right."""
    return invitation.event.source == SOURCE and invitation.event.external_ref.startswith("case:")


def case_asked_about(invitation: Invited) -> Case | None:
    """The case the recovery question is about."""
    if not asks_recovery(invitation):
        return None
    return db.session.get(Case, int(invitation.event.external_ref.split(":")[1]))


def answered_on_page(response: Response, *, now: datetime) -> Case | None:
    """The recovery question answered by whatever channel; the same answer again changes nothing."""
    case = case_asked_about(response.invitation)
    answer = next((a.choice for a in response.answers if a.question_key == "recovered"), None)
    if case is not None and answer in ANSWERS:
        return recovery_answered(case, answer, now=now)
    return case


def recovery_said(invitation: Invited, answer: str, say: Say, *, now: datetime) -> Say:
    """The recovery question answered by SMS: the thanks, with who has the case now and by when they call."""
    case = case_asked_about(invitation)
    if case is None or answer not in ANSWERS:
        # The question came from elsewhere: there is nobody whose call could be promised.
        return say if say.key.startswith("late") else Say("thanks_mid")
    case = recovery_answered(case, answer, now=now)
    language = invitation.language
    values = {**say.values, "branch": case.branch.name(language), **holder_values(case, language)}
    if answer != "no":
        return Say(say.key, values)
    time = customer_time(call_by(case, now=now), case.branch.time_zone, language, now=now)
    return Say("recovery_no_call" if case.call_choice == "none" else "recovery_no", {**values, "time": time})


def recovery_answered(case: Case, answer: str, *, now: datetime) -> Case:
    """yes closes; no reopens one level higher; partly waits for words. Raises ValueError for anything else."""
    if answer not in ANSWERS:
        raise ValueError(f"has it been put right takes yes, partly or no, not {answer!r}")
    case = held(case)
    before = journal.last(case, "recovery", "resolved", "reopened")
    if before is not None and before.kind != "resolved" and not _changed(case, before.detail, answer):
        return case
    if case.state not in (State.RESOLVED, State.CLOSED):
        return case
    case.recovery = answer
    journal.record(case, "recovery", now=now, answer=answer)
    if answer == "no":
        return reopen(case, now=now, higher=True)
    if answer == "yes" and case.state == State.RESOLVED:
        _close(case, now, unanswered=False)
    return case


def _changed(case: Case, said: dict[str, str], answer: str) -> bool:
    return "answer" in said and said["answer"] != answer
