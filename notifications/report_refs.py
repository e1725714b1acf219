"""What the carrier brings back with each report: which message and which attempt it speaks of, signed by us."""

from base64 import urlsafe_b64encode
from hmac import compare_digest

from app.extensions import keys

LONGEST = 60
_SIGNS = 16  # of base64: 96 bits


def report_ref(message_id: int, attempt: int) -> str:
    """The reference of this attempt at this message."""
    return f"{message_id}.{attempt}.{_signature(message_id, attempt)}"


def attempt_of(ref: str) -> tuple[int, int] | None:
    """The message and the attempt a reference of ours names; None for anything else."""
    named = ref.split(".") if len(ref) <= LONGEST and ref.isascii() else []
    if len(named) != 3 or not (named[0].isdigit() and named[1].isdigit()):
        return None
    message_id, attempt = int(named[0]), int(named[1])
    return (message_id, attempt) if compare_digest(ref, report_ref(message_id, attempt)) else None


def _signature(message_id: int, attempt: int) -> str:
    return urlsafe_b64encode(keys().mac("report", f"{message_id}:{attempt}")).decode("ascii")[:_SIGNS]
