"""Survey tokens: 13 base62 signs (77 bits) of a keyed hash. Nothing secret is stored; a reminder can rebuild one."""

import base64
import secrets
import string

from app.extensions import db, keys, settings
from notifications import sms_capabilities
from surveys.invitations.codes import code_of
from surveys.invitations.invited import Invited
from surveys.invitations.models import Invitation

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
LENGTH = 13


def new_nonce() -> str:
    """128 random bits that make this invitation's token its own."""
    return secrets.token_urlsafe(16)


def token_for(service_event_id: int, programme_id: int, nonce: str) -> str:
    """The token of the invitation with this natural key."""
    return token_from("survey-token", f"{service_event_id}:{programme_id}:{nonce}")


def token_from(purpose: str, name: str) -> str:
    """13 signs nobody can guess who has not our key."""
    number = int.from_bytes(keys().mac(purpose, name), "big")
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, 62)
        letters.append(ALPHABET[rest])
    return "".join(letters)


def lookup_hash(token: str) -> str:
    """What stands in the database instead of the token."""
    return base64.urlsafe_b64encode(keys().mac("survey-lookup", token)).decode("ascii").rstrip("=")


def token_of(invitation: Invitation) -> str:
    """The token of a stored invitation."""
    return token_for(invitation.service_event_id, invitation.programme_id, invitation.nonce)


def link_ref(invitation: Invited) -> str:
    """What a waiting message remembers instead of the link."""
    return f"survey:{invitation.id}"


def stop_ref(invitation: Invitation) -> str:
    """What a waiting mail remembers instead of the link that stops further ones."""
    return f"stop:{invitation.id}"


def resolve_link(ref: str, channel: str) -> str:
    """The address a waiting message's {link} or {stop} stands for, or one address for all and a code of one's own.

    The latter in texts, where the carrier lets no link through that differs for each person. Raises LookupError for an
    unknown reference.
    """
    kind, _, number = ref.partition(":")
    invitation = db.session.get(Invitation, int(number)) if kind in ("survey", "stop") else None
    if invitation is None:
        raise LookupError(f"no invitation for the link {ref}")
    if channel == "sms" and not sms_capabilities().links:
        word = "编号" if invitation.language == "zh-Hans" else "編號" if invitation.language == "zh-Hant" else "code "
        return f"{settings().public_url}/s {word}{code_of(invitation)}"
    return link(invitation) if kind == "survey" else f"{link(invitation)}/stop"


def link(invitation: Invitation) -> str:
    """The address of this invitation's survey page."""
    return f"{settings().public_url}/s/{token_of(invitation)}"
