"""Which channel carries what: `HEED_SMS_CHANNEL` alone decides for texts, `HEED_SMTP_URL` for mail; no token does."""

from typing import cast

from flask import current_app

from app.extensions import settings
from notifications.channels.base import Capabilities, Channel
from notifications.dressing import Dress


class DemoPeopleError(RuntimeError):
    """The chosen channel must not be used with this database."""

    code = "demo_people"


def sms_channel() -> Channel:
    """The channel for texts. Raises DemoPeopleError for Twilio on a database that holds demo customers."""
    return _kept("sms")


def email_channel() -> Channel:
    """The channel for mail: SMTP when a server is named, else the mailbox on the screen."""
    return _kept("email")


def channel_for(kind: str) -> Channel:
    """The channel for "sms" or "email". Raises DemoPeopleError."""
    return _kept(kind)


def sms_capabilities() -> Capabilities:
    """What the chosen channel for texts can do; asks no network and no database."""
    if settings().sms_channel == "twilio":
        from notifications.channels.twilio import CAPABILITIES as TWILIO

        return TWILIO
    from notifications.channels.simulator import PROFILES

    return PROFILES[settings().simulator_profile]


def sms_dress() -> Dress:
    """What the chosen channel wants around the words of a text. A signature is one, whatever the language."""
    rules, organisation = sms_capabilities(), settings().organisation
    signature = rules.signature.format(org=organisation.name("zh-Hans"))
    return Dress(tuple(organisation.names.values()), signature, rules.opt_out_marker)


def _kept(kind: str) -> Channel:
    kept = cast(dict[str, Channel], current_app.extensions.setdefault("heed.channels", {}))
    if kind not in kept:
        kept[kind] = _sms() if kind == "sms" else _email()
    return kept[kind]


def _sms() -> Channel:
    if settings().sms_channel == "simulator":
        from notifications.channels.simulator import SimulatedPhones

        return SimulatedPhones()
    # Who is a demo customer is not this package's to know: the application says so, and its silence means no.
    holds_demo_people = current_app.extensions.get("heed.demo_check")
    if holds_demo_people is None or holds_demo_people():
        raise DemoPeopleError(
            "This database holds demo customers, so it must not send real texts. Use a database of its own "
            "(HEED_DATABASE_URL) for the twilio channel."
        )
    from notifications.channels.twilio import Twilio

    return Twilio(settings())


def _email() -> Channel:
    if settings().smtp_url is None:
        from notifications.channels.simulator import SimulatedMailbox

        return SimulatedMailbox()
    from notifications.channels.smtp import Smtp

    return Smtp(settings())
