"""The front of the closed loop: what other rooms may ask of cases. Only the sweepers are doors and commit."""

from app.cases.calling import customer_call_choice, with_times
from app.cases.chasing import chase, sweep_chase
from app.cases.closing import dismiss, resolve
from app.cases.customer_words import customer_wrote, is_awaited, may_be_awaited, status_text, who_writes
from app.cases.deeds import acknowledge, contact, hand_over, note
from app.cases.duty import alerts_stopped
from app.cases.leaving import pass_on_cases
from app.cases.opening import open_case
from app.cases.recovery import asks_recovery, recovery_answered, recovery_said, sweep_recovery
from app.cases.replies import needs_no_answer
from app.cases.results import Done, Refused, Result
from app.cases.reviewing import (
    complaint_received,
    free_text_outcome,
    heard_on_page,
    may_be_read_again,
    read_as,
    review_outcome,
)
from app.cases.staff_commands import is_command, staff_command

__all__ = [
    "Done",
    "Refused",
    "Result",
    "acknowledge",
    "alerts_stopped",
    "asks_recovery",
    "chase",
    "complaint_received",
    "contact",
    "customer_call_choice",
    "customer_wrote",
    "dismiss",
    "free_text_outcome",
    "hand_over",
    "heard_on_page",
    "is_awaited",
    "is_command",
    "may_be_awaited",
    "may_be_read_again",
    "needs_no_answer",
    "note",
    "open_case",
    "pass_on_cases",
    "read_as",
    "recovery_answered",
    "recovery_said",
    "resolve",
    "review_outcome",
    "staff_command",
    "status_text",
    "sweep_chase",
    "sweep_recovery",
    "who_writes",
    "with_times",
]
