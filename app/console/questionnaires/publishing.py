"""Publishing: what changes, what it means for invitations that are out, and the versions that were frozen."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField

from app.auth.roles import Permission
from app.console import blueprint, labels
from app.console.needs import needs
from app.console.queries_questionnaires import answers_by_version, programmes_by_survey, still_asking, versions_of
from app.console.questionnaires import words
from app.console.questionnaires.changes import told
from app.console.questionnaires.forms import PlainForm
from app.console.questionnaires.room import Work, audited, work_on
from app.extensions import clock, commit
from app.i18n import gettext as _
from app.i18n import language
from surveys.questionnaires.models import SurveyVersion
from surveys.questionnaires.service import discard_draft, publish


class PublishForm(PlainForm):
    """The deed, and that the advice was read."""

    read = BooleanField()


@blueprint.get("/questionnaires/<int:survey_id>/publish")
@needs(Permission.ADMINISTER)
def publishing(survey_id: int) -> Any:
    """What publishing would change, or that nothing waits to be published and what to do next."""
    return _publishing(work_on(survey_id))


def _publishing(work: Work, *, unread: bool = False, status: int = 200) -> Any:
    page = render_template(
        "console/questionnaires/publish.html",
        work=work,
        changes=told(work.live.definition, work.data) if work.live and work.changed else [],
        number=(work.live.number if work.live else 0) + 1,
        asking=still_asking(work.survey.id) if work.live else 0,
        programmes=programmes_by_survey().get(work.survey.id, []),
        unread=unread,
        programmes_path=url_for("console.new_programme", survey=work.survey.id),
        words=words,
    )
    return (page, status) if status != 200 else page


@blueprint.post("/questionnaires/<int:survey_id>/publish")
@needs(Permission.ADMINISTER)
def publish_questionnaire(survey_id: int) -> Any:
    """Freeze the next version. Faults refuse it; advice has to be ticked as read."""
    work = work_on(survey_id)
    form = PublishForm()
    if not work.changed:
        return redirect(url_for("console.publishing", survey_id=survey_id), 303)
    if not form.validate_on_submit() or work.faults:
        return _publishing(work, status=422)
    if work.warnings and not form.read.data:
        return _publishing(work, unread=True, status=422)
    version = publish(work.data, now=clock().now(), tongue=language())
    if not isinstance(version, SurveyVersion):
        return _publishing(work, status=422)
    audited("publish", survey_id, version=version.number)
    commit()
    flash(_("Version %(number)s is published.", number=version.number))
    return redirect(url_for("console.publishing", survey_id=survey_id), 303)


@blueprint.get("/questionnaires/<int:survey_id>/discard")
@needs(Permission.ADMINISTER)
def confirm_discard(survey_id: int) -> str:
    """What is lost with the draft, before it goes."""
    work = work_on(survey_id)
    if work.draft is None:
        abort(404)
    changes = told(work.live.definition, work.data) if work.live else []
    return render_template("console/questionnaires/discard.html", work=work, changes=changes, words=words)


@blueprint.post("/questionnaires/<int:survey_id>/discard")
@needs(Permission.ADMINISTER)
def discard_questionnaire(survey_id: int) -> Response:
    """Throw the draft away; a questionnaire that was never published goes with it."""
    work = work_on(survey_id)
    discard_draft(work.survey)
    audited("discard", survey_id)
    commit()
    flash(_("The draft is gone."))
    then = url_for("console.questionnaire", survey_id=survey_id) if work.live else url_for("console.questionnaires")
    return redirect(then, 303)


@blueprint.get("/questionnaires/<int:survey_id>/versions")
@needs(Permission.ADMINISTER)
def versions(survey_id: int) -> str:
    """Every frozen version, and what changed between any two."""
    work = work_on(survey_id)
    found = versions_of(survey_id)
    numbers = [version.number for version in found]
    newer, older = _asked_for("to", numbers, 0), _asked_for("from", numbers, 1)
    changes = None
    if newer and older and newer != older:
        changes = told(*(_numbered(found, number).definition for number in (older, newer)))
    return render_template(
        "console/questionnaires/versions.html",
        work=work,
        versions=found,
        answers=answers_by_version(survey_id),
        older=older,
        newer=newer,
        changes=changes,
        words=words,
        labels=labels,
        now=clock().now(),
    )


def _asked_for(name: str, numbers: list[int], place: int) -> int | None:
    asked = request.args.get(name, type=int)
    if asked in numbers:
        return asked
    return numbers[place] if place < len(numbers) else None


def _numbered(found: list[SurveyVersion], number: int) -> SurveyVersion:
    version = next((each for each in found if each.number == number), None)
    if version is None:
        abort(404)
    return version


@blueprint.get("/questionnaires/<int:survey_id>/versions/<int:number>")
@needs(Permission.ADMINISTER)
def version(survey_id: int, number: int) -> str:
    """One frozen version, to be read."""
    work = work_on(survey_id)
    frozen = _numbered(versions_of(survey_id), number)
    return render_template(
        "console/questionnaires/version.html",
        work=work,
        version=frozen,
        answers=answers_by_version(survey_id).get(number, 0),
        words=words,
        labels=labels,
        now=clock().now(),
    )
