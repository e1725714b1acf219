"""What other systems tell: customers were served, somebody complained. And the document that describes it."""

import logging
from collections.abc import Callable
from typing import Any

from flask import Response, jsonify
from pydantic import ValidationError

from app.api import blueprint, described
from app.api.openapi import document
from app.api.problem import problem, problem_body
from app.api.reading import WrongValueError, json_body, pointer_to, refuse_unstorable
from app.api.schemas import ComplaintBody, ServiceEventBody, new_complaint, new_event
from app.complaints import Complained, record_complaint
from app.extensions import clock, commit, db, settings
from surveys.invitations.events import Received, Unknown, record

log = logging.getLogger("heed")

MOST = 500
Told = tuple[int, dict[str, Any]]


@blueprint.post("/service-events")
def service_events() -> Response:
    """One event or a list of them. 201 new, 200 seen before, 409 another body, 422 with what to mend."""
    return _one_or_many(_event)


@blueprint.post("/complaints")
def complaints() -> Response:
    """One complaint or a list of them: each opens a case or joins the customer's open one."""
    return _one_or_many(_complaint)


def _one_or_many(tell: Callable[[Any], Told]) -> Response:
    body = json_body()
    if isinstance(body, list):
        if len(body) > MOST:
            detail = f"Send at most {MOST} at a time."
            return problem(422, detail, errors=[{"pointer": "/", "code": "too_many", "detail": detail}])
        told = [_answered(tell, item, alone=False) for item in body]
        return jsonify([{"status": status, **answer} for status, answer in told])
    if not isinstance(body, dict):
        return problem(400, "Send one JSON object, or a list of them, with Content-Type application/json.")
    status, answer = _answered(tell, body, alone=True)
    response = jsonify(answer)
    response.status_code = status
    if status >= 400:
        response.mimetype = "application/problem+json"
    return response


def _answered(tell: Callable[[Any], Told], item: Any, *, alone: bool) -> Told:
    try:
        refuse_unstorable(item)
        status, answer = tell(item)
    except ValidationError as error:
        status, answer = 422, problem_body(422, "Some parts cannot be used; errors names them.", errors=_errors(error))
    except WrongValueError as wrong:
        status, answer = 422, _unusable(wrong.pointer, wrong.code, wrong.detail)
    except Exception:
        if alone:
            raise
        # The items before this one are kept; the sender must learn which they were.
        log.exception("one item of a list failed")
        status, answer = 500, problem_body(500, "This item was not kept. Please send it again.")
    if status in (200, 201):
        commit()
    else:
        db.session.rollback()
    return status, answer


def _event(item: Any) -> Told:
    now = clock().now()
    event = new_event(ServiceEventBody.model_validate(item), config=settings(), now=now)
    result = record(event, now=now)
    if isinstance(result, Unknown):
        return 422, _unusable(result.pointer, result.code, result.detail)
    if result.status == "conflict":
        return _conflict(f"{event.source}:{event.external_ref}")
    return (201 if result.status == "new" else 200), _decision(result)


def _decision(result: Received) -> dict[str, Any]:
    event = result.event
    return {
        "id": str(event.id),
        "decision": event.decision,
        "send_at": event.send_at.isoformat() if event.send_at else None,
        "rules": event.rules,
    }


def _complaint(item: Any) -> Told:
    now = clock().now()
    complaint = new_complaint(ComplaintBody.model_validate(item), config=settings(), now=now)
    result = record_complaint(complaint, now=now)
    if isinstance(result, Unknown):
        return 422, _unusable(result.pointer, result.code, result.detail)
    if result.status == "conflict":
        return _conflict(complaint.ref)
    return (201 if result.status == "new" else 200), _opened(result)


def _opened(result: Complained) -> dict[str, Any]:
    case = result.case
    return {"id": str(result.origin.id), "case": case.code, "state": case.state, "priority": case.priority}


def _conflict(ref: str) -> Told:
    return 409, problem_body(409, f"{ref} was sent before with another body; nothing was changed.")


def _unusable(pointer: str, code: str, detail: str) -> dict[str, Any]:
    return problem_body(422, detail, errors=[{"pointer": pointer, "code": code, "detail": detail}])


def _errors(error: ValidationError) -> list[dict[str, str]]:
    return [
        {"pointer": pointer_to(*e["loc"]) or "/", "code": e["type"], "detail": e["msg"]}
        for e in error.errors(include_url=False, include_input=False, include_context=False)
    ]


@described.get("/openapi.json")
def openapi() -> Response:
    """OpenAPI 3.1 of the whole API."""
    return jsonify(document(settings().public_url))
