"""Numbers in what a customer types (pure): found, valued, and told from minutes, counters and dates."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from surveys.scoring.language import simplified

_SPELLED = {
    0: "zero zer0 zeo nil nought naught",
    1: "one oen onee",
    2: "two twoo",
    3: "three thre threee theree",
    4: "four fuor foru fourr",
    5: "five fiev fve fiv fivee",
    6: "six sixx",
    7: "seven sevn sevenn sven",
    8: "eight eigth eigt eihgt eght eightt",
    9: "nine nien nin ninee nyne",
    10: "ten tenn",
    11: "eleven",
    12: "twelve",
    20: "twenty",
    50: "fifty",
    100: "hundred",
}
WORDS = {word: value for value, words in _SPELLED.items() for word in words.split()}
_HAN_DIGITS = {
    **{digit: value for value, digit in enumerate("零一二三四五六七八九")},
    **{digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "〇": 0,
    "两": 2,
    "兩": 2,
    "貳": 2,
    "參": 3,
    "陸": 6,
}
_HAN = "".join(_HAN_DIGITS) + "十拾百"

# What is counted is no score: the word behind the digits says so.
_COUNTED = re.compile(
    r"\s*(?:个|個|蚊|号|號|楼|层|天|次(?!品)|年(?!轻)|岁|元|块|万|千|百|亿|小时|分钟|分鐘|点钟|遍|星期|礼拜|公里|米|[%‰°]|"
    r"人(?!员|工|很|太|好|多|少|都|不)|位(?!置))|"
    r"(?:月|日|点(?!餐|单|名|评|赞)|點|时(?!间)|時(?!間)|秒|名(?!字|单)|张(?!经理|行长)|条(?!件)|台(?!阶)|件|"
    r"家(?!人|里)|回(?!复|答|应|家|来|电)|周(?!到)|度|折|倍|成(?!功)|排(?!队)|窗|柜|角|毛(?!病)|刻|笔|份|页|种|"
    r"项(?!目)|届|级|步(?!骤)|多|几)|"
    r"[-\s]*(?:minutes?|mins?|hours?|hrs?|h|secs?|seconds?|days?|weeks?|months?|years?|yrs?|am|pm|a\.m|p\.m|o'?clock|"
    r"percent|people|ppl|pax|persons?|men|man|women|woman|lady|guy|teller|staff|employee|counter|window|account|cards?|times?|"
    r"stars? (?:hotel|restaurant|resort)|"
    r"dollars?|bucks|yuan|rmb|euros?|pounds?|quid|km|miles?|k|g|m|x|st|nd|rd|th|other|different|thing|"
    rf"more(?! like (?:an? )?(?:\d|{'|'.join(WORDS)}))|"
    r"of|by(?! (?:mistake|accident))|children|kids|attempts?|tries|call|visit|branch|machine|phone|atms?|ft|feet|"
    r"jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\b|:\d\d|[a-z]{1,2}(?![a-z])|-stars?\b|分[钟鐘之行店享红公期]"
)
# Behind "5/10" these make a fraction of time or of people; "4/5 staff lovely" goes on with somebody else.
_LASTING = re.compile(
    r"\s*(?:分[钟鐘]|小时|天|次|人|%)|[-\s]*(?:minutes?|mins?|hours?|hrs?|h|secs?|days?|weeks?|months?|years?|yrs?|"
    r"am|pm|times?|percent|people|visits?|calls?|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\b|[:/]\d"
)
# A plural behind the digits is counted too, unless it is one of these.
_NO_PLURAL = re.compile(
    r"thanks|points|stars|marks|was|is|its|as|always|this|has|needs|seems|yes|plus|us|less|unless|sometimes|perhaps|"
    r"regards|bless|kudos|congrats|pls|cheers|works|obviously|does"
)
_BEFORE = re.compile(
    r"(?:[$¥€£#第]|\bno\.?|\bnumber|\bcounter|\bwindow|\broom|\bline|\bfloor|\bgate|[a-z]-|[点點时]半?)\s*$"
)
# "Only 1 toilet", "option 3 does not work".
_ONLY = re.compile(r"\b(?:only|just)\s*$")
_NOUN = re.compile(
    r"\s+(?!(?:sorry|thanks|thx|pls|please|stars?|points?|marks?|max|tbh|honestly|lah|though|today|terrible|awful|bad|"
    r"poor)\b)[a-z]{3,}\s*(?:$|[,.;!?])"
)
_OPTION = re.compile(r"\boption\s*$")
_FAILS = re.compile(r"\s+(?:(?:does|did|is|was|has|will|would)(?:n'?t| not| never)|never|not|keeps)\b")
# "Score:8" is no "counter:8", and "score: 8 comments: slow" counts no comments.
_NAMED = re.compile(r"\b(?:score|rating|answer|reply|nps|csat|ces):\s*$")
_HEADED = re.compile(r"\s+(?:comments|reasons|notes)\s*:")
_UNIT = re.compile(
    r"\s*(?:(?P<star>stars?\b(?! (?:hotel|restaurant|resort)s?\b)|颗星|星(?![期级座巴空]))|points?\b|pts?\b|marks?\b|"
    r"分(?![钟鐘之行店享红公期钱货饱熟])|颗(?!粒))"
)
_OUT_OF = re.compile(
    r"\s*(?:/|(?:out\s*(?:of|off|a)|outta|outa)(?: an?| the)?(?: (?:possible|max(?:imum)?|total)(?: of)?)?|of)\s*"
    rf"(?P<scale>\d+|{'|'.join(WORDS)})\b"
)
_PARTS = re.compile(rf"\s*分之\s*(?P<value>\d+|[{_HAN}]+)")  # "十分之九"
_EGG = re.compile(r"大?[鸡鸭]?蛋(?![糕白饭])")  # a nought
_FROM = re.compile(r"\s*from (?:me|us|my \w+|(?:both|all|each) of us)\b")
# What a phone hears for a number, before "out of ten".
_HEARD = {"ate": "8", "won": "1", "to": "2", "too": "2", "for": "4", "fore": "4", "sicks": "6", "nein": "9"}
_AS_HEARD = re.compile(rf"\b(?:{'|'.join(_HEARD)})\b(?=\s+out of (?:ten|10)\b)")
_HALF = re.compile(r"\s*(?:and a half|&? ?half|半|点[五5]|\+)")
_RANGE = re.compile(r"\s*(?:-|~|–|—|/|、|,|\.\.+|to|or|and|&|or maybe|至|到|或|或者|还是|和|跟)\s*")
_POINTED = re.compile(r"\b(?:this|that|each|any|every|which|no)\s+$")  # "this one" is no number
_SPAN = re.compile(r"(?:[-~–—、]|\s*(?:to|or|至|到|或|或者)\s*)\d")
_DENIED = re.compile(r"\s*(?:(?:都|也)(?:不|没|嫌)|还(?:不[想愿给要]|嫌|没有?资格))")  # "not even one point" is no one
# Before a number it says which one it is not: "not a 9", 唔系5, 不到5分.
NOT_THIS = re.compile(
    r"(?:\b(?:and |but )?(?:(?:definitely|certainly|absolutely|clearly) )?"
    r"(?:not|never|cannot|(?:would|could|should|ca|wo|do|does|did|is|was|are)n'?t|no way|nowhere near|far from)"
    r"(?: (?:really|even|quite|far off|be|give|giving|gave|say|rate|score|call|think|deserve|worth|it|its|it's|is|that|"
    r"this|you|u|them|an?|the))*|(?:而|并)?不是|并非|唔系|[不没未]到|不足|"
    r"[不唔]值得?|不配|"
    r"(?<!不得)[不没唔](?:会|想|能|可能|愿意?|打算)?再?(?:给|打|评|俾|畀)(?:你们|您们|你|您)?)\s*$"
)
_VERB = re.compile(
    r"(?:\b(?:give|gave|giving|rate|rated|rating|score|scored|say|deserves?|meant?|make it)\b|打|给|评|俾|畀|"
    r"(?<![\d零一二两三四五六七八九十几多])(?:选择?|拣))"
    r"(?:\s*(?:you|it|them|this|u|him|her|your|bank|service|branch|of|as|is|a|an|about|only|solid|at|the|个|"
    r"你们|您|你|了|它))*\s*$"
)
_TOKEN = re.compile(
    r"(?P<digits>(?<![\d.])(?P<sign>(?<![\w\d])[-\u2212])?\d+(?:,\d{3})*(?:\.\d+)?(?!\d))"
    rf"|(?<![a-z0-9'])(?P<word>{'|'.join(sorted(WORDS, key=len, reverse=True))})(?![a-z0-9'])"
    rf"|(?P<han>[{_HAN}]+)|(?P<stars>[⭐🌟★]{{2,5}}☆{{0,3}}|★☆{{4}})"
)


class Role(StrEnum):
    """What a number is for: a score by its own words, a number, a word that may be one, or none that can be used."""

    SCORE = "score"
    BARE = "bare"
    SPELLED = "spelled"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Number:
    """A number in folded text; the span includes its unit. `value` is None when it is not one whole number.

    `claimed`: the words around it say it is a score ("I give 8", "8 out of 10"), so it may stand inside a sentence.
    """

    start: int
    end: int
    value: int | None
    role: Role
    scale: int | None = None
    stars: bool = False
    claimed: bool = False


@dataclass(frozen=True)
class Folded:
    """Text in one width and case, with the place in the original of every character."""

    text: str
    origin: tuple[int, ...]

    def original(self, index: int) -> int:
        """Where a folded position stands in the original."""
        return self.origin[index]


def fold(source: str) -> Folded:
    """Fold width, case, keycaps and foreign digits; anything unprintable becomes a space."""
    characters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(source):
        folded = _folded(character)
        characters.append(folded)
        origin.extend([index] * len(folded))
    return Folded("".join(characters), (*origin, len(source)))


def _folded(character: str) -> str:
    if character.isascii():
        return character.lower() if character >= " " or character in "\n\r\t" else " "
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if character == "\U0001f51f":
        return " 10 "
    if category in ("Mn", "Me", "Cf"):
        return ""
    if category in ("Cc", "Cs", "Co", "Cn"):
        return " "
    plain = unicodedata.normalize("NFKC", character).casefold()
    if plain not in _HAN_DIGITS:
        plain = simplified(plain)
    if category == "No":
        return " half " if "\u2044" in plain else f" {plain} "
    return {"\u2019": "'", "\u2018": "'", "。": ". "}.get(character, plain)


def numbers(text: str) -> list[Number]:
    """Every number of folded text that may be a score, left to right; counted things, times and money are left out."""
    found = list(_found(text))
    for index in range(len(found) - 1):
        here, there = found[index], found[index + 1]
        if Role.SPELLED in (here.role, there.role) and here.role is not there.role:
            continue
        between = text[here.end : there.start]
        if between.strip() == "," and NOT_THIS.search(text[: here.start]):
            continue  # "not 5, 3"
        if _RANGE.fullmatch(between) and here.value != there.value:
            found[index] = replace(here, value=None, role=Role.UNCLEAR)
            found[index + 1] = replace(there, value=None, role=Role.UNCLEAR)
    return found


def _found(text: str) -> Iterator[Number]:
    text = re.sub(r"\b(?:24/7|7[- ]?eleven)\b", lambda named: " " * len(named[0]), text)
    text = re.sub(r"\b(?:1o|l0|i0)\b", "10", text)
    text = _AS_HEARD.sub(lambda heard: _HEARD[heard[0]].ljust(len(heard[0])), text)
    position = 0
    while match := _TOKEN.search(text, position):
        position = match.end()
        number = _read(text, match)
        if number is not None:
            position = max(position, number.end)
            yield number


def _read(text: str, match: re.Match[str]) -> Number | None:
    start, end = match.span()
    if match["stars"]:
        return Number(start, end, match["stars"].count("⭐") + _solid(match["stars"]), Role.SCORE, 5, stars=True)
    value = _value(match)
    spelled = match["digits"] is None
    before, behind = text[max(0, start - 40) : start], text[end : end + 24]
    if out_of := _OUT_OF.match(text, end):
        if _LASTING.match(text, out_of.end()):
            return None  # half an hour, three days in five
        scale = WORDS.get(out_of["scale"]) if not out_of["scale"].isdigit() else int(out_of["scale"][:6])
        return Number(
            start, out_of.end(), value, Role.SCORE, scale, claimed=not out_of.group().strip().startswith("of")
        )
    if (parts := _PARTS.match(text, end)) and not (match["han"] and start and _is_han(text[start - 1])):
        share = int(parts["value"]) if parts["value"].isdigit() else _han_value(parts["value"])
        return Number(start, parts.end(), share, Role.SCORE, value)
    unit = (value == 0 and _EGG.match(text, end)) or _UNIT.match(text, end)
    if re.search(r"\d[点點]\Z", before):
        return None
    if unit is None and match["digits"] is not None and _is_counted(match["digits"], before, behind):
        return None
    if match["word"] and (_COUNTED.match(behind) or _POINTED.search(before)):
        return None
    close = unit.end() if unit else end
    if half := _HALF.match(text, close):
        if half.group().strip() == "+":
            plus = re.compile(r"\++(?=\s*(?:$|[,.!?;:\n]))").match(text, half.end() - 1)
            if plus:  # at least that many
                return Number(start, plus.end(), value, Role.SCORE)
        return Number(start, half.end(), None, Role.UNCLEAR)
    if _SPAN.match(text, close) or _DENIED.match(text, close):
        return Number(start, close, None, Role.UNCLEAR)
    if spelled and match["han"] and not _stands_apart(text, start, close, bool(unit)):
        return None
    source = _FROM.match(text, close)
    claimed = source is not None or _VERB.search(before) is not None
    if unit or claimed:
        stars = bool(unit and unit.groupdict().get("star"))
        return Number(start, source.end() if source else close, value, Role.SCORE, stars=stars, claimed=claimed)
    return Number(start, close, value, Role.SPELLED if spelled else Role.BARE)


def _solid(stars: str) -> int:
    return stars.count("🌟") + stars.count("★")


def _value(match: re.Match[str]) -> int | None:
    if match["word"]:
        return WORDS[match["word"]]
    if match["han"]:
        return _han_value(match["han"])
    digits = match["digits"].replace(",", "")
    if match["sign"]:
        return None
    whole, _, rest = digits.partition(".")
    glued = rest and match.string[match.end() : match.end() + 1].isalnum()
    return int(whole) if len(whole) <= 9 and not rest.strip("0") and not glued else None


def _han_value(han: str) -> int | None:
    plain = han.replace("拾", "十")
    if "百" in plain:
        return 100
    if "十" in plain:
        tens, _, ones = plain.partition("十")
        if len(tens) > 1 or len(ones) > 1 or "十" in ones:
            return None
        return (_HAN_DIGITS[tens] if tens else 1) * 10 + (_HAN_DIGITS[ones] if ones else 0)
    # Two digits side by side mean "seven or eight".
    return _HAN_DIGITS[plain] if len(plain) == 1 else None


def _is_counted(digits: str, before: str, behind: str) -> bool:
    named = _NAMED.search(before) is not None
    glued = re.search(r"[a-z\d][.:]?\Z", before) is not None
    if _COUNTED.match(behind) or _BEFORE.search(before) or (glued and not named):
        return True
    if (digits == "1" and _ONLY.search(before) and _NOUN.match(behind)) or (
        _OPTION.search(before) and _FAILS.match(behind)
    ):
        return True
    if len(digits) >= 5 or re.fullmatch(r"(?:19|20)\d\d", digits):
        return True
    word = re.match(r"[^\S\n]+(?:[a-z]+ly )?([a-z]+)", behind)
    if word is None or digits == "1" or (named and _HEADED.match(behind)):
        return False
    noun = word[1]
    return noun.endswith("s") and not noun.endswith("ss") and not _NO_PLURAL.fullmatch(noun) and len(noun) > 2


def _stands_apart(text: str, start: int, end: int, has_unit: bool) -> bool:
    # 一 and 十 live inside other words (一般, 十分满意): a Han numeral counts between gaps, or as 三分 before words.
    before = (
        start == 0
        or not _is_han(text[start - 1])
        or text[start - 1] in "是系"
        or _VERB.search(text[max(0, start - 12) : start]) is not None
    )
    filled = re.compile(r"(?:吧|了|啊|呀|哦|呢|好评)*").match(text, end)
    close = filled.end() if filled else end
    behind = close == len(text) or not (_is_han(text[close]) or text[close].isalnum())
    return before and (behind or (has_unit and text[start:end] not in ("十分", "一分")))


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
