"""A text costs what the carrier says it costs, to the unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.gsm import BASIC, EXTENSION, Encoding, Segments, downgrade, is_gsm, segments

gsm_text = st.text(st.sampled_from(sorted(BASIC | EXTENSION)), max_size=700)


def test_the_alphabets_have_the_size_the_standard_gives_them() -> None:
    assert (len(BASIC), len(EXTENSION)) == (127, 10)
    assert not BASIC & EXTENSION


@pytest.mark.parametrize(
    ("text", "encoding", "units", "count"),
    [
        ("", Encoding.GSM_7, 0, 0),
        ("a" * 160, Encoding.GSM_7, 160, 1),
        ("a" * 161, Encoding.GSM_7, 161, 2),
        ("a" * 306, Encoding.GSM_7, 306, 2),
        ("a" * 307, Encoding.GSM_7, 307, 3),
        ("€" * 80, Encoding.GSM_7, 160, 1),
        ("€" * 80 + "a", Encoding.GSM_7, 161, 2),
        ("好" * 70, Encoding.UCS_2, 70, 1),
        ("好" * 71, Encoding.UCS_2, 71, 2),
        ("好" * 134, Encoding.UCS_2, 134, 2),
        ("好" * 135, Encoding.UCS_2, 135, 3),
        ("😀" * 35, Encoding.UCS_2, 70, 1),
        ("😀" * 35 + "a", Encoding.UCS_2, 71, 2),
        ("ç", Encoding.UCS_2, 1, 1),
        ("Ç à è é ù ì ò ñ ü", Encoding.GSM_7, 17, 1),
        ("a\tb", Encoding.UCS_2, 3, 1),
        ("\ud83d", Encoding.UCS_2, 1, 1),
    ],
)
def test_a_text_is_counted_as_the_carrier_counts(text: str, encoding: Encoding, units: int, count: int) -> None:
    assert segments(text) == Segments(encoding, units, count)


def test_an_extension_character_never_straddles_two_segments() -> None:
    assert segments("a" * 152 + "€" + "a" * 151) == Segments(Encoding.GSM_7, 305, 2)
    assert segments("a" * 152 + "€" + "a" * 152) == Segments(Encoding.GSM_7, 306, 3)


def test_an_emoji_never_straddles_two_segments() -> None:
    assert segments("好" * 66 + "😀" + "好" * 65) == Segments(Encoding.UCS_2, 133, 2)
    assert segments("好" * 66 + "😀" + "好" * 66) == Segments(Encoding.UCS_2, 134, 3)


def test_what_the_carrier_adds_is_counted_too() -> None:
    assert segments("a" * 150, signature="Harbour Bank: ").count == 2
    assert segments("x" * 52, signature="【海港银行】", marker="，拒收请回复R") == Segments(Encoding.UCS_2, 65, 1)


def test_one_curly_quote_costs_more_than_half_the_room_and_is_mended() -> None:
    typed = "We\u2019re sorry\u00a0\u2014 \u201cno call\u201d\u2026 " + "a" * 60
    assert segments(typed).count == 2
    assert downgrade(typed) == 'We\'re sorry - "no call"... ' + "a" * 60
    assert segments(downgrade(typed)) == Segments(Encoding.GSM_7, 87, 1)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("call 9\u201310", "call 9-10"),
        ("e\u0301t\u00e9", "été"),
        ("a\u200bb\ufeff", "ab"),
        ("ＯＫ　４８２１", "OK 4821"),
        ("rock \u2018n\u2019 roll", "rock 'n' roll"),
    ],
)
def test_typography_a_person_would_not_miss_is_made_plain(typed: str, sent: str) -> None:
    assert downgrade(typed) == sent


@pytest.mark.parametrize("text", ["您好，“海港银行”", "Thanks \u2014 😀", "Łódź \u2026", "m² \u2014"])
def test_a_text_that_stays_wide_keeps_its_typography(text: str) -> None:
    assert downgrade(text) == text


@given(gsm_text)
def test_a_plain_text_is_left_as_it_is(text: str) -> None:
    assert downgrade(text) == text


@given(st.text(max_size=300))
def test_any_text_is_counted_within_its_bounds(text: str) -> None:
    counted = segments(text)
    alone, joined = (160, 153) if counted.encoding is Encoding.GSM_7 else (70, 67)
    assert is_gsm(text) == (counted.encoding is Encoding.GSM_7)
    if counted.units <= alone:
        assert counted.count == (1 if text else 0)
    else:
        assert -(-counted.units // joined) <= counted.count <= -(-counted.units // (joined - 1))
    mended = downgrade(text)
    assert mended == text or is_gsm(mended)
    assert downgrade(mended) == mended


@given(gsm_text, gsm_text)
def test_more_text_never_costs_less(text: str, more: str) -> None:
    assert segments(text + more).count >= segments(text).count
