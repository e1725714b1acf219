"""One questionnaire: its questions in order, what stands in the way of publishing it, its names and languages."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.auth.roles import Permission
from app.console import blueprint
from app.console.needs import needs
from app.console.questionnaires import words
from app.console.questionnaires.forms import PlainForm, SettingsBase, settings_form
from app.console.questionnaires.room import Work, audited, keep, work_on
from app.extensions import clock, commit
from app.i18n import gettext as _
from surveys.questionnaires.editing import keys, moved
from surveys.questionnaires.service import undo


@blueprint.get("/questionnaires/<int:survey_id>")
@needs(Permission.ADMINISTER)
def questionnaire(survey_id: int) -> str:
    """The questions in order, each with what is to be mended beside it."""
    work = work_on(survey_id)
    return render_template("console/questionnaires/write.html", work=work, words=words)


@blueprint.post("/questionnaires/<int:survey_id>/questions/<key>/move")
@needs(Permission.ADMINISTER)
def move_question(survey_id: int, key: str) -> Response:
    """One place up or down."""
    work = work_on(survey_id)
    if key not in keys(work.data):
        abort(404)
    keep(work, moved(work.data, key, up=request.form.get("way") == "up"), "move_question", question=key)
    return redirect(url_for("console.questionnaire", survey_id=survey_id, _anchor=f"q-{key}"), 303)


@blueprint.post("/questionnaires/<int:survey_id>/undo")
@needs(Permission.ADMINISTER)
def undo_change(survey_id: int) -> Response:
    """Take back the last change, if it still is the last one."""
    work = work_on(survey_id)
    if not PlainForm().validate_on_submit():
        abort(400)
    if request.form.get("seen") != work.seen:
        flash(_("Somebody changed it in the meantime, so nothing was taken back. Look first."))
    elif taken_back := undo(work.survey, clock().now(), by=current_user.id):
        audited("undo", survey_id, of=taken_back["deed"], question=taken_back["question"])
        commit()
        flash(_("Taken back: %(deed)s", deed=words.DEEDS[taken_back["deed"]]))
        anchor = f"q-{taken_back['question']}" if taken_back["question"] else None
        return redirect(url_for("console.questionnaire", survey_id=survey_id, _anchor=anchor), 303)
    return redirect(url_for("console.questionnaire", survey_id=survey_id), 303)


@blueprint.get("/questionnaires/<int:survey_id>/settings")
@needs(Permission.ADMINISTER)
def questionnaire_settings(survey_id: int) -> str:
    """Names and languages."""
    work = work_on(survey_id)
    form = settings_form(
        words.LANGUAGES, formdata=None, data={"names": work.data["names"], "languages": work.languages}
    )
    return _settings(work, form)


@blueprint.post("/questionnaires/<int:survey_id>/settings")
@needs(Permission.ADMINISTER)
def keep_questionnaire_settings(survey_id: int) -> str | Response:
    """Keep them. A language that is taken out keeps its words, in case it comes back."""
    work = work_on(survey_id)
    form = settings_form(words.LANGUAGES)
    if not form.validate_on_submit():
        return _settings(work, form)
    names = {language: said for language, said in form.names.data.items() if said}
    languages = [language for language in words.EVERY if language in form.languages.data]
    keep(work, {**work.data, "names": names, "languages": languages}, "settings")
    flash(_("Kept."))
    return redirect(url_for("console.questionnaire", survey_id=survey_id), 303)


def _settings(work: Work, form: SettingsBase) -> str:
    return render_template("console/questionnaires/settings.html", work=work, form=form, words=words)
