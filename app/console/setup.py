"""The hub for whoever administers: each card is a room that stands; what is not built yet is not shown."""

from dataclasses import dataclass

from flask import current_app, render_template, url_for

from app.auth.roles import Permission
from app.console import blueprint
from app.console.needs import needs
from app.i18n import gettext as _


@dataclass(frozen=True)
class Room:
    """One card: where it leads, what it is called, what is done there."""

    path: str
    name: str
    what: str


@blueprint.get("/setup")
@needs(Permission.ADMINISTER)
def setup() -> str:
    """Every room in which the company sets Heed up."""
    return render_template("console/setup.html", rooms=_rooms())


def _rooms() -> list[Room]:
    offered = (
        ("console.questionnaires", _("Questionnaires"), _("What is asked: write it, look at it, publish it.")),
        ("console.programmes", _("Programmes"), _("Whom it asks, when, how often; try it on last month first.")),
        ("console.themes", _("Themes"), _("What is looked for in comments: keywords, your own themes, versions.")),
        ("console.places", _("Places"), _("Branches and regions, their hours, holidays and who answers for them.")),
        ("console.staff", _("Staff"), _("Who serves, who stands in for whom, who is away until when.")),
        ("console.imports", _("Imports"), _("Customers, purchases and visits from a file.")),
        ("console.machine", _("Operations"), _("Whether messages arrive, and what holds them back.")),
        ("console.how_right", _("How often it is right"), _("How well Heed reads comments, and what you taught it.")),
        ("console.duplicates", _("One person twice"), _("Customers who may be the same person, for you to decide.")),
    )
    return [
        Room(url_for(endpoint), name, what)
        for endpoint, name, what in offered
        if endpoint in current_app.view_functions
    ]
