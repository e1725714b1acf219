"""The customer's texts with their usual values filled in."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.extensions import settings
from notifications.texts import Catalogue
from surveys.invitations.models import Invitation
from surveys.people.models import Customer

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Every text a customer gets in a survey."""
    return Catalogue.load(Path(__file__).parent / "texts.toml")


def customer_text(
    key: str,
    language: str,
    *,
    invitation: Invitation | None = None,
    customer: Customer | None = None,
    values: Mapping[str, Any] | None = None,
) -> str:
    """One text in the customer's language; branch, day and the company's name are known, `values` adds the rest."""
    organisation = settings().organisation
    tongue = "zh-Hans" if language.startswith("zh") else "en"
    known: dict[str, Any] = {"org": organisation.name(tongue), "phone": organisation.phone, "link": "{link}"}
    branch = invitation.branch if invitation else customer.branch if customer else None
    known["branch"] = branch.name(tongue) if branch else organisation.name(tongue)
    if branch and branch.phone:
        known["phone"] = branch.phone
    if invitation is not None:
        when = invitation.event.occurred_at.astimezone(ZoneInfo(invitation.branch.time_zone)).date()
        known["day"] = day_words(when, tongue)
        known["thing"] = _thing(invitation.event.attributes.get("thing"), tongue)
    return catalogue().render(key, tongue, **{**known, **(values or {})})


def day_words(day: date, language: str) -> str:
    """A day as people say it: "20 Nov", "11月20日"."""
    return f"{day.month}月{day.day}日" if language == "zh-Hans" else f"{day.day} {MONTHS[day.month - 1]}"


def _thing(said: Any, language: str) -> str:
    if isinstance(said, dict):
        said = said.get(language) or said.get("en")
    return str(said) if said else ("业务" if language == "zh-Hans" else "request")
