"""Publishing the theme book: tried on old comments first; its versions; old words read again by the newest."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.auth.roles import Permission
from app.console import blueprint, labels
from app.console.marking import marked
from app.console.needs import needs
from app.console.queries_themes import latest_comments
from app.console.themes import words
from app.console.themes.forms import DeedForm
from app.console.themes.room import Work, audited, name_of, work_on
from app.extensions import clock, commit
from app.i18n import gettext as _
from app.i18n import language
from surveys.responses import rescoring
from surveys.scoring.themes import compiled
from surveys.understanding import books
from surveys.understanding.models import RescoringState, ThemeBookVersion
from surveys.understanding.trial import tried

TRIED_ON = 1000
SHOWN_MOVES = 30


@blueprint.get("/themes/publish")
@needs(Permission.ADMINISTER)
def publishing_themes() -> Any:
    """What publishing would change in how the latest comments are read; after it, reading old ones again."""
    return _publishing(work_on())


def _publishing(work: Work, *, status: int = 200) -> Any:
    trial = None
    if work.changed and not work.faults:
        comments = latest_comments(g.scope, most=TRIED_ON)
        trial = tried(comments, books.book_of(work.number), compiled(work.data, "draft"))
    run, names = rescoring.latest(), {**books.names_in_use(), **_names(work)}
    page = render_template(
        "console/themes/publish.html",
        work=work,
        form=DeedForm(formdata=None, data={"seen": work.seen}),
        changes=words.told(work.live, work.data) if work.changed else [],
        number=(work.number or 0) + 1,
        trial=trial,
        moves=[one for one in trial.moved if not _says_nothing_more(one, names)] if trial else [],
        most_moves=SHOWN_MOVES,
        names=names,
        marked=lambda one: marked(one.comment.text, [[start, end, 1.0] for start, end in one.spans]),
        run=run,
        at_work=run is not None and run.state != RescoringState.DONE,
        old=0 if work.changed else rescoring.count_scored_by_another(),
        labels=labels,
        now=clock().now(),
        words=words,
        name_of=name_of,
    )
    return (page, status) if status != 200 else page


def _says_nothing_more(path: str, names: dict[str, Any]) -> bool:
    # A theme of one part has that part under its own name.
    theme, _dot, part = path.partition(".")
    return bool(part) and words.path_words(path, names) == words.path_words(theme, names)


def _names(work: Work) -> dict[str, Any]:
    themes = work.data["themes"]
    parts = {f"{theme['key']}.{one['key']}": one["names"] for theme in themes for one in theme["subthemes"]}
    return parts | {theme["key"]: theme["names"] for theme in themes}


@blueprint.post("/themes/publish")
@needs(Permission.ADMINISTER)
def publish_themes() -> Any:
    """Freeze the draft as the next version. New answers are read by it from this moment on, in every process."""
    work, form = work_on(), DeedForm()
    if not work.changed:
        return redirect(url_for("console.publishing_themes"), 303)
    if not form.validate_on_submit():
        abort(400)
    if form.seen.data != work.seen:
        flash(_("Somebody changed the draft in the meantime: look at what it would do now."))
        return redirect(url_for("console.publishing_themes"), 303)
    version = books.publish(now=clock().now(), by=current_user.id, tongue=language())
    if not isinstance(version, ThemeBookVersion):
        return _publishing(work, status=422)
    audited("publish", version=version.number)
    commit()
    flash(_("Version %(number)s is published.", number=version.number))
    return redirect(url_for("console.publishing_themes"), 303)


@blueprint.post("/themes/discard")
@needs(Permission.ADMINISTER)
def discard_themes() -> Response:
    """Throw the draft away, if it is still the one that was seen."""
    work, form = work_on(), DeedForm()
    if not form.validate_on_submit():
        abort(400)
    if form.seen.data != work.seen:
        flash(_("Somebody changed the draft in the meantime: look at what it would do now."))
        return redirect(url_for("console.publishing_themes"), 303)
    books.discard()
    audited("discard")
    commit()
    flash(_("The draft is gone."))
    return redirect(url_for("console.themes"), 303)


@blueprint.post("/themes/rescore")
@needs(Permission.ADMINISTER)
def rescore_comments() -> Response:
    """Have old comments read again by the book in use, in the background."""
    if not DeedForm().validate_on_submit():
        abort(400)
    run = rescoring.ask(now=clock().now(), by=current_user.id)
    audited("rescore", run=run.id, total=run.total)
    commit()
    return redirect(url_for("console.publishing_themes"), 303)


@blueprint.get("/themes/versions")
@needs(Permission.ADMINISTER)
def theme_versions() -> str:
    """Every published version, and what differs between any two; 0 is the book that is built in."""
    found = books.versions()
    numbers = [*(version.number for version in found), 0]
    newer, older = _asked_for("to", numbers, 0), _asked_for("from", numbers, min(1, len(numbers) - 1))
    changes = None
    if newer != older:
        changes = words.told(books.data_of(older or None), books.data_of(newer or None))
    return render_template(
        "console/themes/versions.html",
        work=work_on(),
        versions=found,
        numbers=numbers,
        older=older,
        newer=newer,
        changes=changes,
        labels=labels,
        now=clock().now(),
        words=words,
    )


def _asked_for(name: str, numbers: list[int], place: int) -> int:
    asked = request.args.get(name, type=int)
    return asked if asked in numbers else numbers[place]
