"""How a message travels: it knows addresses, never customers. What stands here is public; the rest is not."""

from notifications.addresses import AddressError, EmailAddress, PhoneNumber, parse_email, parse_phone
from notifications.channels import sms_capabilities, sms_dress
from notifications.models import Purpose
from notifications.optouts import is_opted_out, opted_out_among, opted_out_since
from notifications.outbox import Queued, queue_email, queue_sms, sent_lately, texts_to, withdraw
from notifications.rows import storable

__all__ = [
    "AddressError",
    "EmailAddress",
    "PhoneNumber",
    "Purpose",
    "Queued",
    "is_opted_out",
    "opted_out_among",
    "opted_out_since",
    "parse_email",
    "parse_phone",
    "queue_email",
    "queue_sms",
    "sent_lately",
    "sms_capabilities",
    "sms_dress",
    "storable",
    "texts_to",
    "withdraw",
]
