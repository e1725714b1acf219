"""New words that no theme knows: adopted into the draft of the theme book, or dismissed for good."""

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.auth.roles import Permission
from app.console import blueprint
from app.console.needs import needs
from app.console.themes.forms import DeedForm
from app.console.themes.room import Work, audited, keep, work_on
from app.extensions import clock, commit, db
from app.i18n import gettext as _
from app.reports.emerging import decide
from surveys.scoring.themes import Data
from surveys.understanding.editing import subtheme_of, theme_of, with_theme, with_word
from surveys.understanding.models import EmergingState, EmergingTheme

NEW = "new"


@blueprint.post("/themes/emerging/<int:row_id>/adopt")
@needs(Permission.ADMINISTER)
def adopt_word(row_id: int) -> Response:
    """Put it into the draft: as a theme of its own, or among the keywords of the part that was chosen."""
    work, row = work_on(), _waiting(row_id)
    into = request.form.get("into", NEW)
    theme, _dot, part = into.partition(".")
    found = theme_of(work.data, theme)
    if into != NEW and (found is None or subtheme_of(found, part) is None):
        abort(404)
    if not decide(row, EmergingState.ADOPTED, now=clock().now(), by=current_user.id):
        flash(_("Somebody decided on it before you."))
        return redirect(url_for("console.themes", _anchor="new-words"), 303)
    data, theme, part = _with(work, row, into)
    audited("adopt_word", emerging=row.id)
    keep(data, "adopt", theme=theme, subtheme=part)
    flash(_("“%(word)s” is in the draft now. Publish it, and it is looked for.", word=row.term))
    return redirect(url_for("console.theme", key=theme), 303)


@blueprint.post("/themes/emerging/<int:row_id>/dismiss")
@needs(Permission.ADMINISTER)
def dismiss_word(row_id: int) -> Response:
    """Never propose it again."""
    row = _waiting(row_id)
    if decide(row, EmergingState.DISMISSED, now=clock().now(), by=current_user.id):
        audited("dismiss_word", emerging=row.id)
        commit()
        flash(_("“%(word)s” is not proposed again.", word=row.term))
    else:
        flash(_("Somebody decided on it before you."))
    return redirect(url_for("console.themes", _anchor="new-words"), 303)


def _waiting(row_id: int) -> EmergingTheme:
    if not DeedForm().validate_on_submit():
        abort(400)
    row = db.session.get(EmergingTheme, row_id)
    if row is None:
        abort(404)
    return row


def _with(work: Work, row: EmergingTheme, into: str) -> tuple[Data, str, str]:
    """The book with the word in it, and where it stands now."""
    if into != NEW:
        theme, _dot, part = into.partition(".")
        return with_word(work.data, theme, part, row.term, language=row.language), theme, part
    tongue = "zh-Hans" if row.language == "zh" else "en"
    data, key = with_theme(work.data, {tongue: row.term.capitalize()}, {row.language: [row.term]})
    return data, key, key
