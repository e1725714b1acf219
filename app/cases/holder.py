"""Who has a case, as its customer is told: by the place they answer for, or by what they are to the customer."""

from collections.abc import Mapping

from app.cases.ladder import primary_of
from app.cases.models import Case
from notifications.texts import fallbacks
from surveys.people.models import Staff
from surveys.people.queries import chain

SAYS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "branch": "the manager of {branch}",
        "region": "the regional manager",
        "above": "a senior manager",
        "own": "your account manager",
        "colleague": "a colleague at {branch}",
    },
    "zh-Hans": {
        "branch": "{branch}行长",
        "region": "区域经理",
        "above": "上级负责人",
        "own": "您的客户经理",
        "colleague": "{branch}负责同事",
    },
    "zh-Hant": {
        "branch": "{branch}經理",
        "region": "區域經理",
        "above": "上級負責人",
        "own": "您的客戶經理",
        "colleague": "{branch}負責同事",
    },
}


def is_branch_manager(case: Case) -> bool:
    """Whether the manager of the branch has it: what every text says that names nobody else."""
    return _kind(case, case.owner) == "branch"


def holder_values(case: Case, language: str, *, person: Staff | None = None) -> dict[str, str]:
    """Who has it, and the place or person that acts; in English each also as a sentence begins.

    `person`: somebody who had it before, instead of who has it now.
    """
    return said_of(_kind(case, person or case.owner), case.branch.name(language), language)


def said_of(kind: str, branch: str, language: str) -> dict[str, str]:
    """The same by the kind of holder: branch, region, above, own or colleague."""
    tongue = next(name for name in fallbacks(language) if name in SAYS)
    holder = SAYS[tongue][kind].format(branch=branch)
    keeper = holder if kind in ("region", "above") else branch
    return {"holder": holder, "Holder": _begun(holder), "keeper": keeper, "Keeper": _begun(keeper)}


def _kind(case: Case, person: Staff) -> str:
    place = next((place for place in chain(case.branch) if place.manager_id == person.id), None)
    if place is not None:
        return "branch" if place.id == case.branch_id else "region" if place.kind == "region" else "above"
    return "own" if person.id == primary_of(case).id else "colleague"


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]
