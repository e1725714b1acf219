"""Texts that came without a question: a person reads each one."""

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse

from app.auth.roles import Permission
from app.console import blueprint, labels
from app.console.audited import audited
from app.console.marking import heard, signals_in, underlined
from app.console.needs import needs
from app.console.queries_events import text_in_scope, texts_waiting, waiting_texts
from app.console.readings import text_readings
from app.extensions import clock, commit


class SeenForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Nothing but the token: the deed is in the address."""


@blueprint.get("/texts")
@needs(Permission.HANDLE_CASES)
def texts() -> str:
    """What waits to be read."""
    waiting = waiting_texts(g.scope)
    return render_template(
        "console/texts.html",
        waiting=waiting,
        readings=text_readings([one.text for one in waiting]),
        number=texts_waiting(g.scope),
        form=SeenForm(),
        labels=labels,
        underlined=underlined,
        heard=heard,
        signals_in=signals_in,
        now=clock().now(),
    )


@blueprint.post("/texts/<int:text_id>/seen")
@needs(Permission.HANDLE_CASES)
def text_seen(text_id: int) -> AnyResponse:
    """Read, and gone from the list; the same press twice changes nothing."""
    text = text_in_scope(g.scope, text_id)
    if text is None or not SeenForm().validate_on_submit():
        abort(404)
    if text.seen_at is None:
        now = clock().now()
        text.seen_at = now
        audited("free_text.seen", "free_text", text.id)
        commit()
    flash(_("Read. It is no longer on the list."))
    return redirect(url_for("console.texts"))
