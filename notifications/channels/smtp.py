"""Mail by SMTP: text and HTML in one message, the same Message-ID however often it is sent."""

import smtplib
import ssl
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

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
    two_way=False,
    links=True,
    settle_seconds=60,
    can_list=False,
    list_is_complete=False,
    timeout_seconds=20.0,
)

# Lines end in CRLF and bytes have seven bits: servers hardened against smuggling refuse a bare LF.
WIRE = policy.SMTP.clone(cte_type="7bit")


class Smtp:
    """A mail server, as smtp://user:password@host:port or smtps:// for TLS from the first byte."""

    name = "smtp"
    capabilities = CAPABILITIES

    def __init__(self, config: Config) -> None:
        url = urlsplit(config.smtp_url or "")
        self._tls = url.scheme == "smtps"
        self._host = url.hostname or "localhost"
        self._port = url.port or (465 if self._tls else 587 if url.username else 25)
        self._user, self._password = unquote(url.username or ""), unquote(url.password or "")
        self._domain = config.mail_from.rpartition("@")[2].rstrip(">") or "localhost"

    def send(self, message: Outgoing) -> SendResult:
        """Hand over one mail. Whatever fails before the words leave is a refusal; silence after them is an unknown."""
        try:
            server = self._connected()
        except smtplib.SMTPResponseException as error:
            return Refused(f"smtp_{error.smtp_code}")
        except smtplib.SMTPNotSupportedError:
            return Refused("smtp_530")
        except (OSError, smtplib.SMTPException):
            return Refused("unreachable")
        try:
            return self._handed_over(server, message)
        finally:
            server.close()

    def list_to(self, message: Outgoing, *, since: datetime) -> list[Carried]:
        """A mail server keeps no list to ask; the stable Message-ID lets mailboxes drop a second copy."""
        raise ListingError

    def _connected(self) -> smtplib.SMTP:
        timeout = CAPABILITIES.timeout_seconds / 2
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self._tls:
            server = smtplib.SMTP_SSL(self._host, self._port, timeout=timeout, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=timeout)
        try:
            server.ehlo_or_helo_if_needed()
            if not self._tls and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _handed_over(self, server: smtplib.SMTP, message: Outgoing) -> SendResult:
        try:
            for code, _answer in (server.mail(message.sender), server.rcpt(message.to)):
                if code >= 400:
                    return Refused(f"smtp_{code}")
        except UnicodeEncodeError:
            return Refused("smtp_553")
        except (OSError, smtplib.SMTPException):
            return Refused("unreachable")
        try:
            code, _answer = server.data(self._written(message).as_bytes(policy=WIRE))
        except smtplib.SMTPDataError as error:
            return Refused(f"smtp_{error.smtp_code}")
        except (OSError, smtplib.SMTPException) as error:
            return Unknown(type(error).__name__)
        if code >= 400:
            return Refused(f"smtp_{code}")
        return Accepted(message.reference)

    def _written(self, message: Outgoing) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = message.sender
        mail["To"] = message.to
        mail["Subject"] = message.subject or ""
        mail["Date"] = format_datetime(real_now())
        mail["Message-ID"] = f"<{message.reference}@{self._domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        if message.unsubscribe:
            mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(message.body)
        if message.html:
            mail.add_alternative(message.html, subtype="html")
        return mail
