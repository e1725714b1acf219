"""What a customer's short text means for their case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.replies import Meaning, hear


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("OK", Meaning.ACKNOWLEDGED),
        ("ok, thanks a lot!", Meaning.ACKNOWLEDGED),
        ("好的，谢谢您。", Meaning.ACKNOWLEDGED),
        ("嗯嗯知道了", Meaning.ACKNOWLEDGED),
        ("麻烦你们了", Meaning.ACKNOWLEDGED),
        ("No thanks", Meaning.ACKNOWLEDGED),
        ("👍🙏", Meaning.ACKNOWLEDGED),
        ("Thank you, that was excellent", Meaning.CONTENT),
        ("已经解决了，非常满意", Meaning.CONTENT),
        ("thanks, but when will it arrive?", Meaning.NEUTRAL),
        ("明天几点开门？", Meaning.NEUTRAL),
        ("no", Meaning.UNHAPPY),
        ("It's not fixed", Meaning.UNHAPPY),
        ("ok but it is still wrong", Meaning.UNHAPPY),
        ("手续费还没退", Meaning.UNHAPPY),
        ("没人联系我", Meaning.UNHAPPY),
        ("ok, I will sue you", Meaning.UNHAPPY),
        ("😡😡", Meaning.UNHAPPY),
    ],
)
def test_a_short_text_is_understood(text: str, meaning: Meaning) -> None:
    assert hear(text).meaning is meaning


@given(st.text(max_size=200) | st.text(st.sampled_from("哈嗯好的ok 谢"), max_size=400))
def test_any_text_is_read_in_no_time(text: str) -> None:
    assert hear(text).meaning in set(Meaning)
