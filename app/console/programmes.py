"""Programmes: which moment asks which questionnaire, tried on last month before anybody is asked."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.auth.roles import Permission
from app.console import blueprint, labels, programme_words
from app.console.audited import audited
from app.console.needs import needs
from app.console.programme_forms import DeedForm, ProgrammeForm, TouchpointForm, as_written, hidden_numbers, in_both
from app.console.queries_programmes import (
    half_width,
    ids_in_scope,
    losses_of,
    outcome,
    place_in_order,
    places,
    programme_in_scope,
    programmes,
    published_surveys,
    touchpoints,
    whole_company,
)
from app.extensions import clock, commit, settings
from app.i18n import gettext as _
from app.i18n import language
from surveys.invitations import preflight_runs
from surveys.invitations import programmes as service
from surveys.invitations.facts import policy_for
from surveys.invitations.models import Programme
from surveys.invitations.order import move
from surveys.people.imports import HOME_ZONE
from surveys.people.models import Branch
from surveys.people.queries import company
from surveys.questionnaires.service import latest_version

PERIODS = (30, 90, 365)
USUAL = {
    "first": "sms",
    "delay": 0,
    "share": 100,
    "reminder": True,
    "weekdays": list(range(7)),
    "holidays": "",
}


@blueprint.get("/programmes", endpoint="programmes")
@needs(Permission.ADMINISTER)
def listing() -> str:
    """Every programme: live or paused, what it asks whom, and the last 30 days."""
    moments = programmes(g.scope, now=clock().now())
    return render_template(
        "console/programmes/list.html", moments=moments, form=DeedForm(), labels=labels, words=programme_words
    )


@blueprint.post("/programmes/<int:programme_id>/move")
@needs(Permission.ADMINISTER)
def move_programme(programme_id: int) -> Response:
    """One place up or down among those of its moment."""
    found = _found(programme_id)
    if not DeedForm().validate_on_submit():
        abort(400)
    before = _as_audited(found)
    if move(found, up=request.form.get("way") == "up", past=ids_in_scope(g.scope)):
        _note("move", found, before=before)
    commit()
    return redirect(url_for("console.programmes", _anchor=f"programme-{programme_id}"), 303)


@blueprint.get("/programmes/new")
@needs(Permission.ADMINISTER)
def new_programme() -> str:
    """An empty form."""
    given = {name: request.args.get(name, type=int) for name in ("touchpoint", "survey")}
    return _form_page(_form(None, data={**USUAL, **{k: v for k, v in given.items() if v}}), None)


@blueprint.post("/programmes/new")
@needs(Permission.ADMINISTER)
def create_programme() -> str | tuple[str, int] | Response:
    """Keep a new programme, not live yet."""
    form = _form(None)
    if not form.validate_on_submit():
        return _form_page(form, None), 422
    made = service.create(form.plan(keep={}))
    if not isinstance(made, Programme):
        return _form_page(form, None, wrong=[one.detail for one in made]), 422
    _note("create", made)
    preflight_runs.ask(made, now=clock().now(), by=current_user.id)
    commit()
    flash(_("Kept. It asks nobody yet: look what last month would have been, then let it go live."))
    return redirect(url_for("console.programme_preflight", programme_id=made.id), 303)


@blueprint.get("/programmes/<int:programme_id>", endpoint="programme")
@needs(Permission.ADMINISTER)
def show(programme_id: int) -> str:
    """What it does, what came of it, and how to try it with oneself."""
    found, now = _found(programme_id), clock().now()
    days = request.args.get("days", type=int)
    days = days if days in PERIODS else PERIODS[0]
    return render_template(
        "console/programmes/show.html",
        programme=found,
        policy=policy_for(found),
        branch=_branch(found),
        place=place_in_order(found),
        losses=losses_of(found),
        outcome=outcome(found, since=now - timedelta(days=days), until=now),
        days=days,
        periods=PERIODS,
        form=DeedForm(),
        example=programme_words.example(found, _branch(found) or _any_place(), now=now),
        public_url=settings().public_url,
        simulated=settings().sms_channel == "simulator",
        trying="trying" in request.args,
        words=programme_words,
        labels=labels,
    )


@blueprint.get("/programmes/<int:programme_id>/change")
@needs(Permission.ADMINISTER)
def change_programme(programme_id: int) -> str:
    """The form as it stands."""
    found = _found(programme_id)
    return _form_page(_form(found, data=as_written(found)), found)


@blueprint.post("/programmes/<int:programme_id>/change")
@needs(Permission.ADMINISTER)
def keep_programme(programme_id: int) -> str | tuple[str, int] | Response:
    """Keep what was changed, for whoever is served from now on."""
    found = _found(programme_id)
    form = _form(found)
    if not form.validate_on_submit():
        return _form_page(form, found), 422
    before = _as_audited(found)
    wrong = service.change(found, form.plan(keep=hidden_numbers(found)))
    if wrong:
        return _form_page(form, found, wrong=[one.detail for one in wrong]), 422
    _note("change", found, before=before)
    commit()
    flash(_("Kept. It holds for whoever is served from now on."))
    return redirect(url_for("console.programme", programme_id=programme_id), 303)


@blueprint.get("/programmes/<int:programme_id>/preflight")
@needs(Permission.ADMINISTER)
def programme_preflight(programme_id: int) -> str:
    """The last 30 days as if it had been live, as far as a worker has come, and the button that makes it so."""
    found = _found(programme_id)
    run = preflight_runs.latest(found)
    seen = preflight_runs.result_of(run) if run else None
    return render_template(
        "console/programmes/preflight.html",
        programme=found,
        branch=_branch(found),
        published=latest_version(found.survey_id) is not None,
        run=run,
        at_work=run is not None and run.state != preflight_runs.RunState.DONE,
        changed=run is not None and not preflight_runs.still_holds(run, found),
        found=seen,
        width=half_width(seen) if seen else None,
        form=DeedForm(),
        currency=settings().currency,
        words=programme_words,
        labels=labels,
        now=clock().now(),
        zone=root.time_zone if (root := company()) else HOME_ZONE,
    )


@blueprint.post("/programmes/<int:programme_id>/preflight")
@needs(Permission.ADMINISTER)
def try_programme(programme_id: int) -> Response:
    """Have it tried on the last 30 days by the worker; the page tells how far it has come."""
    found = _found(programme_id)
    if not DeedForm().validate_on_submit():
        abort(400)
    preflight_runs.ask(found, now=clock().now(), by=current_user.id)
    commit()
    return redirect(url_for("console.programme_preflight", programme_id=programme_id), 303)


@blueprint.post("/programmes/<int:programme_id>/live")
@needs(Permission.ADMINISTER)
def start_programme(programme_id: int) -> Response:
    """Ask from now on."""
    found = _found(programme_id)
    if not DeedForm().validate_on_submit():
        abort(400)
    if not service.go_live(found):
        flash(_("Its questionnaire is not published yet, so there is nothing to ask. Publish it, then come back."))
        return redirect(url_for("console.programme_preflight", programme_id=programme_id), 303)
    _note("live", found)
    commit()
    flash(_("It is live: whoever is served from now on is asked."))
    return redirect(url_for("console.programme", programme_id=programme_id, trying=1, _anchor="try"), 303)


@blueprint.post("/programmes/<int:programme_id>/pause")
@needs(Permission.ADMINISTER)
def pause_programme(programme_id: int) -> Response:
    """Ask and remind nobody more."""
    found = _found(programme_id)
    if not DeedForm().validate_on_submit():
        abort(400)
    service.pause(found)
    _note("pause", found)
    commit()
    flash(_("Paused: nobody more is asked or reminded. Answers to what was asked still count."))
    return redirect(url_for("console.programme", programme_id=programme_id), 303)


@blueprint.get("/programmes/touchpoints/new")
@needs(Permission.ADMINISTER)
def new_touchpoint() -> str:
    """A new kind of moment."""
    return _touchpoint_page(TouchpointForm())


@blueprint.post("/programmes/touchpoints/new")
@needs(Permission.ADMINISTER)
def add_touchpoint() -> str | tuple[str, int] | Response:
    """Keep it, and go on with a programme for it."""
    form = TouchpointForm()
    if not whole_company(g.scope):
        abort(404)
    if not form.validate_on_submit():
        return _touchpoint_page(form), 422
    made = service.add_touchpoint(in_both(form.english, form.chinese))
    audited("touchpoint.create", "touchpoint", made.id, key=made.key)
    commit()
    flash(_("Other systems report it as %(key)s.", key=made.key))
    return redirect(url_for("console.new_programme", touchpoint=made.id), 303)


def _found(programme_id: int) -> Programme:
    found = programme_in_scope(g.scope, programme_id)
    if found is None:
        abort(404)
    return found


def _branch(programme: Programme) -> Branch | None:
    return next((one for one in places(g.scope) if one.id == programme.branch_id), None)


def _any_place() -> Branch | None:
    return next((one for one in places(g.scope) if one.kind == "branch"), None)


def _touchpoint_page(form: TouchpointForm) -> str:
    known = [(one.key, programme_words.best(one.names)) for one in touchpoints()]
    return render_template("console/programmes/touchpoint.html", form=form, known=known)


def _form(programme: Programme | None, *, data: Mapping[str, Any] | None = None) -> ProgrammeForm:
    form = ProgrammeForm(data=data) if data is not None else ProgrammeForm()
    everywhere = [(0, _("everywhere"))] if whole_company(g.scope) else []
    best, surveys = programme_words.best, published_surveys()
    if programme is not None and programme.survey not in surveys:
        surveys.append(programme.survey)
    form.offer(
        touchpoints=[(one.id, best(one.names)) for one in touchpoints()],
        surveys=[(one.id, best(one.names)) for one in surveys],
        branches=everywhere + [(one.id, one.name(language())) for one in places(g.scope)],
        segments=[
            ("", _("everybody")),
            *((tier, f"{sign}, {name}") for tier, (sign, name) in labels.TIERS.items()),
        ],
    )
    return form


def _form_page(form: ProgrammeForm, programme: Programme | None, *, wrong: list[str] | None = None) -> str:
    return render_template(
        "console/programmes/form.html",
        form=form,
        programme=programme,
        company=policy_for(None),
        wrong=wrong or [],
        words=programme_words,
    )


def _note(deed: str, programme: Programme, *, before: dict[str, Any] | None = None) -> None:
    after = _as_audited(programme)
    detail = {k: [before.get(k), v] for k, v in after.items() if before.get(k) != v} if before is not None else after
    audited(f"programme.{deed}", "programme", programme.id, **detail)


def _as_audited(programme: Programme) -> dict[str, Any]:
    columns = ("key", "names", "touchpoint_id", "survey_id", "branch_id", "segment", "priority", "channels", "live")
    more = ("delay_minutes", "sampling_rate", "reminder", "reminder_channel", "policy")
    return {name: getattr(programme, name) for name in (*columns, *more)}
