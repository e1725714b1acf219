"""How often and how soon a message is tried again (pure). Real time: carriers do not live by the business clock."""

from datetime import timedelta

from notifications.carrier_errors import Deed, reason
from notifications.models import Purpose

_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 20, 60, 300, 900, 3600))
# A report that a phone was off comes after the network's own attempts; minutes later nothing has changed.
_PAUSES_AFTER_REPORT = tuple(timedelta(minutes=minutes) for minutes in (20, 120, 360))
_MOST_ATTEMPTS = {Purpose.ESCALATION: 12, Purpose.CASE: 8, Purpose.REPORT: 8}
_SETUP_PAUSE = timedelta(minutes=10)
_MOST_SETUP_ATTEMPTS = 24


def pause(code: str, *, purpose: str, attempts: int, retry_after: float | None = None) -> timedelta | None:
    """How long to wait after the carrier refused attempt number `attempts`; None when there is no use in another."""
    deed = reason(code).deed
    if deed is Deed.SETUP:
        return _SETUP_PAUSE if attempts < _MOST_SETUP_ATTEMPTS else None
    if deed is not Deed.RETRY or attempts >= _MOST_ATTEMPTS.get(Purpose(purpose), 6):
        return None
    wait = _PAUSES[min(attempts, len(_PAUSES)) - 1]
    return max(wait, timedelta(seconds=min(retry_after, 86_400))) if retry_after else wait


def pause_after_report(code: str | None, *, purpose: str, attempts: int) -> timedelta | None:
    """How long to wait after a delivery report said no; None when it is final. A survey gets one more try."""
    if reason(code).deed is not Deed.RETRY:
        return None
    most = 4 if purpose == Purpose.ESCALATION else 2
    return _PAUSES_AFTER_REPORT[min(attempts, 3) - 1] if attempts < most else None


def may_resend(*, purpose: str, resends: int) -> bool:
    """Whether to send again what may have gone out already: for a survey once at most, for an escalation always.

    For a survey silence is better than asking twice; for a manager twice is better than silence.
    """
    return purpose == Purpose.ESCALATION or resends < 1
