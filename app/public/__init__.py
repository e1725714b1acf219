"""The survey on the web: server-rendered, one question a page, no script needed, no cookies, no sign-in."""

from flask import Blueprint

blueprint = Blueprint("public", __name__)

from app.public import codes, counters, views  # noqa: E402, F401  # the views need the blueprint
