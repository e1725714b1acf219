"""Who has a case, as its customer is told: by the place they answer for, or by what they are to the customer."""

from datetime import datetime

from app.cases.ladder import first_holder, primary_of
from app.cases.models import Case
from surveys.invitations.models import Invitation
from surveys.people.models import Branch, Staff
from surveys.people.queries import chain
from surveys.responses.holder import said_of


def holder_values(case: Case, language: str, *, person: Staff | None = None) -> dict[str, str]:
    """Who has it, and the place or person that acts; in English each also as a sentence begins.

    `person`: somebody who had it before, instead of who has it now.
    """
    kind = _kind(case.branch, person or case.owner, primary_of(case))
    return said_of(kind, case.branch.name(language), language)


def expected_values(invitation: Invitation, language: str, *, now: datetime) -> dict[str, str]:
    """The same while there is no case yet: who would get one of this invitation."""
    branch = invitation.branch
    found = first_holder(invitation.owner, branch, priority=4, now=now)
    kind = _kind(branch, found[0], invitation.owner or branch.manager) if found else "branch"
    return said_of(kind, branch.name(language), language)


def _kind(branch: Branch, person: Staff, primary: Staff | None) -> str:
    place = next((place for place in chain(branch) if place.manager_id == person.id), None)
    if place is not None:
        return "branch" if place.id == branch.id else "region" if place.kind == "region" else "above"
    return "own" if primary is not None and person.id == primary.id else "colleague"
