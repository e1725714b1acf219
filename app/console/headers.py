"""What a browser is told to refuse on pages of signed-in people."""

from flask import Response, request

from app.console import blueprint

PAGES = ("console", "auth", "simulator")
# Widths of bars and clocks stand in style attributes; letters in the mailbox bring style sheets of their own.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' data:",
    "frame-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
LETTERS = {**POLICY, "style-src": "'self' 'unsafe-inline'", "base-uri": "'self'"}


@blueprint.after_app_request
def _guard(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if request.blueprint in PAGES or (request.blueprint is None and response.mimetype == "text/html"):
        policy = LETTERS if request.blueprint == "simulator" else POLICY
        said = "; ".join(f"{name} {value}" for name, value in policy.items())
        response.headers.setdefault("Content-Security-Policy", said)
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
    return response
