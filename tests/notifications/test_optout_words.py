"""STOP means stop, in any form a person would use, and nothing else is taken for it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.optout_words import classify, fold, is_stop, maybe_stop
from notifications.reserved_words import CARRIER_STOP, HELP, PLAIN_STOP, START

STOP = """STOP|stop.|Stop please|QUIT|END|REVOKE|OPT OUT|opt-out|CANCEL|UNSUBSCRIBE|TD|T|退订|取消订阅|拒收|R
Stop. Thank you|Stop, thank you very|退订!|退订！|ＴＤ|Ｔ|ｓｔｏｐ|"STOP"|“R”|【退订】|stop!!!|STOP STOP STOP
STOPALL|stop all|STOP 🙏
please stop|pls stop|Could you please stop|can you stop this|just stop it|Stop now|ok stop|STOP to end|Reply STOP
no, stop|R谢谢|T，谢谢
请退订|退订谢谢|退订 谢谢|谢谢，退订|麻烦退订|我要退订|怎么退订|退订短信|退訂|取消訂閱|退定|回复R|回复TD|回T退订
退订回T|TD退订|拒收请回复R|拒收R
stop asking me to rate you|stop asking me for feedback|you must stop asking me|stop asking me about my visit
stop texting me|Stop texting me!|please stop messaging me|stop contacting me|stop sending me these
Stop sending messages
stop the texts|stop these surveys please|STOP SENDING ME TEXT MESSAGES|quit spamming me|Stop bothering me with this
do not text me again|don't text me|Don’t contact me anymore|Please do not send me any more surveys
never message me again
I don't want any more texts|I no longer wish to receive these messages|No more surveys please|no more texts
take me off your list|Remove me from your list|remove my number|Unsubscribe me|opt me out please|I want to unsubscribe
I would like to opt out|how do I unsubscribe|leave me alone|unsubscibe|stp
别再发了|别发了|不要再发短信了|不要给我发短信|请不要再给我发这些短信|别再给我发调查问卷了|请勿再发|别烦我|别再打扰我
不要骚扰我|停止发送
不想再收到短信|我不想收到你们的短信|拒绝接收短信|取消短信|停止推送|以后别发了|你们能不能别再发了|别再联系我了
请停止发送短信|不要再發了
3，别再发了|1 stop texting me|5 STOP|STOP. I told you already|Not interested, STOP|服务很好，别再发短信了
s\u200btop
too slow STOP|9 quick and kind STOP!|Waited ages at the bus stop STOP|very poor UNSUBSCRIBE|太慢了TD|你们太差 STOP。"""

NOT_STOP = """10|9 thanks, don't stop the good work|I want to cancel my card|the end result was fine|8|9.|ten|3 等太久
never stop being this kind|I had to stop by twice|The bus stop is far|non-stop service
I kept asking them to stop the payment
cancel my credit card please|In the end it worked|I quit your savings plan|the tea was good|They never contact me back
You don't contact me when you should|stop sending me statements by post
staff should stop texting while serving customers
please stop the massages, they hurt|remove my account number from the form|delete my card number please
take my complaint off the record|别往这个号码打电话|把我妈的账户删了
stop massaging my arm|They should stop asking me for my ID every time
stop asking me for my PIN|the teller should stop bothering me
别再发错卡了|下次别再发生这种事了|取消了我的卡|我要取消信用卡|停车难|退休金|我要退订理财产品|不用打了|不用联系我
停电了|拒绝了我的贷款
waited at the bus STOP|they would not STOP|I came to a full STOP|I told the teller to STOP|it went on non STOP|我在ATD
N1|R2D2|T2|the R branch|end of month queue|opt for cash|one-stop shop|help me|START|info|?|订阅|不错|没有|不用|收到
取消预约|取消排队"""


def _lines(block: str) -> list[str]:
    return [text for line in block.splitlines() for text in line.split("|") if text]


@pytest.mark.parametrize("text", _lines(STOP))
def test_a_wish_to_stop_is_understood(text: str) -> None:
    assert is_stop(text)
    assert classify(text) == "stop"
    assert not maybe_stop(text)


@pytest.mark.parametrize("text", _lines(NOT_STOP))
def test_what_only_sounds_like_it_is_no_stop(text: str) -> None:
    assert not is_stop(text)
    assert classify(text) != "stop"


@pytest.mark.parametrize("keyword", sorted(PLAIN_STOP | CARRIER_STOP))
def test_every_keyword_stops_in_any_case_and_with_politeness(keyword: str) -> None:
    for text in (keyword, keyword.upper(), f" {keyword}. ", f"{keyword}!!", f"{keyword}, thanks", f"请{keyword}"):
        assert classify(text) == "stop", text


@pytest.mark.parametrize(
    "text",
    _lines("START|start.|Start please|UNSTOP|订阅|恢复|请恢复|訂閱|ＳＴＡＲＴ|“订阅”|恢复订阅|回复订阅"),
)
def test_only_its_own_words_restart(text: str) -> None:
    assert classify(text) == "start"


@pytest.mark.parametrize(
    "text", ["YES", "ok", "start over with my loan", "yes start", "restart", "不订阅", "好的", "恢复得不错", "继续"]
)
def test_nothing_else_restarts(text: str) -> None:
    assert classify(text) != "start"


@pytest.mark.parametrize("text", ["HELP", "help!", "Info", "帮助", "請幫助", "?", "？", " ?? ", "help please"])
def test_help_is_understood(text: str) -> None:
    assert classify(text) == "help"


@pytest.mark.parametrize("text", ["help me my card is gone", "why?", "Nobody could help", "信息", "", " ", "!", "。"])
def test_other_texts_are_no_call_for_help(text: str) -> None:
    assert classify(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "I get too many surveys from you",
        "you people are spamming, I have had it with this bank and its endless texts",
        "3 but stop",
        "Stop calling me about loans",
        "your bank has to stop doing this to old people",
        "你们这是骚扰",
        "短信太多了",
        "我不参加调查",
        "我要退订理财产品",
        "🛑",
        "enough",
        "N",
        "end this",
        "Not interested.",
        "go away",
        "fuck off",
        "ffs leave it",
        "I don't do surveys",
        "cancel it",
        "够了",
        "烦",
        "不要了",
        "滚",
        "不感兴趣",
        "唔要",
        "别问了",
        "the ads in your app, stop them",
        "the noise next door, stop it",
        "no sms pls",
        "no need send already",
        "i want out",
    ],
)
def test_talk_of_stopping_is_asked_about(text: str) -> None:
    assert maybe_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "9 thanks, don't stop the good work",
        "I want to cancel my card",
        "the bus stop is far",
        "non-stop service",
        "you never stop, well done",
        "9",
        "不好意思打扰了",
        "别再发生这种事了",
        "很好",
        "",
    ],
)
def test_a_plain_comment_is_not_asked_about(text: str) -> None:
    assert not maybe_stop(text)


def test_the_three_kinds_of_words_never_overlap() -> None:
    assert not (PLAIN_STOP | CARRIER_STOP) & START
    assert not HELP & (START | PLAIN_STOP | CARRIER_STOP)
    assert all(fold(word) == word for word in PLAIN_STOP | CARRIER_STOP | START | HELP)


@given(st.text(max_size=200))
def test_any_text_is_classified(text: str) -> None:
    assert classify(text) in ("stop", "start", "help", None)
    assert not (is_stop(text) and maybe_stop(text))


@pytest.mark.parametrize(
    "text",
    [
        "stop " * 800,
        "再" * 4000,
        "别" + "再" * 4000,
        "please " * 600,
        "的" * 4000,
        "no more " * 500,
        "谢谢" * 2000,
        "如果再" * 1300,
    ],
)
def test_the_longest_text_is_read_at_once(text: str) -> None:
    began = time.process_time()
    classify(text)
    maybe_stop(text)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "text",
    [
        "唔好再send俾我",
        "唔該唔好再send SMS俾我",
        "唔好再發",
        "不要再傳簡訊了",
        "別再傳了",
        "取消簡訊通知",
        "谢绝短信",
        "不用再联系我了",
        "发这么多短信，再发就拉黑你们",
        "I'd be grateful if you stopped contacting me",
        "would you mind not messaging me",
        "please refrain from texting me",
        "I never want to hear from you again",
        "you do not have my permission to text me",
        "text me again and i will report you",
        "I've moved and I don't bank here. Stop. Thanks",
        "stop texting my wife's phone",
        "every day another survey, cancel",
        "天天发短信，取消",
        "终止推送",
        "我不是你们客户，请将我移除",
        "服务很差了别再发了",
        "唔好再煩我啦",
        "Please cancel these texts",
        "unsubscribe from all",
        "ST0P",
        "T D",
        "Pls dont send anymore",
        "不接受短信",
        "退出短信",
        "不需要这些短信",
        "stop spamming",
        "i dont want to get these",
        "不想收到了",
        "可唔可以唔好再發",
        "你哋停咗啲短訊佢啦",
        "your texts are annoying, stop them",
        "I said no, stop this",
    ],
)
def test_the_wish_is_understood_as_it_is_texted_elsewhere(text: str) -> None:
    assert is_stop(text)


@pytest.mark.parametrize(
    "text",
    [
        "唔好意思，排咗好耐",
        "I did not like the survey",
        "take me off the waiting list",
        "if you stop texting me updates I'll miss my slot",
        "They stopped texting me when it was ready",
        "your fees are ridiculous and nobody explains them, stop it",
        "20 years a customer, no more.",
        "get me out of here",
        "I had to opt out of the scheme at the desk",
        "turn off the music in the waiting room",
        "they did surgery without my consent",
        "别再调查我的家庭情况了",
        "把我的卡注销了",
        "再发错一次我就投诉",
        "停止营业太早",
        "不再接收现金很不方便",
        "Ok, cancelled",
        "I didn't get your text",
        "佢哋send錯月結單俾我",
        "我冇收到簡訊通知",
        "cancel my card please",
        "I don't want to get these side effects again",
        "the ads in your app, stop them",
        "stop spamming the lift button",
        "可唔可以唔好再收費",
        "停咗我張卡",
        "不需要短信验证码",
        "dont send anymore old men to fix my boiler",
    ],
)
def test_what_only_sounds_like_it_is_no_wish(text: str) -> None:
    assert not is_stop(text)
