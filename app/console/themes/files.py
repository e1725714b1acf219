"""A theme book as a file: taken out, taken in. What is wrong with one is said by its line, and changes nothing."""

from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from app.auth.roles import Permission
from app.console import blueprint
from app.console.needs import needs
from app.console.themes import words
from app.console.themes.forms import FileForm
from app.console.themes.room import Work, keep, work_on
from app.i18n import gettext as _
from app.i18n import language
from surveys.understanding import books
from surveys.understanding.editing import kept
from surveys.understanding.files import Wrong, as_toml, from_toml

LARGEST = 1_000_000  # bytes; the book that is built in has 15,000
SHOWN_WRONG = 50


@blueprint.get("/themes/file")
@needs(Permission.ADMINISTER)
def theme_file() -> str:
    """Take the book out, send one in."""
    return _page(work_on(), FileForm())


@blueprint.get("/themes/file/<name>.toml")
@needs(Permission.ADMINISTER)
def theme_file_out(name: str) -> Response:
    """The draft, or a published version by its number; 0 is the book that is built in."""
    if name == "draft":
        data, version = work_on().data, "draft"
    else:
        numbers = {str(one.number): one.number for one in books.versions()} | {"0": None}
        if name not in numbers:
            abort(404)
        data, version = books.data_of(numbers[name]), books.version_name(numbers[name])
    response = make_response(as_toml(data, version))
    response.headers["Content-Type"] = "application/toml; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="themes-{version}.toml"'
    return response


@blueprint.post("/themes/file")
@needs(Permission.ADMINISTER)
def take_in_themes() -> Any:
    """Make the draft what the file says. What it leaves out of the book in use is switched off, not lost."""
    work, form = work_on(), FileForm()
    sent: FileStorage | None = form.file.data
    if not form.validate_on_submit() or not sent or not sent.filename:
        form.file.errors = [_("Choose a file.")]
        return _page(work, form), 422
    if (request.content_length or 0) > LARGEST:
        form.file.errors = [_("This file is too large for a theme book.")]
        return _page(work, form), 422
    read = from_toml(sent.stream.read(), tongue=language())
    if isinstance(read, tuple):
        return _page(work, form, wrong=read), 422
    keep(kept(read, work.live), "take_in")
    flash(_("The draft is now what the file says. Look at what it would change, then publish it."))
    return redirect(url_for("console.themes"), 303)


def _page(work: Work, form: FileForm, *, wrong: tuple[Wrong, ...] = ()) -> str:
    return render_template(
        "console/themes/file.html",
        work=work,
        form=form,
        wrong=wrong[:SHOWN_WRONG],
        more=max(len(wrong) - SHOWN_WRONG, 0),
        words=words,
    )
