"""The simulated carrier's HTTP face, shaped as Twilio's, and its phones and mailbox. Not in production."""

from flask import Blueprint

from app.auth import without_csrf

carrier = Blueprint("simulated_carrier", __name__, url_prefix="/simulator/2010-04-01")
without_csrf(carrier)  # the account's token is the credential
screen = Blueprint("simulator", __name__, url_prefix="/simulator")

from app.simulator import carrier_views, screen_views  # noqa: E402, F401  # the views need the blueprints
