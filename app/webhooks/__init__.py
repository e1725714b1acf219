"""The carrier's doors: verify the signature, keep what came, answer at once; the work is done in the queue."""

from flask import Blueprint

from app.auth import without_csrf

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")
without_csrf(blueprint)  # the signature is the credential

from app.webhooks import twilio  # noqa: E402, F401  # the views need the blueprint
