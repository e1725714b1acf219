"""The carrier's doors believe only what the carrier signed, keep all of it once, and answer at once."""

import hashlib
import os
import threading
from base64 import b64encode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as chosen
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from app.extensions import commit, db, real_now
from notifications import PhoneNumber, Purpose, is_opted_out, queue_sms
from notifications.models import InboundMessage, Message, OptOut, Receipt, State
from notifications.report_refs import report_ref
from tests.app.carrier import PUBLIC, SID, a_text, calls, signed

MUTATIONS = 10_000 if os.environ.get("HEED_FULL") else 150
SMS, STATUS = "/webhooks/twilio/sms", "/webhooks/twilio/status"
REPORT = {"MessageSid": SID + "2", "SmsSid": SID + "2", "MessageStatus": "delivered", "SmsStatus": "delivered"}


def kept(app: Flask) -> list[InboundMessage]:
    with app.app_context():
        return list(db.session.scalars(select(InboundMessage).order_by(InboundMessage.id)))


def test_a_signed_text_is_kept_and_answered_with_nothing_to_say(app: Flask) -> None:
    answer = calls(app, SMS, a_text("9 很好"))
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert answer.get_data(as_text=True).endswith("<Response/>")
    message = kept(app)[0]
    assert (message.body, message.from_address, message.provider) == ("9 很好", "+15005551001", "twilio")
    assert app.extensions["heed.hurry"][-1] == ("app.handle_inbound", (message.id,))


def test_a_report_is_kept_and_answered_with_no_content(app: Flask) -> None:
    answer = calls(app, STATUS, REPORT)
    assert (answer.status_code, answer.get_data()) == (204, b"")
    with app.app_context():
        assert db.session.scalars(select(Receipt.status)).all() == ["delivered"]


def test_a_report_brings_back_the_attempt_we_signed_and_settles_it(app: Flask) -> None:
    with app.app_context():
        text = queue_sms(
            PhoneNumber.trusted("+15005551001"), "Hello", purpose=Purpose.CASE, dedupe_key="k", now=real_now()
        )
        lost = {"state": State.UNCERTAIN, "attempts": 1, "attempted_at": real_now()}
        db.session.execute(update(Message).where(Message.id == text.id).values(**lost))
        commit()
        ref = report_ref(text.id, 1)
    assert calls(app, f"{STATUS}?m={text.id}.1.AAAAAAAAAAAAAAAA", REPORT).status_code == 204
    assert calls(app, f"{STATUS}?m={ref}", REPORT | {"MessageStatus": "sent"}).status_code == 204
    with app.app_context():
        message = db.session.get_one(Message, text.id)
        assert (message.state, message.provider, message.provider_message_id) == ("sent", "twilio", SID + "2")


@pytest.mark.parametrize("path", [SMS, STATUS])
def test_without_a_right_signature_nothing_is_kept(app: Flask, path: str) -> None:
    client = app.test_client()
    form = a_text("STOP") | REPORT
    right = signed(PUBLIC + path, form)
    wrong = [
        client.post(path, data=form),
        client.post(path, data=form, headers=signed(PUBLIC + path, form, token="another")),
        client.post(path, data=form, headers=signed("http://elsewhere.example" + path, form)),
        client.post(path, data=form | {"Body": "START"}, headers=right),
        client.post(path + "?x=1", data=form, headers=right),
        client.post(path, data=form, headers={"X-Twilio-Signature": "é"}),
        client.post(path, data=form, headers=right | {"X-Twilio-Webhooks-Signature-Settings": "algorithm=MD5"}),
        client.post(path, json=form, headers=signed(PUBLIC + path, {})),
        client.post(path, data=b"\xff\xfe", content_type="application/json", headers=signed(PUBLIC + path, {})),
    ]
    assert [answer.status_code for answer in wrong] == [403] * len(wrong)
    assert kept(app) == []


def test_the_address_in_our_settings_counts_and_not_what_a_header_claims(app: Flask) -> None:
    form = a_text()
    headers = signed(PUBLIC + SMS, form) | {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    assert app.test_client().post(SMS, data=form, headers=headers).status_code == 200


def test_the_query_is_part_of_what_is_signed(app: Flask) -> None:
    assert calls(app, f"{SMS}?a=b%20c&d=%E4%B8%AD", a_text()).status_code == 200


def test_the_newer_signature_is_believed_too(app: Flask) -> None:
    assert calls(app, SMS, a_text(), algorithm="HMAC_SHA256").status_code == 200


@pytest.mark.parametrize("query", ["", "?bodySHA256=", "?bodySHA256=" + hashlib.sha256(b"{}").hexdigest()])
def test_a_body_that_is_no_form_is_refused_and_nothing_stumbles(app: Flask, query: str) -> None:
    headers = signed(PUBLIC + SMS + query, {})
    answer = app.test_client().post(SMS + query, data=b"{}", content_type="application/json", headers=headers)
    assert answer.status_code == 403


RIGHT = signed(PUBLIC + SMS, a_text())["X-Twilio-Signature"]
PRINTABLE = st.characters(min_codepoint=32, max_codepoint=126)


def changed_at(at: int, letters: str) -> str:
    return RIGHT[:at] + letters + RIGHT[at + len(letters) :]


@given(
    signature=st.one_of(
        st.builds(changed_at, st.integers(0, 27), st.text(PRINTABLE, min_size=1, max_size=3)),
        st.binary(min_size=20, max_size=20).map(lambda raw: b64encode(raw).decode()),
        st.text(PRINTABLE, max_size=60),
    )
)
@chosen(max_examples=MUTATIONS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_signature_that_was_changed_or_made_up_is_refused(app: Flask, signature: str) -> None:
    expected = 200 if signature == RIGHT else 403
    answer = app.test_client().post(SMS, data=a_text(), headers={"X-Twilio-Signature": signature})
    assert answer.status_code == expected


@given(
    words=st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    sender=st.text("+0123456789Aa短", max_size=90),
)
@chosen(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_from_anybody_is_kept_as_it_came(app: Flask, words: str, sender: str) -> None:
    sid = "SM" + hashlib.md5(repr((words, sender)).encode(), usedforsecurity=False).hexdigest()
    answer = calls(app, SMS, a_text(words, sender=sender, sid=sid, NumMedia="²", Surprise="!", MediaUrl0="https://x"))
    assert answer.status_code == 200
    assert words.replace("\0", "") in {message.body for message in kept(app)}


@pytest.mark.parametrize("words", ["nul \x00 inside", "", "长" * 4000, "😀👍🏽", "９分！"])
def test_the_worst_texts_are_kept_on_both_databases(any_app: Flask, words: str) -> None:
    sid = "SM" + hashlib.md5(words.encode(), usedforsecurity=False).hexdigest()
    for sender in ("+15005551001", "95588", "HarbourBank", "\x00"):
        assert calls(any_app, SMS, a_text(words, sender=sender, sid=sid + sender)).status_code == 200
    assert {message.body for message in kept(any_app)} == {words.replace("\0", "")}


@pytest.mark.parametrize(
    "odd",
    [
        {"MessageStatus": "x" * 99},
        {"MessageStatus": "\x00"},
        {"ErrorCode": "\x00" + "9" * 99},
        {"MessageSid": "\x00" * 99},
    ],
)
def test_odd_reports_are_taken_without_a_fuss(any_app: Flask, odd: dict[str, str]) -> None:
    assert calls(any_app, STATUS, REPORT | odd).status_code == 204


def test_stop_takes_effect_before_the_answer_leaves(any_app: Flask) -> None:
    calls(any_app, SMS, a_text("退订"))
    with any_app.app_context():
        assert is_opted_out("+15005551001")


def test_five_deliveries_at_once_change_nothing_after_the_first(any_app: Flask) -> None:
    answers: list[int] = []
    start = threading.Barrier(10)

    def deliver(path: str, form: dict[str, str]) -> None:
        start.wait()
        answers.append(calls(any_app, path, form).status_code)

    threads = [threading.Thread(target=deliver, args=(SMS, a_text("STOP"))) for _ in range(5)]
    threads += [threading.Thread(target=deliver, args=(STATUS, REPORT)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] * 5 + [204] * 5
    with any_app.app_context():
        for model in (InboundMessage, Receipt, OptOut):
            assert db.session.scalar(select(func.count()).select_from(model)) == 1
    nudges = [task for task, _ in any_app.extensions["heed.hurry"] if task == "app.handle_inbound"]
    assert len(nudges) == 1
