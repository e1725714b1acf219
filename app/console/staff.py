"""Staff: who is here today and who stands in for whom; and one of them, with phone, absences, customers and leaving."""

from datetime import date
from zoneinfo import ZoneInfo

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.auth.roles import Permission
from app.console import blueprint, labels
from app.console.audited import audited
from app.console.needs import needs
from app.console.place_forms import DeedForm, chosen, day, text
from app.console.queries_staff import colleagues, presence, roll
from app.console.staff_forms import ROLES, AbsenceForm, CodeForm, FindForm, HeirForm, StaffForm
from app.extensions import clock, commit, db
from app.i18n import ngettext
from app.leavers import settle_leaver
from surveys.people import staff_phones, staffing
from surveys.people.models import Branch, Staff
from surveys.people.ownership import hand_over_portfolio, today_of
from surveys.people.queries import subtree
from surveys.people.refusals import Wrong

Answer = str | AnyResponse | tuple[str, int]


@blueprint.get("/staff")
@needs(Permission.ADMINISTER)
def staff() -> str:
    """Everybody: phones to verify first, then who is away, then who is here. ?q= and ?place= narrow it."""
    form = FindForm(request.args)
    form.offer(g.scope)
    form.place.data = form.place.data or 0
    at = form.place.data if form.validate() else 0
    within = subtree([at]) if at else g.scope.branch_ids
    found = roll(g.scope, within=within, words=(form.q.data or "")[:80], now=clock().now())
    return render_template("console/staff/roll.html", found=found, form=form, roles=ROLES, labels=labels)


@blueprint.route("/staff/new", methods=["GET", "POST"])
@needs(Permission.ADMINISTER)
def new_staff() -> Answer:
    """Somebody new; ?at= says where."""
    form = StaffForm()
    form.offer(g.scope, None)
    if request.method == "GET":
        at = db.session.get(Branch, request.args.get("at", 0, int))
        form.branch.data = at.id if at is not None and g.scope.reaches(at.id) else None
        return _page(form, None)
    if not form.validate_on_submit():
        return _page(form, None), 422
    made = staffing.hire(form.facts(), today=today_of(clock().now()))
    if isinstance(made, list):
        form.take(made)
        return _page(form, None), 422
    _note("staff.hire", made)
    commit()
    flash(_("Welcome to %(name)s. Verify the phone next: until then it gets no alerts.", name=made.name))
    return redirect(url_for("console.member", staff_id=made.id), 303)


@blueprint.route("/staff/<int:staff_id>", methods=["GET", "POST"])
@needs(Permission.ADMINISTER)
def member(staff_id: int) -> Answer:
    """One member of staff; posted, what is known of them from now on."""
    person, form = _found(staff_id), StaffForm()
    form.offer(g.scope, person)
    if request.method == "GET":
        form.show(person)
        return _page(form, person)
    if not form.validate_on_submit():
        return _page(form, person), 422
    phone = person.phone
    changed = staffing.change_staff(person, form.facts(), today=today_of(clock().now()))
    if isinstance(changed, list):
        form.take(changed)
        return _page(form, person), 422
    if changed:
        _note("staff.change", person, phone=person.phone != phone)
        commit()
    flash(_("Saved.") if changed else _("Nothing was changed."))
    return redirect(url_for("console.member", staff_id=staff_id), 303)


@blueprint.post("/staff/<int:staff_id>/send-code")
@needs(Permission.ADMINISTER)
def send_phone_code(staff_id: int) -> Answer:
    """Text a code to their phone."""
    person, form = _found(staff_id), CodeForm()
    wrong = staff_phones.send_code(person, now=clock().now())
    if wrong is not None:
        form.take([wrong], {"phone": "code"})
        return _again(person, code=form)
    _note("staff.code_sent", person)
    commit()
    flash(_("A code is on its way. They may text it back, or read it to you."))
    return redirect(url_for("console.member", staff_id=staff_id) + "#phone-state", 303)


@blueprint.post("/staff/<int:staff_id>/check-code")
@needs(Permission.ADMINISTER)
def check_phone_code(staff_id: int) -> Answer:
    """The code they read out makes the phone theirs."""
    person, form = _found(staff_id), CodeForm()
    if not form.validate_on_submit():
        return _again(person, code=form)
    wrong = staff_phones.check_code(person, text(form.code), now=clock().now())
    if wrong is None:
        _note("staff.phone_verified", person)
    commit()  # a wrong try counts too
    if wrong is not None:
        form.take([wrong])
        return _again(person, code=form)
    flash(_("The phone is verified: alerts go there from now on."))
    return redirect(url_for("console.member", staff_id=staff_id) + "#phone-state", 303)


@blueprint.post("/staff/<int:staff_id>/absences")
@needs(Permission.ADMINISTER)
def add_absence(staff_id: int) -> Answer:
    """Days on which they are away."""
    person, form = _found(staff_id), AbsenceForm()
    if not form.validate_on_submit():
        return _again(person, absence=form)
    kept = staffing.add_absence(person, first=day(form.first_day), last=form.last_day.data)
    if isinstance(kept, Wrong):
        form.take([kept])
        return _again(person, absence=form)
    _note("staff.absence_add", person, absence=kept.id)
    commit()
    flash(_("Kept. New cases of these days go to whoever stands in."))
    return redirect(url_for("console.member", staff_id=staff_id) + "#away", 303)


@blueprint.post("/staff/<int:staff_id>/absences/<int:absence_id>/remove")
@needs(Permission.ADMINISTER)
def remove_absence(staff_id: int, absence_id: int) -> AnyResponse:
    """They are not away after all; the same press twice changes nothing."""
    person = _found(staff_id)
    if not DeedForm().validate_on_submit():
        abort(404)
    if staffing.remove_absence(person, absence_id):
        _note("staff.absence_remove", person, absence=absence_id)
        commit()
    flash(_("Taken out."))
    return redirect(url_for("console.member", staff_id=staff_id) + "#away", 303)


@blueprint.post("/staff/<int:staff_id>/portfolio")
@needs(Permission.ADMINISTER)
def hand_over_customers(staff_id: int) -> Answer:
    """All their customers go to somebody else from a day on."""
    person, form = _found(staff_id), _heirs(staff_id)
    if not form.validate_on_submit():
        return _again(person, portfolio=form)
    today, to, since = today_of(clock().now()), chosen(Staff, form.successor), day(form.on)
    wrong = Wrong("on", "past") if since < today else Wrong("successor", "successor") if to is None else None
    if wrong is None and to is not None and to.gone_by(since):
        wrong = Wrong("successor", "successor")
    if wrong is not None or to is None:
        form.take([wrong] if wrong else [])
        return _again(person, portfolio=form)
    number = hand_over_portfolio(person, to, since=since, today=today)
    _note("staff.portfolio", person, to=to.id, customers=number, since=since.isoformat())
    commit()
    flash(ngettext("%(num)s customer goes to %(name)s.", "%(num)s customers go to %(name)s.", number, name=to.name))
    return redirect(url_for("console.member", staff_id=staff_id) + "#customers", 303)


@blueprint.post("/staff/<int:staff_id>/leave")
@needs(Permission.ADMINISTER)
def leave(staff_id: int) -> Answer:
    """They leave on a day; what is theirs goes to a colleague, at once when that day has come."""
    person, form = _found(staff_id), _heirs(staff_id)
    if not form.validate_on_submit():
        return _again(person, leaving=form)
    now, heir, on = clock().now(), chosen(Staff, form.successor), day(form.on)
    wrong = Wrong("successor", "successor") if heir is None else None
    if heir is not None:
        wrong = staffing.leave(person, on=on, successor=heir)
    if wrong is not None:
        form.take([wrong], {"left_on": "on"})
        return _again(person, leaving=form)
    _note("staff.leave", person, on=on.isoformat(), successor=form.successor.data)
    if on <= today_of(now):
        settle_leaver(person.id, now=now)
    commit()
    flash(_("Kept. On that day their customers, open cases and posts go over, and their account is closed."))
    return redirect(url_for("console.member", staff_id=staff_id), 303)


@blueprint.post("/staff/<int:staff_id>/stay")
@needs(Permission.ADMINISTER)
def stay(staff_id: int) -> AnyResponse:
    """They stay after all, if their day has not come yet."""
    person = _found(staff_id)
    if not DeedForm().validate_on_submit():
        abort(404)
    wrong = staffing.stay(person)
    if wrong is None:
        _note("staff.stay", person)
        commit()
        flash(_("They stay."))
    return redirect(url_for("console.member", staff_id=staff_id), 303)


def _found(staff_id: int) -> Staff:
    person = db.session.get(Staff, staff_id)
    if person is None or not g.scope.reaches(person.branch_id):
        abort(404)
    return person


def _note(action: str, person: Staff, **detail: object) -> None:
    audited(action, "staff", person.id, **detail)


def _heirs(staff_id: int, *, sent: bool = True) -> HeirForm:
    form = HeirForm() if sent else HeirForm(formdata=None)
    form.offer(colleagues(g.scope), _found(staff_id))
    return form


def _again(
    person: Staff,
    *,
    code: CodeForm | None = None,
    absence: AbsenceForm | None = None,
    portfolio: HeirForm | None = None,
    leaving: HeirForm | None = None,
) -> Answer:
    form = StaffForm(formdata=None)
    form.offer(g.scope, person)
    form.show(person)
    return _page(form, person, code=code, absence=absence, portfolio=portfolio, leaving=leaving), 422


def _page(
    form: StaffForm,
    person: Staff | None,
    *,
    code: CodeForm | None = None,
    absence: AbsenceForm | None = None,
    portfolio: HeirForm | None = None,
    leaving: HeirForm | None = None,
) -> str:
    now = clock().now()
    today: date | None = now.astimezone(ZoneInfo(person.branch.time_zone)).date() if person else None
    return render_template(
        "console/staff/member.html",
        form=form,
        person=person,
        present=presence(person, now=now) if person else None,
        replaces=staffing.stands_in_for(person) if person else [],
        code=code or CodeForm(formdata=None),
        code_waits=bool(person and staff_phones.code_waits(person, now=now)),
        absence=absence or AbsenceForm(formdata=None),
        absences=[a for a in person.absences if today and (a.last_day is None or a.last_day >= today)]
        if person
        else [],
        portfolio=portfolio or (_heirs(person.id, sent=False) if person else None),
        leaving=leaving or (_heirs(person.id, sent=False) if person else None),
        deed=DeedForm(formdata=None),
        room=staffing.LONGEST_NAME,
        labels=labels,
        now=now,
    )
