"""Whatever comes in is kept, once, before anything is done about it."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as chosen
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.extensions import commit, db
from notifications import PhoneNumber, inbound, is_opted_out, storable
from notifications.models import InboundMessage
from tests.conftest import FRIDAY
from tests.notifications.parts import ANNA

NOW = FRIDAY


def new(body: str, *, sid: str = "SM1", sender: PhoneNumber | str = ANNA, to: str = "+15005550001") -> int | None:
    kept = inbound.receive(provider="twilio", provider_message_id=sid, sender=sender, to=to, body=body, now=NOW)
    commit()
    return kept


def text(body: str, *, sid: str = "SM1", sender: PhoneNumber | str = ANNA, to: str = "+15005550001") -> InboundMessage:
    return db.session.get_one(InboundMessage, new(body, sid=sid, sender=sender, to=to))


def test_a_text_delivered_five_times_is_one_text(any_engine: Flask) -> None:
    assert [new("9") is not None for _ in range(5)] == [True, False, False, False, False]
    assert db.session.scalar(select(func.count(InboundMessage.id))) == 1


@pytest.mark.parametrize("words", ["STOP", "stop.", "退订", "别再发了", "Stop texting me"])
def test_stop_takes_effect_on_arrival(any_engine: Flask, words: str) -> None:
    assert text(words).reserved == "stop"
    assert is_opted_out(ANNA.e164)


def test_start_lifts_it_and_an_old_stop_delivered_again_changes_nothing(any_engine: Flask) -> None:
    new("STOP", sid="SM1")
    new("START", sid="SM2")
    new("STOP", sid="SM1")
    assert not is_opted_out(ANNA.e164)


@pytest.mark.parametrize("sender", ["10690000", "HarbourBank", "海港银行", "", "whatsapp:+8615400000001", "+1\x00"])
def test_a_sender_that_is_no_phone_is_kept_too(any_engine: Flask, sender: str) -> None:
    assert text("hello", sender=sender).from_address == sender


@pytest.mark.parametrize("sid", ["", "x" * 500, "SM\x00", "短信"])
def test_a_number_unlike_any_carriers_still_dedupes(any_engine: Flask, sid: str) -> None:
    assert new("one", sid=sid)
    assert new("one", sid=sid) is None


@given(words=st.text(st.characters(), max_size=400), to=st.text(st.characters(), max_size=120))
@chosen(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_whatever_survive(engine: Flask, words: str, to: str) -> None:
    kept = text(words, sid=f"SM{abs(hash((words, to)))}", to=to)
    db.session.expire_all()
    assert kept.body == storable(words)


@pytest.mark.parametrize("words", ["", "\r\n", "长" * 4000, "😀" * 70, "９分"])
def test_the_worst_words_survive_on_both_databases(any_engine: Flask, words: str) -> None:
    kept = text(words, to="\x00\ud800")
    db.session.expire_all()
    assert kept.body == words


@pytest.mark.parametrize(
    ("sent", "kept"), [("nul \x00 inside", "nul  inside"), ("\ud83d half a pair", "? half a pair"), ("\0", "")]
)
def test_only_what_no_database_keeps_is_taken_out(any_engine: Flask, sent: str, kept: str) -> None:
    assert text(sent).body == kept


def test_a_stop_with_half_an_emoji_behind_it_is_a_stop(any_engine: Flask) -> None:
    assert text("STOP\0 \ud83d").reserved == "stop"
    assert is_opted_out(ANNA.e164)


def test_the_words_go_a_week_after_they_were_handled(any_engine: Flask) -> None:
    kept = text("my account number is 12345")
    kept.handled_at = NOW
    commit()
    assert inbound.clear_bodies(NOW + timedelta(days=6), days=7) == 0
    assert inbound.clear_bodies(NOW + timedelta(days=8), days=7) == 1
    commit()
    db.session.expire_all()
    assert kept.body is None
