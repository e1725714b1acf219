"""Service events from a file: each row is nested as the API's body and goes the API's way, so that the two agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from app.api.reading import WrongValueError, refuse_unstorable
from app.api.schemas import ConsentBody, CustomerBody, ServiceEventBody, new_event
from app.extensions import settings
from surveys.invitations.events import NewEvent, Unknown, record
from surveys.people.imports import Outcome
from surveys.people.table_rows import Columns, Refused, Row

YES = {"true", "yes", "1", "y", "是"}
NO = {"false", "no", "0", "n", "否"}
_ADVICE = {
    "missing": "is empty; fill it in",
    "timezone_aware": "needs its zone, like 2026-11-20T14:05:00+08:00",
    "datetime_from_date_parsing": "is no time; write it like 2026-11-20T14:05:00+08:00",
    "datetime_parsing": "is no time; write it like 2026-11-20T14:05:00+08:00",
    "bool_parsing": "must be true or false",
}


@dataclass(frozen=True)
class EventRow:
    """An event and the line it came on."""

    line: int
    event: NewEvent


def event_columns() -> Columns:
    """The API's keys, flattened; attributes.* may hold anything."""
    top = [name for name in ServiceEventBody.model_fields if name not in ("customer", "attributes")]
    required = tuple(name for name in top if ServiceEventBody.model_fields[name].is_required())
    customer = [f"customer.{name}" for name in CustomerBody.model_fields if name != "consent"]
    consent = [f"customer.consent.{name}" for name in ConsentBody.model_fields]
    optional = [name for name in top if name not in required]
    return Columns(required, (*optional, *customer, *consent), open_ended=lambda name: name.startswith("attributes."))


def read_event(row: Row, *, now: datetime) -> EventRow | Refused:
    """The event of a row, or what to mend in it."""
    try:
        body = _nested(row.values)
        refuse_unstorable(body)
        return EventRow(row.line, new_event(ServiceEventBody.model_validate(body), config=settings(), now=now))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        column = ".".join(str(part) for part in first["loc"])
        advice = _ADVICE.get(first["type"], f"cannot be used ({first['msg']}); correct it")
        return Refused(row.line, f"{column} {advice}")
    except WrongValueError as wrong:
        return Refused(row.line, f"{wrong.pointer.strip('/').replace('/', '.')}: {wrong.detail}")


def _nested(flat: dict[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {"customer": {}}
    for column, text in flat.items():
        if column.startswith("attributes."):
            # What follows is the attribute's own name, dots and all.
            body.setdefault("attributes", {})[column.removeprefix("attributes.")] = _truth(column, text)
            continue
        *way, last = column.split(".")
        place = body
        for step in way:
            place = place.setdefault(step, {})
        place[last] = text
    return body


def _truth(column: str, text: str) -> str | bool:
    if column != "attributes.complaint":
        return text
    word = text.casefold()
    return True if word in YES else False if word in NO else text


def keep_events(rows: Sequence[EventRow], *, now: datetime) -> Outcome:
    """Record these events. May run any number of times; one that was sent before with another body is refused."""
    outcome = Outcome()
    for row in rows:
        result = record(row.event, now=now)
        if isinstance(result, Unknown):
            column = result.pointer.strip("/").replace("/", ".")
            outcome.refused.append(Refused(row.line, f"{column}: {result.detail} Correct the code or add it first."))
        elif result.status == "conflict":
            outcome.refused.append(received_before(row))
        elif result.status == "new":
            outcome.add_new(row.line)
        else:
            outcome.same += 1
    return outcome


def received_before(row: EventRow) -> Refused:
    """An event that came before and said something else."""
    name = f"{row.event.source}:{row.event.external_ref}"
    return Refused(
        row.line,
        f"{name} was received before with another content; nothing was changed. Give it another external_ref.",
    )
