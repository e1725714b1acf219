"""A carried text as Twilio's API writes it, and its errors."""

from email.utils import format_datetime
from typing import Any

from notifications.models import SimulatedMessage

VERSION = "2010-04-01"


def written(message: SimulatedMessage, account: str) -> dict[str, Any]:
    """One message resource."""
    base = f"/{VERSION}/Accounts/{account}/Messages/{message.sid}"
    at = format_datetime(message.created_at)
    return {
        "account_sid": account,
        "api_version": VERSION,
        "body": message.body,
        "date_created": at,
        "date_sent": None if message.status == "queued" else at,
        "date_updated": at,
        "direction": message.direction,
        "error_code": None,
        "error_message": None,
        "from": message.from_address,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{base}/Media.json"},
        "to": message.to_address,
        "uri": f"{base}.json",
    }


ERRORS = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20001: (400, "Unknown parameter value"),
    21211: (400, "The 'To' number is not a valid phone number."),
    21212: (400, "The 'From' number is not a valid phone number, shortcode, or alphanumeric sender ID."),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21609: (400, "The 'StatusCallback' URL is not a valid URL."),
    21617: (400, "The concatenated message body exceeds the 1600 character limit."),
}


def refusal(code: int) -> tuple[dict[str, Any], int]:
    """An error as Twilio's API writes it, with its HTTP status."""
    status, sentence = ERRORS[code]
    return {
        "code": code,
        "message": sentence,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }, status
