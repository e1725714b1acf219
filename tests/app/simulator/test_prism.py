"""The real library against Twilio's own description: Prism stands between it and our carrier and tells violations."""

import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from app.extensions import real_now
from config import ROOT, Config
from notifications.channels.base import Accepted, Outgoing
from notifications.channels.twilio import Twilio
from tests.live import free_port

DESCRIPTION = ROOT.parent / "shared" / "data" / "twilio" / "twilio_api_v2010.json"
STARTS = 120  # seconds: the first time npx fetches it

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DESCRIPTION.exists(), reason="Twilio's OpenAPI description is not beside the checkout"),
    pytest.mark.skipif(shutil.which("npx") is None, reason="Prism needs node"),
]


@pytest.fixture
def between(app: Flask, tmp_path: Path) -> Iterator[str]:
    """Prism's address; behind it our simulated carrier."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = free_port()
    upstream = f"http://127.0.0.1:{server.server_port}/simulator"
    command = ["npx", "-y", "@stoplight/prism-cli", "proxy", "--errors", "-p", str(port), str(DESCRIPTION), upstream]
    with (tmp_path / "prism.log").open("wb") as log:
        prism = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        end = time.monotonic() + STARTS
        while time.monotonic() < end and prism.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        else:
            pytest.skip("Prism could not be fetched: " + (tmp_path / "prism.log").read_text("utf-8")[-200:])
        yield f"http://127.0.0.1:{port}"
    finally:
        prism.terminate()
        prism.wait()
        server.shutdown()


def test_neither_side_departs_from_what_twilio_describes(between: str) -> None:
    channel = Twilio(Config(twilio_api_url=between))
    message = Outgoing(
        reference="heed-1",
        to="+15005551001",
        sender="+15005550001",
        body="您好，请回复0到10。 A \u20ac sign, and an emoji \U0001f600",
        valid_seconds=600,
    )
    sent = channel.send(message)
    assert isinstance(sent, Accepted), sent
    listed = channel.list_to(message, since=real_now().replace(year=2000))
    assert [one.provider_message_id for one in listed] == [sent.provider_message_id]
    shown = channel._client.messages(sent.provider_message_id).fetch()
    assert (shown.sid, shown.to) == (sent.provider_message_id, message.to)


def test_prism_does_tell_a_violation(between: str) -> None:
    account = f"{between}/2010-04-01/Accounts/{Config.twilio_account_sid}/Messages.json"
    asked = urllib.request.Request(account + "?PageSize=many", headers={"Authorization": "Basic eDp5"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked, timeout=20)
    told = json.loads(refused.value.read())
    assert told["title"] == "Invalid request"
    assert [one["message"] for one in told["validation"]] == ["Request query parameter pagesize must be integer"]
