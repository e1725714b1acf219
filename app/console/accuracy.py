"""How often Heed reads comments right: on the golden set and on the company's own corrections, per version."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse

from app.auth.roles import Permission
from app.console import blueprint, labels
from app.console.audited import audited
from app.console.needs import needs
from app.console.queries_corrections import latest_corrections
from app.console.readings import company_zone, name_in, names_of_users
from app.extensions import clock, commit, hurry
from app.i18n import ngettext
from app.reports.labelled import labelled_csv
from surveys.responses import rescoring
from surveys.responses.accuracy import VersionFigures, accuracy, explained, standing_of, teachers
from surveys.responses.correcting import take_back
from surveys.scoring.golden import BINS, LANGUAGES, Measured
from surveys.scoring.refit import MARGIN
from surveys.understanding.models import RescoringState

TONGUES = {"en": _l("Comments in English"), "zh": _l("Comments in Chinese")}
FEW = 10  # fewer say nothing: the interval covers nearly everything
LATEST = 20
SHOWN_WORDS = 50


@dataclass(frozen=True)
class Dot:
    """One bin of the reliability drawing: how sure Heed was, how many it was right of, in hundredths."""

    low: int
    high: int
    n: int
    sure: float
    right: float


@blueprint.get("/accuracy")
@needs(Permission.SEE_REPORT)
def how_right() -> str:
    """The version of today, by language; what was taught and by whom; what each figure means; the versions before."""
    versions, words, people = accuracy(), explained(), teachers()
    latest = latest_corrections(g.scope, most=LATEST)
    shipped = next(one for one in versions if one.at is None)
    run = rescoring.latest()
    ids = {one.by for one in words} | {one.user_id for one in people} | {one.by for one in latest.rows}
    names = names_of_users(ids)
    return render_template(
        "console/accuracy.html",
        versions=versions,
        today=versions[0],
        shipped=shipped,
        tongues=[(key, TONGUES[key]) for key in LANGUAGES],
        lost=_lost(versions[0], shipped),
        words=words[:SHOWN_WORDS],
        more_words=max(0, len(words) - SHOWN_WORDS),
        people=people,
        latest=latest,
        name=lambda who: name_in(names, who),
        dots=dots,
        hundredths=hundredths,
        few=FEW,
        margin=f"{100 * MARGIN:g}",
        may_take=g.scope.may(Permission.ADMINISTER),
        may_correct=g.scope.may(Permission.HANDLE_CASES),
        old=rescoring.count_scored_by_another() if g.scope.may(Permission.ADMINISTER) else 0,
        run=run,
        at_work=run is not None and run.state != RescoringState.DONE,
        form=FlaskForm(),
        labels=labels,
        zone=company_zone(),
        now=clock().now(),
    )


@blueprint.post("/accuracy/labelled.csv")
@needs(Permission.ADMINISTER)
def labelled_data() -> AnyResponse:
    """The labelled data as a file; that it was taken is written down."""
    if not FlaskForm().validate_on_submit():
        abort(404)
    text = labelled_csv()
    audited("corrections.export", "correction", None)
    commit()
    headers = {"Content-Disposition": "attachment; filename=labelled.csv"}
    return AnyResponse(text.encode("utf-8-sig"), mimetype="text/csv", headers=headers)


@blueprint.post("/accuracy/people/<int:user_id>/take-back")
@needs(Permission.ADMINISTER)
def take_back_all(user_id: int) -> AnyResponse:
    """Whatever this person corrected holds no longer; one commit each, so that nobody waits for all of them."""
    if not FlaskForm().validate_on_submit():
        abort(404)
    now, done = clock().now(), 0
    for correction_id in standing_of(user_id):
        if take_back(correction_id, by=current_user.id, now=now) is not None:
            audited("reading.take_back", "correction", correction_id)
            done += 1
        commit()
    hurry("app.learn")
    commit()
    flash(ngettext("%(num)s correction is taken back.", "%(num)s corrections are taken back.", done))
    return redirect(url_for("console.how_right"), 303)


@blueprint.post("/accuracy/rescore")
@needs(Permission.ADMINISTER)
def read_again() -> AnyResponse:
    """Have old comments read again by the version of today, in the background."""
    if not FlaskForm().validate_on_submit():
        abort(404)
    rescoring.ask(now=clock().now(), by=current_user.id)
    audited("comments.rescore", "correction", None)
    commit()
    return redirect(f"{url_for('console.how_right')}#again", 303)


def dots(found: Measured) -> list[Dot]:
    """The bins that hold something."""
    width = 100 // BINS
    return [
        Dot(i * width, (i + 1) * width, n, 100 * sure, 100 * right / n)
        for i, (n, sure, right) in enumerate(found.bins)
        if n
    ]


def hundredths(value: float) -> str:
    """A share as a whole number of hundredths, or with one digit when it is small."""
    value = max(value, 0.0)
    return f"{100 * value:.0f}" if value >= 0.1 or not value else f"{100 * value:.1f}"


def _lost(today: VersionFigures, shipped: VersionFigures) -> list[tuple[Any, str]]:
    """The languages in which the golden set is read worse than by the model as shipped, and by how many points."""
    lost = [(TONGUES[key], shipped.golden[key].macro_f1 - today.golden[key].macro_f1) for key in LANGUAGES]
    return [(name, f"{100 * points:.1f}") for name, points in lost if points > MARGIN]
