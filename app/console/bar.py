"""The bar on top of every signed-in page: whose house this is, the ways on, the language, the way out."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import current_app, redirect, request, session, url_for
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.auth.roles import Permission, Scope, scope
from app.cases.models import Case
from app.cases.policy import LIVE
from app.console import blueprint
from app.console.needs import needs
from app.extensions import commit, db, settings
from app.i18n import LANGUAGES, language
from app.i18n import gettext as _

SETUP = tuple(
    f"/console/{room}"
    for room in (
        "setup",
        "questionnaires",
        "programmes",
        "places",
        "staff",
        "imports",
        "duplicates",
        "operations",
        "themes",
        "accuracy",
    )
)


@dataclass(frozen=True)
class Way:
    """One entry of the bar."""

    path: str
    label: str
    current: bool
    count: int = 0


def ways() -> list[Way]:
    """Where this person may go from here."""
    if not current_user.is_authenticated:
        return []
    seen = scope(current_user)
    may = seen.may
    offered = (
        ("console.worklist", _("Calls"), Permission.SEE_CASES, ("/console/cases",)),
        ("console.answers", _("Answers"), Permission.SEE_ANSWERS, ("/console/answers", "/console/events")),
        ("console.customers", _("Customers"), Permission.LOOK_UP, ("/console/customers",)),
        ("console.report", _("Report"), Permission.SEE_REPORT, ("/console/report",)),
        ("console.setup", _("Set up"), Permission.ADMINISTER, SETUP),
        ("simulator.phones", _("Phones"), Permission.USE_SIMULATOR, ("/simulator",)),
    )
    found = []
    for endpoint, label, permission, rooms in offered:
        if endpoint in current_app.view_functions and may(permission):
            path = url_for(endpoint)
            here = request.path == path or any(request.path.startswith(room) for room in rooms)
            count = _open_calls(seen) if endpoint == "console.worklist" else 0
            found.append(Way(path, label, here, count))
    return found


def _open_calls(seen: Scope) -> int:
    own = seen.own_staff_id
    here = Case.branch_id.in_(seen.branch_ids) if own is None else Case.owner_id == own
    query = select(func.count()).select_from(Case).where(here, Case.state.in_(LIVE))
    return db.session.scalar(query) or 0


@blueprint.app_context_processor
def _bar() -> dict[str, object]:
    return {"ways": ways, "organisation": lambda: settings().organisation.name(language())}


@blueprint.post("/language")
@needs()
def choose_language() -> Response:
    """Keeps the language this person reads, on their account, and goes back to where they were."""
    wanted = request.form.get("language")
    if wanted in LANGUAGES:
        current_user.language = wanted
        session.pop("language", None)
        commit()
    return redirect(here_again(request.form.get("back")), 303)


def here_again(path: str | None) -> str:
    """The path to go back to when it is one of ours, else the first page."""
    wanted = path or ""
    # A browser reads "/\\elsewhere" and "/<tab>/elsewhere" as another site.
    strange = "\\" in wanted or any(ord(sign) < 33 for sign in wanted)
    if not wanted.startswith("/") or wanted.startswith("//") or strange:
        return url_for("console.worklist")
    where, _mark, asked = wanted.partition("?")
    kept = [(name, value) for name, value in parse_qsl(asked) if name != "lang"]
    return f"{where}?{urlencode(kept)}" if kept else where
