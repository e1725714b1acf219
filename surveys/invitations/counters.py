"""Survey codes to scan at a counter: whoever scans one answers without a name and is counted apart from those asked.

Nothing is sent to anybody. A walk-in who leaves a number to be called becomes a person we know, by that number.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from app.extensions import change, db, lock, settings, update_row
from notifications import PhoneNumber
from surveys.invitations.invited import Invited
from surveys.invitations.models import Counter, Invitation, InvitationState, Programme, ServiceEvent
from surveys.invitations.tokens import lookup_hash, new_nonce, token_from, token_of
from surveys.people.models import Branch
from surveys.people.queries import sms_reach
from surveys.people.service import ConsentGiven, Person, customers_at, identify
from surveys.questionnaires.models import SurveyVersion
from surveys.questionnaires.service import latest_version
from surveys.responses.models import Response

CHANNEL = "counter"
# A walk-in agreed to be called back, and to nothing else; whoever we know already agreed to what they agreed to.
ONLY_THIS = ConsentGiven(sms=False, source=CHANNEL, wording="only to be called back about this answer")
SOURCE = "heed"  # nothing of it is a moment another system told us of


def open_counter(branch: Branch, name: str, programme: Programme, *, now: datetime) -> Counter:
    """A code for this counter of a branch; it asks what the programme asks, in its latest version."""
    counter = Counter(branch_id=branch.id, name=name, programme_id=programme.id, nonce=new_nonce(), made_at=now)
    db.session.add(counter)
    counter.token_hash = lookup_hash(token_of_counter(counter))
    db.session.flush()
    return counter


def end_counter(counter: Counter, *, now: datetime) -> None:
    """The printed code leads nowhere from now on. May run twice."""
    counter.ended_at = counter.ended_at or now


def token_of_counter(counter: Counter) -> str:
    """What stands in the address of its code."""
    return token_from("counter-token", counter.nonce)


def counter_link(counter: Counter) -> str:
    """The address in its code."""
    return f"{settings().public_url}/q/{token_of_counter(counter)}"


def counter_behind(token: str) -> Counter | None:
    """The counter whose code this is; None for one that is nobody's, was ended, or whose branch has closed."""
    counter = db.session.scalar(select(Counter).where(Counter.token_hash == lookup_hash(token)))
    return counter if counter is not None and counter.ended_at is None else None


def asks(counter: Counter) -> SurveyVersion | None:
    """What is asked there now; None while nothing is published."""
    return latest_version(counter.programme.survey_id)


def walked_in(counter: Counter, version: SurveyVersion, submission: str, *, language: str, now: datetime) -> Invitation:
    """The survey of somebody who scanned the code and gave a first answer. The same submission finds the same one."""
    digest = hashlib.sha256(submission.encode("utf-8", "replace")).hexdigest()
    reference = f"counter:{counter.id}:{digest[:40]}"
    lock(f"event:{SOURCE}:{reference}")
    known = select(Invitation).join(Invitation.event)
    before = db.session.scalar(known.where(ServiceEvent.source == SOURCE, ServiceEvent.external_ref == reference))
    if before is not None:
        return before
    nobody = Person(external_ref=f"counter:{counter.id}", name=counter.name, branch=counter.branch, consent=ONLY_THIS)
    customer = identify(nobody, source=SOURCE, at=counter.branch, now=now)
    event = ServiceEvent(
        source=SOURCE,
        external_ref=reference,
        body_hash=digest,
        touchpoint_id=counter.programme.touchpoint_id,
        branch_id=counter.branch_id,
        customer_id=customer.id,
        attributes={},
        occurred_at=now,
        received_at=now,
        decision=CHANNEL,
        rules=[],
    )
    db.session.add(event)
    db.session.flush()
    invitation = Invitation(
        service_event_id=event.id,
        programme_id=counter.programme_id,
        version_id=version.id,
        customer_id=customer.id,
        branch_id=counter.branch_id,
        channel=CHANNEL,
        language=language,
        state=InvitationState.STARTED,
        decided_at=now,
        expires_at=now + timedelta(days=settings().policy.survey_open_days),
        nonce=new_nonce(),
    )
    invitation.token_hash = lookup_hash(token_of(invitation))
    db.session.add(invitation)
    db.session.flush()
    return invitation


def is_nobody(invitation: Invited) -> bool:
    """Whether these answers are a walk-in's who left no number: nobody can be called, so no case is opened."""
    return invitation.channel == CHANNEL and sms_reach(invitation.customer_id) is None


def left_a_number(invitation: Invited, phone: PhoneNumber, *, now: datetime) -> None:
    """A walk-in wants to be called: the answers are from now on those of whoever has this phone."""
    consent = None if customers_at(phone.e164) else ONLY_THIS
    proof = f"invitation {invitation.id}"
    at = db.session.get_one(Branch, invitation.branch_id)
    customer = identify(Person(phone=phone, consent=consent), source=SOURCE, at=at, now=now, proof=proof)
    change(invitation, customer_id=customer.id)
    update_row(ServiceEvent, invitation.service_event_id, customer_id=customer.id)
    mine = update(Response).where(Response.invitation_id == invitation.id)
    db.session.execute(mine.values(customer_id=customer.id, review_due=True))
    db.session.flush()


def answered_at(branch_id: int) -> dict[int, tuple[int, datetime]]:
    """How many answered at each counter of a branch, and when the last one did; a counter nobody used is missing."""
    number = func.substr(ServiceEvent.external_ref, len("counter:") + 1)
    rows = db.session.execute(
        select(number, Response.answered_at)
        .join(Invitation, Invitation.service_event_id == ServiceEvent.id)
        .join(Response, Response.invitation_id == Invitation.id)
        .where(Invitation.branch_id == branch_id, Invitation.channel == CHANNEL)
    )
    found: dict[int, tuple[int, datetime]] = {}
    for reference, at in rows:
        counter_id = int(reference.partition(":")[0])
        many, last = found.get(counter_id, (0, at))
        found[counter_id] = (many + 1, max(last, at))
    return found
