"""A complaint that came another way than by a survey: kept once, whoever sends it how often, and put before a person.

It opens a case or joins the customer's open one, whatever its words sound like: that it is a complaint is said already.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from app.cases import service as cases
from app.cases.models import Case, CaseOrigin
from app.extensions import db, lock
from app.insights.signs import leaving_risk
from surveys.invitations.events import Unknown
from surveys.people.queries import branch_by_code, staff_by_code
from surveys.people.service import Person, erased_ref, identify, is_erased_ref
from surveys.scoring.language import detect
from surveys.scoring.redaction import redact
from surveys.scoring.signals import find_signals


@dataclass(frozen=True, kw_only=True)
class NewComplaint:
    """A complaint as another system reports it. `branch`, `home` and `owner` are codes."""

    source: str
    external_ref: str
    branch: str
    person: Person
    text: str
    occurred_at: datetime
    home: str | None = None
    owner: str | None = None
    body: Mapping[str, Any]

    @property
    def ref(self) -> str:
        return f"{self.source}:{self.external_ref}"

    @property
    def body_hash(self) -> str:
        canonical = json.dumps(self.body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Complained:
    """What became of a complaint: new, seen before (nothing changed), or in conflict with what was sent before."""

    status: Literal["new", "seen", "conflict"]
    origin: CaseOrigin
    case: Case


def record_complaint(new: NewComplaint, *, now: datetime) -> Complained | Unknown:
    """Keep the complaint and tell whoever must act. May run any number of times: only the first time counts."""
    lock(f"complaint:{new.ref}")
    before = _origin(new.ref)
    if before is not None:
        same = before.body_hash == new.body_hash or is_erased_ref(before.ref)
        status: Literal["seen", "conflict"] = "seen" if same else "conflict"
        return Complained(status, before, db.session.get_one(Case, before.case_id))
    branch = branch_by_code(new.branch)
    if branch is None:
        return Unknown("/branch", "unknown_branch", f"There is no branch {new.branch!r}.")
    home = branch_by_code(new.home) if new.home else None
    if new.home and home is None:
        return Unknown("/customer/branch", "unknown_branch", f"There is no branch {new.home!r}.")
    owner = staff_by_code(new.owner) if new.owner else None
    if new.owner and owner is None:
        return Unknown("/customer/owner", "unknown_staff", f"There is no member of staff {new.owner!r}.")
    person = replace(new.person, branch=home, owner=owner)
    customer = identify(person, source=new.source, at=branch, now=now, proof=f"complaint {new.ref}")
    text = redact(new.text).text
    case = cases.complaint_received(
        customer,
        branch,
        text,
        ref=new.ref,
        language=detect(text),
        signals=frozenset(signal.kind.value for signal in find_signals(text)),
        risk=leaving_risk(customer, None, now=now, complaint=True),
        now=now,
    )
    origin = _origin(new.ref)
    if case is None or origin is None:
        return Unknown("/branch", "nobody_answers", f"Nobody answers for {new.branch!r}; give it a manager first.")
    origin.body_hash = new.body_hash
    return Complained("new", origin, case)


def _origin(ref: str) -> CaseOrigin | None:
    known_by = (ref, erased_ref(*ref.split(":", 1)))
    query = select(CaseOrigin).where(CaseOrigin.kind == "complaint", CaseOrigin.ref.in_(known_by))
    return db.session.scalar(query)
