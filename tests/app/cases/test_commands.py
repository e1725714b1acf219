"""A manager on the counter floor types with one thumb, and is understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.commands import Command, Verb, manager_command


@pytest.mark.parametrize(
    ("text", "verb", "code", "rest"),
    [
        ("OK 4821", "ok", "4821", ""),
        ("ok4821", "ok", "4821", ""),
        ("Ok, 4821.", "ok", "4821", "."),
        ("okay #4821", "ok", "4821", ""),
        ("OK case 4821", "ok", "4821", ""),
        ("4821 OK", "ok", "4821", ""),
        ("4821ok", "ok", "4821", ""),
        ("收到 4821", "ok", "4821", ""),
        ("收到4821", "ok", "4821", ""),
        ("收到　４８２１", "ok", "4821", ""),
        ("“收到 4821”", "ok", "4821", ""),
        ("4821收到", "ok", "4821", ""),
        ("ＯＫ４８２１", "ok", "4821", ""),
        ("OK 4821 on my way", "ok", "4821", "on my way"),
        ("CALLED 4821 She comes on Monday", "called", "4821", "She comes on Monday"),
        ("called 4821: No answer", "called", "4821", "No answer"),
        ("已联系 4821 约好周一 10点来", "called", "4821", "约好周一 10点来"),
        ("已联系4821约好周一", "called", "4821", "约好周一"),
        ("TO 4821 Li Wei", "to", "4821", "Li Wei"),
        ("转 4821 王芳", "to", "4821", "王芳"),
        ("转4821王芳", "to", "4821", "王芳"),
        ("转给4821王芳", "to", "4821", "王芳"),
        ("DONE 4821 3", "done", "4821", "3"),
        ("done 4821", "done", "4821", ""),
        ("完成 4821 3", "done", "4821", "3"),
        ("完成4821 ３", "done", "4821", "３"),
        ("完成 4821，3", "done", "4821", "3"),
        ("? 4821", "details", "4821", ""),
        ("?4821", "details", "4821", ""),
        ("？ ４８２１", "details", "4821", ""),
        ("4821?", "details", "4821", ""),
        ("4821", "details", "4821", ""),
        ("详情 4821", "details", "4821", ""),
        ("?", "list", None, ""),
        (" ？ ", "list", None, ""),
        ("清单", "list", None, ""),
        ("OK", "ok", None, ""),
        ("Ok.", "ok", None, ""),
        ("ok thanks", "ok", None, ""),
        ("收到。", "ok", None, ""),
        ("called", "called", None, ""),
        ("已联系", "called", None, ""),
        ("done", "done", None, ""),
        ("done 3", "done", None, "3"),
        ("完成3", "done", None, "3"),
        ("转给王芳", "to", None, "王芳"),
    ],
)
def test_an_order_is_understood(text: str, verb: str, code: str | None, rest: str) -> None:
    found = manager_command(text)
    assert (found.verb, found.code) == (verb, code)
    assert found.rest.strip(".") == rest.strip(".")


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "9", "10", "To be honest it was slow", "Called you twice and nobody answered", "done with this bank",
        "OK 48", "OK 48211234", "the case is 4821", "STOP", "排队太久", "转账失败了", "完成得很好", "好慢", "9 ok",
        "收到短信了吗",
        "13800138000", "why?", "more staff please", "看不懂",
    ],
)  # fmt: skip
def test_what_is_no_order_is_left_to_others(text: str) -> None:
    assert manager_command(text) == Command(Verb.NONE, None, "")


@given(st.text(max_size=200) | st.text(st.sampled_from("okOK转收到完成?？ 4821４\x00\ud800a"), max_size=20))
def test_any_text_is_read(text: str) -> None:
    found = manager_command(text)
    assert found.verb in set(Verb)
    assert found.code is None or (found.code.isascii() and found.code.isdigit() and 3 <= len(found.code) <= 6)
    found.rest.encode("utf-8")


@given(st.integers(1000, 9999), st.sampled_from(["OK", "收到", "called ", "已联系", "TO", "转", "done", "完成", "?"]))
def test_every_number_is_found_in_any_width(code: int, verb: str) -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(code))
    assert manager_command(f"{verb}{code}").code == str(code)
    assert manager_command(f"{verb} {wide} x") == manager_command(f"{verb}{code} x")
