"""What is kept for how long, class by class; figures are kept for ever."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.auth.audit import forget_old_lines
from app.cases import erasing as cases
from app.reports import erasing as reports
from config import PolicyNumbers
from notifications.forgetting import forget_old_messages
from surveys.responses import keeping as answers
from surveys.responses.integrity import DEVICE_DAYS

AT_ONCE = 500
LONGEST_YEAR = 366


@dataclass(frozen=True)
class Kept:
    """A class of data: its name, and how a batch of what is too old is forgotten; it tells how many, 0 at the end."""

    name: str
    forget: Callable[[], int]


def kept_classes(policy: PolicyNumbers, *, now: datetime) -> list[Kept]:
    """Every class that is kept for a time only."""
    words = now - timedelta(days=policy.keep_answer_days)
    originals = now - timedelta(days=policy.keep_original_days)
    devices = now - timedelta(days=DEVICE_DAYS)
    messages = now - timedelta(days=policy.keep_message_days)
    audit = now - timedelta(days=policy.keep_audit_years * LONGEST_YEAR)
    return [
        Kept("answers", lambda: answers.forget_old_words(words, most=AT_ONCE)),
        Kept("originals", lambda: answers.forget_old_originals(originals, most=AT_ONCE)),
        Kept("devices", lambda: answers.forget_old_devices(devices, most=AT_ONCE)),
        Kept("corrections", lambda: answers.forget_old_corrections(words, most=AT_ONCE, now=now)),
        Kept("cases", lambda: cases.forget_old_words(words, most=AT_ONCE)),
        Kept("reports", lambda: reports.forget_old_words(words, most=AT_ONCE, now=now)),
        Kept("messages", lambda: forget_old_messages(messages, most=AT_ONCE, now=now)),
        Kept("audit", lambda: forget_old_lines(audit, most=AT_ONCE)),
    ]
