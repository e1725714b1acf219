"""Short codes people type where a carrier lets no personal link through.

A code is the invitation's number and 25 bits of a keyed hash. It belongs to that invitation for ever, so none is used
twice. What guesses may be made is counted at the door.
"""

import hmac
import re

from app.extensions import db, keys
from surveys.invitations.models import Invitation

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is read as something else
PROOF = 5
LONGEST = 13 + PROOF
_READ_AS = str.maketrans("ILO", "110")


def code_of(invitation: Invitation) -> str:
    """What stands in the text, like 7K2-M9PQX."""
    return f"{_written(invitation.id)}-{_proof(invitation.id, invitation.nonce)}"


def invitation_by_code(typed: str) -> Invitation | None:
    """Whose code this is, however it was typed: small letters, spaces, no hyphen, O for 0. None when it is nobody's."""
    code = re.sub(r"[\s\-–—.]", "", typed).upper().translate(_READ_AS)
    if not PROOF < len(code) <= LONGEST or set(code) - set(DIGITS):
        return None
    number = 0
    for sign in code[:-PROOF]:
        number = number * 32 + DIGITS.index(sign)
    invitation = db.session.get(Invitation, number) if number < 2**63 else None
    if invitation is None or invitation.sent_at is None:
        return None  # nobody was ever told this one
    if not hmac.compare_digest(code[-PROOF:], _proof(invitation.id, invitation.nonce)):
        return None
    return invitation


def _proof(number: int, nonce: str) -> str:
    bits = int.from_bytes(keys().mac("survey-code", f"{number}:{nonce}")[:8], "big")
    return _written(bits % 32**PROOF).rjust(PROOF, "0")


def _written(number: int) -> str:
    signs = ""
    while number:
        number, rest = divmod(number, 32)
        signs = DIGITS[rest] + signs
    return signs or "0"
