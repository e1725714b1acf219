"""The history of a case: every deed leaves one line, and what was done already is read from there."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from app.cases.models import Case, CaseEvent
from app.extensions import db
from surveys.people.models import Staff

# Lines at which the customer told us something, or was told or asked.
IN_TOUCH = frozenset(
    {
        *(
            "opened",
            "joined",
            "words",
            "corrected",
            "acknowledged",
            "contacted",
            "tried",
            "asked_customer",
            "answered_us",
        ),
        *("customer_wrote", "call_choice", "resolved", "recovery_asked", "recovery", "reopened"),
    }
)
MOVES = ("opened", "handed_over", "handed_back", "handed_up", "reopened")


def record(
    case: Case, kind: str, *, now: datetime, staff: Staff | None = None, note: str | None = None, **detail: Any
) -> CaseEvent:
    """Add one line. The note is kept as ciphertext; the detail holds no words."""
    event = CaseEvent(kind=kind, at=now, staff_id=staff.id if staff else None, note=note, detail=detail)
    case.history.append(event)
    db.session.flush()
    return event


def last(case: Case, *kinds: str) -> CaseEvent | None:
    """The latest line of one of these kinds."""
    return next((e for e in reversed(case.history) if e.kind in kinds), None)


def times(case: Case, kind: str) -> int:
    """How often this happened."""
    return sum(e.kind == kind for e in case.history)


def cycle(case: Case) -> int:
    """How often the case came back: messages are sent once a cycle."""
    return times(case, "reopened")


def since_move(case: Case, kinds: Collection[str]) -> list[CaseEvent]:
    """Lines of these kinds since the case last changed hands."""
    lines: list[CaseEvent] = []
    for event in reversed(case.history):
        if event.kind in MOVES:
            break
        if event.kind in kinds:
            lines.append(event)
    return lines


def moved_at(case: Case, *, by_deadline: bool = False) -> datetime:
    """Since when its holder has it. `by_deadline`: since when their time runs.

    What colleagues arranged stops no clock; a time given anew, after one was missed, starts one.
    """
    kinds = (*(k for k in MOVES if k != "handed_over"), "granted") if by_deadline else MOVES
    move = last(case, *kinds)
    return move.at if move else case.opened_at


def in_touch_at(case: Case) -> datetime:
    """When the customer and we last had to do with each other about it."""
    return max((e.at for e in case.history if e.kind in IN_TOUCH), default=case.opened_at)
