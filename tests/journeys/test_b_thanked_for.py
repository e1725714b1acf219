"""B, nobody is thanked for what they did not give: a skipped comment is no words, on the telephone and on the page."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import ManualClock
from tests.journeys.test_b_call_or_not import up_to_the_region
from tests.journeys.test_b_next_step import case
from tests.phones import received, reply
from tests.world import CUSTOMER_PHONE as PHONE
from tests.world import MANAGER_PHONE

Run = Callable[[], int]
Ask = Callable[[str], None]
WORDS = ("your words", "您的话", "您的話", "has your words")


@pytest.mark.parametrize("score", ["9", "7", "2"])
@pytest.mark.parametrize(
    ("language", "nothing"),
    [
        *[
            ("en", said)
            for said in ("skip", "no", "Nothing really, thanks", "n/a", "never mind", ".", "I'd rather not say")
        ],
        *[("zh-Hans", said) for said in ("跳过", "没有", "没什么好说的", "不知道", "算了")],
        *[("zh-HK", said) for said in ("冇", "沒有了", "唔知")],
    ],
)
def test_who_says_nothing_is_thanked_for_the_number_alone(
    app: Flask, clock: ManualClock, run_due: Run, asked_in: Ask, language: str, nothing: str, score: str
) -> None:
    asked_in(language)
    reply(app, PHONE, score, clock.now(), run_due)
    said = reply(app, PHONE, nothing, clock.now(), run_due).casefold()
    assert not any(words in said for words in WORDS), said
    assert any(thanks in said for thanks in ("answer", "评价", "評價")), said


@pytest.mark.parametrize(
    "said", ["no one greeted me", "没有人理我", "nothing works here", "no complaints, Zhang was kind"]
)
def test_words_that_begin_like_nothing_are_words(
    app: Flask, clock: ManualClock, run_due: Run, asked_in: Ask, said: str
) -> None:
    asked_in("en")
    reply(app, PHONE, "7", clock.now(), run_due)
    assert "has your words" in reply(app, PHONE, said, clock.now(), run_due)


def test_nothing_is_no_news_for_the_manager(app: Flask, clock: ManualClock, run_due: Run, asked_in: Ask) -> None:
    asked_in("en")
    reply(app, PHONE, "2", clock.now(), run_due)
    told = received(app, MANAGER_PHONE)
    reply(app, PHONE, "nothing", clock.now(), run_due)
    assert received(app, MANAGER_PHONE) == told


def test_a_case_without_words_has_an_answer_that_was_seen(
    app: Flask, clock: ManualClock, run_due: Run, asked_in: Ask
) -> None:
    asked_in("en")
    for said in ("2", "skip", "1"):
        reply(app, PHONE, said, clock.now(), run_due)
    assert "your answer is with the manager of Central" in reply(app, PHONE, "STATUS", clock.now(), run_due)
    reply(app, MANAGER_PHONE, f"OK {case(app).code}", clock.advance(minutes=1), run_due)
    assert "the manager of Central has seen your answer" in received(app, PHONE)[-1]


def test_a_late_number_is_no_words(app: Flask, clock: ManualClock, run_due: Run, asked: None) -> None:
    clock.advance(days=9)
    run_due()
    assert "it is not too late for us. Your answer is with Central" in reply(app, PHONE, "9", clock.now(), run_due)


def test_a_number_alone_is_with_who_has_the_case(app: Flask, clock: ManualClock, run_due: Run, asked: None) -> None:
    reply(app, PHONE, "2", clock.now(), run_due)
    up_to_the_region(app, clock, run_due)
    said = reply(app, PHONE, "skip", clock.now(), run_due)
    assert said.startswith("Harbour Bank: the regional manager has your answer. May we call you?")


@pytest.mark.parametrize(
    ("score", "thanks"), [("9", "Your answer goes to the people who served you"), ("7", "Central has your answer")]
)
def test_the_page_thanks_for_no_words_either(client: FlaskClient, link: str, score: str, thanks: str) -> None:
    client.post(link, data={"question": "recommend", "answer": score, "submission": "1"})
    page = client.post(link, data={"question": "why", "skip": "1", "submission": "2"}).get_data(as_text=True)
    assert thanks in page and "We will not ask you again" in page
    assert "words" not in page.split("<h1>")[1].split("</h1>")[0]
