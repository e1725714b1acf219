"""Who may come in by a door. Every blueprint states its rule on the line that registers it."""

import hmac
from collections.abc import Callable

from flask import Blueprint, Flask, Response, g, json, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as AnyResponse

from app.api.problem import problem
from app.auth.roles import Permission, scope
from app.auth.service import api_key_named_by
from app.extensions import settings

Rule = Callable[[], AnyResponse | None]
LARGEST_ROW_NUMBER = 2**63 - 1


class RowNumber(IntegerConverter):
    """The number of a row in an address; one that no database can hold is an unknown address."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ROW_NUMBER)


def register(app: Flask, blueprint: Blueprint, rule: Rule) -> None:
    """Put a blueprint behind its rule; the rule answers None to let a request in."""
    rules: dict[str | None, Rule] = app.extensions.setdefault("heed.access", {})
    if not rules:
        app.before_request(lambda: rules[request.blueprint]() if request.blueprint else None)
    rules[blueprint.name] = rule
    app.register_blueprint(blueprint)


def anyone() -> AnyResponse | None:
    """The door is open; a token in the address may still be the credential."""
    return None


def signed_in() -> AnyResponse | None:
    """Somebody with a session; others are led to the sign-in page and back."""
    if current_user.is_authenticated:
        return None
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.sign_in", next=back))


def may_use_simulator() -> AnyResponse | None:
    """Somebody signed in whose role may answer as anybody; for others there is nothing here."""
    led_away = signed_in()
    if led_away is None and not scope(current_user).may(Permission.USE_SIMULATOR):
        raise NotFound
    return led_away


def api_key() -> AnyResponse | None:
    """Another system with a key that is not revoked: Authorization: Bearer KEY."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    found = api_key_named_by(key.strip()) if scheme.lower() == "bearer" and key.strip() else None
    if found is None:
        response = problem(401, "Send a valid API key as Authorization: Bearer KEY.")
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    g.api_key_id = found.id
    return None


def carrier() -> AnyResponse | None:
    """The carrier; each view checks the signature over the public address itself. Here: only forms get that far."""
    if request.mimetype != "application/x-www-form-urlencoded":
        raise Forbidden("The carrier signs form-encoded requests only.")
    return None


def simulated_carrier() -> AnyResponse | None:
    """The simulated carrier's API: HTTP Basic with the account's SID and token."""
    given, config = request.authorization, settings()
    if (
        given is not None
        and given.type == "basic"
        and hmac.compare_digest((given.username or "").encode(), config.twilio_account_sid.encode())
        and hmac.compare_digest((given.password or "").encode(), config.twilio_auth_token.encode())
    ):
        return None
    body = {"code": 20003, "message": "Authenticate", "more_info": "", "status": 401}
    response = Response(status=401, mimetype="application/json")
    response.set_data(json.dumps(body))
    response.headers["WWW-Authenticate"] = 'Basic realm="Simulated carrier"'
    return response
