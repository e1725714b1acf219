"""Operations: whether messages arrive, what holds them back, and letting a wording leave again."""

from flask import abort, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse

from app.auth.roles import Permission
from app.console import blueprint, labels
from app.console.audited import audited
from app.console.needs import needs
from app.console.queries_operations import Operations, operations
from app.extensions import clock, commit, real_now
from app.i18n import gettext as _
from notifications.carrier_errors import Deed, reason
from notifications.limits import release_template


class ReleaseForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Nothing but the token: the wording is in the address."""


@blueprint.get("/operations")
@needs(Permission.ADMINISTER)
def machine() -> str:
    """How the machine does."""
    now = clock().now()
    found: Operations = operations(now=now, real=real_now())
    return render_template(
        "console/operations.html", found=found, form=ReleaseForm(), labels=labels, what_to_do=_what_to_do, now=now
    )


@blueprint.post("/operations/wordings/<template>/release")
@needs(Permission.ADMINISTER)
def release_wording(template: str) -> AnyResponse:
    """Let texts of this wording leave again."""
    if not ReleaseForm().validate_on_submit() or not release_template(template):
        abort(404)
    audited("wording.release", "wording", None, template=template)
    commit()
    flash(_("Texts of this wording leave again, within ten minutes."))
    return redirect(url_for("console.machine"), 303)


def _what_to_do(code: str) -> str:
    said = {
        Deed.RETRY: _("passes by itself; sent again"),
        Deed.GIVE_UP: _("this message will not arrive"),
        Deed.OPT_OUT: _("asked the carrier to stop"),
        Deed.DEAD_NUMBER: _("nobody there; ask for another address"),
        Deed.CONTENT: _("filtered; change the wording"),
        Deed.SETUP: _("our account or settings; see the log"),
    }
    return str(said[reason(code).deed])
