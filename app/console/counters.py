"""The codes that hang at the counters of a branch: make one, print it, see what came of it, end it."""

import segno
from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.auth.roles import Permission
from app.console import blueprint, labels
from app.console.audited import audited
from app.console.needs import needs
from app.console.place_forms import DeedForm
from app.console.programme_words import best
from app.extensions import clock, commit, db, settings
from surveys.invitations.counters import answered_at, asks, counter_link, end_counter, open_counter
from surveys.invitations.models import Counter, Programme
from surveys.people.models import Branch, BranchKind

Answer = str | AnyResponse | tuple[str, int]


class CounterForm(DeedForm):
    """A new code: where it hangs, and what is asked there."""

    name = StringField(
        _l("Where does it hang?"),
        validators=[InputRequired(_l("Name it, like Counter 3, so that you know its answers.")), Length(max=40)],
    )
    programme = SelectField(_l("What is asked there"), coerce=int)


@blueprint.route("/places/<int:place_id>/counters", methods=["GET", "POST"])
@needs(Permission.ADMINISTER)
def counters(place_id: int) -> Answer:
    """The codes of a branch; posted, one more."""
    branch, form, now = _branch(place_id), CounterForm(), clock().now()
    live = {one.id: one for one in db.session.scalars(select(Programme).where(Programme.live).order_by(Programme.id))}
    form.programme.choices = [(one.id, best(one.names)) for one in live.values()]
    status = 200
    if form.is_submitted():
        if form.validate():
            made = open_counter(branch, (form.name.data or "").strip(), live[form.programme.data], now=now)
            _note("counter.open", made)
            commit()
            flash(_("The code is ready to be printed."))
            return redirect(url_for("console.counters", place_id=place_id), 303)
        status = 422
    query = select(Counter).where(Counter.branch_id == branch.id).order_by(Counter.ended_at.is_not(None), Counter.id)
    page = render_template(
        "console/places/counters.html",
        place=branch,
        form=form,
        deed=DeedForm(formdata=None),
        counters=[(one, asks(one)) for one in db.session.scalars(query)],
        answered=answered_at(branch.id),
        best=best,
        labels=labels,
    )
    return (page, status) if status != 200 else page


@blueprint.get("/places/<int:place_id>/counters/<int:counter_id>/print")
@needs(Permission.ADMINISTER)
def print_counter(place_id: int, counter_id: int) -> str:
    """A sheet to hang up, in the languages the survey speaks."""
    branch = _branch(place_id)
    counter = _counter(branch, counter_id)
    drawn = segno.make(counter_link(counter), error="q").svg_inline(scale=8, border=2, omitsize=True)
    return render_template(
        "console/places/counter_sheet.html",
        place=branch,
        counter=counter,
        code=Markup(drawn),  # drawn by the library from our own address
        link=counter_link(counter),
        org=settings().organisation,
        labels=labels,
    )


@blueprint.post("/places/<int:place_id>/counters/<int:counter_id>/end")
@needs(Permission.ADMINISTER)
def end(place_id: int, counter_id: int) -> AnyResponse:
    """The sheet may come down: its code leads nowhere from now on."""
    counter = _counter(_branch(place_id), counter_id)
    if not DeedForm().validate_on_submit():
        abort(404)
    if counter.ended_at is None:
        end_counter(counter, now=clock().now())
        _note("counter.end", counter)
        commit()
    flash(_("The code leads nowhere any more. Take the sheet down."))
    return redirect(url_for("console.counters", place_id=place_id), 303)


def _branch(place_id: int) -> Branch:
    found = db.session.get(Branch, place_id)
    if found is None or found.kind != BranchKind.BRANCH or not g.scope.reaches(found.id):
        abort(404)
    return found


def _counter(branch: Branch, counter_id: int) -> Counter:
    found = db.session.get(Counter, counter_id)
    if found is None or found.branch_id != branch.id:
        abort(404)
    return found


def _note(action: str, counter: Counter) -> None:
    audited(action, "counter", counter.id, branch=counter.branch_id)
