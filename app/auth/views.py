"""Signing in and out."""

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user, login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from app.auth import audit, blueprint
from app.auth.service import RefusedSignIn, check_sign_in, sign_out_everywhere
from app.device import device
from app.extensions import clock, commit


class SignInForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """E-mail and password."""

    email = EmailField(lazy_gettext("E-mail"), validators=[InputRequired(), Length(max=120)])
    password = PasswordField(lazy_gettext("Password"), validators=[InputRequired(), Length(max=200)])


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response | str | tuple[str, int]:
    """The one way in for people."""
    if current_user.is_authenticated:
        return redirect(_own_path(request.args.get("next")))
    form = SignInForm()
    if request.method == "GET":
        return render_template("auth/sign_in.html", form=form, refused="")
    if not form.validate():
        return render_template("auth/sign_in.html", form=form, refused=_("Enter your e-mail and your password.")), 422
    found = check_sign_in(form.email.data or "", form.password.data or "", source=request.remote_addr or "unknown")
    if isinstance(found, RefusedSignIn):
        commit()
        return _refused(form, found)
    session.clear()
    session.permanent = True
    login_user(found)
    found.device = device()
    audit.record(
        "sign_in",
        actor_kind="user",
        actor_id=found.id,
        subject_kind="user",
        subject_id=found.id,
        now=clock().now(),
    )
    commit()
    return redirect(_own_path(request.args.get("next")))


def _refused(form: SignInForm, found: RefusedSignIn) -> tuple[str, int]:
    if found.code == "too_many":
        refused, status = _("Too many tries. Wait 15 minutes."), 429
    else:
        refused, status = _("The e-mail or the password is not right."), 401
    return render_template("auth/sign_in.html", form=form, refused=refused), status


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Ends every session of this account."""
    if current_user.is_authenticated:
        sign_out_everywhere(current_user)
        commit()
        logout_user()
        session.clear()
        flash(_("You are signed out."))
    return redirect(url_for("auth.sign_in"))


def _own_path(wanted: str | None) -> str:
    # Only paths of our own: "//elsewhere", "/\\elsewhere" and "/<tab>/elsewhere" all lead people away in a browser.
    path = wanted or ""
    strange = "\\" in path or any(ord(sign) < 33 for sign in path)
    if path.startswith("/") and not path.startswith("//") and not strange:
        return path
    return url_for("console.worklist")
