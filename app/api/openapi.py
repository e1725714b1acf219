"""The API described from the very classes that check it."""

from typing import Any

from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from app.api.schemas import ComplaintBody, ServiceEventBody


class RuleBody(BaseModel):
    """One rule of the contact policy and its verdict on this event."""

    rule: str
    verdict: str = Field(pattern="^(pass|stop|defer)$")
    detail: str


class DecisionBody(BaseModel):
    """What was decided and why."""

    id: str
    decision: str = Field(pattern="^(scheduled|skipped)$")
    send_at: str | None = None
    rules: list[RuleBody]


class CaseBody(BaseModel):
    """The case a complaint opened or joined."""

    id: str
    case: str = Field(examples=["4821"])
    state: str
    priority: int = Field(ge=1, le=4)


class ErrorBody(BaseModel):
    """One part of the request that cannot be used."""

    pointer: str
    code: str
    detail: str


class ProblemBody(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ErrorBody] = []


def document(public_url: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    models: list[tuple[type[BaseModel], Any]] = [
        (ServiceEventBody, "validation"),
        (ComplaintBody, "validation"),
        (DecisionBody, "serialization"),
        (CaseBody, "serialization"),
        (ProblemBody, "serialization"),
    ]
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")

    def ref(name: str) -> dict[str, str]:
        return {"$ref": f"#/components/schemas/{name}"}

    def problem(description: str) -> dict[str, Any]:
        return {"description": description, "content": {"application/problem+json": {"schema": ref("ProblemBody")}}}

    def operation(name: str, summary: str, new: str, taken: str, given: str) -> dict[str, Any]:
        one = {"content": {"application/json": {"schema": ref(given)}}}
        many = {"type": "array", "items": {"type": "object", "required": ["status"]}}
        body = {"oneOf": [ref(taken), {"type": "array", "maxItems": 500, "items": ref(taken)}]}
        return {
            "operationId": name,
            "summary": summary,
            "description": "Idempotent by source and external_ref: the same again answers 200 and changes nothing.",
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            "responses": {
                "201": {"description": new, **one},
                "200": {
                    "description": "Seen before (or a list: each item with its own status)",
                    "content": {"application/json": {"schema": {"oneOf": [ref(given), many]}}},
                },
                "400": problem("Not JSON"),
                "401": problem("No valid API key"),
                "409": problem("The same reference with another body; nothing changed"),
                "422": problem("Parts that cannot be used, each named"),
            },
        }

    events = operation(
        "reportServiceEvents", "Report that customers were served", "New: decided", "ServiceEventBody", "DecisionBody"
    )
    complaints = operation(
        "reportComplaints", "Report complaints", "New: a person was told", "ComplaintBody", "CaseBody"
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Heed", "version": "1", "description": "Customer feedback that reaches who can mend it."},
        "servers": [{"url": public_url}],
        "security": [{"apiKey": []}],
        "paths": {"/api/v1/service-events": {"post": events}, "/api/v1/complaints": {"post": complaints}},
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"apiKey": {"type": "http", "scheme": "bearer"}},
        },
    }
