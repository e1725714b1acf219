"""A programme in words: what it asks whom, by what way, how often; and the event that tries it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from app.console.programme_forms import CHANNELS
from app.i18n import gettext as _
from app.i18n import language, ngettext
from surveys.invitations.dispositions import Disposition
from surveys.invitations.models import Programme
from surveys.people.models import Branch

SHORT = {"sms": _l("SMS"), "sms_link": _l("SMS with the link"), "email": _l("e-mail")}
ENDS = {
    Disposition.COMPLETE: _l("answered in full"),
    Disposition.PARTIAL: _l("answered in part"),
    Disposition.REFUSAL: _l("asked us to stop"),
    Disposition.NO_CONTACT: _l("did not answer, or could not be reached"),
    Disposition.OTHER: _l("replaced by a later one"),
    Disposition.UNKNOWN: _l("not known whether it arrived"),
    Disposition.OPEN: _l("still open"),
    Disposition.NOT_SENT: _l("not asked"),
}
RATES = (
    ("RR1", _l("in full, of everybody asked")),
    ("RR2", _l("in full or in part, of everybody asked")),
    ("RR5", _l("in full, of those it surely reached or failed")),
    ("RR6", _l("in full or in part, of those it surely reached or failed")),
    ("COOP1", _l("in full, of those who answered or refused")),
)


def best(names: Mapping[str, str]) -> str:
    """A name in the reader's language, else in one there is."""
    return names.get(language()) or names.get("en") or next(iter(names.values()), "")


def channels_in_words(channels: list[str]) -> str:
    """The order of channels: "SMS, else e-mail"."""
    return _(", else ").join(str(SHORT.get(channel, channel)) for channel in channels)


def channel_name(channel: str) -> str:
    """One channel by its long name."""
    return str(CHANNELS.get(channel, channel))  # type: ignore[call-overload]  # a StrEnum is its word


def waits(minutes: int) -> str:
    """How long after the moment it asks."""
    if not minutes:
        return _("at once")
    if minutes % 60:
        return ngettext("after %(num)s minute", "after %(num)s minutes", minutes)
    return ngettext("after %(num)s hour", "after %(num)s hours", minutes // 60)


def percent(share: float | None) -> str:
    """A share in percent; "" for none."""
    return "" if share is None else f"{share * 100:.0f} %"


def count(number: int) -> str:
    """A count with its thousands apart."""
    return f"{number:,}"


def example(programme: Programme, branch: Branch | None, *, now: datetime) -> str:
    """The body of an event that tries this programme with one's own telephone."""
    zone = branch.time_zone if branch else "UTC"
    event: dict[str, Any] = {
        "source": "test",
        "external_ref": f"try-{programme.key}-1",
        "touchpoint": programme.touchpoint.key,
        "occurred_at": now.astimezone(ZoneInfo(zone)).replace(microsecond=0).isoformat(),
        "branch": branch.code if branch else "",
        "customer": {"external_ref": "me", "name": "Me", "phone": "+8613800138000", "language": language()},
    }
    return json.dumps(event, indent=1, ensure_ascii=False)
