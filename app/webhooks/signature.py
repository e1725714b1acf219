"""Whether a request really comes from the carrier: its signature over the public address and the form it sent."""

from flask import Request

from app.extensions import settings

FORM = "application/x-www-form-urlencoded"


def is_signed(request: Request) -> bool:
    """Whether Twilio signed this, by either of its schemes, for our public address. False for anything unreadable."""
    from twilio.request_validator import (
        SIGNATURE_HEADER,
        SIGNATURE_SETTINGS_HEADER,
        RequestValidator,
        get_signature_algorithm,
    )

    signature = request.headers.get(SIGNATURE_HEADER, "")
    if not signature or request.mimetype != FORM:
        return False  # other bodies are vouched for by a hash in the address, and nothing here asks for them
    validator = RequestValidator(settings().twilio_auth_token)
    algorithm = get_signature_algorithm(request.headers.get(SIGNATURE_SETTINGS_HEADER))
    try:
        return bool(validator.validate(public_address(request), request.form, signature, algorithm))
    except ValueError:
        return False


def public_address(request: Request) -> str:
    """The address the carrier called: what stands in our settings, never what a header claims."""
    query = request.query_string.decode("latin-1")
    return settings().public_url + request.path + (f"?{query}" if query else "")
