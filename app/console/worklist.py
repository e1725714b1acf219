"""The first screen: whom to call next, why, and how long there is left."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app, g, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.auth.roles import Permission, Scope
from app.cases import queries
from app.cases.models import Case
from app.cases.queries import WorklistItem
from app.cases.wording import WEEKDAYS
from app.console import blueprint, case_words, labels
from app.console.clockface import ClockFace, clock_face
from app.console.marking import underlined
from app.console.needs import needs
from app.console.queries_events import texts_waiting
from app.console.queries_places import places
from app.console.welcome import guide
from app.extensions import clock, db
from app.i18n import gettext as _
from app.i18n import language, ngettext
from surveys.people.models import Branch

SHOWN = 60  # nobody calls more in a day; the rest waits for its turn and is counted


@dataclass(frozen=True)
class Call:
    """One line of the list, in words."""

    item: WorklistItem
    case: Case
    name: str
    clock: ClockFace
    phone: str | None
    mine: bool


@blueprint.get("/")
@needs(Permission.SEE_CASES, Permission.LOOK_UP)
def worklist() -> str | Response:
    """Open cases in the order to call. Who handles none is led to the customers."""
    if not g.scope.may(Permission.SEE_CASES):
        return redirect(url_for("console.customers"))
    now = clock().now()
    items = queries.worklist(g.scope.branch_ids, now=now, own_staff_id=g.scope.own_staff_id)
    calls = [_call(item, now) for item in items[:SHOWN]]
    mine = [call for call in calls if call.mine] or calls
    known = places(g.scope)
    overdue = sum(item.overdue for item in items)
    return render_template(
        "console/worklist.html",
        first=mine[0] if mine else None,
        then=mine[1:],
        others=[call for call in calls if call not in mine],
        open=len(items),
        overdue=overdue,
        more=len(items) - len(calls),
        title=_title(len(items), overdue),
        told=_told(g.scope, known, now),
        many_places=sum(place.kind == "branch" for place in known) > 1,
        today=_today(known, now),
        unread=texts_waiting(g.scope) if g.scope.may(Permission.HANDLE_CASES) else 0,
        guide=guide(),
        simulator="simulator" in current_app.blueprints and g.scope.may(Permission.USE_SIMULATOR),
        acts=g.scope.may(Permission.HANDLE_CASES),
        words=case_words,
        labels=labels,
        underlined=underlined,
    )


def _call(item: WorklistItem, now: datetime) -> Call:
    whole = g.scope.may(Permission.SEE_CUSTOMERS)
    return Call(
        item=item,
        case=item.case,
        name=case_words.name_of(item.customer, whole=whole),
        clock=clock_face(item.case, item.due, now=now),
        phone=item.phone if whole and g.scope.may(Permission.HANDLE_CASES) else None,
        mine=item.case.owner_id == current_user.staff_id,
    )


def _title(waiting: int, overdue: int) -> str:
    if not waiting:
        return _("Nobody to call")
    said = ngettext("%(num)s to call", "%(num)s to call", waiting)
    return f"{said}{_(', ')}{_('%(n)s overdue', n=overdue)}" if overdue else said


def _today(known: list[Branch], now: datetime) -> str:
    here = now.astimezone(ZoneInfo(known[0].time_zone if known else "Asia/Shanghai"))
    weekday = WEEKDAYS[language()][here.weekday()]
    return _("%(weekday)s %(time)s", weekday=weekday, time=f"{here:%H:%M}")


@dataclass(frozen=True)
class Told:
    """What an empty list says: whether there ever was a case, and how many were closed in seven days."""

    ever: bool
    closed: int


def _told(scope: Scope, known: list[Branch], now: datetime) -> Told:
    own = scope.own_staff_id
    here = Case.branch_id.in_([place.id for place in known]) if own is None else Case.owner_id == own
    ever = db.session.scalar(select(Case.id).where(here).limit(1)) is not None
    closed = select(func.count()).select_from(Case).where(here, Case.resolved_at > now - timedelta(days=7))
    return Told(ever, db.session.scalar(closed) or 0)
