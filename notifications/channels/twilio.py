"""Twilio through its own library, loaded when the first text leaves: the web never pays for it."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from app.extensions import real_now
from config import Config
from notifications.channels.base import (
    Accepted,
    Capabilities,
    Carried,
    ListingError,
    Outgoing,
    Refused,
    SendResult,
    Unknown,
)

CAPABILITIES = Capabilities(
    two_way=True,
    links=True,
    # Its default opt-out words; what says the same in other words ("stop texting me") it does not answer.
    carrier_answers=frozenset(
        [
            "stop",
            "stopall",
            "unsubscribe",
            "cancel",
            "end",
            "quit",
            "revoke",
            "optout",
            "start",
            "unstop",
            "yes",
            "help",
            "info",
        ]
    ),
    settle_seconds=120,
    list_is_complete=False,
    timeout_seconds=15.0,
    batch=10,
    parallel=10,
)
# The carrier refuses a validity beyond this.
LONGEST_VALIDITY = 36_000
LISTED = 200


class Twilio:
    """One Twilio account and sender. `http_client` is the library's own seam, for a rig or a test."""

    name = "twilio"
    capabilities = CAPABILITIES

    def __init__(self, config: Config, *, http_client: Any = None) -> None:
        from twilio.rest import Client

        self._callback = f"{config.public_url}/webhooks/twilio/status"
        self._client = Client(
            config.twilio_account_sid, config.twilio_auth_token, http_client=http_client or _http_client(config)
        )

    def send(self, message: Outgoing) -> SendResult:
        """Hand over one text. Only an answer that says no is a refusal; a line that breaks later is an unknown."""
        import requests
        from twilio.base.exceptions import TwilioException, TwilioRestException

        callback = f"{self._callback}?m={message.report_ref}" if message.report_ref else self._callback
        values: dict[str, Any] = {"to": message.to, "body": message.body, "status_callback": callback}
        values["messaging_service_sid" if message.sender.startswith("MG") else "from_"] = message.sender
        if message.valid_seconds is not None:
            values["validity_period"] = max(1, min(message.valid_seconds, LONGEST_VALIDITY))
        try:
            return Accepted(self._client.messages.create(**values).sid)
        except TwilioRestException as error:
            return _refusal(error, getattr(self._client.http_client, "asked_to_wait", lambda: None)())
        except requests.exceptions.ConnectTimeout:
            return Refused("unreachable")
        except requests.exceptions.ConnectionError as error:
            return Refused("unreachable") if _never_left(error) else Unknown(type(error).__name__)
        except (
            requests.exceptions.RequestException,
            TwilioException,
            OSError,
            ValueError,
            KeyError,
            TypeError,
        ) as error:
            # An answer that cannot be read may still be an acceptance.
            return Unknown(type(error).__name__)

    def list_to(self, message: Outgoing, *, since: datetime) -> list[Carried]:
        """What the account sent to this number since then, newest first. Raises ListingError."""
        import requests
        from twilio.base.exceptions import TwilioException

        found = []
        try:
            # No filter by date: it reads date_sent, which a message still in the carrier's queue does not have.
            for listed in self._client.messages.stream(to=message.to, limit=LISTED, page_size=50):
                if listed.date_created is not None and listed.date_created < since:
                    break
                if str(listed.direction).startswith("outbound"):
                    found.append(Carried(listed.sid, listed.body or ""))
        except (
            requests.exceptions.RequestException,
            TwilioException,
            OSError,
            ValueError,
            KeyError,
            TypeError,
        ) as error:
            raise ListingError(type(error).__name__) from error
        return found


def _refusal(error: Any, retry_after: float | None) -> SendResult:
    if error.status >= 500:
        return Unknown(f"http_{error.status}")
    if error.status == 429:
        return Refused("throttled", retry_after)
    return Refused(str(error.code) if error.code else f"http_{error.status}", retry_after)


def _never_left(error: Any) -> bool:
    # requests wraps urllib3's reason; only a connection that was never made is certain.
    from urllib3.exceptions import NewConnectionError

    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError)


def seconds_asked(retry_after: str, *, now: datetime) -> float | None:
    """The pause a Retry-After header asks for (RFC 9110, 10.2.3): seconds, or a date; None for neither."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - now).total_seconds())
    except (ValueError, TypeError):
        return None


def _http_client(config: Config) -> Any:
    import threading

    from twilio.http.http_client import TwilioHttpClient

    class HttpClient(TwilioHttpClient):  # type: ignore[misc]  # twilio has no types
        """Keeps the pause a refusal asked for, and speaks to another carrier of the same shape when one is named."""

        def __init__(self) -> None:
            super().__init__(timeout=CAPABILITIES.timeout_seconds, max_retries=0)
            self._answer = threading.local()

        def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
            if config.twilio_api_url:
                url = url.replace("https://api.twilio.com", config.twilio_api_url.rstrip("/"), 1)
            self._answer.retry_after = None
            response = super().request(method, url, *args, **kwargs)
            self._answer.retry_after = seconds_asked((response.headers or {}).get("Retry-After", ""), now=real_now())
            return response

        def asked_to_wait(self) -> float | None:
            waiting: float | None = getattr(self._answer, "retry_after", None)
            return waiting

    return HttpClient()
