"""A scale answered in its own words instead of its numbers (pure): "very satisfied", 不太满意, "very easy".

Only the words of its ends and the common five steps of satisfaction; "good" may be one of two numbers, and is asked.
"""

import re

from surveys.responses.filler import TURN
from surveys.responses.numbers import Folded
from surveys.responses.saying import forms

_VERY = r"(?:very|extremely|completely|totally|really|highly|super|fully|absolutely|so|most|incredibly)"
_RATHER = r"(?:quite|fairly|pretty|mostly|somewhat|reasonably|generally|largely)"
_HAN_VERY = r"(?:非常|很|十分|特别|极其|极度|超级|超|相当|太|最|完全|万分|好)(?:之)?"
_HAN_RATHER = r"(?:比较|还算|基本上?|较|较为|挺|蛮|都算|几)"
_CONTENT = r"(?:satisfied|happy|pleased)"
_UPSET = r"(?:dissatisfied|unsatisfied|disatisfied|unhappy|displeased)"
_CONTENT_STEPS = {
    5: rf"{_VERY} (?:{_CONTENT}|well|good)|excellent|perfect|outstanding|superb|{_HAN_VERY}满意",
    4: rf"(?:{_RATHER} )?{_CONTENT}|{_HAN_RATHER}?满意",
    3: rf"neutral|neither(?: {_CONTENT} (?:n?or) {_UPSET})?|indifferent|so so|average|一般般?|中立|普通|马马虎虎",
    2: rf"(?:{_RATHER} |a bit |a little )?{_UPSET}|(?:not|isnt|im not)(?: very| really| too| that| so)? {_CONTENT}|"
    r"(?:不|唔)(?:太|怎么|大|是很|是太|是非常|系几|系好|够|多)?满意",
    1: rf"{_VERY} (?:{_UPSET}|bad(?:ly)?|poor(?:ly)?)|not (?:at all {_CONTENT}|{_CONTENT} at all)|"
    rf"terribl[ey]|awful|horrible|appalling|{_HAN_VERY}(?:不|唔)满意|(?:一点|半点)(?:也|都)?(?:不|唔)满意",
}
_STEPS = {
    "csat": _CONTENT_STEPS,
    "ces": {
        7: rf"{_VERY} (?:easy|simple)|{_HAN_VERY}(?:省事|简单|方便|容易|轻松)",
        1: rf"{_VERY} (?:hard|difficult|complicated)|{_HAN_VERY}(?:费事|麻烦|困难|复杂|难)",
    },
    "nps": {10: r"extremely likely|非常可能|极有可能", 0: r"not at all likely|完全不可能|绝不可能"},
}
_PATTERNS = {kind: {value: re.compile(pattern) for value, pattern in steps.items()} for kind, steps in _STEPS.items()}


def in_own_words(words: str, folded: Folded, kind: str) -> tuple[int, str | None] | None:
    """The number whose words were said, they alone or before a pause and more, and what was said behind them."""
    head = TURN.split(folded.text, maxsplit=1)[0]
    if len(head) > 60 or folded.text[len(head) :].startswith("?"):
        return None
    for form in forms(words[: folded.original(len(head))]):
        for value, pattern in _PATTERNS[kind].items():
            if pattern.fullmatch(form):
                return value, words[folded.original(len(head)) :].lstrip(" ,.;:!?…，。；：！？、\n\r-") or None
    return None
