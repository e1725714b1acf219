"""The table of carriers' codes: each says what to do, in a sentence a person can act on."""

from datetime import timedelta

import pytest

from notifications.carrier_errors import TABLE, Deed, reason
from notifications.models import Purpose
from notifications.retries import pause, pause_after_report


@pytest.mark.parametrize(
    ("code", "deed"),
    [
        ("21610", Deed.OPT_OUT),
        ("30003", Deed.RETRY),
        ("30005", Deed.DEAD_NUMBER),
        ("30006", Deed.DEAD_NUMBER),
        ("30007", Deed.CONTENT),
        ("http_429", Deed.RETRY),
        ("20003", Deed.SETUP),
        ("smtp_421", Deed.RETRY),
        ("smtp_550", Deed.DEAD_NUMBER),
        ("smtp_535", Deed.SETUP),
        ("smtp_554", Deed.GIVE_UP),
        ("never seen", Deed.GIVE_UP),
        (None, Deed.GIVE_UP),
    ],
)
def test_a_code_says_what_to_do(code: str | None, deed: Deed) -> None:
    assert reason(code).deed is deed


def test_every_reason_is_a_sentence() -> None:
    assert all(one.sentence.endswith(".") and len(one.sentence) > 20 for one in TABLE.values())


def test_a_wrong_set_up_is_tried_for_hours_so_that_mending_it_is_enough() -> None:
    waits = [pause("20003", purpose=Purpose.SURVEY, attempts=attempts) for attempts in range(1, 40)]
    assert waits[0] == timedelta(minutes=10)
    assert waits[-1] is None


def test_an_escalation_is_tried_more_often_than_a_survey() -> None:
    def tries(purpose: Purpose) -> int:
        return next(n for n in range(1, 99) if pause("throttled", purpose=purpose, attempts=n) is None)

    assert tries(Purpose.ESCALATION) > tries(Purpose.CASE) > tries(Purpose.SURVEY)
    assert pause_after_report("30005", purpose=Purpose.ESCALATION, attempts=1) is None
