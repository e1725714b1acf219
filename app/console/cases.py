"""One case: everything on it, and the deeds, each a form that posts to a path of its own."""

from collections.abc import Callable
from datetime import datetime

from flask import abort, flash, g, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.auth.roles import Permission
from app.cases import queries, service
from app.cases.ladder import away, may_act
from app.cases.messages import language_of
from app.cases.models import Case
from app.cases.policy import LIVE, State
from app.cases.results import Refused, Result
from app.cases.wording import catalogue
from app.console import blueprint, case_words, labels
from app.console.audited import audited
from app.console.case_forms import Forms
from app.console.clockface import clock_face
from app.console.marking import heard, marked, signals_in, underlined
from app.console.needs import needs
from app.console.queries_places import case_seen
from app.console.readings import Reading, case_reading, readings, text_readings
from app.extensions import clock, commit, db, reading, settings
from app.i18n import gettext as _
from app.i18n import language
from notifications.texts import spoken
from surveys.people.models import Staff
from surveys.responses.models import Answer, FreeText

Deed = Callable[[Case, Staff, Forms, datetime], Result]
Page = Response | tuple[str, int]


@blueprint.get("/cases/<int:case_id>")
@needs(Permission.SEE_CASES)
def case(case_id: int) -> str:
    """Who, what they said, what to say, and what is to be done about it."""
    return _page(_found(case_id))


@blueprint.get("/cases/code/<code>")
@needs(Permission.SEE_CASES)
def case_by_code(code: str) -> Response:
    """The case with this number, as it stands in a text: the open one, else the latest that is over."""
    query = db.select(Case).where(Case.code == code).order_by(Case.id.desc())
    found = [one for one in db.session.scalars(query) if case_seen(g.scope, one)]
    chosen = next((one for one in found if one.state in LIVE), found[0] if found else None)
    if chosen is None:
        abort(404)
    return redirect(url_for("console.case", case_id=chosen.id))


@blueprint.post("/cases/<int:case_id>/acknowledge")
@needs(Permission.HANDLE_CASES)
def acknowledge(case_id: int) -> Page:
    """Take it; the customer is told that somebody has."""
    untold = _("It is yours. They get no texts from us: please call them.")
    later = _("It is yours. They are told in the morning that you have read it.")
    said = _("It is yours, and they know that you have read it.")
    return _do("acknowledge", case_id, _acknowledge, said, untold, later)


@blueprint.post("/cases/<int:case_id>/contact")
@needs(Permission.HANDLE_CASES)
def contact(case_id: int) -> Page:
    """Write down a call."""
    return _do("contact", case_id, _contact, _("The call is written down."))


@blueprint.post("/cases/<int:case_id>/hand-over")
@needs(Permission.HANDLE_CASES)
def hand_over(case_id: int) -> Page:
    """Give it to a colleague."""
    return _do("hand_over", case_id, _hand_over, _("Handed over. They have been told by SMS."))


@blueprint.post("/cases/<int:case_id>/close")
@needs(Permission.HANDLE_CASES)
def close(case_id: int) -> Page:
    """Close it with outcome and root cause; the customer is told what was done."""
    untold = _("Closed. They get no texts from us: please tell them what came of it.")
    later = _("Closed. The customer is told in the morning and asked in two days.")
    return _do("close", case_id, _close, _("Closed. The customer is told today and asked in two days."), untold, later)


@blueprint.post("/cases/<int:case_id>/dismiss")
@needs(Permission.HANDLE_CASES)
def dismiss(case_id: int) -> Page:
    """A false alarm; the customer is told nothing."""
    return _do("dismiss", case_id, _dismiss, _("Put aside as a false alarm."))


@blueprint.post("/cases/<int:case_id>/note")
@needs(Permission.HANDLE_CASES)
def note(case_id: int) -> Page:
    """Words for colleagues."""
    return _do("note", case_id, _note, _("The note is kept."))


def _acknowledge(case: Case, by: Staff, forms: Forms, now: datetime) -> Result:
    return service.acknowledge(case, by=by, now=now)


def _contact(case: Case, by: Staff, forms: Forms, now: datetime) -> Result:
    form = forms.contact
    promised = form.promised_by(case.branch.time_zone)
    reached = form.attempt.data != "no_answer"
    return service.contact(case, by=by, note=form.note.data, reached=reached, promised_by=promised, now=now)


def _hand_over(case: Case, by: Staff, forms: Forms, now: datetime) -> Result:
    return service.hand_over(case, by=by, to=db.session.get_one(Staff, forms.hand_over.to.data), now=now)


def _close(case: Case, by: Staff, forms: Forms, now: datetime) -> Result:
    form = forms.close
    done = form.done.data or None
    return service.resolve(
        case, by=by, outcome=form.outcome.data, root_cause=form.root_cause.data, done_text=done, now=now
    )


def _dismiss(case: Case, by: Staff, forms: Forms, now: datetime) -> Result:
    return service.dismiss(case, by=by, note=forms.dismiss.note.data, now=now)


def _note(case: Case, by: Staff, forms: Forms, now: datetime) -> Result:
    return service.note(case, by=by, text=forms.note.note.data, now=now)


def _do(name: str, case_id: int, deed: Deed, said: str, untold: str = "", later: str = "") -> Page:
    case, by, now = _found(case_id), current_user.staff, clock().now()
    forms = Forms(case, _colleagues(case, now), sent=name)
    if not getattr(forms, name).validate_on_submit():
        return _again(case_id, forms, name, "", 422)
    if by is None:
        return _again(
            case_id, forms, name, _("Your account belongs to no member of staff, so no case can be yours."), 409
        )
    result = deed(case, by, forms, now)
    if isinstance(result, Refused):
        return _again(case_id, forms, name, result.message(language()), 409)
    if result.changed:
        audited(f"case.{name}", "case", case_id)
    commit()
    came_of_it = (later if result.later else said) if result.told else untold or said
    flash(came_of_it if result.changed else _("That was done already."))
    return redirect(url_for("console.case", case_id=case_id), 303)


def _again(case_id: int, forms: Forms, sent: str, refused: str, status: int) -> tuple[str, int]:
    with reading():  # nothing changed: let the writers go on while the page is made
        return _page(_found(case_id), forms=forms, sent=sent, refused=refused), status


def _found(case_id: int) -> Case:
    found = db.session.get(Case, case_id)
    if found is None or not case_seen(g.scope, found):
        abort(404)
    return found


def _colleagues(case: Case, now: datetime) -> list[tuple[Staff, str]]:
    out = []
    for person in queries.colleagues_for(case):
        gone = away(person, case.branch, now=now)
        out.append((person, _("%(name)s, away today", name=person.name) if gone else person.name))
    return out


def _page(case: Case, *, forms: Forms | None = None, sent: str = "", refused: str = "") -> str:
    now, staff = clock().now(), current_user.staff
    page = queries.case_page(case.id, now=now)
    assert page is not None
    live = case.state in LIVE
    acts = g.scope.may(Permission.HANDLE_CASES) and staff is not None and may_act(staff, case)
    whole = g.scope.may(Permission.SEE_CUSTOMERS)
    tongue = language_of(case)
    return render_template(
        "console/case.html",
        page=page,
        case=case,
        others=[other for other in page.other_cases if case_seen(g.scope, other)],
        customer=page.customer,
        clock=clock_face(case, page.due, now=now) if live else None,
        name=case_words.name_of(page.customer, whole=whole),
        forms=forms or Forms(case, _colleagues(case, now)),
        sent=sent,
        refused=refused,
        live=live,
        acts=acts,
        unread=case.state in (State.OPEN, State.REOPENED),
        may_dismiss=live and case.state != State.CONTACTED,
        whole=whole,
        may_read=g.scope.may(Permission.SEE_ANSWERS),
        phone=page.reach.address if page.reach and whole and acts and case.call_choice != "none" else None,
        mine=staff is not None and staff.id == case.owner_id,
        tells=_closing_text(case, tongue),
        room=catalogue().room("what", tongue),
        tongue=spoken(tongue),
        history=[
            (event, case_words.line(event, reader=staff, zone=case.branch.time_zone, now=now))
            for event in reversed(page.history)
        ],
        readings=_readings(page),
        rest_reading=case_reading(case) if page.rest else None,
        words=case_words,
        labels=labels,
        marked=marked,
        heard=heard,
        signals_in=signals_in,
        underlined=underlined,
        zone=case.branch.time_zone,
        now=now,
    )


def _readings(page: queries.CasePage) -> list[Reading | None]:
    sources = [said.source for said in page.said]
    answers = readings([source for source in sources if isinstance(source, Answer)])
    texts = text_readings([source for source in sources if isinstance(source, FreeText)])
    return [(answers if isinstance(source, Answer) else texts).get(source.id) for source in sources]


def _closing_text(case: Case, tongue: str) -> str:
    # What the customer reads when nothing is written: a manager closes with more care who sees it.
    what = catalogue().render(f"did_{case.root_cause or 'other'}", tongue)
    return catalogue().render("resolved", tongue, org=settings().organisation.name(spoken(tongue)), what=what)
