"""The list of questionnaires, and the three ways to begin one: from the library, from another, empty."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.auth.roles import Permission
from app.console import blueprint, labels
from app.console.needs import needs
from app.console.queries_questionnaires import questionnaires as lines
from app.console.questionnaires import words
from app.console.questionnaires.forms import NewForm, PlainForm
from app.console.questionnaires.room import audited, work_on
from app.extensions import clock, commit, db
from app.i18n import gettext as _
from surveys.questionnaires.editing import copied, empty, key_from
from surveys.questionnaires.models import Survey
from surveys.questionnaires.service import library, save_draft


@blueprint.get("/questionnaires")
@needs(Permission.ADMINISTER)
def questionnaires() -> str:
    """Every questionnaire: what is live, what is being written, who uses it."""
    now = clock().now()
    return render_template(
        "console/questionnaires/list.html", lines=lines(now=now), words=words, labels=labels, now=now
    )


@blueprint.get("/questionnaires/new")
@needs(Permission.ADMINISTER)
def new_questionnaire() -> str:
    """Where to begin."""
    return _beginnings(NewForm(formdata=None))


def _beginnings(form: NewForm) -> str:
    return render_template("console/questionnaires/new.html", form=form, ready=library(), words=words)


@blueprint.post("/questionnaires/new")
@needs(Permission.ADMINISTER)
def start_empty() -> str | Response:
    """A questionnaire without questions; the next page asks for the first."""
    form = NewForm()
    if not form.validate_on_submit():
        return _beginnings(form)
    names = {"en": form.name_en.data or "", "zh-Hans": form.name_zh.data or ""}
    names = {language: said for language, said in names.items() if said}
    data = empty(_free_key(names), names, tuple(names))
    return _begin(data, "start", "console.choose_kind")


@blueprint.post("/questionnaires/new/<key>")
@needs(Permission.ADMINISTER)
def start_from_library(key: str) -> Response:
    """The same questions as the ready questionnaire, to be changed at will."""
    ready = library().get(key)
    if ready is None or not PlainForm().validate_on_submit():
        abort(404)
    return _begin(_named_apart(ready), "start_from_library", ready=key)


@blueprint.post("/questionnaires/<int:survey_id>/copy")
@needs(Permission.ADMINISTER)
def copy_questionnaire(survey_id: int) -> Response:
    """Another questionnaire with the same questions."""
    work = work_on(survey_id)
    return _begin(_named_apart(work.data), "copy", of=survey_id)


def _begin(data: dict[str, Any], deed: str, then: str = "console.questionnaire", **detail: Any) -> Response:
    draft = save_draft(data["key"], data, clock().now(), by=current_user.id)
    audited(deed, draft.survey_id, **detail)
    commit()
    flash(_("It is yours to write. Nobody is asked anything before you publish it."))
    return redirect(url_for(then, survey_id=draft.survey_id), 303)


def _named_apart(data: dict[str, Any]) -> dict[str, Any]:
    names = dict(data["names"])
    taken = set(db.session.scalars(select(Survey.key)))
    if data["key"] in taken:
        endings = {"en": " (copy)", "zh-Hans": "（副本）", "zh-Hant": "（副本）"}
        names = {language: f"{said}{endings[language]}" for language, said in names.items()}
    return copied(data, key_from(data["key"], taken, otherwise="survey"), names)


def _free_key(names: dict[str, str]) -> str:
    return key_from(names.get("en", ""), db.session.scalars(select(Survey.key)), otherwise="survey")
