"""Who looks after an unhappy answer, as its customer is told: by their place, or by what they are to the customer."""

from collections.abc import Mapping

from notifications.texts import fallbacks
from surveys.invitations.invited import Invited

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


NAMES = frozenset({"holder", "Holder", "keeper", "Keeper"})


def said_of(kind: str, branch: str, language: str) -> dict[str, str]:
    """Who has it, and the place or person that acts; in English each also as a sentence begins.

    `kind`: branch, region, above, own or colleague; `branch`: its name.
    """
    tongue = next(name for name in fallbacks(language) if name in SAYS)
    holder = SAYS[tongue][kind].format(branch=branch)
    keeper = holder if kind in ("region", "above") else branch
    return {"holder": holder, "Holder": _begun(holder), "keeper": keeper, "Keeper": _begun(keeper)}


def has_own_manager(invitation: Invited) -> bool:
    """Whether an answer goes to an account manager of their own, and not to the branch's manager."""
    return invitation.owner_id is not None and invitation.owner_id != invitation.branch.manager_id


def usual_holder(invitation: Invited, language: str) -> dict[str, str]:
    """The same for an answer to this invitation, while nobody has it: their own account manager, or the branch's."""
    kind = "own" if has_own_manager(invitation) else "branch"
    return said_of(kind, invitation.branch.name(language), language)


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]
