"""POST /api/v1/service-events and the document that describes it."""

from typing import Any

from flask import Response, jsonify, request
from pydantic import ValidationError

from app.api import blueprint, described
from app.api.openapi import document
from app.api.problem import problem, problem_body
from app.api.schemas import ServiceEventBody, WrongValueError, new_event, refuse_unstorable
from app.extensions import clock, commit, db, settings
from surveys.invitations.events import Received, Unknown, record

MOST = 500


@blueprint.post("/service-events")
def service_events() -> Response:
    """One event or a list of them. 201 new, 200 seen before, 409 another body, 422 with what to mend."""
    body = request.get_json(silent=True)
    if isinstance(body, list):
        if len(body) > MOST:
            return problem(422, f"Send at most {MOST} events at a time.")
        items = []
        for item in body:
            status, answer = _one(item)
            items.append({"status": status, **answer})
        return jsonify(items)
    if not isinstance(body, dict):
        return problem(400, "Send one event as a JSON object, or a list of them, with Content-Type application/json.")
    status, answer = _one(body)
    response = jsonify(answer)
    response.status_code = status
    if status >= 400:
        response.mimetype = "application/problem+json"
    return response


def _one(item: Any) -> tuple[int, dict[str, Any]]:
    now = clock().now()
    try:
        refuse_unstorable(item)
        event = new_event(ServiceEventBody.model_validate(item), config=settings(), now=now)
    except ValidationError as error:
        return 422, problem_body(422, "Some parts cannot be used; errors names them.", errors=_errors(error))
    except WrongValueError as wrong:
        return 422, _unusable(wrong.pointer, wrong.code, wrong.detail)
    result = record(event, now=now)
    if isinstance(result, Unknown):
        db.session.rollback()
        return 422, _unusable(result.pointer, result.code, result.detail)
    if result.status == "conflict":
        db.session.rollback()
        detail = f"{event.source}:{event.external_ref} was sent before with another body; nothing was changed."
        return 409, problem_body(409, detail)
    commit()
    return (201 if result.status == "new" else 200), _answer(result)


def _answer(result: Received) -> dict[str, Any]:
    event, invitation = result.event, result.invitation
    send_at = invitation.send_at if invitation and event.decision == "scheduled" else None
    return {
        "id": str(event.id),
        "decision": event.decision,
        "send_at": send_at.isoformat() if send_at else None,
        "rules": event.rules,
    }


def _unusable(pointer: str, code: str, detail: str) -> dict[str, Any]:
    return problem_body(422, detail, errors=[{"pointer": pointer, "code": code, "detail": detail}])


def _errors(error: ValidationError) -> list[dict[str, str]]:
    return [
        {"pointer": "/" + "/".join(str(part) for part in e["loc"]), "code": e["type"], "detail": e["msg"]}
        for e in error.errors(include_url=False, include_input=False, include_context=False)
    ]


@described.get("/openapi.json")
def openapi() -> Response:
    """OpenAPI 3.1 of the whole API."""
    return jsonify(document(settings().public_url))
