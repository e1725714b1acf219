"""After an answer was scored: does a person have to act? Called after every change of a response; may run twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from app.cases import opening, recovery
from app.cases.calling import ASKS_FOR_CALL, hear_choice, wants_call
from app.cases.lookup import case_of_origin, held
from app.cases.models import Case
from app.cases.opening import Grounds
from app.cases.policy import LIVE, TriageFacts, triage
from app.cases.urgency import make_as_urgent
from app.extensions import db
from surveys.invitations.counters import is_nobody
from surveys.people.models import Branch, Customer, Staff
from surveys.questionnaires.flow import Band, Kind, band
from surveys.responses.models import FreeText, Response
from surveys.responses.ratings import rating_of

STRONG = 0.6
READ_AGAIN_DAYS = 14  # so long after an answer a person who reads it as unhappy has somebody call


def review_outcome(response: Response, *, risk: Callable[[], float], now: datetime, first: bool = False) -> Case | None:
    """The case this answer opened or joined; None when no person has to act.

    `risk` tells the chance of leaving in 90 days; it and the tier raise what stands, so they are asked for only then.
    `first`: nobody has looked at this answer before, so that no case can be of it.
    """
    invitation = response.invitation
    if recovery.asks_recovery(invitation):
        return recovery.answered_on_page(response, now=now)
    if is_nobody(invitation):
        return None
    rating, words, language = rating_of(response), words_of(response), words_language_of(response)
    facts = TriageFacts(
        kind=rating[0] if rating else None,
        rating=rating[1] if rating else None,
        label=response.sentiment,
        signals=frozenset(response.signals),
        conflict=_conflict(rating, response),
    )
    alarming, calling = triage(facts).escalate, wants_call(response)
    if not alarming and not calling and (first or case_of_origin("response", str(response.id)) is None):
        return None
    leaving, customer = risk(), invitation.customer
    tier = invitation.tier or customer.tier
    facts = replace(facts, tier=tier, risk=leaving, value_at_risk=_at_risk(customer, leaving))
    # Whoever is told that we call is called, however content they are.
    found = ASKS_FOR_CALL if calling and not alarming else triage(facts)
    grounds = Grounds(
        kind="response",
        ref=str(response.id),
        customer=customer,
        branch=invitation.branch,
        owner=invitation.owner,
        triage=found,
        rating=rating,
        words=words,
        words_language=language,
        risk=leaving,
        response_id=response.id,
        asked="what_went_wrong" if rating and band(*rating) is Band.LOW else None,
    )
    case = opening.open_case(grounds, now=now)
    return hear_choice(case, response, now=now) if case is not None else None


def heard_on_page(response_id: int, *, now: datetime) -> None:
    """What was just chosen on a page about a case there is: the page that follows tells how it stands after that."""
    response = db.session.get_one(Response, response_id)
    if recovery.asks_recovery(response.invitation):
        recovery.answered_on_page(response, now=now)
    elif (case := case_of_origin("response", str(response_id))) is not None:
        hear_choice(case, response, now=now)


def may_be_read_again(said: Response | FreeText, *, now: datetime) -> bool:
    """Whether words a person reads as unhappier are reviewed again: none of old, none whose case is over."""
    if isinstance(said, Response):
        at, case = said.changed_at, case_of_origin("response", str(said.id))
    else:
        at, case = said.at, case_of_origin("free_text", str(said.id))
    return now - at <= timedelta(days=READ_AGAIN_DAYS) and (case is None or case.state in LIVE)


def read_as(case: Case, label: str, *, now: datetime) -> bool:
    """A person reads the words of an open case so: it becomes as urgent as such words make one. Whether it did."""
    found = triage(TriageFacts(label=label))
    case = held(case)
    return found.escalate and case.state in LIVE and make_as_urgent(case, found, now=now)


def complaint_received(
    customer: Customer,
    branch: Branch,
    text: str,
    *,
    ref: str,
    owner: Staff | None = None,
    language: str | None = None,
    signals: frozenset[str] = frozenset(),
    label: str | None = None,
    risk: float,
    now: datetime,
) -> Case | None:
    """A complaint by another way opens a case or joins one. `text` is redacted; the same `ref` never does so twice."""
    facts = TriageFacts(
        complaint=True,
        signals=signals,
        label=label,
        tier=customer.tier,
        risk=risk,
        value_at_risk=_at_risk(customer, risk),
    )
    grounds = Grounds(
        kind="complaint",
        ref=ref,
        customer=customer,
        branch=branch,
        owner=owner or customer.owner,
        triage=triage(facts),
        words=text,
        words_language=language,
        risk=risk,
    )
    return opening.open_case(grounds, now=now)


def free_text_outcome(free: FreeText, *, risk: float, now: datetime) -> Case | None:
    """Words that came without a question: the case they opened or joined; None when no person has to act at once."""
    customer = db.session.get(Customer, free.customer_id) if free.customer_id else None
    branch = db.session.get(Branch, free.branch_id) if free.branch_id else None
    found = triage(
        TriageFacts(label=free.label, signals=frozenset(free.signals), tier=customer.tier if customer else None)
    )
    if customer is None or branch is None or not found.escalate:
        return None
    grounds = Grounds(
        kind="free_text",
        ref=str(free.id),
        customer=customer,
        branch=branch,
        owner=customer.owner,
        triage=found,
        words=free.text,
        words_language=free.language,
        risk=risk,
    )
    return opening.open_case(grounds, now=now)


def words_of(response: Response) -> str | None:
    """All the redacted words of a response, in the order of the questions."""
    said = [answer.text for answer in response.answers if answer.kind == Kind.TEXT and answer.text]
    return "\n".join(said) or None


def words_language_of(response: Response) -> str | None:
    """The language of the words, which need not be that of the questions."""
    return next((a.language for a in response.answers if a.kind == Kind.TEXT and a.text and a.language), None)


def _conflict(rating: tuple[str, int] | None, response: Response) -> bool:
    if rating is None or response.polarity is None or response.sentiment == "mixed":
        return False
    found = band(*rating)
    return (found is Band.LOW and response.polarity >= STRONG) or (found is Band.HIGH and response.polarity <= -STRONG)


def _at_risk(customer: Customer, risk: float) -> float | None:
    return None if customer.value_cents is None else max(customer.value_cents, 0) / 100 * risk
