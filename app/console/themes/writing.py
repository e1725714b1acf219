"""The theme book being written: themes, their parts, names and keywords; every deed can be taken back."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.auth.roles import Permission
from app.console import blueprint, labels
from app.console.needs import needs
from app.console.questionnaires.room import mark
from app.console.themes import words
from app.console.themes.forms import NAMES, DeedForm, NameForm, WordsForm, typed
from app.console.themes.room import Work, audited, keep, name_of, part_on, theme_on, work_on
from app.extensions import clock, commit
from app.i18n import gettext as _
from app.reports.emerging import looked_through, proposed
from surveys.scoring.themes import Data
from surveys.understanding import books
from surveys.understanding.editing import renamed, reworded, with_subtheme, with_theme, without


@blueprint.get("/themes")
@needs(Permission.ADMINISTER)
def themes() -> str:
    """The whole book: what is looked for in comments."""
    now = clock().now()
    return render_template(
        "console/themes/book.html",
        work=work_on(),
        form=DeedForm(),
        waiting=proposed(now=now),
        looked=looked_through(),
        words=words,
        labels=labels,
        name_of=name_of,
        now=now,
    )


@blueprint.post("/themes/undo")
@needs(Permission.ADMINISTER)
def undo_theme_change() -> Response:
    """Take back the last change, if it still is the last one."""
    work, form = work_on(), DeedForm()
    if not form.validate_on_submit():
        abort(400)
    if form.seen.data != work.seen:
        flash(_("Somebody changed it in the meantime, so nothing was taken back. Look first."))
    elif taken_back := books.undo(now=clock().now(), by=current_user.id):
        audited("undo", of=taken_back.deed)
        commit()
        flash(_("Taken back: %(deed)s", deed=words.DEEDS[taken_back.deed]))
    return redirect(url_for("console.themes"), 303)


@blueprint.get("/themes/new")
@needs(Permission.ADMINISTER)
def new_theme() -> str:
    """A theme of their own."""
    return _words_page(work_on(), WordsForm(), None, None)


@blueprint.post("/themes/new")
@needs(Permission.ADMINISTER)
def add_theme() -> str | Response:
    """Add it, its words in one part of the same name."""
    work, form = work_on(), WordsForm()
    if not form.validate_on_submit():
        return _words_page(work, form, None, None)
    data, key = with_theme(work.data, form.said, form.listed)
    keep(data, "add_theme", theme=key)
    flash(_("The theme is added to the draft."))
    return redirect(url_for("console.theme", key=key), 303)


@blueprint.get("/themes/of/<key>")
@needs(Permission.ADMINISTER)
def theme(key: str) -> str:
    """One theme: its names, and its parts."""
    work = work_on()
    found = theme_on(work, key)
    form = NameForm(formdata=None, data=_shown(found))
    return _theme_page(work, form, found)


@blueprint.post("/themes/of/<key>")
@needs(Permission.ADMINISTER)
def keep_theme(key: str) -> str | Response:
    """Keep its names, and whether it is looked for."""
    work, form = work_on(), NameForm()
    found = theme_on(work, key)
    if form.seen.data != mark(found):
        form.seen.data = mark(found)
        return _theme_page(work, form, found, overtaken=True)
    if not form.validate_on_submit():
        return _theme_page(work, form, found)
    deed = "change_theme" if bool(found.get("off")) == form.off.data else "switch_theme"
    keep(renamed(work.data, key, form.said, off=form.off.data), deed, theme=key)
    flash(_("Kept in the draft."))
    return redirect(url_for("console.themes", _anchor=f"t-{key}"), 303)


@blueprint.get("/themes/of/<key>/new-part")
@needs(Permission.ADMINISTER)
def new_part(key: str) -> str:
    """One more part of a theme."""
    work = work_on()
    return _words_page(work, WordsForm(), theme_on(work, key), None)


@blueprint.post("/themes/of/<key>/new-part")
@needs(Permission.ADMINISTER)
def add_part(key: str) -> str | Response:
    """Add it at the end."""
    work, form = work_on(), WordsForm()
    found = theme_on(work, key)
    if not form.validate_on_submit():
        return _words_page(work, form, found, None)
    data, part = with_subtheme(work.data, key, form.said, form.listed)
    keep(data, "add_part", theme=key, subtheme=part)
    flash(_("The part is added to the draft."))
    return redirect(url_for("console.theme", key=key), 303)


@blueprint.get("/themes/of/<key>/parts/<part>")
@needs(Permission.ADMINISTER)
def theme_part(key: str, part: str) -> str:
    """One part: its names and its keywords."""
    work = work_on()
    found, one = part_on(work, key, part)
    form = WordsForm(formdata=None, data=_shown(one) | {"words": typed(one["words"])})
    return _words_page(work, form, found, one)


@blueprint.post("/themes/of/<key>/parts/<part>")
@needs(Permission.ADMINISTER)
def keep_part(key: str, part: str) -> str | Response:
    """Keep its names and keywords. What somebody else wrote in the meantime is not overwritten unseen."""
    work, form = work_on(), WordsForm()
    found, one = part_on(work, key, part)
    if form.seen.data != mark(one):
        form.seen.data = mark(one)
        return _words_page(work, form, found, one, overtaken=True)
    if not form.validate_on_submit():
        return _words_page(work, form, found, one)
    data = reworded(work.data, key, part, names=form.said, words=form.listed, off=form.off.data)
    deed = "change_part" if bool(one.get("off")) == form.off.data else "switch_part"
    keep(data, deed, theme=key, subtheme=part)
    flash(_("Kept in the draft."))
    return redirect(url_for("console.theme", key=key), 303)


@blueprint.post("/themes/of/<key>/remove")
@needs(Permission.ADMINISTER)
def remove_theme(key: str) -> Response:
    """Take a theme or, with ?part=, a part away that was never in use; what was, can be switched off only."""
    work = work_on()
    part = request.args.get("part") or None
    if not DeedForm().validate_on_submit():
        abort(400)
    theme_on(work, key)
    if part is not None:
        part_on(work, key, part)
    if not work.is_new(key, part):
        abort(404)
    keep(without(work.data, key, part), "remove_part" if part else "remove_theme", theme=key, subtheme=part or "")
    flash(_("Taken out of the draft."))
    return redirect(url_for("console.theme", key=key) if part else url_for("console.themes"), 303)


def _shown(one: Data) -> dict[str, Any]:
    names = {tongue: one["names"].get(tongue, "") for tongue in NAMES}
    return {"names": names, "off": bool(one.get("off")), "seen": mark(one)}


def _theme_page(work: Work, form: NameForm, found: Data, *, overtaken: bool = False) -> str:
    return render_template(
        "console/themes/theme.html",
        work=work,
        form=form,
        theme=found,
        deed=DeedForm(),
        overtaken=overtaken,
        words=words,
        name_of=name_of,
    )


def _words_page(work: Work, form: WordsForm, found: Data | None, part: Data | None, *, overtaken: bool = False) -> str:
    return render_template(
        "console/themes/part.html",
        work=work,
        form=form,
        theme=found,
        part=part,
        deed=DeedForm(),
        overtaken=overtaken,
        words=words,
        name_of=name_of,
    )
