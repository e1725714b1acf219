"""How long there is left, in words first; the line under the words is help."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.cases import journal
from app.cases.models import Case
from app.cases.policy import State
from app.cases.wording import staff_time
from app.i18n import gettext as _
from app.i18n import language, ngettext

SOON = timedelta(hours=1)
IN_HOURS = timedelta(hours=12)
BEGINNINGS = ("opened", "reopened", "handed_up", "handed_back", "raised", "promised", "granted", "contacted")


@dataclass(frozen=True)
class ClockFace:
    """Words, what they are about, and how full the line is (percent). `tone` is over, soon or empty."""

    words: str
    under: str
    left: int
    tone: str
    until: datetime


def clock_face(case: Case, due: datetime, *, now: datetime) -> ClockFace:
    """The clock of an open case."""
    zone, tongue = case.branch.time_zone, language()
    time = staff_time(due, zone, tongue, now=now)
    if due < now:
        return ClockFace(_over(now - due), _("was due %(time)s", time=time), 0, "over", due)
    near = due - now < IN_HOURS or due.astimezone(ZoneInfo(zone)).date() == now.astimezone(ZoneInfo(zone)).date()
    left_words = _("%(span)s left", span=how_long(due - now))
    begun = journal.last(case, *BEGINNINGS)
    whole = due - (begun.at if begun else case.opened_at)
    left = min(100, max(2, round(100 * ((due - now) / whole)))) if whole > timedelta() else 100
    tone = "soon" if due - now <= SOON else ""
    if near:
        return ClockFace(left_words, _("%(what)s, by %(time)s", what=_what(case), time=time), left, tone, due)
    return ClockFace(time, _("%(what)s, %(left)s", what=_what(case), left=left_words), left, tone, due)


def how_long(span: timedelta) -> str:
    """A span as people say it: "31 min", "2 h 05", "3 days"."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return _("%(n)s min", n=max(minutes, 1))
    if minutes < 24 * 60:
        return _("%(hours)s h %(minutes)s", hours=minutes // 60, minutes=f"{minutes % 60:02}")
    return ngettext("%(num)s day", "%(num)s days", minutes // (24 * 60))


def _over(span: timedelta) -> str:
    return _("%(span)s over", span=how_long(span))


def _what(case: Case) -> str:
    if case.promised_by is not None:
        return _("promised")
    if case.state == State.CONTACTED:
        return _("to put it right")
    return _("to write to them") if case.call_choice == "none" else _("to call")
