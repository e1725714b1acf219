"""The words that stop, restart and explain (pure), in English and Chinese.

A wish to stop is honoured in any reasonable form (47 CFR 64.1200(a)(10)); a restart only by its own word.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from notifications.plain_words import fold
from notifications.reserved_words import CARRIER_STOP, HELP, PLAIN_STOP, REFUSALS, START
from notifications.wishes_en import COURTESY, FILLER, MESSAGES, THESE, WISHES
from notifications.wishes_zh import HAN_COURTESY, HAN_FILLER, HAN_WISHES

__all__ = ["Reserved", "classify", "fold", "is_stop", "maybe_stop"]

Reserved = Literal["stop", "start", "help"]

_HAN = "\u3400-\u9fff"

# In a longer complaint these may be about the complaint.
_OF_ANYTHING = frozenset(
    [
        "stop it",
        "stop this",
        "stop that",
        "stop them",
        "no more",
        "desist",
        "cease",
        "no contact",
        "不订",
        "不订了",
        "停止",
    ]
)
# Not of the texts by themselves, but behind a complaint about texts.
_CANCELS = frozenset(["cancel", "remove", "end", "quit", "停", "退", "取消", "退出"])
_TOO_MANY = re.compile(
    rf"\b(?:too many|so many|constant|daily|endless|all these|every (?:day|week)|keep (?:getting|sending))\b"
    rf".*\b{MESSAGES}\b|"
    r"(?:天天|每天|老是?|总是?|一直|不停|整天|日日)(?:给我|在|都)?发|(?:短信|信息|问卷)(?:太多|没完|不断)|骚扰"
)
_NAMES = re.compile(r"(?:the|your|ur|my|those|all the) ")
_A_MESSAGE = re.compile(rf"\b{MESSAGES}\b")
_BARE_NUMBER = re.compile(r"[\d\s.,!/]*")  # most replies there are
_CLAUSE = re.compile(
    rf"[.,;:!?\u2026\u3001\u3002\n\r]+|(?<=[{_HAN}])\s|\s(?=[{_HAN}])|"
    r"(?<=[了吧啦呢])(?=(?:[请請求就]|麻烦|麻煩)?(?:你们|你們|您)?(?:[别別勿莫咪]|不要|唔好|不用再))"
)
_SENTENCE = re.compile(r"[.!?\u3002\uff01\uff1f\n\r]+")

# As every text of ours writes it, behind other words that are not shouted: "too slow STOP", "太慢了 TD".
_COMMANDED = re.compile(rf"(?:[a-z].*(?<!\bto )\b(?:STOP|UNSUBSCRIBE)|[{_HAN}].*(?<![A-Z])(?:STOP|TD))\W*$", re.DOTALL)

_STOP_LIKE = re.compile(
    rf"\b(?:stop|unsubscri\w*|opt(?:ed|ing)? out|spam(?:ming|med)?|leave me alone|take me off|remove me|"
    rf"(?:too many|no more|enough) (?:\w+ )?{MESSAGES}|sending me massages|"
    rf"(?:dont|do not|stop) (?:text|contact|message|bother)(?:ing)? me|"
    rf"cancel {THESE}{MESSAGES}|lose my number|delete my number|blocking you|harass\w*)\b"
    r"|退订|退定|拒收|取消订阅|停止(?:发|推送|短信|接收|骚扰|打扰)|(?:别|不要|不用|勿)再?(?:给我)?发(?![生放现展火货票卡])|"
    r"(?:别|不要|勿)再?(?:来)?(?:联系|烦|打扰|骚扰)|骚扰|短信太多|太多短信|不想收|不想再收|不参[加与]|"
    r"不想参[加与]|垃圾短信|拉黑|屏蔽|\U0001f6d1"
)
_ABOUT_US = (
    r"(?:rat(?:e|ing)|review|survey|feedback|scor|opinion|question|answer|repl|fill|visit|experience|service|how)"
)
_ASKED_ELSEWHERE = (  # "stop asking me for my PIN"
    rf"\b(?:stop|quit) asking (?:me|us) (?=(?:to|for|about|if|whether)\b)(?!.*\b{_ABOUT_US})"
)
# Of other people it may be said of a counter: we ask what is meant.
_OF_OTHERS = re.compile(
    r"\b(?:they|he|she|staff|(?:the|your|my) \w+) (?:should|must|needs? to|ought to|has to|have to) (?:please |just )?"
    r"(?:stop|quit) (?:asking|bothering|bugging|annoying|hassling|nagging|harassing|pestering|disturbing)\b"
)
_OTHER_STOPS = re.compile(
    rf"{_ASKED_ELSEWHERE}|"
    r"\b(?:dont|do not|never|not|wont|cant|cannot|didnt|couldnt|non|without|one|bus|tram|train|metro|full|pit|short)"
    r" stop\b|^if \w+ (?:ever )?stop\b|"
    r"\bstop (?:by|in|over|off|at|here|there|payments?|(?:a|the|my) (?:payment|cheque|check|card)|"
    r"cheques?|checks?|loss)\b|"
    r"(?:不好意思|抱歉|对不起|多有|怕)?打扰(?:您|你们|你)?了"
)


def classify(text: str) -> Reserved | None:
    """What a text asks of the channel itself; None when it is something else, however angry."""
    if _BARE_NUMBER.fullmatch(text):
        return None
    if _is_question_mark(text):
        return "help"
    if is_stop(text):
        return "stop"
    alone = _bare(fold(text), COURTESY, HAN_COURTESY)
    return "start" if alone in START else "help" if alone in HELP else None


def is_stop(text: str) -> bool:
    """Whether a text is a wish to get no more texts: a keyword alone or an unmistakable sentence."""
    if _BARE_NUMBER.fullmatch(text):
        return False
    whole = fold(text)
    if _bare(whole, COURTESY, HAN_COURTESY) in CARRIER_STOP or _only_stops(whole):
        return True
    clauses = list(_clauses(text))
    if not clauses:
        return False
    if any(_is_wish(clause) for clause in clauses) or _only_stops(clauses[0]):
        return True
    if len(whole) <= 160 and _COMMANDED.search(_wide(text)) and not _ends_otherwise(whole):
        return True
    last = clauses[-1]
    if len(whole) <= 40 and _only_stops(last) and last != "no more" and not _of_what_was_named(clauses):
        return True
    # In a longer text the word stands in a sentence of its own, or last, and can be of nothing else.
    alone = [last, *map(fold, _SENTENCE.split(text))] if len(whole) <= 160 else []
    if any(_only_stops(said) and not _OF_ANYTHING.intersection(_peeled_both(said)) for said in alone):
        return True
    return _bare(last, FILLER, HAN_FILLER) in _CANCELS and _TOO_MANY.search(whole) is not None


def maybe_stop(text: str) -> bool:
    """Whether a text that is no stop speaks of stopping: ask the customer, and let a person read it within a day."""
    if _BARE_NUMBER.fullmatch(text) or is_stop(text):
        return False
    folded = fold(text)
    refused = len(folded) <= 40 and any(form in REFUSALS for form in _peeled_both(folded))
    return refused or _STOP_LIKE.search(_OTHER_STOPS.sub(" ", folded)) is not None


def _clauses(text: str) -> Iterator[str]:
    for clause in _CLAUSE.split(_wide(text)):
        if folded := fold(clause):
            yield folded


def _ends_otherwise(whole: str) -> bool:
    return any(found.end() == len(whole) for found in _OTHER_STOPS.finditer(whole))


def _wide(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\u2019", "'")


def _of_what_was_named(clauses: list[str]) -> bool:
    """Whether "stop them" may be of a thing named before it: "the ads in your app, stop them"."""
    if len(clauses) < 2 or _OF_ANYTHING.isdisjoint(_peeled_both(clauses[-1])):
        return False
    return _NAMES.match(clauses[0]) is not None and not any(_A_MESSAGE.search(clause) for clause in clauses)


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
    for form in _peeled(folded, FILLER, HAN_FILLER, tails=False):
        yield from _peeled(form, FILLER, HAN_FILLER)


def _only_stops(folded: str) -> bool:
    if len(folded) > 80:
        return False
    if any(form in PLAIN_STOP for form in _peeled_both(folded)):
        return True
    letters = folded.split()
    if len(letters) > 1 and all(len(letter) == 1 for letter in letters) and "".join(letters) in {*PLAIN_STOP, "td"}:
        return True  # "S T O P"
    words = [word for word in letters if not word.isdigit()]
    return bool(words) and all(word in PLAIN_STOP or word == "please" for word in words) and words != ["please"]


def _is_wish(clause: str) -> bool:
    # A longer clause tells a story; a wish is short. The bound also keeps the patterns quick on any input.
    if len(clause) > 100:
        return False
    if HAN_WISHES.fullmatch(clause.replace(" ", "")) or HAN_WISHES.fullmatch(
        _bare(clause, FILLER, HAN_FILLER).replace(" ", "")
    ):
        return True
    if _OTHER_STOPS.search(clause) or _OF_OTHERS.search(clause):
        return False
    return any(map(WISHES.search, _peeled_both(clause)))


def _is_question_mark(text: str) -> bool:
    return set(unicodedata.normalize("NFKC", text).strip()) == {"?"}
