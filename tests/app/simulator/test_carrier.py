"""The simulated carrier speaks as Twilio does: its own library, and its own description, find nothing amiss."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.serving import make_server

from app.extensions import commit, db, reading, real_now
from config import ROOT, Config
from notifications import PhoneNumber, Purpose, queue_sms
from notifications.channels.base import Accepted, Outgoing, Refused, Unknown
from notifications.channels.simulator import carry
from notifications.channels.twilio import Twilio
from notifications.delivery import sweep_due
from notifications.models import Message, SimulatedMessage, State
from notifications.report_refs import report_ref
from tests.app.carrier import OntoWsgi
from tests.conftest import FRIDAY

ACCOUNT, TOKEN = Config.twilio_account_sid, Config.twilio_auth_token
PHONE, OURS = "+15005551001", Config.sms_from
DESCRIPTION = ROOT.parent / "shared" / "data" / "twilio" / "twilio_api_v2010.json"
MESSAGES = f"/simulator/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


@pytest.fixture
def twilio(app: Flask) -> Client:
    """The real library, pointed at the simulated carrier."""
    return Client(ACCOUNT, TOKEN, http_client=OntoWsgi(app))


def test_a_text_is_created_shown_and_listed(app: Flask, twilio: Client) -> None:
    made = twilio.messages.create(to=PHONE, from_=OURS, body="Rate us 0 to 10: {")
    assert (made.status, made.direction, made.num_segments, made.error_code) == ("queued", "outbound-api", "1", None)
    assert twilio.messages(made.sid).fetch().body == "Rate us 0 to 10: {"
    assert [text.sid for text in twilio.messages.list(to=PHONE)] == [made.sid]
    assert twilio.messages.list(to="+15005551009") == []


def test_the_list_shows_every_text_it_carried_newest_first_page_by_page(app: Flask, twilio: Client) -> None:
    with app.app_context():
        for number in range(123):
            carry(direction="outbound-api", sender=OURS, to=PHONE, body=str(number))
        carry(direction="inbound", sender=PHONE, to=OURS, body="9", status="received")
        commit()
    assert [text.body for text in twilio.messages.list(to=PHONE)] == [str(n) for n in range(122, -1, -1)]
    assert [text.body for text in twilio.messages.list(to=PHONE, limit=3)] == ["122", "121", "120"]
    assert len(twilio.messages.list(to=PHONE, page_size=1000)) == 123
    assert [text.body for text in twilio.messages.list(from_=PHONE)] == ["9"]
    assert [text.direction for text in twilio.messages.list(to=OURS)] == ["inbound"]
    assert len(twilio.messages.list()) == 124
    today = real_now()
    assert len(twilio.messages.list(date_sent_after=today - timedelta(hours=1), to=PHONE)) == 123
    assert twilio.messages.list(date_sent_before=today - timedelta(days=2)) == []
    assert twilio.messages.list(date_sent_after=today + timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"From": OURS, "Body": "x"}, 21604),
        ({"To": "12", "From": OURS, "Body": "x"}, 21211),
        ({"To": PHONE, "Body": "x"}, 21603),
        ({"To": PHONE, "From": "!", "Body": "x"}, 21212),
        ({"To": PHONE, "From": OURS}, 21602),
        ({"To": PHONE, "From": OURS, "Body": "x" * 1601}, 21617),
        ({"To": PHONE, "From": OURS, "Body": "x", "StatusCallback": "ftp://x"}, 21609),
    ],
)
def test_errors_are_told_as_twilio_tells_them(app: Flask, form: dict[str, str], code: int) -> None:
    answer = app.test_client().post(MESSAGES, data=form, auth=(ACCOUNT, TOKEN))
    assert answer.status_code == 400
    told: dict[str, Any] = answer.get_json()
    assert (told["code"], told["status"]) == (code, 400)
    assert told["message"]
    assert str(code) in told["more_info"]


def test_only_the_account_itself_is_served(app: Flask, twilio: Client) -> None:
    client = app.test_client()
    assert client.get(MESSAGES).status_code == 401
    assert client.get(MESSAGES, auth=(ACCOUNT, "wrong")).status_code == 401
    elsewhere = MESSAGES.replace(ACCOUNT, "AC" + "9" * 32)
    assert client.get(elsewhere, auth=(ACCOUNT, TOKEN)).status_code == 404
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages("SM" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)


@pytest.mark.parametrize("query", ["PageSize=x", "PageToken=PAzz", "DateSent=yesterday"])
def test_a_list_that_cannot_be_read_is_refused(app: Flask, query: str) -> None:
    assert app.test_client().get(f"{MESSAGES}?{query}", auth=(ACCOUNT, TOKEN)).status_code == 400


# ---- our channel, through the library, onto the simulated carrier ---------------------------------------------------


def outgoing(body: str = "hello", **more: Any) -> Outgoing:
    return Outgoing(reference="heed-1", to=PHONE, sender=OURS, body=body, **more)


def test_our_channel_sends_through_the_library_and_finds_its_text_again(app: Flask) -> None:
    channel = Twilio(Config(), http_client=OntoWsgi(app))
    before = real_now() - timedelta(seconds=2)
    result = channel.send(outgoing("你好，请回复0到10。", valid_seconds=99_999))
    assert isinstance(result, Accepted)
    listed = channel.list_to(outgoing(), since=before)
    assert [(one.provider_message_id, one.body) for one in listed] == [
        (result.provider_message_id, "你好，请回复0到10。")
    ]
    assert channel.list_to(outgoing(), since=real_now() + timedelta(hours=1)) == []


class Answering(OntoWsgi):
    """Lets the carrier accept, then answers with something else."""

    def __init__(self, app: Flask, answer: Any) -> None:
        super().__init__(app)
        self.answer = answer

    def request(self, *args: Any, **kwargs: Any) -> Any:
        super().request(*args, **kwargs)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def odd_answers() -> list[Any]:
    import requests
    from twilio.http.response import Response

    def error(status: int, code: int) -> Response:
        return Response(status, json.dumps({"code": code, "message": "m", "status": status}))

    return [
        (requests.exceptions.ReadTimeout(), Unknown("ReadTimeout")),
        (requests.exceptions.ConnectTimeout(), Refused("unreachable")),
        (requests.exceptions.ConnectionError("reset"), Unknown("ConnectionError")),
        (error(500, 20500), Unknown("http_500")),
        (error(503, 20503), Unknown("http_503")),
        (error(429, 20429), Refused("throttled")),
        (error(400, 21610), Refused("21610")),
        (error(401, 20003), Refused("20003")),
        (Response(201, "<html>not json"), Unknown("JSONDecodeError")),
    ]


@pytest.mark.parametrize(("answer", "result"), odd_answers(), ids=lambda one: str(one)[:40])
def test_whatever_the_carrier_answers_becomes_one_of_three_results(app: Flask, answer: Any, result: Any) -> None:
    assert Twilio(Config(), http_client=Answering(app, answer)).send(outgoing()) == result


def test_nobody_listening_is_certainly_not_sent() -> None:
    channel = Twilio(Config(twilio_api_url="http://127.0.0.1:9/simulator"))
    assert channel.send(outgoing()) == Refused("unreachable")


# ---- reports over HTTP ----------------------------------------------------------------------------------------------


class Live:
    """The application behind a real server, in this process."""

    def __init__(self, app: Flask) -> None:
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def live(app: Flask) -> Iterator[Live]:
    served = Live(app)
    yield served
    served.server.shutdown()


def test_a_survey_goes_through_the_library_over_http_and_its_reports_come_back_signed(app: Flask, live: Live) -> None:
    config = replace(
        app.extensions["heed.config"], public_url=live.url, twilio_api_url=f"{live.url}/simulator", sms_channel="twilio"
    )
    app.extensions["heed.config"] = config
    with app.app_context():
        queued = queue_sms(PhoneNumber.trusted(PHONE), "0 to 10?", purpose=Purpose.SURVEY, dedupe_key="k", now=FRIDAY)
        commit()
        number = queued.id
        assert sweep_due(FRIDAY) == 1
        end = time.monotonic() + 15
        while time.monotonic() < end:
            with reading():
                if db.session.get_one(Message, number, populate_existing=True).state == State.DELIVERED:
                    break
            time.sleep(0.05)
        message = db.session.get_one(Message, number, populate_existing=True)
        assert (message.state, message.provider) == (State.DELIVERED, "twilio")
        carried = db.session.scalars(select(SimulatedMessage)).one()
        assert (carried.sid, carried.status) == (message.provider_message_id, "delivered")
        assert carried.callback_url == f"{live.url}/webhooks/twilio/status?m={report_ref(number, 1)}"


def test_a_report_has_twilios_fields_and_its_signature(app: Flask, live: Live) -> None:
    got: list[tuple[dict[str, str], str]] = []
    heard = threading.Event()

    def listener(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        from werkzeug.wrappers import Request

        request = Request(environ)
        got.append((request.form.to_dict(), request.headers["X-Twilio-Signature"]))
        if len(got) == 2:
            heard.set()
        start_response("204 No Content", [])
        return []

    server = make_server("127.0.0.1", 0, listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/status?m=1"
    made = Client(ACCOUNT, TOKEN, http_client=OntoWsgi(app)).messages.create(
        to=PHONE, from_=OURS, body="x", status_callback=url
    )
    assert heard.wait(10)
    server.shutdown()
    assert [form["MessageStatus"] for form, _ in got] == ["sent", "delivered"]
    for form, signature in got:
        assert RequestValidator(TOKEN).validate(url, form, signature)
        assert form["MessageSid"] == form["SmsSid"] == made.sid
        assert (form["To"], form["From"], form["AccountSid"]) == (PHONE, OURS, ACCOUNT)


# ---- Twilio's own description ---------------------------------------------------------------------------------------


@pytest.mark.skipif(not DESCRIPTION.exists(), reason="Twilio's OpenAPI description is not beside the checkout")
def test_what_the_carrier_answers_is_what_twilio_describes(app: Flask) -> None:
    description = json.loads(DESCRIPTION.read_text("utf-8"))
    paths, base = description["paths"], "/2010-04-01/Accounts/{AccountSid}/Messages"
    client, auth = app.test_client(), (ACCOUNT, TOKEN)
    made = client.post(MESSAGES, data={"To": PHONE, "From": OURS, "Body": "你好"}, auth=auth)
    listed = client.get(MESSAGES, auth=auth)
    shown = client.get(MESSAGES.replace(".json", f"/{made.get_json()['sid']}.json"), auth=auth)
    for answer, operation in (
        (made, paths[f"{base}.json"]["post"]),
        (listed, paths[f"{base}.json"]["get"]),
        (shown, paths[f"{base}/{{Sid}}.json"]["get"]),
    ):
        schema = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
        assert list(violations(answer.get_json(), schema, description)) == []


def violations(value: Any, schema: dict[str, Any], description: dict[str, Any], at: str = "") -> Iterator[str]:
    """Where a value departs from an OpenAPI 3.0 schema: missing and unknown properties, types, enums, patterns."""
    import re
    from email.utils import parsedate_to_datetime

    if "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if value is None:
        if not schema.get("nullable"):
            yield f"{at} is null"
        return
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
    }
    kind = schema.get("type")
    if kind and not isinstance(value, kinds[kind]):
        yield f"{at} is {type(value).__name__}, not {kind}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at} is {value!r}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{at} does not match {schema['pattern']}"
    if schema.get("format") == "date-time-rfc-2822":
        parsedate_to_datetime(value)
    if kind == "array":
        for number, item in enumerate(value):
            yield from violations(item, schema["items"], description, f"{at}[{number}]")
    if kind == "object" and "properties" in schema:
        for name in value.keys() ^ schema["properties"].keys():
            yield f"{at}.{name} is {'unknown' if name in value else 'missing'}"
        for name, item in value.items():
            if name in schema["properties"]:
                yield from violations(item, schema["properties"][name], description, f"{at}.{name}")
