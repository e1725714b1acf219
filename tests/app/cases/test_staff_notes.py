"""What a manager's note says: only its beginning counts, so that a word in passing closes nothing."""

import pytest

from app.cases.staff_notes import Ending, ending, was_reached


@pytest.mark.parametrize(
    ("rest", "cause", "outcome", "note"),
    [
        ("3", "fees", "saved", ""),
        ("２", "staff", "saved", ""),
        ("1 lost", "waiting", "lost", "lost"),
        ("1 lost, they went to another bank", "waiting", "lost", "lost, they went to another bank"),
        ("2 not justified", "staff", "not_justified", "not justified"),
        ("5 联系不上", "other", "unreachable", "联系不上"),
        ("3，客户已流失", "fees", "lost", "客户已流失"),
        ("1 left", "waiting", "lost", "left"),
        ("1 she left happy, fee refunded", "waiting", "saved", "she left happy, fee refunded"),
        ("1 left a voicemail", "waiting", "saved", "left a voicemail"),
        ("3 客户没有流失", "fees", "saved", "客户没有流失"),
        ("1 will not be lost", "waiting", "saved", "will not be lost"),
        ("3. customer not left, happy", "fees", "saved", "customer not left, happy"),
        ("fees refunded", "fees", "saved", "refunded"),
        ("收费 已退", "fees", "saved", "已退"),
        ("refunded", None, "saved", "refunded"),
    ],
)
def test_an_ending_is_read_from_its_beginning(rest: str, cause: str | None, outcome: str, note: str) -> None:
    assert ending(rest) == Ending(cause, outcome, note)


@pytest.mark.parametrize(
    "note",
    [
        "no answer",
        "No answer.",
        "voicemail",
        "left a voicemail",
        "she didn't pick up",
        "busy",
        "没接",
        "客户没接",
        "打了，无人接听",
    ],
)
def test_nobody_answered(note: str) -> None:
    assert not was_reached(note)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "spoke, she was busy but happy",
        "he had got no reply from us before, sorted it",
        "apologised for the voicemail",
        "已沟通，之前打不通",
    ],
)
def test_somebody_answered(note: str) -> None:
    assert was_reached(note)
