"""B, a word alone: what only names a thing, asks, or makes a sound opens no case; what says that it was bad does."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.conftest import ManualClock
from tests.journeys.test_b_next_step import case
from tests.journeys.test_b_odd_replies import cases, free_texts
from tests.phones import received, reply
from tests.world import CUSTOMER_PHONE as PHONE
from tests.world import MANAGER_PHONE

Run = Callable[[], int]
SAYS_NOTHING = ("why", "Why?", "blah", "queue", "the queue", "fees", "排队", "排隊", "手续费", "为什么", "點解")
SAYS_IT_WAS_BAD = ("rude", "slow", "scam", "terrible", "太慢", "态度恶劣", "骗子", "queue far too long", "排队太久")


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("score", ["9", "7"])
@pytest.mark.parametrize("word", SAYS_NOTHING)
def test_a_word_that_blames_nothing_beside_a_fine_score_is_no_case(
    app: Flask, clock: ManualClock, run_due: Run, score: str, word: str
) -> None:
    for said in (score, word):
        reply(app, PHONE, said, clock.now(), run_due)
    assert cases(app) == 0
    assert received(app, MANAGER_PHONE) == []


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("word", SAYS_IT_WAS_BAD)
def test_a_word_that_says_it_was_bad_is_one_whatever_the_score(
    app: Flask, clock: ManualClock, run_due: Run, word: str
) -> None:
    for said in ("7", word):
        reply(app, PHONE, said, clock.now(), run_due)
    assert case(app).reasons[0] in ("very_negative_words", "fraud_safety", "anger")


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("word", ["排队", "queue", "why"])
def test_beside_a_low_score_the_word_is_with_the_case(app: Flask, clock: ManualClock, run_due: Run, word: str) -> None:
    for said in ("3", word):
        reply(app, PHONE, said, clock.now(), run_due)
    assert (case(app).reasons, case(app).words) == (["very_low_score"], word)
    assert word in received(app, MANAGER_PHONE)[-1]


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("word", ["why", "排队", "blah"])
def test_a_word_that_comes_later_is_read_and_opens_nothing(
    app: Flask, clock: ManualClock, run_due: Run, word: str
) -> None:
    for said in ("9", "quick"):
        reply(app, PHONE, said, clock.now(), run_due)
    assert "a person will read this" in reply(app, PHONE, word, clock.advance(days=1), run_due)
    assert (cases(app), free_texts(app)) == (0, [word])


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("word", ["why", "排队", "blah"])
def test_a_word_after_the_end_of_a_case_brings_nothing_back(
    app: Flask, clock: ManualClock, run_due: Run, word: str
) -> None:
    for said in ("2", "rude", "1"):
        reply(app, PHONE, said, clock.now(), run_due)
    reply(app, MANAGER_PHONE, f"DONE {case(app).code} 2", clock.advance(minutes=5), run_due)
    assert "Is something still not right?" in reply(app, PHONE, word, clock.advance(minutes=5), run_due)
    assert case(app).state == "resolved"
