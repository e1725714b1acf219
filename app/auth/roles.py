"""Roles x permissions as data; a grant says at which place a role is held, and reaches everything below it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.auth.models import User
from surveys.people.queries import subtree


class Role(StrEnum):
    """What somebody does in the company."""

    AGENT = "agent"
    ACCOUNT_MANAGER = "account_manager"
    BRANCH_MANAGER = "branch_manager"
    REGIONAL_MANAGER = "regional_manager"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    PRIVACY_OFFICER = "privacy_officer"


class Permission(StrEnum):
    """What a view may ask for."""

    HANDLE_CASES = "handle_cases"
    SEE_CASES = "see_cases"
    SEE_ANSWERS = "see_answers"
    SEE_CUSTOMERS = "see_customers"
    LOOK_UP = "look_up"  # recognise any customer at the counter by exact phone or reference
    SEE_REPORT = "see_report"
    SEE_DECISIONS = "see_decisions"
    USE_SIMULATOR = "use_simulator"
    ADMINISTER = "administer"
    SEE_AUDIT = "see_audit"
    SEE_ORIGINALS = "see_originals"  # what redaction took out of an answer, each time with a reason


NOBODY = 0  # an account manager's account that belongs to no member of staff has no customers
P = Permission
_FLOOR = frozenset({P.LOOK_UP, P.USE_SIMULATOR})
_MANAGER = _FLOOR | {P.HANDLE_CASES, P.SEE_CASES, P.SEE_ANSWERS, P.SEE_CUSTOMERS, P.SEE_REPORT, P.SEE_DECISIONS}

MATRIX: Mapping[Role, frozenset[Permission]] = {
    Role.AGENT: _FLOOR,
    Role.ACCOUNT_MANAGER: _FLOOR | {P.HANDLE_CASES, P.SEE_CASES, P.SEE_ANSWERS, P.SEE_CUSTOMERS},
    Role.BRANCH_MANAGER: _MANAGER,
    Role.REGIONAL_MANAGER: _MANAGER,
    Role.ANALYST: frozenset({P.SEE_ANSWERS, P.SEE_REPORT, P.SEE_DECISIONS, P.SEE_CASES, P.USE_SIMULATOR}),
    Role.ADMINISTRATOR: frozenset(Permission) - {P.SEE_ORIGINALS},
    Role.AUDITOR: frozenset({P.SEE_AUDIT, P.SEE_REPORT, P.SEE_DECISIONS, P.SEE_CASES}),
    Role.PRIVACY_OFFICER: frozenset({P.LOOK_UP, P.SEE_ANSWERS, P.SEE_CUSTOMERS, P.SEE_ORIGINALS}),
}


@dataclass(frozen=True)
class Scope:
    """What one person may do, and where. `own_staff_id` narrows an account manager to their own customers.

    `staff_id` is who they are themselves: what they look after is theirs to see wherever it lies.
    """

    branch_ids: frozenset[int]
    permissions: frozenset[Permission]
    own_staff_id: int | None = None
    staff_id: int | None = None

    def may(self, permission: Permission) -> bool:
        """Whether this may be done at all."""
        return permission in self.permissions

    def reaches(self, branch_id: int | None) -> bool:
        """Whether this place lies within the scope."""
        return branch_id is not None and branch_id in self.branch_ids


def scope(user: User) -> Scope:
    """The scope of somebody's grants, taken together."""
    roles = {Role(grant.role) for grant in user.grants}
    permissions = frozenset[Permission]().union(*(MATRIX[role] for role in roles))
    only_own = bool(roles) and roles <= {Role.ACCOUNT_MANAGER, Role.AGENT}
    return Scope(
        branch_ids=frozenset(subtree([grant.branch_id for grant in user.grants])),
        permissions=permissions,
        own_staff_id=(user.staff_id or NOBODY) if only_own else None,
        staff_id=user.staff_id,
    )
