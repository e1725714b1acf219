"""What a reply by SMS means (pure): a score, words, both, or a wish; a wrong number is worse than asking again."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from notifications import optout_words
from surveys.responses.calltimes import CallTime, call_time
from surveys.responses.numbers import Folded, Number, Role, fold, numbers
from surveys.scoring.language import simplified

Kind = Literal["nps", "csat", "ces", "yes_no", "choice", "choices", "text", "callback"]

_SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "yes_no": (0, 2)}
# A score outside these, beside words that cannot go with it, was the scale read upside down.
_ENDS = {"nps": (3, 8), "csat": (2, 4), "ces": (2, 6)}


def _words(block: str) -> frozenset[str]:
    return frozenset(word.strip() for word in re.split(r"[|\n]", block) if word.strip())


_LANGUAGES = {
    **dict.fromkeys(_words("en|eng|english|in english|英文|英语|英文版|english version"), "en"),
    **dict.fromkeys(
        _words("zh|cn|chinese|in chinese|mandarin|zhongwen|中文|中|汉语|华语|华文|中文版|普通话|国语"), "zh"
    ),
    **dict.fromkeys(_words("简体|简体中文|簡體|簡體中文|simplified|simplified chinese|zh-hans|zh-cn"), "zh-Hans"),
    **dict.fromkeys(
        _words(
            """繁體|繁体|繁體中文|繁体中文|正體|正體中文|繁體字|繁体字|國語|漢語|華語
            traditional|traditional chinese|zh-hant|zh-tw|zh-hk"""
        ),
        "zh-Hant",
    ),
}
_LANGUAGE_FILLER = re.compile(
    r"\b(?:please|pls|thanks|speak|use|in|to|switch|change)\b|请|用|说|换成|切换|要|谢谢|吧|版"
)

# Words that carry nothing but the number beside them.
_FILLER = frozenset(
    re.findall(
        r"\S+",
        """i id ill i'd i'll im i'm would will say said give gave giving rate rated rating score scored my is its
        it's it a an the you u your them this that so um hmm well maybe probably about think guess
        answer reply number of to at as for from me us please pls plz thanks thank thx ty ok okay yes
        yep hi hello hey dear sorry meant mean make should be definitely just only solid easily overall
        service visit bank experience recommend recommendation sir madam team today sure honestly
        definately definitly
    deserve deserves deserved likely point points star stars mark marks on scale out full big strong
        straight absolute sms nps csat ces go with choose pick option harbour been""",
    )
)
_HAN_FILLER = re.compile(
    r"我觉得|我认为|我感觉|我选择|我选|我会|我就|我|给您们|给你们|给您|给你|给|打个|打|评价|评个|评|应该是|"
    r"应该|大概|大约|差不多|可能|选择|选|"
    r"回复|答案|答|评分|打分|分数|分|满意度|你们|您们|贵行|您|你|谢谢|多谢|请|嗯|哦|啊|呢|呀|吧|了|的|好的|"
    r"那就|那|还是|算是|算|值|就是|就|是|为|"
    r"必须|必|俾|这次|本次|今天|总体|整体|综合|推荐|愿意|改成|改为|更正|刚才|打错|说错|不好意思|抱歉|对不起|个|颗星|星|服务"
)
_FULL_MARKS = re.compile(
    r"(?:我?(?:给|打|评)?(?:你们|您|个)?)?满分|满星|(?:full|top|maximum|max) (?:marks?|points?|score|stars?)"
)
_SEPARATED = re.compile(r"\s*(?:$|[,.;:!?…、~()\-–—\n\r]|\s[\-–—])")
_BREAK = re.compile(r"[,.;:!?…、\n\r()]+|\s[\-–—]\s")
_TURN = re.compile(_BREAK.pattern + r"|\s(?=(?:but|though|although|because)\b)|(?=但|不过|可是|因为)")
_LISTED = re.compile(r"(?:^|\s)1\s*[.)、:].{2,}?(?<!\d)2\s*[.)、:]", re.DOTALL)
_BEFORE_LAST = re.compile(
    r"(?:\b(?:good|great|excellent|perfect|fine|nice|bad|poor|terrible|awful|slow|rude|friendly|amazing|love|"
    r"happy|service|"
    r"experience|satisfied|disappointed|thanks|you|overall|score|rating)|[好差慢快棒烂意糟赞错]|太.了)\s*$"
)

_HARSH = re.compile(
    r"\b(?:terrible|awful|horrible|worst|disgusting|appalling|dreadful|atrocious|pathetic|useless|rubbish|disgrace\w*|"
    r"unacceptable|very bad|so bad|really bad|very poor|never again|nightmare)\b|"
    r"太差|很差|极差|最差|真差|超差|差劲|差评|糟糕|糟透|垃圾|恶劣|烂透|太烂|真烂|气死|再也不来|失望透顶|"
    r"非常不满|很不满|极其不满|坑人|骗子|恶心"
)
_KIND = re.compile(
    r"\b(?:excellent|amazing|fantastic|wonderful|perfect|outstanding|superb|awesome|brilliant|very good|great service|"
    r"love it|loved it|the best|very happy|very satisfied|very helpful|very friendly|well done)\b|"
    r"太好了|很好|非常好|特别好|真好|挺好|非常满意|很满意|十分满意|特别满意|太棒|很棒|真棒|完美|优秀|好评|点赞|太赞"
)
_EASE = re.compile(r"\b(?:very|so|super|really) (?:easy|simple)\b|很省事|很简单|很方便|很容易|非常方便|太方便|非常简单")
_EFFORT = re.compile(
    r"\b(?:very|so|really|too) (?:hard|difficult|complicated)\b|很费事|太费事|太麻烦|很麻烦|太难|太复杂"
)
# What turns such a word round, or speaks of somebody else.
_TURNED = re.compile(
    r"\b(?:not|isn't|wasn't|aren't|weren't|don't|didn't|doesn't|never|no|nothing|hardly|far from|less than|"
    r"could be|almost|"
    r"used to|normally|usually)(?: \w+){0,2} $|(?:不|没|没有|不是|并非|谈不上|算不上|不太|称不上|别的|其他|"
    r"以前|原来|本来|希望)(?:是|那么|太)?$"
)
_CONTRAST = re.compile(
    r"\b(?:but|however|though|although|except|other banks?|than|until|apart from)\b|但|不过|虽然|除了|可是|"
    r"就是|别的银行|其他银行|比"
)

_YES = _words(
    """yes|y|yeah|yep|yup|ya|sure|correct|true|absolutely|definitely|of course|it is|it was|they did
    yes thanks|yes thank you|yep thanks|yup thanks|yes please|yes it is|yes it was|👍|好了|弄好了|搞定|搞定了|系
    是|是的|对|对的|好|好的|嗯|有|有的|可以|行|解决了|已解决|已经解决|已经解决了|办好了|愿意|会|当然|没错"""
)
_NO = _words(
    """no|nope|nah|not|false|never|no thanks|no thank you|not really|not yet|not at all|it is not|it isnt|it was not
    no it is not|no it isnt|no it was not|no it wasnt|no they did not|no they didnt|it wasnt|they did not|they didnt
    未|唔系|👎|不|不是|不是的|没有|没|否|不行|不可以|没解决|没有解决|未解决|还没|还没有|不愿意|不会|不对|不好|没办好"""
)
_CHOICES = {
    "yes": _YES,
    "no": _NO | {"not fixed", "no call"},
    "partly": frozenset(
        _words("partly|partially|half|somewhat|some|a bit|a little|部分|一部分|一半|解决了一部分|部分解决|有一点")
    ),
    "today": _words("today|this afternoon|now|今天|今日|现在|今天下午"),
    "tomorrow": _words("tomorrow|tmr|tomorrow morning|明天|明日|明天上午|明早"),
    "none": _words(
        """no|no thanks|no call|do not call|dont call|do not call me|dont call me|please do not call|please dont call
            please do not call me|please dont call me|no need|不用|不用打|不用打了|不必
        不要打|不需要|别打|不用了|不用联系|不用联系我|不要打电话|不用打电话"""
    ),
}


class Action(StrEnum):
    """What to do with a reply."""

    RECORD = "record"
    ASK_AGAIN = "ask_again"
    CONFLICT = "conflict"
    STOP = "stop"
    START = "start"
    HELP = "help"
    LANGUAGE = "language"


@dataclass(frozen=True)
class Reply:
    """A reply as read: `comment` may hold words worth keeping when asked again; `language` is the one they want.

    `values`: the places of the answers chosen where several may be.
    """

    value: int | None
    comment: str | None
    action: Action
    language: str | None = None
    values: tuple[int, ...] = ()


def read_reply(
    text: str,
    *,
    kind: Kind | str,
    language: str = "en",
    choices: Sequence[str] = (),
    labels: Sequence[Collection[str]] = (),
) -> Reply:
    """Read any text whatever as the answer to one question.

    Both languages are read whichever one was asked in. Yes is 1 and no is 0; a choice is its place, from 1; `labels`
    are what else each is called. A time to be called at is its day's place, the words its comment. Raises ValueError
    only for a kind that does not exist.
    """
    words = _clean(text)
    if reserved := optout_words.classify(words):
        return _wish(words, reserved, kind)
    if wanted := _language(words):
        # Whoever reads Traditional and writes "中文" wants what they had.
        if wanted == "zh":
            wanted = "zh-Hant" if language == "zh-Hant" else "zh-Hans"
        return Reply(None, None, Action.LANGUAGE, wanted)
    if kind == "text":
        said = bool(fold(words).text.strip())  # signs that nobody sees say nothing
        return Reply(None, words, Action.RECORD) if said else Reply(None, None, Action.ASK_AGAIN)
    if kind == "choices":
        return _several(words, choices, labels)
    if kind == "callback" and (when := call_time(words)) and (chosen := _day_offered(when, choices)):
        said_more = when.day == "later" or (when.after, when.before) != (None, None)
        return Reply(chosen, words if said_more else None, Action.RECORD)
    if kind in ("yes_no", "choice", "callback"):
        return _chosen(words, kind, choices, labels)
    if kind not in _SCALES:
        raise ValueError(f"there is no question kind {kind!r}")
    return _scored(words, kind)


def _day_offered(when: CallTime, choices: Sequence[str]) -> int | None:
    """The number of the choice that comes next to the day they named; a later one is not today, and its words count."""
    day = "tomorrow" if when.day == "later" else when.day
    return choices.index(day) + 1 if day in choices else None


def words_beside_a_wish(text: str) -> str | None:
    """What somebody said besides asking to stop: "Stop texting me, the teller was rude" is also a complaint."""
    words = _clean(text)
    parts = [part for part in _BREAK.split(fold(words).text) if part.strip() and not _only_filler(part)]
    return words if any(not optout_words.is_stop(part) for part in parts) else None


def call_back_choice(text: str) -> Literal["today", "tomorrow", "none"] | None:
    """The answer to "may we call you: 1 today, 2 tomorrow, 3 please do not"; None when it is something else."""
    options: tuple[Literal["today"], Literal["tomorrow"], Literal["none"]] = ("today", "tomorrow", "none")
    reply = _chosen(_clean(text), "choice", options)
    return options[reply.value - 1] if reply.value is not None else None


def _clean(text: str) -> str:
    # What a database cannot store: NUL and halves of surrogate pairs.
    return "".join(" " if c == "\x00" or "\ud800" <= c <= "\udfff" else c for c in text).strip()


def _wish(words: str, reserved: optout_words.Reserved, kind: str) -> Reply:
    action = Action(reserved)
    if action is Action.STOP and kind in _ENDS:
        # "1 terrible, stop texting me" also says how it was.
        scored = _scored(words, kind)
        parts = [part for part in _BREAK.split(fold(scored.comment or "").text) if not _only_filler(part)]
        if scored.value is not None and not all(map(optout_words.is_stop, parts)):
            return Reply(scored.value, scored.comment, action)
    return Reply(None, None, action)


def _language(words: str) -> str | None:
    if len(words) > 40:
        return None
    folded = optout_words.fold(words)
    bare = " ".join(_LANGUAGE_FILLER.sub(" ", folded).split())
    return _LANGUAGES.get(folded) or _LANGUAGES.get(bare)


def _scored(words: str, kind: str) -> Reply:
    low, high = _SCALES[kind]
    folded = fold(words)
    number = _score(folded.text, low, high)
    if number is None or number.value is None:
        return Reply(None, _words_alone(folded, words), Action.ASK_AGAIN)
    comment = _comment(folded, words, number)
    disagree = comment is not None and _disagree(fold(comment).text, number.value, kind)
    return Reply(number.value, comment, Action.CONFLICT if disagree else Action.RECORD)


def _chosen(words: str, kind: str, choices: Sequence[str], labels: Sequence[Collection[str]] = ()) -> Reply:
    own = [frozenset(optout_words.fold(simplified(name)) for name in names) for names in labels] or [
        frozenset[str]()
    ] * max(len(choices), 2)
    if kind == "yes_no":
        sets = [_NO | own[1], _YES | own[0]]
        low, high = 0, 2
    else:
        keys = [_CHOICES.get(key, frozenset()) | {optout_words.fold(key)} for key in choices]
        sets = [frozenset(), *(known | names for known, names in zip(keys, own, strict=False))]
        low, high = 1, len(choices) or 9
    folded = fold(words)
    number = _score(folded.text, low, high)
    if number is not None and number.value is not None:
        value = number.value % 2 if kind == "yes_no" else number.value
        return Reply(value, _comment(folded, words, number), Action.RECORD)
    whole = optout_words.fold(simplified(words))
    head = _TURN.split(folded.text, maxsplit=1)[0]
    rest = words[folded.original(len(head)) :].lstrip(" ,.;:!?…，。；：！？、\n\r-") if head.strip() else ""
    for said, comment in ((whole, None), (optout_words.fold(head), rest or None)):
        found = [value for value, labels in enumerate(sets) if said and said in labels]
        if len(found) == 1:
            return Reply(found[0], comment, Action.RECORD)
    return Reply(None, _words_alone(folded, words), Action.ASK_AGAIN)


_SEVERAL = re.compile(r"\s*(\d(?:(?:\s*(?:[,.;/&+、]|and|和|跟)\s*|\s+)?\d)*)(?!\d)\s*(?:$|[,.;:!?\s-]+)")
_ALL = _words("all|all of them|all of the above|both|everything|全部|都有|都是|都用|以上都是|全都")


def _several(words: str, choices: Sequence[str], labels: Sequence[Collection[str]]) -> Reply:
    """Digits in any order ("1 3", "1,3", "13"), or the names of the choices; anything unclear is asked again."""
    folded = fold(words)
    if optout_words.fold(words) in _ALL:
        return Reply(None, None, Action.RECORD, values=tuple(range(1, len(choices) + 1)))
    found = _SEVERAL.match(folded.text)
    if found is not None:
        places = [int(digit) for digit in found[1] if digit.isdigit()]
        if len(set(places)) == len(places) and all(1 <= place <= len(choices) for place in places):
            rest = folded.text[found.end() :]
            if not numbers(rest):
                comment = None if _only_filler(rest) else words[folded.original(found.end()) :].strip()
                return Reply(None, comment, Action.RECORD, values=tuple(sorted(places)))
        return Reply(None, _words_alone(folded, words), Action.ASK_AGAIN)
    named = [
        _chosen(part.strip(), "choice", choices, labels).value
        for part in re.split(r"[,;/&+、，；\n]|\band\b|和", words)
        if part.strip()
    ]
    if named and all(value is not None for value in named):
        return Reply(None, None, Action.RECORD, values=tuple(sorted({value for value in named if value is not None})))
    return Reply(None, _words_alone(folded, words), Action.ASK_AGAIN)


def _score(text: str, low: int, high: int) -> Number | None:
    if full := _FULL_MARKS.fullmatch(text.strip(" .!~")):
        return Number(0, len(text), high, Role.SCORE) if full else None
    if _LISTED.search(text):
        return None
    found = [n for n in (_on_scale(number, high) for number in numbers(text)) if _counts(text, n)]
    if not found:
        return None
    first, last = found[0], found[-1]
    if _only_filler(text[: first.start]):
        return first if _leads(text, first, found[1:], low, high) else None
    scores = [n for n in found if n.role is Role.SCORE and (n.claimed or _alone(text, n))]
    usable = [n for n in found if n.value is None or low <= n.value <= high]
    if len({n.value for n in scores}) == 1 and _within(scores[0], low, high) and len({n.value for n in usable}) == 1:
        return scores[0]
    trails = _only_filler(text[last.end :]) and (
        _only_filler(_BREAK.split(text[: last.start])[-1]) or _BEFORE_LAST.search(text[: last.start])
    )
    return last if trails and _within(last, low, high) and len({n.value for n in usable}) == 1 else None


def _leads(text: str, first: Number, others: Sequence[Number], low: int, high: int) -> bool:
    if not _within(first, low, high):
        return False
    apart = first.role is Role.SCORE or _SEPARATED.match(text, first.end) is not None
    if first.role is Role.SPELLED and not (apart or _only_filler(text[first.end :])):
        return False
    rivals = [n for n in others if n.value != first.value and (n.value is None or low <= n.value <= high)]
    return not rivals or (apart and not any(_alone(text, n) or n.role is Role.SCORE for n in rivals))


def _on_scale(number: Number, high: int) -> Number:
    unfit = number.scale not in (None, high) or (number.stars and high != 5 and (number.value or 0) <= 5)
    enthusiastic = number.role is Role.UNCLEAR and number.value == high  # "10+" can only mean 10
    if enthusiastic:
        return Number(number.start, number.end, high, Role.SCORE)
    return Number(number.start, number.end, None, Role.UNCLEAR) if unfit or number.role is Role.UNCLEAR else number


def _counts(text: str, number: Number) -> bool:
    # A number word inside a sentence ("no one", "one of them") is only a word.
    return number.role is not Role.SPELLED or _alone(text, number)


def _within(number: Number, low: int, high: int) -> bool:
    return number.role is not Role.UNCLEAR and number.value is not None and low <= number.value <= high


def _alone(text: str, number: Number) -> bool:
    before = _BREAK.split(text[: number.start])[-1]
    behind = _BREAK.split(text[number.end :], maxsplit=1)[0]
    if number.role is Role.SPELLED and re.fullmatch(r"[^a-z]+", text[number.start : number.end]):
        return True
    return _only_filler(before) and _only_filler(behind)


def _only_filler(text: str) -> bool:
    rest = _HAN_FILLER.sub(" ", text)
    return all(word in _FILLER or not any(map(str.isalnum, word)) for word in re.findall(r"[\w']+", rest))


def _comment(folded: Folded, words: str, number: Number) -> str | None:
    before, behind = folded.text[: number.start], folded.text[number.end :]
    if _only_filler(before):
        if _only_filler(_unnumbered(behind)):
            return None
        return re.sub(r"^[\s,.;:!?…，。；：！？、)\-–—~]+", "", words[folded.original(number.end) :]) or None
    own = _BREAK.split(before)[-1]
    if not _only_filler(behind) or (number.role is Role.SCORE and not _only_filler(own)):
        return words
    end = number.start - len(own) if _only_filler(own) else number.start
    return re.sub(r"[\s,;:，；：、(\-–—~]+$", "", words[: folded.original(end)]) or None


def _words_alone(folded: Folded, words: str) -> str | None:
    return None if _only_filler(_unnumbered(folded.text)) else words


def _unnumbered(text: str) -> str:
    for number in reversed(numbers(text)):
        text = f"{text[: number.start]} {text[number.end :]}"
    return re.sub(r"[-+]?\d[\d.,/:]*|\b(?:or|and|to|between)\b|或者?|到|至|half|[⭐🌟★☆]", " ", text)


def _disagree(comment: str, value: int, kind: str) -> bool:
    low, high = _ENDS[kind]
    if low < value < high or _CONTRAST.search(comment):
        return False
    kind_words, harsh_words = _plain(_KIND, comment), _plain(_HARSH, comment)
    if kind == "ces":
        kind_words, harsh_words = kind_words or _plain(_EASE, comment), harsh_words or _plain(_EFFORT, comment)
    if kind_words == harsh_words:
        return False
    return kind_words if value <= low else harsh_words


def _plain(pattern: re.Pattern[str], comment: str) -> bool:
    found = list(pattern.finditer(comment))
    return bool(found) and not any(_TURNED.search(comment[: match.start()]) for match in found)
