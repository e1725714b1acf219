"""The one place where our exceptions become HTTP."""

import logging

from flask import Flask, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from app.api.problem import problem
from app.extensions import db
from app.i18n import gettext as _

log = logging.getLogger("heed")


def init_app(app: Flask) -> None:
    """Every error is a page people can act on, or problem+json for other systems."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(OperationalError, _database)
    if not app.testing:  # a story sees the fault itself
        app.register_error_handler(Exception, _unforeseen)


KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if request.path.startswith("/api/"):
        response = problem(status, error.description or "")
    elif request.path.startswith(("/webhooks/", "/simulator/2010")):
        response = make_response("", status)
    else:
        page = render_template("error.html", status=status, heading=_heading(status), hint=_hint(status))
        response = make_response(page, status)
    for name, value in error.get_headers(request.environ):
        if name in KEPT_HEADERS:
            response.headers[name] = value
    return response


def _stale_form(error: HTTPException) -> ResponseReturnValue:
    hint = _("Go back, load the page again and send it once more.")
    return render_template("error.html", status=400, heading=_("This form has grown old"), hint=hint), 400


def _database(error: OperationalError) -> ResponseReturnValue:
    db.session.rollback()
    log.error("database does not answer", extra={"error": type(error.orig).__name__})
    g._login_user = AnonymousUserMixin()  # the page must not ask the database who is reading it
    return _http(ServiceUnavailable(retry_after=60))


def _unforeseen(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    log.exception("unforeseen error")
    return _http(InternalServerError())


def _heading(status: int) -> str:
    return {
        403: _("This is not for your eyes"),
        404: _("There is nothing here"),
        405: _("This page does not take that"),
        413: _("That is too large"),
        429: _("Too many tries"),
        503: _("We cannot reach our database"),
    }.get(status, _("Something went wrong on our side"))


def _hint(status: int) -> str:
    if status == 503:
        return _("Nothing was lost. Please try again in a minute.")
    if status == 404:
        return _("It may lie outside the places you look after, or the address is not complete.")
    if status == 413 and request.path.startswith("/console/imports"):
        return _(
            "A file of more than 16 MB goes in by the command, which takes any size:"
            " flask --app wsgi import-customers FILE."
        )
    if status >= 500:
        return _("It has been noted. Please try again, and tell the operator if it stays.")
    return _("Go back and try another way.")
