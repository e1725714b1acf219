"""Numbers and answers that are said but not given: denied, taken back, quoted, or no answer to what was asked."""

import pytest

from surveys.responses.parsing import Action, read_reply


@pytest.mark.parametrize(
    "text",
    [
        "definitely not a 10", "I'm not giving you a 10", "not even a 1", "不会给10分的", "不值5分", "没到4分",
        "不到5分", "唔系9分", "i said 8 by mistake", "2 by mistake", "3 is too many visits",
        "3 more like this and I leave",
        "9 for service and 3 for waiting", "From 0 to 100.", "0-10", "7-eleven", "I would give 10 if i could but 6",
        "8蚊", "1/2 hour", "only 1 toilet", "I can't give you a 10", "isnt a 9",
        "wouldnt say 10", "far from a 10", "never a 10", "2 stars hotel", "option 3 does not work", "8 ppl",
    ],
)  # fmt: skip
def test_a_number_that_is_only_denied_or_a_slip_is_asked_again(text: str) -> None:
    reply = read_reply(text, kind="nps")
    assert (reply.value, reply.action) == (None, Action.ASK_AGAIN)


@pytest.mark.parametrize("text", ["One answer of 1 to 5.", "1-5", "not even a 1"])
def test_the_question_read_back_is_no_answer(text: str) -> None:
    assert read_reply(text, kind="csat").value is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("not a 9 more like 6", 6), ("5 more like six", 6), ("not 5, 3", 3), ("唔係5,係4", 4), ("8分唔夠,9分", 9),
        ("Oops! I typed 1, should be 10", 10), ("I pressed 2 by mistake its 9", 9), ("6 hmm make that 5", 5),
        ("七 唔好意思 打錯 係八", 8), ("Was gonna say 10 but the wait was awful so 6", 6), ("used to be 10 now 3", 3),
        ("last visit was 5, today 9", 9), ("would give 0 if i could, 1", 1), ("扣你3分,给7分", 7),
        ("FWD: Rate us 0-10: 6", 6), ("Rate us 0-10. 0", 0), ("0-10分 回复:8", 8),
        ("Great service\n9", 9), ("Sent from my phone\n8", 8), ("eight comma very good", 8), ("滿分!👍", 10),
        ("9 for service, 9 for food", 9), ("thanks for asking\n\n10\n\nRgds\nAlice Tan", 10),
        ("cant give 10, give 8", 8), ("can't fault you, 10", 10), ("why not? 10", 10),
    ],
)  # fmt: skip
def test_the_number_that_stands_is_the_score(text: str, value: int) -> None:
    reply = read_reply(text, kind="nps")
    assert (reply.value, reply.action) == (value, Action.RECORD)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Yes. Sorry I mean no", 0), ("no. typo, yes", 1), ("是…不对,没有", 0), ("yes wait times were ok", 1),
        ("No, sorry", 0), ("Yes, sorry for the late reply", 1), ("no it has been fixed yes", None),
        ("应该没有", 0), ("是 打错了 否", 0), ("应该是", 1), ("总算搞定", 1),
        # Nothing of yes or no is counted in marks or in hundredths.
        ("100%", None), ("满分", None), ("💯", 1),
    ],
)  # fmt: skip
def test_the_last_word_of_whoever_takes_back_an_answer_counts(text: str, value: int | None) -> None:
    assert read_reply(text, kind="yes_no").value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("today busy, tomorrow ok", 2), ("tomorrow not good, today better", 1), ("今日唔得閒,聽日先打", 2),
        ("今日走唔開,聽日啦", 2), ("leave it, no call", 3), ("算了", 3),
        ("all sorted now", None), ("解决了", None),
        ("all sorted, no need to call", 3), ("解决了，不用打了", 3), ("搞掂咗", None), ("满分", None),
        ("sorted, but call me today", None), ("ok call me but not today", None), ("it's all good no call needed", 3),
    ],
)  # fmt: skip
def test_good_news_asks_for_no_call_and_a_refused_day_is_not_the_day(text: str, value: int | None) -> None:
    assert read_reply(text, kind="callback").value == value


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Can I have this in Chinese?", "zh-Hans"), ("can write in english?", "en"), ("i dont read chinese", "en"),
        ("sorry I can't understand English", "zh-Hans"), ("我看不懂英文", "zh-Hans"), ("看不懂中文", "en"),
        ("唔識睇英文", "zh-Hans"),
    ],
)  # fmt: skip
def test_whoever_cannot_read_one_language_wants_the_other(text: str, language: str) -> None:
    reply = read_reply(text, kind="nps", language="en")
    assert (reply.action, reply.language) == (Action.LANGUAGE, language)


@pytest.mark.parametrize("text", ["your staff don't speak english", "这个医生不会英文", "can i have it", "get this"])
def test_talk_of_what_others_speak_is_a_comment(text: str) -> None:
    assert read_reply(text, kind="nps").action is Action.ASK_AGAIN
