"""What became of an invitation, in the words of AAPOR (Standard Definitions, 10th edition). Pure; the table is data.

Everybody on the list was served, so everybody is eligible: who cannot be reached is a non-contact, not an unknown case.
Unknown is only whether a message that left ever arrived.
"""

from collections.abc import Iterable
from enum import StrEnum

from notifications.models import State
from surveys.invitations.models import InvitationState


class Disposition(StrEnum):
    """The final result of one invitation. `open` is none yet, `not_sent` never was one of the sample."""

    COMPLETE = "complete"  # 1.1
    PARTIAL = "partial"  # 1.2
    REFUSAL = "refusal"  # 2.1
    NO_CONTACT = "no_contact"  # 2.2: it arrived and nothing came back, or it could not be delivered
    OTHER = "other"  # 2.3: withdrawn by us after it had left
    UNKNOWN = "unknown"  # 3: whether it arrived was never learned
    OPEN = "open"
    NOT_SENT = "not_sent"


_BY_STATE: dict[str, Disposition] = {
    InvitationState.SCHEDULED: Disposition.NOT_SENT,
    InvitationState.SKIPPED: Disposition.NOT_SENT,
    InvitationState.CANCELLED: Disposition.OTHER,
    InvitationState.SENT: Disposition.OPEN,
    InvitationState.REMINDED: Disposition.OPEN,
    InvitationState.STARTED: Disposition.OPEN,
    InvitationState.COMPLETED: Disposition.COMPLETE,
    InvitationState.PARTIAL: Disposition.PARTIAL,
    InvitationState.REFUSED: Disposition.REFUSAL,
    InvitationState.UNDELIVERABLE: Disposition.NO_CONTACT,
}
# An invitation nobody answered in time: by what is known of its messages.
_NEVER_SENT = frozenset({State.SUPPRESSED, State.EXPIRED})
_ARRIVED = frozenset({State.DELIVERED})
_FAILED = frozenset({State.UNDELIVERED, State.FAILED})


def disposition(state: str, messages: Iterable[str], *, sent: bool = True) -> Disposition:
    """The disposition of one invitation from its state and the states of the messages that asked and reminded.

    `sent`: whether it was ever asked; one that was cancelled or refused before that is none of the sample.
    """
    if not sent and state != InvitationState.UNDELIVERABLE:
        return Disposition.NOT_SENT
    if state != InvitationState.EXPIRED:
        return _BY_STATE[state]
    known = set(messages)
    if known & _ARRIVED or (known and known <= _FAILED | _NEVER_SENT):
        return Disposition.NO_CONTACT
    return Disposition.UNKNOWN
