"""Places: the tree, and one place with its facts, its closures and its end."""

from zoneinfo import ZoneInfo, available_timezones

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.auth.roles import Permission
from app.console import blueprint, labels
from app.console.audited import audited
from app.console.needs import needs
from app.console.place_forms import KINDS, WEEKDAYS, CloseForm, ClosureForm, DeedForm, PlaceForm, day, text
from app.console.queries_staff import tree
from app.extensions import clock, commit, db
from surveys.people.closures import hours_of
from surveys.people.models import Branch, BranchKind
from surveys.people.ownership import today_of
from surveys.people.places import (
    LONGEST_NAME,
    add_closure,
    change_place,
    close_place,
    drop_closure,
    open_place,
    reopen_place,
)
from surveys.people.refusals import Wrong

Answer = str | AnyResponse | tuple[str, int]


@blueprint.get("/places")
@needs(Permission.ADMINISTER)
def places() -> str:
    """Every place, with what is there and whether it is open today."""
    standings = tree(g.scope, now=clock().now())
    return render_template(
        "console/places/tree.html",
        standings=standings,
        branches=sum(one.place.kind == BranchKind.BRANCH and not one.closed for one in standings),
        shut=sum(one.place.kind == BranchKind.BRANCH and not one.closed and one.hours is None for one in standings),
        labels=labels,
        kinds=KINDS,
    )


@blueprint.route("/places/new", methods=["GET", "POST"])
@needs(Permission.ADMINISTER)
def new_place() -> Answer:
    """A place that is not there yet; ?below= says under which."""
    form, now = PlaceForm(), clock().now()
    form.offer(g.scope, None)
    if request.method == "GET":
        above = db.session.get(Branch, request.args.get("below", 0, int))
        if above is not None and g.scope.reaches(above.id):
            form.parent.data, form.country.data, form.time_zone.data = above.id, above.country, above.time_zone
        form.kind.data = BranchKind.BRANCH
        return _facts_page(form, None)
    if not form.validate_on_submit():
        return _facts_page(form, None), 422
    made = open_place(form.facts(), today=today_of(now))
    if isinstance(made, list):
        form.take(made, form.AT)
        return _facts_page(form, None), 422
    _note("place.open", made)
    commit()
    flash(_("The place stands. Give it people: its manager first."))
    return redirect(url_for("console.place", place_id=made.id), 303)


@blueprint.route("/places/<int:place_id>", methods=["GET", "POST"])
@needs(Permission.ADMINISTER)
def place(place_id: int) -> Answer:
    """One place; posted, its facts as they are from now on."""
    found, form = _found(place_id), PlaceForm()
    form.offer(g.scope, found)
    if request.method == "GET":
        form.show(found)
        return _facts_page(form, found)
    if not form.validate_on_submit():
        return _facts_page(form, found), 422
    before = found.parent_id
    changed = change_place(found, form.facts(), today=today_of(clock().now()))
    if isinstance(changed, list):
        form.take(changed, form.AT)
        return _facts_page(form, found), 422
    if changed:
        _note("place.change", found, moved=found.parent_id != before)
        commit()
    flash(_("Saved.") if changed else _("Nothing was changed."))
    return redirect(url_for("console.place", place_id=place_id), 303)


@blueprint.post("/places/<int:place_id>/closures")
@needs(Permission.ADMINISTER)
def close_days(place_id: int) -> Answer:
    """Days on which it is closed, or open against the calendar."""
    found, form = _found(place_id), ClosureForm()
    if not form.validate_on_submit():
        return _days_again(found, form)
    opens = form.what.data == "open"
    kept = add_closure(found, first=day(form.first_day), last=form.last, opens=opens, reason=text(form.reason))
    if isinstance(kept, Wrong):
        form.take([kept])
        return _days_again(found, form)
    _note("place.closure_add", found, closure=kept.id)
    commit()
    flash(_("Written into the calendar, here and at every place below."))
    return redirect(url_for("console.place", place_id=place_id) + "#days", 303)


@blueprint.post("/places/<int:place_id>/closures/<int:closure_id>/remove")
@needs(Permission.ADMINISTER)
def remove_closure(place_id: int, closure_id: int) -> AnyResponse:
    """Take days out of the calendar; the same press twice changes nothing."""
    found = _found(place_id)
    if not DeedForm().validate_on_submit():
        abort(404)
    if drop_closure(found, closure_id):
        _note("place.closure_remove", found, closure=closure_id)
        commit()
    flash(_("Taken out of the calendar."))
    return redirect(url_for("console.place", place_id=place_id) + "#days", 303)


@blueprint.post("/places/<int:place_id>/close")
@needs(Permission.ADMINISTER)
def end_place(place_id: int) -> Answer:
    """From a day on it serves nobody; its history stays."""
    found, form = _found(place_id), CloseForm()
    if not form.validate_on_submit():
        return _end_again(found, form)
    wrong = close_place(found, on=day(form.closed_on))
    if wrong is not None:
        form.take([wrong])
        return _end_again(found, form)
    _note("place.close", found)
    commit()
    flash(_("Closed from that day. Its history stays; events of later days are refused."))
    return redirect(url_for("console.place", place_id=place_id), 303)


@blueprint.post("/places/<int:place_id>/reopen")
@needs(Permission.ADMINISTER)
def begin_place(place_id: int) -> AnyResponse:
    """It serves again."""
    found = _found(place_id)
    if not DeedForm().validate_on_submit():
        abort(404)
    if found.closed_on is not None:
        reopen_place(found)
        _note("place.reopen", found)
        commit()
    flash(_("It serves again."))
    return redirect(url_for("console.place", place_id=place_id), 303)


def _found(place_id: int) -> Branch:
    found = db.session.get(Branch, place_id)
    if found is None or not g.scope.reaches(found.id):
        abort(404)
    return found


def _note(action: str, found: Branch, **detail: object) -> None:
    audited(action, "branch", found.id, **detail)


def _days_again(found: Branch, form: ClosureForm) -> Answer:
    shown = PlaceForm(formdata=None)
    shown.offer(g.scope, found)
    shown.show(found)
    return _facts_page(shown, found, days=form), 422


def _end_again(found: Branch, form: CloseForm) -> Answer:
    shown = PlaceForm(formdata=None)
    shown.offer(g.scope, found)
    shown.show(found)
    return _facts_page(shown, found, end=form), 422


def _facts_page(
    form: PlaceForm, found: Branch | None, *, days: ClosureForm | None = None, end: CloseForm | None = None
) -> str:
    today = clock().now().astimezone(ZoneInfo(found.time_zone)).date() if found else None
    above = found.parent if found else None
    return render_template(
        "console/places/place.html",
        form=form,
        place=found,
        inherited=hours_of(above) if above else None,
        days=days or ClosureForm(formdata=None),
        end=end or CloseForm(formdata=None),
        deed=DeedForm(formdata=None),
        closures=[one for one in found.closures if today and one.last_day >= today] if found else [],
        over=sum(bool(today and one.last_day < today) for one in found.closures) if found else 0,
        closed=bool(found and today and found.closed_by(today)),
        zones=sorted(available_timezones()),
        room=LONGEST_NAME,
        weekdays=WEEKDAYS,
        kinds=KINDS,
        labels=labels,
    )
