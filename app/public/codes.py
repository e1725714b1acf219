"""One address for everybody, where a carrier lets no link through that differs for each person."""

from flask import Response, redirect, request
from werkzeug.wrappers import Response as RedirectResponse

from app.public import blueprint
from app.public.replies import language_for, missed, respond, too_many
from app.public.words import words
from surveys.invitations.codes import LONGEST, invitation_by_code
from surveys.invitations.tokens import token_of


@blueprint.get("/s")
def code() -> Response:
    """Asks for the code that stands in the text."""
    return respond("public/code.html", 200, language_for(None), wrong="", typed="")


@blueprint.post("/s")
def code_typed() -> Response | RedirectResponse:
    """From the code in the text to its survey. A wrong one is asked for again, and counted."""
    typed = (request.form.get("code") or "")[: 2 * LONGEST]
    language = language_for(None)
    invitation = invitation_by_code(typed)
    if invitation is not None:
        return redirect(f"/s/{token_of(invitation)}", 303)
    many = missed()
    if many:
        return too_many("links", "60")
    return respond("public/code.html", 404, language, wrong=words(language)["code_wrong"], typed=typed)
