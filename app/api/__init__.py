"""REST v1: other systems tell Heed what happened, with an API key."""

from flask import Blueprint

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
described = Blueprint("api_document", __name__, url_prefix="/api/v1")

from app.api import views  # noqa: E402, F401
