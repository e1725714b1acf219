"""The customer's texts with their usual values filled in."""

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.extensions import settings
from notifications.gsm import EXTENSION, downgrade, is_gsm
from surveys.invitations.models import Invitation
from surveys.people.models import Customer
from surveys.responses.catalogue import catalogue

log = logging.getLogger("heed")

# Spelt out where "yesterday" would fit as well: the question leaves no more room.
WEEKDAYS = ("Monday", "Tue", "Wed", "Thu", "Friday", "Sat", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def customer_text(
    key: str,
    language: str,
    *,
    invitation: Invitation | None = None,
    customer: Customer | None = None,
    values: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> str:
    """One text in the customer's language; branch, day and the company's name are known, `values` adds the rest.

    With `now` the day of the event is said as people say it then ("yesterday"), without by its date.
    """
    organisation = settings().organisation
    tongue = "zh-Hans" if language.startswith("zh") else "en"
    known: dict[str, Any] = {"org": organisation.name(tongue), "phone": organisation.phone, "link": "{link}"}
    known["days"] = settings().policy.cap_days
    branch = invitation.branch if invitation else customer.branch if customer else None
    known["branch"] = branch.name(tongue) if branch else organisation.name(tongue)
    if branch and branch.phone:
        known["phone"] = branch.phone
    if invitation is not None:
        zone = ZoneInfo(invitation.branch.time_zone)
        day = invitation.event.occurred_at.astimezone(zone).date()
        known["day"] = day_words(day, tongue)
        known["when"] = when_words(day, now.astimezone(zone).date() if now else None, tongue)
        known["thing"] = thing_words(invitation, tongue)
    return catalogue().render(key, tongue, **{**known, **(values or {})})


def day_words(day: date, language: str) -> str:
    """A day as people say it: "20 Nov", "11月20日"."""
    return f"{day.month}月{day.day}日" if language == "zh-Hans" else f"{day.day} {MONTHS[day.month - 1]}"


def when_words(day: date, today: date | None, language: str) -> str:
    """A day as people speak of it on another: "today", "yesterday", "on Friday", "周五"; by its date when long past."""
    ago = (today - day).days if today else -1
    if 0 <= ago <= 1:
        return (("今天", "昨天") if language == "zh-Hans" else ("today", "yesterday"))[ago]
    if 1 < ago < 7:
        return f"周{'一二三四五六日'[day.weekday()]}" if language == "zh-Hans" else f"on {WEEKDAYS[day.weekday()]}"
    return day_words(day, language) if language == "zh-Hans" else f"on {day_words(day, language)}"


def thing_words(invitation: Invitation, language: str) -> str:
    """What was done for the customer, as the event says it, where it fits a text; else a plain word."""
    said = invitation.event.attributes.get("thing")
    if isinstance(said, dict):
        said = said.get(language) or said.get("en")
    # It comes with the event: a mark of another alphabet, or a sentence, would cost more texts than the question.
    words = " ".join(str(said or "").split())
    room = catalogue().room("thing", language) or 0
    fits = len(words) <= room and not set(words) & EXTENSION and (language == "zh-Hans" or is_gsm(downgrade(words)))
    if words and fits:
        return words
    if words:
        log.info("a thing that does not fit a text", extra={"service_event_id": invitation.service_event_id})
    return "业务" if language == "zh-Hans" else "request"
