"""The words that stop, restart and explain (pure), in English and Chinese.

A wish to stop is honoured in any reasonable form (47 CFR 64.1200(a)(10)); a restart only by its own word.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from notifications.plain_words import fold

__all__ = ["Reserved", "classify", "fold", "is_stop", "maybe_stop"]

Reserved = Literal["stop", "start", "help"]

# Alone, but for politeness, each of these means stop; the first set cannot mean anything else.
PLAIN_STOP = frozenset(
    word.strip()
    for word in re.split(
        r"[|\n]",
        """stop|stopall|stop all|all stop|stopp|stp|sotp|stpo|stop it|stop this|stop that|stop them|stop these
stop everything|cease and desist|cease|desist|stop contact|no contact
stop texts|stop sms|stop surveys|stop messages|stop sending|stop texting|stop messaging
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

_HAN = "\u3400-\u9fff"

_COURTESY = r"please|pls|plz|kindly|thanks|thank you|thank u|thx|ty|many thanks|cheers|sir|madam|reply|send|text|txt"
_FILLER = (
    _COURTESY
    + r"|hi|hello|hey|ok|okay|sorry|just|now|right now|immediately|asap|at once|already|again|for good|forever|"
    r"i said|i say|i want to|i want you to|id like to|i would like to|i wish to|can you|could you|would you|will you|"
    r"i (?:have |already |had )*(?:told|asked|said to|begged)(?: you)?(?: guys| people)?(?: already| before| twice)*"
    r"(?: to)?|how (?:do|can|would) (?:i|you|we)|how to|tell me how to|is there a way to|for the last time|"
    r"for (?:gods|christs|heavens|fucks|petes) sake|ffs|omg|jesus|enough|seriously|need you to|"
    r"not interested|no thanks|no thank you|go away|mate|man|bro|dude|love|folks|la|lah|lor|leh|ah|can|thanx|tq|"
    r"to end|to stop|to opt out|to unsubscribe|2 end|so|and|me|bye|guys|you"
)
_HAN_COURTESY = r"请回复|回复|请|谢谢您|谢谢你|谢谢|多谢|谢了|麻烦|您好|你好|好的|拜托|了|吧|啊|呀|哦|啦|呢|的"
_HAN_FILLER = (
    _HAN_COURTESY
    + r"|你们|您们|我说了|我说|我要|我想|我|能不能|可不可以|能否|可以|以后都|以后|今后|从今以后|真的|求求|都|"
    r"立即|立刻|马上|现在|全部|一律|烦请|希望|烦死了|烦死人|好烦|真烦|很烦|太烦|烦人|讨厌|受够了|够了|没完没了|警告|最后一次|再说一遍|而且|但是|但|还有|就"
)

_MESSAGES = r"(?:text messages?|texts?|messages?|msgs?|sms(?:es)?|surveys?|questionnaires?|spam|notifications?)"
_CONTACT = rf"(?:{_MESSAGES}|(?:text |sms |phone )?(?:communications?|correspondence|promos?|promotions?)|contact)"
_NUMBER = r"(?:my|this) (?:phone |mobile |cell |tel )?(?:number|num|no|nr|mobile|mob|cell|phone)(?: number| no)?"
_THESE = r"(?:(?:all|any|these|those|this|that|the|your|such|more|further|of|with|sending|receiving|getting|me|us) )*"
_TAIL = r"(?: (?:again|any ?more|ever|ever again|at all|from you|to me|to this number|now|please|already))*$"
# Each reads one clause, politeness taken off both ends.
_WISHES = re.compile(
    "|".join(
        (
            rf"^(?:stop|quit|cease) {_THESE}{_CONTACT}{_TAIL}",
            (
                r"\b(?:stop|quit|cease) (?:texting|txting|messaging|contacting|smsing|spamming|bothering|bugging|"
                r"annoying|hassling|pinging|nagging|harassing|pestering|disturbing|surveying|writing to|sending to|"
                r"asking|sending things to) (?:me|us|this number|my)\b"
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
                rf"\b(?:do not|dont|no longer|not) (?:(?:want|wish|need|care|consent|agree)(?: to)?|like to)"
                rf"(?: receive| get| be sent)? {_THESE}{_MESSAGES}{_TAIL}"
            ),
            r"\b(?:do not|dont|no longer) (?:want|wish|like) to be (?:texted|messaged|contacted|surveyed|bothered)\b",
            rf"^(?:no more|cancel) {_THESE}{_CONTACT}{_TAIL}",
            (
                rf"\b(?:take|get|strike) (?:me|us|{_NUMBER}) (?:off|out of|from)\b"
                r"(?! .{0,15}\b(?:waiting|wait|guest)\b).{0,20}\b(?:lists?|system|databases?|db|records)\b"
            ),
            (
                rf"^(?:remove|delete|erase|lose|block) (?:me|{_NUMBER})(?: (?:from|off))?"
                rf"(?: (?!account|card|queue|wait|profile|loan|policy|file)\w+){{0,4}}(?:$| {_MESSAGES}$)"
            ),
            rf"\b(?:unsubscribe|opt) (?:me|us|{_NUMBER})(?: (?:out|from|of))*(?: {_THESE}{_MESSAGES})?{_TAIL}",
            (
                rf"\b(?:want|wish|like|need|how (?:do|can) i|going) (?:to )?(?:unsubscribe|opt out)(?: (?:from|of))?"
                rf"(?: {_THESE}{_MESSAGES}| this| these| it)?{_TAIL}"
            ),
            rf"^(?:unsubscribe|opt out)(?: (?:from|of))? (?:all$|{_THESE}{_MESSAGES}{_TAIL})",
            r"^leave (?:me|us) (?:alone|be|in peace)$",
            r"^(?:to )?be (?:removed|taken off|deleted) (?:from |off )?(?:\w+ ){0,2}(?<!waiting )(?:lists?|database)$",
            r"^i (?:withdraw|revoke) (?:my )?(?:consent|permission)\b",
        )
    )
)
_THING = (
    r"(?:这些|这种|这类|此类|那些|你们|的|任何|什么|"
    r"垃圾|骚扰|营销|推广|广告|调查|问卷|满意度|调研|类|等|所有|全部|这个)*"
)
_HAN_MESSAGE = r"(?:短信息|短信|短消息|信息|消息|问卷|调查|广告|推送|东西|sms|msg|messages?|text|survey)"
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
            (
                r"(?:把|将)?(?:我的?|这个|本人)(?:手机|电话)?(?:号码?|电话|手机)(?:从.{0,8}?)?"
                rf"(?:删除|删|移除|去|拉黑|清除)(?:掉|走)?{_HAN_END}|"
                rf"(?:删除|删掉|移除|去掉)(?:我的?|这个)(?:手机|电话)?(?:号码?|电话)(?:资料)?{_HAN_END}"
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
# Alone, these may be meant for the texts or for the question: nobody guesses.
_REFUSALS = frozenset(
    word.strip()
    for word in re.split(
        r"[|\n]",
        """enough|enough is enough|not interested|im not interested|no interest|go away|get lost|get stuffed|piss off
fuck off|fck off|fk off|f off|eff off|sod off|bugger off|shut up|leave it|give it a rest|end this|end it
cancel it|cancel this|i dont do surveys
dont do surveys|no surveys|not doing this|not doing surveys|not doing a survey|i decline|decline
够了|烦|好烦|烦死|烦死了|真烦|太烦|讨厌|滚|滚开|滚蛋|走开|不感兴趣|没兴趣|没有兴趣|不要|不要了|别问|别问了|别再问
不想回答|不想答|不回答|拒绝回答|不填|不想填|不做问卷|不做调查|不想做""",
    )
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
    if is_stop(text):
        return False
    folded = fold(text)
    refused = len(folded) <= 40 and any(form in _REFUSALS for form in _peeled_both(folded))
    return refused or _STOP_LIKE.search(_OTHER_STOPS.sub(" ", folded)) is not None


def _clauses(text: str) -> Iterator[str]:
    wide = unicodedata.normalize("NFKC", text).replace("\u2019", "'")
    for clause in re.split(r"[.,;:!?\u2026\u3001\u3002\n\r]+|(?<=[\u3400-\u9fff])\s|\s(?=[\u3400-\u9fff])", wide):
        if folded := fold(clause):
            yield folded


def _bare(folded: str, words: str, han: str) -> str:
    *_, bare = _peeled(folded, words, han)
    return bare


def _peeled(folded: str, words: str, han: str, *, tails: bool = True) -> Iterator[str]:
    """The text, and what is left each time a polite word is taken off; the last has none at either end."""
    yield folded
    if len(folded) > 200:
        return
    head = re.compile(rf"(?:(?:{words})\b ?|(?:{han}) ?)")
    tail = re.compile(rf" ?(?:\b(?:{words})|(?:{han}))$" if tails else r"(?!)")
    # The end first: in "stop it please" only the end is polite. Nothing that would leave an empty text is taken off.
    for pattern, search in ((tail, tail.search), (head, head.match)):
        while (found := search(folded)) and (rest := pattern.sub("", folded, count=1).strip()):
            if found.end() == found.start():
                break
            folded = rest
            yield folded


def _peeled_both(folded: str) -> Iterator[str]:
    """Whatever is left with fewer fillers before it, behind it, or both: in "do not contact me" the last is none."""
    for form in _peeled(folded, _FILLER, _HAN_FILLER, tails=False):
        yield from _peeled(form, _FILLER, _HAN_FILLER)


def _only_stops(folded: str) -> bool:
    if len(folded) > 80:
        return False
    if any(form in PLAIN_STOP for form in _peeled_both(folded)):
        return True
    letters = folded.split()
    if len(letters) > 1 and all(len(letter) == 1 for letter in letters) and "".join(letters) in PLAIN_STOP:
        return True  # "S T O P"
    words = [word for word in letters if not word.isdigit()]
    return bool(words) and all(word in PLAIN_STOP or word == "please" for word in words) and words != ["please"]


def _is_wish(clause: str) -> bool:
    # A longer clause tells a story; a wish is short. The bound also keeps the patterns quick on any input.
    if len(clause) > 100:
        return False
    if _HAN_WISHES.fullmatch(clause.replace(" ", "")) or _HAN_WISHES.fullmatch(
        _bare(clause, _FILLER, _HAN_FILLER).replace(" ", "")
    ):
        return True
    return not _OTHER_STOPS.search(clause) and any(map(_WISHES.search, _peeled_both(clause)))


def _is_question_mark(text: str) -> bool:
    return set(unicodedata.normalize("NFKC", text).strip()) == {"?"}
