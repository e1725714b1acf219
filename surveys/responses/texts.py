"""The customer's texts with their usual values filled in."""

import logging
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.extensions import settings
from notifications.gsm import EXTENSION, downgrade, is_gsm
from notifications.texts import fallbacks
from surveys.invitations.invited import Invited
from surveys.people.models import Customer
from surveys.people.queries import sms_reach
from surveys.questionnaires.flow import in_language
from surveys.questionnaires.piping import fill, neutral, placeholders
from surveys.responses.catalogue import catalogue
from surveys.responses.holder import NAMES as HOLDER_NAMES
from surveys.responses.holder import usual_holder

log = logging.getLogger("heed")

# Spelt out where "yesterday" would fit as well: the question leaves no more room.
WEEKDAYS = ("Monday", "Tue", "Wed", "Thu", "Friday", "Sat", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def customer_text(
    key: str,
    language: str,
    *,
    invitation: Invited | None = None,
    customer: Customer | None = None,
    values: Mapping[str, Any] | None = None,
    words: str | None = None,
    now: datetime | None = None,
) -> str:
    """One text in the customer's language, with everything that is known filled in; `values` adds the rest.

    `words`: what is said instead of the ready text of this key. With `now` the day of the event is said as people say
    it then ("yesterday"), without by its date.
    """
    tongue = fallbacks(language)[0]
    known: dict[str, Any] = {"phone": settings().organisation.phone, "days": settings().policy.cap_days}
    branch = invitation.branch if invitation else customer.branch if customer else None
    if branch and branch.phone:
        known["phone"] = branch.phone
    wanted = placeholders(words) if words is not None else catalogue().placeholders(key, tongue)
    known |= known_values(wanted, tongue, invitation=invitation, customer=customer, now=now) | dict(values or {})
    if words is None:
        return catalogue().render(key, tongue, **known)
    text = fill(words, known, tongue)
    return text if tongue.startswith("zh") else downgrade(text)


def known_values(
    wanted: Collection[str],
    language: str,
    *,
    invitation: Invited | None = None,
    customer: Customer | None = None,
    now: datetime | None = None,
) -> dict[str, str]:
    """The values of the placeholders wanted, as far as they are known of this invitation or this customer."""
    known = {}
    for name in wanted:
        value = _known(name, language, invitation, customer, now)
        if value:
            known[name] = value
    return known


def _known(
    name: str, language: str, invitation: Invited | None, customer: Customer | None, now: datetime | None
) -> str | None:
    customer = invitation.customer if invitation and name == "customer" else customer
    if name == "org":
        return settings().organisation.name(language)
    if name == "branch":
        branch = invitation.branch if invitation else customer.branch if customer else None
        return (branch or settings().organisation).name(language)
    if name == "customer":
        return customer.name if customer else None
    if name in HOLDER_NAMES:
        return usual_holder(invitation, language)[name] if invitation else None
    return _of_event(name, language, invitation, now) if invitation else None


def _of_event(name: str, language: str, invitation: Invited, now: datetime | None) -> str | None:
    zone = ZoneInfo(invitation.branch.time_zone)
    day = invitation.event.occurred_at.astimezone(zone).date()
    if name == "day":
        return day_words(day, language)
    if name == "when":
        return when_words(day, now.astimezone(zone).date() if now else None, language)
    if name == "thing":
        return thing_words(invitation, language)
    if name == "service":
        return in_language(invitation.event.touchpoint.names, language)
    if name == "ends":
        reach = sms_reach(invitation.customer_id)
        return reach.ends if reach else None
    return invitation.staff.name if name == "staff" and invitation.staff else None


def day_words(day: date, language: str) -> str:
    """A day as people say it: "20 Nov", "11月20日"."""
    return f"{day.month}月{day.day}日" if language.startswith("zh") else f"{day.day} {MONTHS[day.month - 1]}"


def when_words(day: date, today: date | None, language: str) -> str:
    """A day as people speak of it on another: "today", "yesterday", "on Friday", "周五"; by its date when long past."""
    ago = (today - day).days if today else -1
    if 0 <= ago <= 1:
        return (("今天", "昨天") if language.startswith("zh") else ("today", "yesterday"))[ago]
    if 1 < ago < 7:
        if not language.startswith("zh"):
            return f"on {WEEKDAYS[day.weekday()]}"
        return f"{'週' if language == 'zh-Hant' else '周'}{'一二三四五六日'[day.weekday()]}"
    return day_words(day, language) if language.startswith("zh") else f"on {day_words(day, language)}"


def thing_words(invitation: Invited, language: str) -> str:
    """What was done for the customer, as the event says it, where it fits a text; else a plain word."""
    said = invitation.event.attributes.get("thing")
    if isinstance(said, dict):
        said = in_language(said, language)
    # It comes with the event: a mark of another alphabet, or a sentence, would cost more texts than the question.
    words = " ".join(str(said or "").split())
    room = catalogue().room("thing", language) or 0
    fits = len(words) <= room and not set(words) & EXTENSION and (language.startswith("zh") or is_gsm(downgrade(words)))
    if words and fits:
        return words
    if words:
        log.info("a thing that does not fit a text", extra={"service_event_id": invitation.service_event_id})
    return neutral("thing", language)
