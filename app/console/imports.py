"""Imports: send a file, say what its columns are, see what would happen, take it in, mend what was refused."""

import io
from dataclasses import dataclass, replace

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from app.auth.roles import Permission
from app.console import blueprint, labels
from app.console.audited import audited
from app.console.needs import needs
from app.console.queries_imports import column_choices, columns_of_file, first_rows, import_file, past_runs
from app.extensions import clock, commit, hurry
from app.i18n import gettext as _
from app.i18n import language
from app.importing import Kind, columns_of
from surveys.people import import_files
from surveys.people.import_models import WORKED_ON, ImportFile, State
from surveys.people.imports import HOME_ZONE
from surveys.people.queries import company
from surveys.people.refused_file import RefusedFile
from surveys.people.told import told

SHOWN_PROBLEMS = 20
SHOWN_LINES = 8


class UploadForm(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """A file and what its rows are."""

    file = FileField(lazy_gettext("File"))
    kind = RadioField(
        lazy_gettext("What is in it"),
        choices=[
            (Kind.CUSTOMERS, lazy_gettext("Customers")),
            (Kind.TRANSACTIONS, lazy_gettext("Purchases")),
            (Kind.EVENTS, lazy_gettext("Visits and calls")),
        ],
        default=Kind.CUSTOMERS,
        validators=[InputRequired(lazy_gettext("Choose what is in the file."))],
    )
    source = StringField(
        lazy_gettext("System it comes from"),
        default="core",
        validators=[
            InputRequired(lazy_gettext("Name the system, as its events do; core when there is one only.")),
            Length(max=40),
            Regexp(r"^[\w.-]+$", message=lazy_gettext("Letters, digits, dots and dashes only.")),
        ],
    )
    sheet = StringField(lazy_gettext("Sheet of the workbook"), validators=[Length(max=80)])
    create_customers = BooleanField(lazy_gettext("Keep customers that purchases name and nobody knows yet"))


class DeedForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the token: the deed is in the address."""


@blueprint.get("/imports")
@needs(Permission.ADMINISTER)
def imports() -> str:
    """Send a file; what came in before."""
    _reach_everybody()
    return _room(UploadForm())


def _room(form: UploadForm) -> str:
    root = company()
    zone = root.time_zone if root else HOME_ZONE
    return render_template(
        "console/imports.html", form=form, runs=past_runs(), zone=zone, labels=labels, now=clock().now()
    )


def _reach_everybody() -> None:
    # An import touches customers of every branch: only who administers the whole company may begin one.
    root = company()
    if root is not None and not g.scope.reaches(root.id):
        abort(404)


@blueprint.post("/imports")
@needs(Permission.ADMINISTER)
def send_file() -> str | AnyResponse:
    """Keep the file for the worker to read."""
    _reach_everybody()
    form = UploadForm()
    sent: FileStorage | None = form.file.data
    if not form.validate_on_submit() or not sent or not sent.filename:
        if not sent or not sent.filename:
            form.file.errors = [_("Choose a file.")]
        return _room(form)
    now = clock().now()
    file = import_files.receive(
        sent.stream,
        kind=form.kind.data,
        name=sent.filename.replace("\0", "")[-200:],
        source=form.source.data or "",
        sheet=(form.sheet.data or "").replace("\0", "").strip() or None,
        create_customers=bool(form.create_customers.data),
        user_id=current_user.id,
        now=now,
    )
    _audited("import.sent", file, kind=file.kind)
    hurry("app.work_imports")
    commit()
    return redirect(url_for("console.import_", file_id=file.id), 303)


@blueprint.get("/imports/<int:file_id>")
@needs(Permission.ADMINISTER)
def import_(file_id: int) -> str:
    """One file, as far as it has come."""
    file = _found(file_id)
    if file.state == State.CHOOSING or (file.state == State.CHECKED and "columns" in request.args):
        return _choosing(file, list(file.mapping), "")
    return render_template(
        "console/import.html",
        file=file,
        form=DeedForm(),
        at_work=file.state in WORKED_ON,
        sample=first_rows(file, now=clock().now()) if file.state == State.CHECKED else None,
        problems=_problems(file),
        told=told,
        heading=_heading(file),
        percent=100 * file.position // file.pieces if file.pieces else 0,
    )


def _heading(file: ImportFile) -> str:
    state, good = State(file.state), sum((file.counts or {}).get(one, 0) for one in ("new", "changed", "same"))
    if state == State.CHECKED and not good:
        return _("No row can be imported yet")
    return {
        State.READING: _("The file is being read"),
        State.CHECKING: _("The rows are being checked"),
        State.CHECKED: _("Ready to import"),
        State.IMPORTING: _("The rows are being imported"),
        State.DONE: _("The rows are in"),
        State.FAILED: _("Not imported"),
        State.DISCARDED: _("Deleted"),
        State.CHOOSING: _("Which column is what?"),
    }[state]


@dataclass
class Problem:
    """What is wrong with some rows: the first of their lines, and how many more."""

    message: str
    lines: list[int]
    more: int = 0


def _problems(file: ImportFile) -> list[Problem]:
    """What is wrong, each said once, as it is met in the file."""
    if file.state not in (State.CHECKED, State.DONE):
        return []
    found: dict[str, Problem] = {}
    for one in import_files.refused_rows(file.id):
        if one.message not in found and len(found) == SHOWN_PROBLEMS:
            continue
        problem = found.setdefault(one.message, Problem(one.message, []))
        if len(problem.lines) < SHOWN_LINES:
            problem.lines.append(one.line)
        else:
            problem.more += 1
    return list(found.values())


def _choosing(file: ImportFile, chosen: list[str], wrong: str) -> str:
    columns = columns_of_file(file, chosen)
    return render_template(
        "console/import_columns.html",
        file=file,
        columns=columns,
        choices=column_choices(Kind(file.kind)),
        wrong=wrong,
        form=DeedForm(),
    )


@blueprint.post("/imports/<int:file_id>/columns")
@needs(Permission.ADMINISTER)
def import_columns(file_id: int) -> str | AnyResponse:
    """Say what its columns are, and have it checked."""
    file = _found(file_id)
    if not DeedForm().validate_on_submit():
        abort(404)
    chosen = [request.form.get(f"column-{number}", "").strip() for number in range(len(file.header))]
    wrong = _wrong(Kind(file.kind), chosen)
    if wrong and file.state in (State.CHOOSING, State.CHECKED):
        return _choosing(file, chosen, wrong)
    if import_files.choose(file, chosen):
        hurry("app.work_imports")
        commit()
    return redirect(url_for("console.import_", file_id=file.id), 303)


def _wrong(kind: Kind, chosen: list[str]) -> str:
    columns = columns_of(kind)
    names = dict(column_choices(kind))
    if any(name and not columns.welcomes(name) for name in chosen):
        return _("Choose from the list what each column is.")
    if missing := [names[name] for name in columns.required if name not in chosen]:
        return _("Say which column holds: %(names)s.", names=", ".join(missing))
    if twice := sorted({names.get(name, name) for name in chosen if name and chosen.count(name) > 1}):
        return _("Two columns cannot both be: %(names)s. Leave one out.", names=", ".join(twice))
    return ""


@blueprint.post("/imports/<int:file_id>/start")
@needs(Permission.ADMINISTER)
def import_start(file_id: int) -> AnyResponse:
    """Take the rows in; the same press twice changes nothing."""
    file = _found(file_id)
    if not DeedForm().validate_on_submit():
        abort(404)
    if import_files.start(file):
        _audited("import.started", file, kind=file.kind, rows=file.rows)
        hurry("app.work_imports")
        commit()
    return redirect(url_for("console.import_", file_id=file.id), 303)


@blueprint.post("/imports/<int:file_id>/discard")
@needs(Permission.ADMINISTER)
def import_discard(file_id: int) -> AnyResponse:
    """Give it up; what is in already stays."""
    file = _found(file_id)
    if not DeedForm().validate_on_submit():
        abort(404)
    if import_files.discard(file, now=clock().now()):
        _audited("import.discarded", file)
        commit()
        flash(_("The file was deleted."))
    return redirect(url_for("console.imports"), 303)


@blueprint.post("/imports/<int:file_id>/refused")
@needs(Permission.ADMINISTER)
def import_refused(file_id: int) -> AnyResponse:
    """The refused rows as they came, to be mended and sent again. People's numbers leave the house: it is audited."""
    file = _found(file_id)
    if not DeedForm().validate_on_submit() or file.state not in (State.CHECKED, State.DONE):
        abort(404)
    _audited("import.refused_rows", file)
    out = io.StringIO(newline="")
    rows = import_files.refused_rows(file.id)
    RefusedFile(out, file.header).add(replace(one, message=told(one.message, language())) for one in rows)
    name = f"refused-{file.id}.csv"
    commit()
    response = Response(out.getvalue(), mimetype="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _found(file_id: int) -> ImportFile:
    _reach_everybody()
    file = import_file(file_id)
    if file is None:
        abort(404)
    return file


def _audited(action: str, file: ImportFile, **detail: object) -> None:
    audited(action, "import", file.id, **detail)
