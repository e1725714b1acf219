"""Errors as application/problem+json (RFC 9457)."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Response, json


def problem(status: int, detail: str, *, errors: Sequence[dict[str, str]] = ()) -> Response:
    """What was wrong: `detail` says what to do, `errors` point at the parts ({pointer, code, detail})."""
    return Response(
        json.dumps(problem_body(status, detail, errors=errors)), status=status, mimetype="application/problem+json"
    )


def problem_body(status: int, detail: str, *, errors: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    """The same as a value, for one item of a list."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = list(errors)
    return body
