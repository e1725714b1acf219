"""What Twilio does: signs what it sends, and speaks HTTP to whoever it is pointed at."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.request_validator import SIGNATURE_HEADER, SIGNATURE_SETTINGS_HEADER, RequestValidator
from werkzeug.test import TestResponse

from config import Config

PUBLIC = Config.public_url
TOKEN = Config.twilio_auth_token
SID = "SM" + "0" * 31


def signed(
    url: str, form: Mapping[str, Any] | str, *, algorithm: str = "HMAC_SHA1", token: str = TOKEN
) -> dict[str, str]:
    """The headers Twilio puts on a request to this address."""
    headers = {SIGNATURE_HEADER: RequestValidator(token).compute_signature(url, form, algorithm)}
    if algorithm != "HMAC_SHA1":
        headers[SIGNATURE_SETTINGS_HEADER] = f"key=webhooks_sharedkey_1,algorithm={algorithm}"
    return headers


def calls(app: Flask, path: str, form: Mapping[str, str], **how: str) -> TestResponse:
    """Twilio posts a form, signed for our public address."""
    return app.test_client().post(path, data=dict(form), headers=signed(PUBLIC + path, form, **how))


def a_text(body: str = "9", sender: str = "+15005551001", sid: str = SID + "1", **more: str) -> dict[str, str]:
    """The form of a text that came in, as Twilio sends it."""
    return {
        "ToCountry": "US",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "SmsSid": sid,
        "SmsStatus": "received",
        "Body": body,
        "To": "+15005550001",
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": Config.twilio_account_sid,
        "From": sender,
        "ApiVersion": "2010-04-01",
        **more,
    }


class OntoWsgi(HttpClient):  # type: ignore[misc]  # twilio has no types
    """The library's own seam: its requests go to an application in this process instead of the network."""

    def __init__(self, app: Flask, prefix: str = "/simulator") -> None:
        super().__init__(None, False, None)
        self._client, self._prefix = app.test_client(), prefix
        self.asked: list[str] = []

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        path = self._prefix + url.removeprefix("https://api.twilio.com")
        if params:
            path += "?" + urlencode(params, doseq=True)
        self.asked.append(f"{method} {path}")
        headers = {key: value for key, value in (headers or {}).items() if key != "Content-Type"}
        answer = self._client.open(path, method=method, data=dict(data or {}), headers=headers, auth=auth)
        return Response(answer.status_code, answer.get_data(as_text=True), dict(answer.headers))
