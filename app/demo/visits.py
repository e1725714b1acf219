"""Service events of the demo bank, each decided about by the product's own rules."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.demo.company import Asked, Place, Worker
from app.demo.ledger import Ledger
from app.demo.people import SOURCE, ZONE, Person
from surveys.invitations.eligibility import Facts, Policy, eligibility
from surveys.invitations.models import Invitation, InvitationState, ServiceEvent
from surveys.invitations.tokens import lookup_hash, token_for

THINGS = (
    {"en": "new card", "zh-Hans": "新卡"},
    {"en": "change of address", "zh-Hans": "地址变更"},
    {"en": "deposit certificate", "zh-Hans": "存款证明"},
    {"en": "transfer abroad", "zh-Hans": "境外汇款"},
    {"en": "replacement card", "zh-Hans": "补卡"},
    {"en": "loan statement", "zh-Hans": "贷款证明"},
)


@dataclass(frozen=True)
class Visit:
    """One moment of service and what was decided about it."""

    person: Person
    place: Place
    asked: Asked
    event: dict[str, Any]
    invitation: dict[str, Any]
    thing: dict[str, str] | None = None

    @property
    def scheduled(self) -> bool:
        """Whether the customer is to be asked."""
        return bool(self.event["decision"] == "scheduled")

    @property
    def id(self) -> int:
        return int(self.invitation["id"])


class Reception:
    """Receives the events and decides about each as the product would have done at that moment."""

    def __init__(self, ledger: Ledger, rng: Random, *, place_key: str = "CN") -> None:
        self._ledger, self._rng, self._place_key = ledger, rng, place_key
        self._number = 200_000

    def receive(
        self,
        person: Person,
        asked: Asked,
        *,
        at: datetime,
        staff: Worker | None,
        late_hours: float = 0.0,
        open_case: bool = False,
        source: str = SOURCE,
        reference: str | None = None,
    ) -> Visit:
        """One event of this customer; `late_hours` is how long the report of it was under way."""
        rng = self._rng
        self._number += 1
        reference = reference or f"T-{self._number}"
        received = at + timedelta(seconds=rng.randint(20, 160), hours=late_hours)
        complaint = asked.key == "complaint_closed"
        thing = rng.choice(THINGS) if asked.key == "request_done" else None
        facts = Facts(
            programme=asked.key,
            time_zone=ZONE,
            place=self._place_key,
            complaint=complaint,
            opted_out=person.opted_out,
            consent=person.consent,
            has_channel=person.phone is not None,
            last_invited_at=person.asked_at,
            last_answered_at=person.answered_at,
            open_case=open_case,
            occurred_at=at,
            not_before=at,
            sample_key=f"{source}:{reference}",
            sent_today=0,
            exempt_from_caps=asked.key == "case_resolved",
        )
        verdict = eligibility(facts, Policy(sampling_rate=asked.sampling_rate), now=received)
        event = self._ledger.add(
            ServiceEvent,
            source=source,
            external_ref=reference,
            body_hash=hashlib.sha256(reference.encode()).hexdigest(),
            touchpoint_id=asked.touchpoint_id,
            branch_id=person.place.id,
            staff_id=staff.id if staff else None,
            customer_id=person.id,
            complaint=complaint,
            attributes={"complaint": True} if complaint else {"thing": thing} if thing else {},
            occurred_at=at,
            received_at=received,
            decision=str(verdict.decision),
            send_at=verdict.send_at,
            rules=[{"rule": str(r.rule), "verdict": str(r.verdict), "detail": r.detail} for r in verdict.rules],
        )
        nonce = f"{rng.getrandbits(128):022x}"[:22]
        scheduled = verdict.send_at is not None
        invitation = self._ledger.add(
            Invitation,
            service_event_id=event["id"],
            programme_id=asked.programme_id,
            version_id=asked.version_id,
            customer_id=person.id,
            branch_id=person.place.id,
            staff_id=staff.id if staff else None,
            owner_id=person.owner.id if person.owner else None,
            tier=person.tier,
            phone_index=person.index,
            language=person.language,
            state=str(InvitationState.SCHEDULED if scheduled else InvitationState.SKIPPED),
            skip_reasons=[str(rule) for rule in verdict.stops],
            decided_at=received,
            send_at=verdict.send_at,
            nonce=nonce,
            token_hash=lookup_hash(token_for(event["id"], asked.programme_id, nonce)),
        )
        return Visit(person, person.place, asked, event, invitation, thing)
