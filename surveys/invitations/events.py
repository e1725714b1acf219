"""Receive a service event: once, whoever sends it how often; identify the customer; decide whether and when to ask."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.extensions import db, lock
from notifications import EmailAddress, PhoneNumber
from surveys.invitations.closing import cancel_reopened
from surveys.invitations.models import Invitation, ServiceEvent, Touchpoint
from surveys.invitations.service import decide
from surveys.people.models import Branch, Staff
from surveys.people.queries import branch_by_code, staff_by_code
from surveys.people.service import Person, erased_ref, identify, is_erased_ref


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """A service event as another system reports it. `branch`, `staff`, `home`, `owner` and `touchpoint` are codes."""

    source: str
    external_ref: str
    touchpoint: str
    branch: str
    occurred_at: datetime
    person: Person
    staff: str | None = None
    home: str | None = None
    owner: str | None = None
    reopens: str | None = None
    complaint: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)
    # As it came: the same reference with another body is a conflict.
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def body_hash(self) -> str:
        said = self.body or {
            "touchpoint": self.touchpoint,
            "branch": self.branch,
            "occurred_at": self.occurred_at.isoformat(),
            "customer": [self.person.external_ref, _address(self.person.phone), _address(self.person.email)],
            "attributes": dict(self.attributes),
            "reopens": self.reopens,
            "complaint": self.complaint,
        }
        canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _address(address: PhoneNumber | EmailAddress | None) -> str | None:
    return address.e164 if isinstance(address, PhoneNumber) else address.key if address else None


@dataclass(frozen=True)
class Received:
    """What became of an event: new, seen before (nothing changed), or in conflict with what was sent before."""

    status: Literal["new", "seen", "conflict"]
    event: ServiceEvent
    invitation: Invitation | None


@dataclass(frozen=True)
class Unknown:
    """The event names something we do not know; nothing was kept."""

    pointer: str
    code: str
    detail: str


def record(event: NewEvent, *, now: datetime) -> Received | Unknown:
    """Keep the event and decide about it. May run any number of times, also at once: only the first time counts."""
    lock(f"event:{event.source}:{event.external_ref}")
    before = _seen(event)
    if before is not None:
        same = before.body_hash == event.body_hash or is_erased_ref(before.external_ref)
        status: Literal["seen", "conflict"] = "seen" if same else "conflict"
        return Received(status, before, _invitation(before))
    places = _places(event)
    if isinstance(places, Unknown):
        return places
    touchpoint, branch, staff, home, owner = places
    person = Person(**{**vars(event.person), "branch": home, "owner": owner})
    proof = f"event {event.source}:{event.external_ref}"
    customer = identify(person, source=event.source, at=branch, now=now, proof=proof)
    kept = ServiceEvent(
        source=event.source,
        external_ref=event.external_ref,
        body_hash=event.body_hash,
        touchpoint_id=touchpoint.id,
        branch_id=branch.id,
        staff_id=staff.id if staff else None,
        customer_id=customer.id,
        complaint=event.complaint,
        reopens=event.reopens,
        attributes=dict(event.attributes),
        occurred_at=event.occurred_at,
        received_at=now,
        decision="skipped",
        rules=[],
    )
    db.session.add(kept)
    db.session.flush()
    if kept.reopens:
        cancel_reopened(kept, now=now)
    invitation = decide(kept, now=now)
    db.session.flush()
    return Received("new", kept, invitation)


def _seen(event: NewEvent) -> ServiceEvent | None:
    known_by = (event.external_ref, erased_ref(event.source, event.external_ref))
    return db.session.scalar(
        select(ServiceEvent).where(ServiceEvent.source == event.source, ServiceEvent.external_ref.in_(known_by))
    )


def _invitation(event: ServiceEvent) -> Invitation | None:
    return db.session.scalar(select(Invitation).where(Invitation.service_event_id == event.id))


def _places(event: NewEvent) -> tuple[Touchpoint, Branch, Staff | None, Branch | None, Staff | None] | Unknown:
    touchpoint = db.session.scalar(select(Touchpoint).where(Touchpoint.key == event.touchpoint))
    if touchpoint is None:
        return Unknown("/touchpoint", "unknown_touchpoint", f"There is no touchpoint {event.touchpoint!r}.")
    branch = branch_by_code(event.branch)
    if branch is None:
        return Unknown("/branch", "unknown_branch", f"There is no branch {event.branch!r}.")
    if branch.closed_by(event.occurred_at.astimezone(ZoneInfo(branch.time_zone)).date()):
        detail = f"{event.branch!r} is closed since {branch.closed_on}; name the branch that served the customer."
        return Unknown("/branch", "branch_closed", detail)
    home = branch_by_code(event.home) if event.home else None
    if event.home and home is None:
        return Unknown("/customer/branch", "unknown_branch", f"There is no branch {event.home!r}.")
    staff = staff_by_code(event.staff) if event.staff else None
    if event.staff and staff is None:
        return Unknown("/staff", "unknown_staff", f"There is no member of staff {event.staff!r}.")
    owner = staff_by_code(event.owner) if event.owner else None
    if event.owner and owner is None:
        return Unknown("/customer/owner", "unknown_staff", f"There is no member of staff {event.owner!r}.")
    return touchpoint, branch, staff, home, owner
