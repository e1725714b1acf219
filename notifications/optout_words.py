"""The words that stop, restart and explain (pure), in English and Chinese.

A wish to stop is honoured in any reasonable form (47 CFR 64.1200(a)(10)); a restart only by its own word.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

Reserved = Literal["stop", "start", "help"]

# Alone, but for politeness, each of these means stop; the first set cannot mean anything else.
PLAIN_STOP = frozenset(
    word.strip()
    for word in re.split(
        r"[|\n]",
        """stop|stopall|stop all|all stop|stopp|stp|sotp|stpo|stop it|stop this|stop that|stop them|stop these
stop everything|stop texts|stop sms|stop surveys|stop messages|stop sending|stop texting|stop messaging
unsubscribe|unsub|unsubscribed|unsubscibe|unsuscribe|unsubcribe|unsubscrib|unscribe|opt out|optout|opt me out|arret
no more|no more texts|st0p|cancel texts|cancel sms|cancel messages|cancel surveys
退订|退定|退丁|谢绝短信|取消订阅|拒收|拒绝接收|停止|停止发送|停发|停止订阅|勿扰|免打扰|请勿打扰|不要打扰|不订阅|不订|不订了|不再订阅""",
    )
)
CARRIER_STOP = frozenset(
    ["t", "td", "r", "n", "end", "cancel", "quit", "revoke", "remove", "停", "退", "取消", "退出", "拒绝"]
)
START = frozenset(["start", "unstop", "订阅", "恢复", "恢复订阅", "重新订阅"])
HELP = frozenset(["help", "info", "帮助"])

_SIMPLIFIED = str.maketrans(
    "訂閱絕發給騷擾煩請別謝復幫調問來嗎這種類廣麼從號碼該訊簡傳係",
    "订阅绝发给骚扰烦请别谢复帮调问来吗这种类广么从号码该讯简传系",
)
# What Cantonese and Taiwan say, in the words the wishes below are written in.
_ELSEWHERE = {
    "唔该": "",
    "唔好": "不要",
    "唔使": "不用",
    "唔想": "不想",
    "唔要": "不要",
    "咪再": "别再",
    "俾": "给",
    "畀": "给",
    "简讯": "短信",
    "短讯": "短信",
    "讯息": "信息",
    "再传": "再发",
    "传送": "发送",
    "传短信": "发短信",
    "传信息": "发信息",
}
_SAID_ELSEWHERE = re.compile("|".join(_ELSEWHERE) + r"|(?<![a-z])send(?![a-z])")
_HAN = "\u3400-\u9fff"

_COURTESY = r"please|pls|plz|kindly|thanks|thank you|thank u|thx|ty|many thanks|cheers|sir|madam|reply|send|text|txt"
_FILLER = (
    _COURTESY
    + r"|hi|hello|hey|ok|okay|sorry|just|now|right now|immediately|asap|at once|already|again|for good|forever|"
    r"i said|i say|i want to|i want you to|id like to|i would like to|i wish to|can you|could you|would you|will you|"
    r"to end|to stop|to opt out|to unsubscribe|2 end|so|and|me|bye|guys|you"
)
_HAN_COURTESY = r"请回复|回复|请|谢谢您|谢谢你|谢谢|多谢|谢了|麻烦|您好|你好|好的|拜托|了|吧|啊|呀|哦|啦|呢|的"
_HAN_FILLER = (
    _HAN_COURTESY
    + r"|你们|您们|我说了|我说|我要|我想|我|能不能|可不可以|能否|可以|以后都|以后|今后|从今以后|真的|求求|都|"
    r"立即|立刻|马上|现在|全部|一律|烦请|希望|而且|但是|但|还有|就"
)

_MESSAGES = r"(?:text messages?|texts?|messages?|msgs?|sms(?:es)?|surveys?|questionnaires?|spam|notifications?)"
_THESE = r"(?:(?:all|any|these|those|this|that|the|your|such|more|further|of|with|sending|receiving|getting|me|us) )*"
_TAIL = r"(?: (?:again|any ?more|ever|ever again|at all|from you|to me|to this number|now|please|already))*$"
# Each reads one clause, politeness taken off both ends.
_WISHES = re.compile(
    "|".join(
        (
            rf"^(?:stop|quit|cease) {_THESE}{_MESSAGES}{_TAIL}",
            (
                r"\b(?:stop|quit|cease) (?:texting|txting|messaging|contacting|smsing|spamming|bothering|"
                r"harassing|pestering|disturbing|surveying|writing to|sending to|asking|sending things to) "
                r"(?:me|us|this number|my)\b"
            ),
            rf"\b(?:stop|quit|cease) sending(?: me| us| it| them| this| these| that| those| stuff){{0,2}}{_TAIL}",
            rf"\b(?:stop|quit|cease) (?:sending|receiving|getting) {_THESE}{_MESSAGES}\b",
            (
                r"^(?:do not|dont|never|no need to) (?:ever |you )*(?:text|txt|message|msg|contact|sms|survey|spam|"
                rf"disturb|harass|bother|pester)(?: me| us| this number| my phone| again| any ?more)+{_TAIL}"
            ),
            (
                rf"^(?:do not|dont|never) (?:ever )?send(?: me| us)? (?:\w+ )?{_THESE}"
                rf"(?:{_MESSAGES}|these|this|anything|more){_TAIL}"
            ),
            (
                rf"\b(?:do not|dont|no longer|not) (?:want|wish|like|need|care|consent|agree)(?: to)?"
                rf"(?: receive| get| be sent)? {_THESE}{_MESSAGES}{_TAIL}"
            ),
            r"\b(?:do not|dont|no longer) (?:want|wish|like) to be (?:texted|messaged|contacted|surveyed|bothered)\b",
            rf"^(?:no more|cancel) {_THESE}{_MESSAGES}{_TAIL}",
            r"\b(?:take|get) (?:me|us|my (?:phone )?number|this number) (?:off|out of)\b.{0,20}\blists?\b",
            (
                r"^(?:remove|delete|erase|lose) (?:me|my (?:phone |mobile )?number|this number)"
                rf"(?: (?:from|off))?(?: \w+){{0,4}}(?:$| lists?$| {_MESSAGES}$)"
            ),
            rf"\b(?:unsubscribe|opt) (?:me|us|my number)(?: (?:out|from|of))*(?: {_THESE}{_MESSAGES})?{_TAIL}",
            (
                rf"\b(?:want|wish|like|need|how (?:do|can) i|going) (?:to )?(?:unsubscribe|opt out)(?: (?:from|of))?"
                rf"(?: {_THESE}{_MESSAGES}| this| these| it)?{_TAIL}"
            ),
            rf"^(?:unsubscribe|opt out)(?: (?:from|of))? (?:all$|{_THESE}{_MESSAGES}{_TAIL})",
            r"^leave (?:me|us) alone$",
        )
    )
)
_THING = (
    r"(?:这些|这种|这类|此类|那些|你们|的|任何|什么|"
    r"垃圾|骚扰|营销|推广|广告|调查|问卷|满意度|调研|类|等|所有|全部|这个)*"
)
_HAN_MESSAGE = r"(?:短信息|短信|短消息|信息|消息|问卷|调查|广告|推送|东西|sms)"
_HAN_END = r"(?:了|啦|吧|啊|呀|好吗|好不好|行吗|行不行|可以吗|吗|么|给我|给|过来|来)*"
_HAN_WISHES = re.compile(
    "|".join(
        (
            (
                r"(?:别|不要|不用|勿|莫|甭|不必|不许|不准|禁止|停止|少)"
                r"(?:再|在|继续|一直|总是?|老是?|天天|乱)*(?:给我|向我|往我手机|对我|群)?(?:乱)?"
                rf"(?:发送?|推送|群发)(?:我|本人)?{_THING}{_HAN_MESSAGE}?{_HAN_END}"
            ),
            (
                r"(?:别|不要|勿|莫|甭|不许|不准|禁止|停止)(?:再|来|继续|一直|老是?|总是?)*"
                rf"(?:骚扰|打扰|烦)(?:我们?|本人|别人|客户)?{_HAN_END}"
            ),
            rf"(?:别|不要|不用|不必|勿|不许|不准)再(?:给我|跟我|和我|来)*(?:联系|问)(?:我们?|本人)?{_HAN_END}",
            (
                r"(?:不想|不愿意?|不要|不希望|拒绝|谢绝|不再)(?:再|继续)*(?:收到?|接收|接受|看到?)(?:到)?"
                rf"{_THING}{_HAN_MESSAGE}{_HAN_END}"
            ),
            (
                r"(?:想|要|帮我|给我|申请|怎么|如何|怎样|请求)*(?:退订|退定|取消订阅|取消接收|取消发送|取消(?=短信)|拒收|停止接收)"
                rf"(?:掉|一下)?{_THING}(?:短信|信息|消息|推送)?(?:td|t|r|n|服务|通知)?{_HAN_END}"
            ),
            rf"(?:取消|停止|停掉|关掉|退掉|屏蔽)(?:发送|接收)?{_THING}(?:短信|推送|信息|消息|问卷|调查){_HAN_END}",
            (
                r"(?:退订|拒收|取消订阅)?(?:请)?(?:回复?|发送?)(?:td|t|r|n)(?:退订|拒收)?|"
                r"(?:td|t|r|n)(?:退订|拒收)|(?:退订|拒收)(?:td|t|r|n)"
            ),
            (
                r"(?:把|将)?我?(?:的号码|的手机号|的电话)?"
                rf"(?:拉黑|移出名单|从名单(?:中|里|上)?(?:删除|删掉|移除|去掉)){_HAN_END}"
            ),
        )
    )
)
_STOP_LIKE = re.compile(
    rf"\b(?:stop|unsubscri\w*|opt(?:ed|ing)? out|spam(?:ming|med)?|leave me alone|take me off|remove me|"
    rf"(?:too many|no more|enough) (?:\w+ )?{_MESSAGES}|"
    rf"(?:dont|do not|stop) (?:text|contact|message|bother)(?:ing)? me|"
    rf"cancel {_THESE}{_MESSAGES}|lose my number|delete my number|blocking you|harass\w*)\b"
    r"|退订|退定|拒收|取消订阅|停止(?:发|推送|短信|接收|骚扰|打扰)|(?:别|不要|不用|勿)再?(?:给我)?发(?![生放现展火货票卡])|"
    r"(?:别|不要|勿)再?(?:来)?(?:联系|烦|打扰|骚扰)|骚扰|短信太多|太多短信|不想收|不想再收|不参[加与]|"
    r"不想参[加与]|垃圾短信|拉黑|屏蔽|\U0001f6d1"
)
_OTHER_STOPS = re.compile(
    r"\b(?:dont|do not|never|not|wont|cant|cannot|didnt|couldnt|non|without|one|bus|tram|train|metro|full|pit|short)"
    r" stop\b|"
    r"\bstop (?:by|in|over|off|at|here|there|payments?|(?:a|the|my) (?:payment|cheque|check|card)|"
    r"cheques?|checks?|loss)\b|"
    r"(?:不好意思|抱歉|对不起|多有|怕)?打扰(?:您|你们|你)?了"
)


def classify(text: str) -> Reserved | None:
    """What a text asks of the channel itself; None when it is something else, however angry."""
    if _is_question_mark(text):
        return "help"
    if is_stop(text):
        return "stop"
    alone = _bare(fold(text), _COURTESY, _HAN_COURTESY)
    return "start" if alone in START else "help" if alone in HELP else None


def is_stop(text: str) -> bool:
    """Whether a text is a wish to get no more texts: a keyword alone or an unmistakable sentence."""
    whole = fold(text)
    if _bare(whole, _COURTESY, _HAN_COURTESY) in CARRIER_STOP or _only_stops(whole):
        return True
    clauses = list(_clauses(text))
    if any(_is_wish(clause) for clause in clauses):
        return True
    return bool(clauses) and (_only_stops(clauses[0]) or (len(whole) <= 40 and _only_stops(clauses[-1])))


def maybe_stop(text: str) -> bool:
    """Whether a text that is no stop speaks of stopping: ask the customer, and let a person read it within a day."""
    return not is_stop(text) and _STOP_LIKE.search(_OTHER_STOPS.sub(" ", fold(text))) is not None


def fold(text: str) -> str:
    """The text without case, width, punctuation and traditional forms, so that keywords compare."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLIFIED)
    plain = re.sub(r"['\u2018\u2019`\u00b4\u200b-\u200f\ufe0f]", "", plain)
    plain = re.sub(r"[^\w\U0001f6d1]+|_", " ", plain).strip()
    if any(sign > "\u3400" for sign in plain):
        plain = _SAID_ELSEWHERE.sub(lambda found: _ELSEWHERE.get(found[0], "发"), plain).strip()
    return re.sub(rf"(?<=[{_HAN}]) (?=[{_HAN}])", "", plain)


def _clauses(text: str) -> Iterator[str]:
    wide = unicodedata.normalize("NFKC", text).replace("\u2019", "'")
    for clause in re.split(r"[.,;:!?\u2026\u3001\u3002\n\r]+|(?<=[\u3400-\u9fff])\s|\s(?=[\u3400-\u9fff])", wide):
        if folded := fold(clause):
            yield folded


def _bare(folded: str, words: str, han: str) -> str:
    if len(folded) > 200:
        return folded
    head = re.compile(rf"(?:(?:{words})\b ?|(?:{han}) ?)")
    tail = re.compile(rf" ?(?:\b(?:{words})|(?:{han}))$")
    # The end first: in "stop it please" only the end is polite. Nothing that would leave an empty text is taken off.
    for pattern, search in ((tail, tail.search), (head, head.match)):
        while (found := search(folded)) and (rest := pattern.sub("", folded, count=1).strip()):
            if found.end() == found.start():
                break
            folded = rest
    return folded


def _only_stops(folded: str) -> bool:
    if len(folded) > 80:
        return False
    if folded in PLAIN_STOP or _bare(folded, _FILLER, _HAN_FILLER) in PLAIN_STOP:
        return True
    words = [word for word in folded.split() if not word.isdigit()]
    return bool(words) and all(word in PLAIN_STOP or word == "please" for word in words) and words != ["please"]


def _is_wish(clause: str) -> bool:
    # A longer clause tells a story; a wish is short. The bound also keeps the patterns quick on any input.
    if len(clause) > 100:
        return False
    if _HAN_WISHES.fullmatch(clause.replace(" ", "")) or _HAN_WISHES.fullmatch(
        _bare(clause, _FILLER, _HAN_FILLER).replace(" ", "")
    ):
        return True
    found = _WISHES.search(_bare(clause, _FILLER, _HAN_FILLER)) or _WISHES.search(clause)
    return found is not None and not _OTHER_STOPS.search(clause)


def _is_question_mark(text: str) -> bool:
    return set(unicodedata.normalize("NFKC", text).strip()) == {"?"}
