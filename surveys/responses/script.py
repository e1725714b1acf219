"""The Chinese somebody read before they read English for a while: who writes 中文 then wants that script back."""

from sqlalchemy import select

from app.extensions import db
from notifications import texts_to
from notifications.texts import fallbacks
from surveys.invitations.models import Invitation
from surveys.people.models import Customer
from surveys.responses.tongues import language_wanted, script_of

LOOKED_THROUGH = 30
TRADITIONAL_PLACES = frozenset({"HK", "MO", "TW"})


def language_for(wanted: str, text: str, customer: Customer, phone_index: str) -> str:
    """The language to go on in. `wanted`: as the text was read; a text that names a script is taken at its word."""
    if language_wanted(text) != "zh" or customer.language.startswith("zh"):
        return wanted
    return chinese_had(customer, phone_index)


def chinese_had(customer: Customer, phone_index: str) -> str:
    """By the last Chinese text this telephone was sent, an earlier survey, or where they live; else Simplified."""
    for sent in texts_to(phone_index, most=LOOKED_THROUGH):
        if (script := script_of(sent)) is not None:
            return script
    asked = select(Invitation.language).where(Invitation.customer_id == customer.id, Invitation.language.like("zh%"))
    if (before := db.session.scalar(asked.order_by(Invitation.id.desc()).limit(1))) is not None:
        return fallbacks(before)[0]
    place = customer.region or (customer.branch.place if customer.branch else "")
    return "zh-Hant" if place in TRADITIONAL_PLACES else "zh-Hans"
