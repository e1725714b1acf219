"""Mail through a real server that listens on this machine."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from config import Config
from notifications.channels.base import Accepted, Outgoing, Refused, Unknown
from notifications.channels.smtp import Smtp

MAIL = Outgoing(
    reference="heed-abc",
    to="lin@bank.example",
    sender="Heed <heed@bank.example>",
    subject="王敏：今天17:00前请回电",
    body="三句话。\n",
    html="<p lang=zh>三句话。</p>",
)


class Post:
    """Keeps what it is handed; answers as it is told."""

    def __init__(self) -> None:
        self.kept: list[EmailMessage] = []
        self.to_recipient, self.to_words = "250 OK", "250 OK"
        self.hang_up = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.to_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.to_words.startswith("2"):
            kept = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(kept, EmailMessage)
            self.kept.append(kept)
        if self.hang_up:
            server.transport.close()
            await asyncio.sleep(0.05)
        return self.to_words


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def smtp(post: Post) -> Iterator[Smtp]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    yield Smtp(Config(smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Heed <heed@bank.example>"))
    controller.stop()


def test_a_mail_arrives_as_text_and_html_with_an_id_that_stays_the_same(smtp: Smtp, post: Post) -> None:
    assert smtp.send(MAIL) == Accepted("heed-abc")
    assert smtp.send(MAIL) == Accepted("heed-abc")
    first, second = post.kept
    assert first["Message-ID"] == second["Message-ID"] == "<heed-abc@bank.example>"
    assert first["Subject"] == MAIL.subject
    text, html = first.get_body(("plain",)), first.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().strip() == "三句话。"
    assert html.get_content().strip() == MAIL.html


@pytest.mark.parametrize(
    ("answer", "result"),
    [("550 no such user", "smtp_550"), ("451 try later", "smtp_451"), ("552 full", "smtp_552")],
)
def test_a_refused_recipient_says_whether_it_passes(smtp: Smtp, post: Post, answer: str, result: str) -> None:
    post.to_recipient = answer
    assert smtp.send(MAIL) == Refused(result)


def test_refused_words_are_refused(smtp: Smtp, post: Post) -> None:
    post.to_words = "554 spam"
    assert smtp.send(MAIL) == Refused("smtp_554")


def test_a_server_that_hangs_up_after_the_words_leaves_it_unknown(smtp: Smtp, post: Post) -> None:
    post.hang_up = True
    assert isinstance(smtp.send(MAIL), Unknown)
    assert len(post.kept) == 1


def test_a_mail_program_is_told_how_to_stop_further_mails(smtp: Smtp, post: Post) -> None:
    smtp.send(replace(MAIL, unsubscribe="https://ask.example/s/abc/stop"))
    smtp.send(MAIL)
    told, plain = post.kept
    assert told["List-Unsubscribe"] == "<https://ask.example/s/abc/stop>"
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert plain["List-Unsubscribe"] is None


def test_a_server_that_is_not_there_can_be_tried_again() -> None:
    assert Smtp(Config(smtp_url="smtp://127.0.0.1:9")).send(MAIL) == Refused("unreachable")


class Wire:
    """A server of a few lines that keeps the very bytes it was sent, as a strict one would look at them."""

    def __init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.settimeout(10)
        self.port: int = self._door.getsockname()[1]
        self.bytes = b""
        self._work = Thread(target=self._serve)
        self._work.start()

    def _serve(self) -> None:
        caller, _ = self._door.accept()
        with caller, caller.makefile("rb") as lines:
            caller.sendall(b"220 here\r\n")
            for line in lines:
                if line.upper().startswith(b"DATA"):
                    caller.sendall(b"354 go on\r\n")
                    for words in lines:
                        if words == b".\r\n":
                            break
                        self.bytes += words.removeprefix(b".")  # a dot in front was doubled on the way
                caller.sendall(b"250 OK\r\n")

    def close(self) -> bytes:
        """What was sent as the mail."""
        self._work.join(10)
        self._door.close()
        return self.bytes


@pytest.mark.parametrize("body", ["三句话。\n", "one\r\ntwo\n.\nthree\rfour\n", "x" * 3000, "Grüße\n" * 40])
def test_what_goes_over_the_wire_suits_the_strictest_server(body: str) -> None:
    wire = Wire()
    smtp = Smtp(Config(smtp_url=f"smtp://127.0.0.1:{wire.port}", mail_from="Heed <heed@bank.example>"))
    assert smtp.send(replace(MAIL, body=body)) == Accepted("heed-abc")
    sent = wire.close()
    assert sent.count(b"\r\n") > 10
    bare = sent.replace(b"\r\n", b"")
    assert b"\n" not in bare and b"\r" not in bare, "line ends that are half ones"
    assert sent.isascii()
    assert max(map(len, sent.split(b"\r\n"))) <= 998
    kept = message_from_bytes(sent, policy=policy.default)
    assert isinstance(kept, EmailMessage)
    text = kept.get_body(("plain",))
    assert text is not None
    assert text.get_content().splitlines() == body.splitlines()
