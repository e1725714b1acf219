"""A reply is read as its writer meant it; where two readings are possible, nobody guesses."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.responses.parsing import Action, Reply, call_back_choice, read_reply

KINDS = ["nps", "csat", "ces", "yes_no", "choice", "text"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9", 9), ("9.", 9), ("９", 9), ("9分", 9), ("nine", 9), ("九", 9), ("十分", 10), ("10/10", 10),
        ("I'd say 8", 8),
        ("Score:8", 8), ("nps:8 comment:", 8), ("我选八", 8),
        ("9️⃣", 9), ("1️⃣0️⃣", 10), ("🔟", 10), ("nien", 9), ("NINE!", 9), (" 9 \n", 9), ("09", 9), ("9.0", 9),
        ("٩", 9),
        ("①", 1), ("零", 0), ("0", 0), ("0分", 0), ("十", 10), ("两分", 2), ("玖", 9), ("打九分", 9),
        ("我给9分", 9), ("我觉得应该打8分吧", 8),
        ("8 out of 10", 8), ("nine out of ten", 9), ("9 / 10.", 9), ("I would give it a solid 7", 7),
        ("my score is 4", 4),
        ("sorry I meant 3", 3), ("8 please", 8), ("9 thanks", 9), ("8分，谢谢", 8), ("10 10 10", 10),
        ("8 (eight)", 8), ("10+", 10),
        ("10!!!!", 10), ("9👍", 9), ("\x009\x00", 9), ("\ud83d9", 9), ("满分", 10), ("full marks", 10), ("“9”", 9),
        ("1o", 10), ("8, I mean 9", 9),
    ],
)  # fmt: skip
def test_one_number_is_a_score(text: str, value: int) -> None:
    assert read_reply(text, kind="nps") == Reply(value, None, Action.RECORD)


@pytest.mark.parametrize(
    ("text", "value", "comment"),
    [
        ("3 等太久", 3, "等太久"),
        ("3等太久", 3, "等太久"),
        ("三分，等太久", 3, "等太久"),
        ("３　等太久了", 3, "等太久了"),
        ("3, waited 50 minutes", 3, "waited 50 minutes"),
        ("3\nwaited 50 minutes", 3, "waited 50 minutes"),
        ("3 - Waited 50 Minutes", 3, "Waited 50 Minutes"),
        ("waited 50 minutes, 3", 3, "waited 50 minutes"),
        ("等了50分钟，3", 3, "等了50分钟"),
        ("等了50分钟，给3分吧", 3, "等了50分钟"),
        ("打10086没人接，2", 2, "打10086没人接"),
        ("Thanks for nothing. 2", 2, "Thanks for nothing."),
        ("great service 10", 10, "great service"),
        ("服务很好10", 10, "服务很好"),
        ("3回复太慢", 3, "回复太慢"),
        ("3 排队太久", 3, "排队太久"),
        ("9 人很好", 9, "人很好"),
        ("nine, great service", 9, "great service"),
        ("9 100% satisfied", 9, "100% satisfied"),
        ("1, call me 13800138000", 1, "call me 13800138000"),
        ("10 been here since 2005", 10, "been here since 2005"),
        ("9 thanks, don't stop the good work", 9, "thanks, don't stop the good work"),
        ("2 tellers were there, 8", 8, "2 tellers were there"),
        ("2️⃣ 柜台关了😡", 2, "柜台关了😡"),
        ("The staff were nice so I'd give an 8", 8, "The staff were nice so I'd give an 8"),
        ("满分十分的话，我给八分吧，总体还可以", 8, "满分十分的话，我给八分吧，总体还可以"),
        ("Score:8 Comment:too slow", 8, "too slow"),
        ("score: 8\ncomments: waited 2 hours", 8, "waited 2 hours"),
        ("eight reason: too slow", 8, "too slow"),
        ("评分:8 意见:太慢", 8, "太慢"),
        ("評分：8　意見：太慢", 8, "太慢"),
        ("8分，原因：等太久", 8, "等太久"),
    ],
)
def test_a_score_and_words_are_both_kept(text: str, value: int, comment: str) -> None:
    assert read_reply(text, kind="nps") == Reply(value, comment, Action.RECORD)


@pytest.mark.parametrize(
    "text",
    [
        "7 or 8", "7-8", "7~8", "7、8", "7 8", "七八分", "seven or eight", "7或8", "7到8分", "between 7 and 8",
        "8.5", "8分半", "八分半",
        "8½", "8 and a half", "11", "100", "-1", "99999999999999999999999999", "3,000", "1/2", "4/5", "4 stars!!",
        "5星",
        "", "  ", "。", "😀", "👍", "?!", "13800138000", "10:30", "11分", "一百分", "eleven",
    ],
)  # fmt: skip
def test_a_number_that_may_be_another_is_asked_again(text: str) -> None:
    assert read_reply(text, kind="nps") == Reply(None, None, Action.ASK_AGAIN)


@pytest.mark.parametrize(
    "text",
    [
        "I was at counter 3", "3号窗口态度差", "waited 50 minutes", "no one helped me", "One of your staff was rude",
        "Two people served me", "3 people ahead of me", "3 or 4 people ahead of me", "2 tellers", "1 teller was rude",
        "5 minutes wait", "3天没人理", "9点到的", "一般", "十分满意", "一塌糊涂", "三分钟热度", "1. slow 2. rude",
        "1、排队久 2、态度差",
        "3 waited from 9 to 11", "第3次来了", "3rd visit", "waited until 5", "No. 1", "$5 fee", "5元手续费",
        "4S店", "十全十美",
        "it was perfect 7 or 8", "after about 5 / 10 minutes", "a 4-star hotel", "8、9万的车", "太差了", "terrible",
        "1分也不想给", "3分都嫌多", "Counter:8", "三选一", "选一个窗口都要等",
    ],
)  # fmt: skip
def test_a_number_that_counts_something_else_is_never_a_score(text: str) -> None:
    for kind in ("nps", "ces"):
        reply = read_reply(text, kind=kind)
        assert reply == Reply(None, text, Action.ASK_AGAIN)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("4 stars!!", "csat", 4), ("5星", "csat", 5), ("⭐⭐⭐⭐", "csat", 4), ("★★★☆☆",
        "csat", 3),
        ("4/5", "csat", 4), ("5", "csat", 5), ("满分", "csat", 5), ("7", "ces", 7), ("满分", "ces", 7), ("6/7",
        "ces", 6),
        ("1", "csat", 1), ("8 stars", "nps", 8),
    ],
)  # fmt: skip
def test_each_scale_has_its_own_ends(text: str, kind: str, value: int) -> None:
    assert read_reply(text, kind=kind) == Reply(value, None, Action.RECORD)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("0", "csat"), ("6", "csat"), ("10", "csat"), ("十分", "csat"), ("8", "ces"), ("0", "ces"), ("4/10", "csat")],
)
def test_a_number_off_the_scale_is_asked_again(text: str, kind: str) -> None:
    assert read_reply(text, kind=kind) == Reply(None, None, Action.ASK_AGAIN)


@pytest.mark.parametrize(
    ("text", "kind", "value", "comment"),
    [
        ("10 太差了", "nps", 10, "太差了"),
        ("10太差了", "nps", 10, "太差了"),
        ("1 excellent service", "csat", 1, "excellent service"),
        ("1分，服务非常好", "nps", 1, "服务非常好"),
        ("0 amazing staff, thank you", "nps", 0, "amazing staff, thank you"),
        ("5, worst bank ever", "csat", 5, "worst bank ever"),
        ("1 very easy", "ces", 1, "very easy"),
        ("7 太麻烦了", "ces", 7, "太麻烦了"),
    ],
)
def test_a_scale_read_upside_down_is_noticed(text: str, kind: str, value: int, comment: str) -> None:
    assert read_reply(text, kind=kind) == Reply(value, comment, Action.CONFLICT)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("10 not terrible at all", "nps"), ("1 not excellent", "csat"), ("2 服务不是很好", "nps"), ("9 excellent",
        "nps"),
        ("1 太差了", "csat"), ("3 excellent", "csat"), ("6 terrible", "nps"), ("10, other banks are terrible", "nps"),
        ("1 excellent staff but the queue was awful", "csat"), ("10 比别的银行糟糕的服务强", "nps"), ("1 slow",
        "csat"),
    ],
)  # fmt: skip
def test_words_that_can_go_with_the_number_are_no_conflict(text: str, kind: str) -> None:
    assert read_reply(text, kind=kind).action is Action.RECORD


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("EN", "en"), ("English", "en"), ("english please", "en"), ("in English", "en"), ("英文", "en"), ("ＥＮ",
        "en"),
        ("中文", "zh-Hans"), ("中文。", "zh-Hans"), ("Chinese", "zh-Hans"), ("请用中文", "zh-Hans"), ("说中文",
        "zh-Hans"), ("ZH", "zh-Hans"),
    ],
)  # fmt: skip
def test_a_language_is_asked_for_by_its_name(text: str, language: str) -> None:
    for kind in KINDS:
        assert read_reply(text, kind=kind) == Reply(None, None, Action.LANGUAGE, language)


@pytest.mark.parametrize("text", ["the English form was wrong", "中文表格写错了", "no Chinese speaking staff"])
def test_talk_about_a_language_is_a_comment(text: str) -> None:
    assert read_reply(text, kind="text") == Reply(None, text, Action.RECORD)


@pytest.mark.parametrize("kind", KINDS)
def test_reserved_words_win_over_every_question(kind: str) -> None:
    for text, action in (("STOP", Action.STOP), ("退订", Action.STOP), ("R", Action.STOP), ("td", Action.STOP),
                         ("START", Action.START), ("订阅", Action.START), ("?", Action.HELP),
                         ("帮助", Action.HELP)):  # fmt: skip
        assert read_reply(text, kind=kind) == Reply(None, None, action)


def test_a_wish_to_stop_is_granted_and_what_was_said_beside_it_is_kept() -> None:
    assert read_reply("1 terrible queue, stop texting me", kind="nps") == Reply(
        1, "terrible queue, stop texting me", Action.STOP
    )
    assert read_reply("3，别再发了", kind="nps") == Reply(None, None, Action.STOP)


def test_an_open_question_takes_any_words() -> None:
    for text in ("排队太久", "7 or 8", "3", "no", "I waited 50 minutes at counter 3"):
        assert read_reply(text, kind="text") == Reply(None, text, Action.RECORD)
    assert read_reply(" \x00 ", kind="text") == Reply(None, None, Action.ASK_AGAIN)
    assert read_reply("a\x00b\ud83d", kind="text") == Reply(None, "a b", Action.RECORD)


@pytest.mark.parametrize(
    ("text", "value", "comment"),
    [
        ("yes", 1, None), ("Yes!", 1, None), ("y", 1, None), ("是的", 1, None), ("解决了", 1, None),
        ("1", 1, None), ("no", 0, None),
        ("No.", 0, None), ("2", 0, None), ("0", 0, None), ("没有", 0, None), ("还没", 0, None), ("no thanks", 0, None),
        ("yes, but slow", 1, "but slow"), ("没有，还在等", 0, "还在等"), ("2 still waiting", 0, "still waiting"),
    ],
)  # fmt: skip
def test_yes_and_no_are_read_from_words_and_digits(text: str, value: int, comment: str | None) -> None:
    assert read_reply(text, kind="yes_no") == Reply(value, comment, Action.RECORD)


@pytest.mark.parametrize("text", ["no problem", "yes and no", "maybe", "3", "没问题", "1 or 2"])
def test_neither_yes_nor_no_is_asked_again(text: str) -> None:
    assert read_reply(text, kind="yes_no").action is Action.ASK_AGAIN


def test_a_choice_is_its_place_or_its_name() -> None:
    choices = ("yes", "partly", "no")
    for text, value in (("1", 1), ("2.", 2), ("③", 3), ("yes", 1), ("解决了一部分", 2), ("没解决", 3), ("partly", 2)):
        assert read_reply(text, kind="choice", choices=choices) == Reply(value, None, Action.RECORD)
    assert read_reply("3, still broken", kind="choice", choices=choices) == Reply(3, "still broken", Action.RECORD)
    for text, value in (("选一", 1), ("選一", 1), ("我选三吧", 3), ("揀二", 2)):
        assert read_reply(text, kind="choice", choices=choices) == Reply(value, None, Action.RECORD)
    for text in ("4", "选四", "选一个", "三选一", "选一二"):
        assert read_reply(text, kind="choice", choices=choices).action is Action.ASK_AGAIN
    assert read_reply("2", kind="choice", choices=("Waiting time", "Fees")).value == 2
    assert read_reply("fees", kind="choice", choices=("Waiting time", "Fees")).value == 2


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("1", "today"), ("１", "today"), ("today", "today"), ("今天", "today"), ("2", "tomorrow"), ("明天上午",
        "tomorrow"), ("3", "none"),
        ("不用打", "none"), ("不用联系我", "none"), ("No", "none"), ("please do not call", "none"), ("4", None),
        ("maybe", None),
        ("1 or 2", None), ("", None), ("terrible bank", None), ("2, after 10 am", "tomorrow"),
    ],
)  # fmt: skip
def test_whether_we_may_call_is_understood(text: str, choice: str | None) -> None:
    assert call_back_choice(text) == choice


def test_a_kind_that_does_not_exist_is_misuse() -> None:
    with pytest.raises(ValueError, match="slider"):
        read_reply("9", kind="slider")


anything = st.text(st.characters(), max_size=120) | st.text(
    st.sampled_from("0123456789 ,.-/分星十九一半orst👍️⃣🔟½②\x00\ud83d\n不好bad"), max_size=40
)


@given(anything, st.sampled_from(KINDS))
def test_any_text_whatever_gets_a_reading(text: str, kind: str) -> None:
    reply = read_reply(text, kind=kind, choices=("a", "b", "c"))
    assert isinstance(reply, Reply)
    if reply.action in (Action.RECORD, Action.CONFLICT) and kind != "text":
        low, high = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "yes_no": (0, 1), "choice": (1, 3)}[kind]
        assert reply.value is not None
        assert low <= reply.value <= high
    if reply.action is Action.ASK_AGAIN:
        assert reply.value is None
    if reply.comment is not None:
        assert reply.comment.strip()
        assert "\x00" not in reply.comment
        reply.comment.encode("utf-8")
    call_back_choice(text)


@given(st.integers(0, 10), st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=30))
def test_a_leading_score_is_never_changed_by_the_words_behind_it(score: int, words: str) -> None:
    reply = read_reply(f"{score}，{words}", kind="nps")
    assert reply.action in (Action.RECORD, Action.CONFLICT, Action.ASK_AGAIN, Action.STOP)
    assert reply.value in (score, None)


@pytest.mark.parametrize(
    "text",
    [
        "9 " * 2000,
        "9" * 4000,
        "九" * 4000,
        "星" * 4000,
        "7 or " * 800,
        "好" * 4000,
        "😀" * 4000,
        "give you " * 440,
        "1. a 2" * 660,
        "6错了改成" * 800,
        "today it " * 440,
        "would be 9 almost " * 220,
        "刚刚收到了谢谢" * 570,
    ],
)
def test_the_longest_text_is_read_at_once(text: str) -> None:
    began = time.process_time()
    for kind in KINDS:
        read_reply(text, kind=kind)
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("kind", "text", "value", "comment"),
    [
        ("nps", "服务不错 8 分", 8, "服务不错 8 分"),
        ("nps", "必须10分", 10, None),
        ("nps", "俾8分", 8, None),
        ("nps", "definately a 10", 10, None),
        ("yes_no", "yes but slowly", 1, "but slowly"),
        ("yes_no", "好了", 1, None),
        ("yes_no", "no it is not", 0, None),
        ("yes_no", "係", 1, None),
    ],
)
def test_people_write_as_they_speak(kind: str, text: str, value: int, comment: str | None) -> None:
    reply = read_reply(text, kind=kind, language="en")
    assert (reply.action, reply.value, reply.comment) == (Action.RECORD, value, comment)


@pytest.mark.parametrize(
    ("kind", "text", "value", "comment"),
    [
        ("nps", "7... no wait, make it 8", 8, None),
        ("nps", "我先打6，不对，打8", 8, None),
        ("nps", "9 not 8", 9, None),
        ("nps", "4, would have been a 9 without the wait", 4, "would have been a 9 without the wait"),
        ("nps", "满分10分我给8分", 8, "满分10分我给8分"),
        ("nps", "90%", 9, None),
        ("nps", "百分之九十", 9, None),
        ("nps", "十分之七", 7, None),
        ("nps", "number 9", 9, None),
        ("nps", "not at all likely", 0, None),
        ("csat", "very satisfied, thanks Jo", 5, "thanks Jo"),
        ("csat", "唔系几满意", 2, None),
        ("ces", "太麻烦", 1, None),
        ("yes_no", "my card came on Monday", 1, "my card came on Monday"),
        ("yes_no", "仲未收到呀", 0, "仲未收到呀"),
    ],
)
def test_a_number_taken_back_a_share_and_plain_words_are_answers(
    kind: str, text: str, value: int, comment: str | None
) -> None:
    assert read_reply(text, kind=kind) == Reply(value, comment, Action.RECORD)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("nps", "85%"),
        ("nps", "满分5分我给4分"),
        ("nps", "almost 9"),
        ("nps", "satisfied"),
        ("csat", "good"),
        ("csat", "satisfied?"),
        ("csat", "80%"),
        ("ces", "easy"),
        ("yes_no", "nothing, you were all great"),
        ("yes_no", "it will come"),
        ("yes_no", "收到短信了"),
    ],
)
def test_what_may_be_one_of_two_is_asked_again(kind: str, text: str) -> None:
    assert read_reply(text, kind=kind).action is Action.ASK_AGAIN


def test_yes_in_part_is_no_yes_and_a_list_knows_everyday_names() -> None:
    solved = ("解决了", "部分解决", "没解决")
    for text, value in (("解决了一部分", 2), ("没有解决", 3), ("都解决了，谢谢", 1), ("只解决了一部分", 2)):
        assert read_reply(text, kind="choice", choices=solved).value == value
    offered = ("Waiting time", "Staff", "Price", "Something else")
    for text, value in (("too slow", 1), ("rude staff", 2), ("太贵", 3)):
        assert read_reply(text, kind="choice", choices=offered).value == value
    assert read_reply("the wait and the price", kind="choice", choices=offered).action is Action.ASK_AGAIN
