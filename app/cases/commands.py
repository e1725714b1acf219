"""What a manager's text orders (pure): OK, CALLED, TO, DONE or ? with a case number, in either language."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """The five deeds by SMS, the list, and none of them."""

    OK = "ok"
    CALLED = "called"
    TO = "to"
    DONE = "done"
    DETAILS = "details"
    LIST = "list"
    NONE = "none"


@dataclass(frozen=True)
class Command:
    """An order as read; `code` is the case number as digits, `rest` the note, name or cause as it was typed."""

    verb: Verb
    code: str | None
    rest: str


_NOTHING = Command(Verb.NONE, None, "")
_WORDS = {
    Verb.CALLED: (
        r"called|phoned|rang|have called|i called|已联系上|已联系|联系过了|联系过|联系了|已聯繫|已聯絡|已致电|"
        r"已回电|已打电话|打过了|打过|已通话"
    ),
    Verb.OK: r"okay|ok|okk|k|ack|got it|mine|on it|收到了|收到|已收到|明白|我来|好的|好",
    Verb.TO: r"hand to|pass to|transfer to|to|转交给|转交|转给|转至|转|轉給|轉",
    Verb.DONE: r"done|closed|close|resolved|fixed|finished|已完成|完成|办结|已办结|办好了|办好|已解决|解决",
    Verb.DETAILS: r"\?+|details?|more|info|详情|查看|看",
}
_LIST = re.compile(r"\?+|list|my list|cases|清单|列表|我的")
_CODE = r"(?:(?:case|no|nr|number|编号|單號|单号|第)\s*[.:]?\s*)?#?\s*(?P<code>\d{3,6})(?!\d)"
_GAP = r"[\s,.:;!\-–—、]*"
_ORDERS = [
    (verb, re.compile(rf"(?:please |pls |请)?(?:{words}){_GAP}{_CODE}{_GAP}(?P<rest>.*)", re.DOTALL))
    for verb, words in _WORDS.items()
]
_TURNED = [
    (verb, re.compile(rf"{_CODE}{_GAP}(?:{words})(?![a-z\d]){_GAP}(?P<rest>.*)", re.DOTALL))
    for verb, words in _WORDS.items()
]
_BARE = [
    (verb, re.compile(rf"(?:{words})[\s.!~]*(?:thanks|thx|谢谢)?[\s.!]*"))
    for verb, words in _WORDS.items()
    if verb in (Verb.OK, Verb.CALLED, Verb.DONE)
]
_BARE_CAUSE = re.compile(rf"(?:{_WORDS[Verb.DONE]})\s*(?P<rest>[1-9])[\s.]*")
_BARE_NAME = re.compile(r"(?:(?:转交给|转交|转给|转至|轉給)\s*|[转轉]\s+)(?P<rest>[\u3400-\u9fff·]{2,4})[\s.]*")


def manager_command(text: str) -> Command:
    """Read a text from staff; what is no order is `none`. Without a case number only an unmistakable text is one."""
    folded, origin = _fold(text)
    if _LIST.fullmatch(folded.strip(" .!")):
        return Command(Verb.LIST, None, "")
    for verb, order in (*_ORDERS, *_TURNED):
        if found := order.fullmatch(folded):
            return Command(verb, found["code"], _as_typed(text, origin, found.start("rest")))
    if found := re.fullmatch(rf"{_CODE}[\s.]*", folded):
        return Command(Verb.DETAILS, found["code"], "")
    for verb, order in _BARE:
        if order.fullmatch(folded):
            return Command(verb, None, "")
    if found := _BARE_CAUSE.fullmatch(folded):
        return Command(Verb.DONE, None, found["rest"])
    if found := _BARE_NAME.fullmatch(folded):
        return Command(Verb.TO, None, found["rest"])
    return _NOTHING


def _fold(text: str) -> tuple[str, list[int]]:
    # One width and case, quotes off, and for every folded character its place in the original.
    start = len(text) - len(text.lstrip(" \t\r\n\"'“”‘’「」【】\ufeff\u200b"))
    folded: list[str] = []
    origin: list[int] = []
    for index in range(start, len(text.rstrip(" \t\r\n\"'“”‘’「」【】\x00"))):
        character = text[index]
        plain = unicodedata.normalize("NFKC", character).casefold().replace("。", ".")
        if unicodedata.category(character) == "Nd":
            plain = str(unicodedata.digit(character))
        folded.append(plain)
        origin += [index] * len(plain)
    return "".join(folded), [*origin, len(text)]


def _as_typed(text: str, origin: list[int], start: int) -> str:
    rest = text[origin[min(start, len(origin) - 1)] :].strip(" \t\r\n\"'“”‘’「」【】\x00")
    return "".join(" " if c == "\x00" or "\ud800" <= c <= "\udfff" else c for c in rest).strip()
