"""Who somebody is and what they may do: sign-in, roles by place, API keys, the audit log."""

from flask import Blueprint, Flask
from flask_login import LoginManager
from flask_wtf import CSRFProtect

blueprint = Blueprint("auth", __name__, url_prefix="/console")
csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Sessions for people; forms carry a token, except where the address or a signature is the credential."""
    from app.auth.models import User
    from app.extensions import db

    login = LoginManager()
    login.session_protection = "basic"
    login.init_app(app)
    csrf.init_app(app)

    @login.user_loader  # type: ignore[untyped-decorator]  # flask-login has no types
    def load(session_id: str) -> User | None:
        number, _, key = session_id.partition(".")
        user = db.session.get(User, int(number)) if number.isdecimal() else None
        return user if user is not None and user.active and user.session_key == key else None


def without_csrf(*blueprints: Blueprint) -> None:
    """These doors have another credential: an API key, a signature, the survey's token."""
    for each in blueprints:
        csrf.exempt(each)


from app.auth import views  # noqa: E402, F401  # the views need the blueprint
