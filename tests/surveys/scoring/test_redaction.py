"""What a bank must not keep is taken out; what the comment is about stays."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.scoring.redaction import SecretKind, iban_check_holds, identity_check_holds, luhn_holds, redact


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("my card 4111 1111 1111 1111 was declined", "my card [card] was declined"),
        ("卡号6222021234567890128被吞了", "卡号[card]被吞了"),
        ("card 5500-0000-0000-0004.", "card [card]."),
        ("３７８２８２２４６３１０００５", "[card]"),
        ("ref 6678707466672223398 at the till", "ref [card] at the till"),
        ("card and code 4111111111111111123", "card and code [card]"),
        ("41111111111111115500000000000004", "[card]"),
        ("GB82 WEST 1234 5698 7654 32 4111 1111 1111 1111", "[iban] [card]"),
        ("身份证11010519491231002X办不了", "身份证[id_number]办不了"),
        ("IBAN GB82 WEST 1234 5698 7654 32 please", "IBAN [iban] please"),
        ("DE89370400440532013000", "[iban]"),
        ("write to wang.li@example.com.cn please", "write to [email] please"),
        ("call me on +86 138 0013 8000", "call me on [phone]"),
        ("打我电话13800138000", "打我电话[phone]"),
        ("ring 020 7946 0958 after six", "ring [phone] after six"),
        ("010-62345678没人接", "[phone]没人接"),
        ("(415) 555-0132 is my number", "[phone] is my number"),
        ("my pin is 4821", "my pin is [password]"),
        ("PIN: 482913", "PIN: [password]"),
        ("my password is Tr0ub4dor", "my password is [password]"),
        ("密码是abc123", "密码是[password]"),
        ("验证码 839201 收不到", "验证码 [password] 收不到"),
    ],
)
def test_secrets_are_replaced_by_what_they_were(text: str, kept: str) -> None:
    assert redact(text).text == kept


@pytest.mark.parametrize(
    "text",
    [
        "paid $1,200.50 on 2026-11-20 at 14:05",
        "waited 40 minutes, 10/10 would not come back",
        "the fee was 12,500,000 yen",
        "20/11/2026 and 21.11.2026",
        "on 20261120 I gave a 9",
        "被扣了5000元，等了30分钟，打8分",
        "2026年11月20日下午3点",
        "the password is wrong and the pin is not working",
        "I forgot my password",
        "验证码收不到",
        "transaction of 1500000 CNY",
        "12 34 56",
        "",
    ],
)
def test_amounts_dates_times_and_scores_stay(text: str) -> None:
    assert redact(text).text == text
    assert redact(text).found == ()


def test_each_thing_found_says_what_and_where() -> None:
    found = redact("mail a@b.co or 13800138000").found
    assert [(one.kind, one.start, one.end) for one in found] == [(SecretKind.EMAIL, 5, 11), (SecretKind.PHONE, 15, 26)]


def test_a_wrong_check_digit_is_not_a_card_or_an_identity_number() -> None:
    assert not luhn_holds("4111111111111112")
    assert not identity_check_holds("110105194912310021")
    assert not iban_check_holds("GB82WEST12345698765433")


@given(st.text(max_size=300))
def test_any_text_can_be_redacted_and_once_is_enough(text: str) -> None:
    once = redact(text)
    again = redact(once.text)
    assert again.text == once.text


def _with_check_digit(digits: str) -> str:
    return next(digits + last for last in "0123456789" if luhn_holds(digits + last))


cards = st.from_regex(r"[2-6][0-9]{14}", fullmatch=True).map(_with_check_digit).filter(lambda card: len(set(card)) > 1)


@given(
    cards,
    st.sampled_from(["", " ", "-", "."]),
    st.text(alphabet="abc ，。好", max_size=12),
    st.text(alphabet="xyz 差", max_size=12),
)
def test_the_digits_of_a_valid_card_never_survive(card: str, gap: str, before: str, after: str) -> None:
    written = gap.join(card[i : i + 4] for i in range(0, 16, 4))
    kept = redact(f"{before}{written}{after}").text
    assert card not in re.sub(r"\D", "", kept)
    assert card[-8:] not in re.sub(r"\D", "", kept)


@given(cards, st.integers(0, 999999))
def test_a_card_beside_other_digits_does_not_survive_either(card: str, other: int) -> None:
    kept = redact(f"{other} {card} {other}").text
    assert card not in re.sub(r"\D", "", kept)


@given(st.text(alphabet="0123456789 -.+,卡ab", max_size=80))
def test_digits_that_stand_together_are_replaced_all_or_not_at_all(text: str) -> None:
    for one in redact(text).found:
        for before, behind in ((one.start - 1, one.start), (one.end - 1, one.end)):
            assert not text[max(before, 0) : behind + 1].isdigit() or before < 0 or behind >= len(text)


@given(st.from_regex(r"[0-9]{12,40}", fullmatch=True))
def test_a_long_number_stays_as_it_is_or_goes_whole(number: str) -> None:
    assert re.fullmatch(rf"ref (?:{number}|\[[a-z_]+\]), thanks", redact(f"ref {number}, thanks").text)
