"""The one number of a reply that is its score, and the words beside it (pure); nobody guesses between two."""

import re
from collections.abc import Sequence
from itertools import pairwise

from surveys.responses.filler import BREAK, only_filler, unnumbered
from surveys.responses.numbers import Folded, Number, Role, numbers
from surveys.responses.unmeant import correction_left_out, scale_left_out, without_scale, without_unmeant

_FULL_MARKS = re.compile(
    r"(?:绝对|必须|妥妥|当然|肯定)?(?:我?(?:给|打|评)?(?:你们|您|个)?)?满分(?:(?:是|就是)?\s*(?P<of>\d+)\s*分?)?|满星|"
    r"(?:full|top|maximum|max) (?:marks?|points?|score|stars?)|\U0001f4af+\s*分?|百分之?百|(?:a )?hundred ?percent"
)
# What is put behind full marks without saying more.
_CHEERS = " .!~,\n👍👏🙏😊😀😄🥰😍❤🎉🌹"
# "#8" and "no. 7" alone are scores; "no. 1" is praise.
_LABEL = re.compile(r"^\s*(?:#|no\.?\s|num(?:ber)?\.?\s|№)\s*(?=(?:[02-9]|10)\s*[.!]*\s*$)")
# What opens the clause of a verdict: "waited 40 min so 3", "at the end they fixed it so it's a 7".
_VERDICT = re.compile(
    BREAK.pattern + r"|\s(?=(?:so|hence|therefore|thus|but|overall|it'?s an?|its? is an?)\s)|(?=所以|因此|总之)"
)
# What stands over the words in a reply that is filled in like a form: "Score: 8 Comment: too slow".
_HEADING = re.compile(
    r"[\s,.;!?…、()\-–—~]*(?:comments?|reasons?|feedback|notes?|意见|评论|评语|备注|原因|理由|反馈|留言)\s*:"
)
_SEPARATED = re.compile(rf"\s*(?:$|[,.;:!?…、~()\-–—\n\r]|\s[\-–—]|\s(?:comma|full stop)\b)|{_HEADING.pattern}")
# Whoever asks which end of the scale is which has given none.
_ASKS = re.compile(
    r"^\s*(?:so |and |but )?(?:is|does|do|are|was) \d+ .{0,24}\b(?:good|bad|best|worst|better|worse|top|mean)\b|"
    r"\d+分?(?:是|算|代表)(?:最?[好高差低坏]|满意|不满意).{0,3}(?:吗|么|嘛|还是)"
)
_PERCENT = re.compile(r"(?P<of>\d{1,3})\s*(?:%|per ?cent\b)|百分之(?P<han>[一二三四五六七八九]?十|\d{2,3})")
# A number word before these is an answer, and what follows is why.
_GOES_ON = re.compile(
    r"\s+(?:thanks?|thx|ty|cheers|because|cause|cos|coz|cuz|bc|due to|but|although|though|since|only|"
    r"(?:seems?|sounds?) (?:fair|right|about right|fine|ok))\b"
)
_TAKEN_OFF = re.compile(r"(?:扣|减|差|少|等|迟|晚|早|过|用|花|有)[了掉去个]?\s*$")
# "五星扣一星" is four, or five with something to say: nobody does sums for a customer.
_LESS = re.compile(
    r"(?:\d|[零一二两三四五六七八九十])(?:分|颗星|颗|星|stars?|points?)?\s*"
    r"(?:里面?|中)?(?:扣掉?|减掉?去?|\bminus\b|\bless\b)\s*(?:\d|[一二两三四五半]|\b(?:one|two|three|four|half)\b)"
)
# "9 for service and 3 for waiting" is two scores.
_EACH = re.compile(
    r"(?P<one>\d+)(?: stars?| points?)? for (?!me\b|us\b).{2,40}?(?<!\d)(?!(?P=one)\b)\d+(?: stars?| points?)? for\b"
)
_LISTED = re.compile(r"(?:^|\s)1\s*[.)、:].{2,}?(?<!\d)2\s*[.)、:]", re.DOTALL)
_BEFORE_LAST = re.compile(
    r"(?:\b(?:good|great|excellent|perfect|fine|nice|bad|poor|terrible|awful|slow|rude|friendly|amazing|love|"
    r"happy|service|"
    r"an?|(?:makes?|call(?:ing)?) it|"
    r"experience|satisfied|disappointed|thanks|you|overall|score|rating)|[好差慢快棒烂意糟赞错荐]|太.了)\s*$"
)


def score_in(text: str, low: int, high: int, *, counted: bool = True) -> Number | None:
    """The score in folded text, or the number that spoils it; None where there is none, or more than one.

    Only what is `counted` has full marks or a percentage: places in a list have not.
    """
    if counted and (full := _FULL_MARKS.fullmatch(text.strip(_CHEERS))) and full["of"] in (None, str(high)):
        return Number(0, len(text), high, Role.SCORE)
    if counted and (percent := _percent(text, low, high)) is not None:
        return percent
    text = _said_once(_LABEL.sub(lambda found: " " * len(found[0]), text))
    meant = without_scale(text, high)
    if meant is None or _LISTED.search(text) or _EACH.search(text) or _LESS.search(text) or _ASKS.search(text):
        return None
    text = without_unmeant(meant, numbers(meant))
    found = [n for n in (_on_scale(number, high) for number in numbers(text)) if _counts(text, n)]
    if not found:
        return None
    first, last = found[0], found[-1]
    if only_filler(text[: first.start]):
        return first if _leads(text, first, found[1:], low, high) else None
    scores = [n for n in found if n.role is Role.SCORE and (n.claimed or _alone(text, n) or _in_points(text, n))]
    scores += [n for n in found if n.role is Role.BARE and _on_its_own_line(text, n)]
    usable = [n for n in found if n.value is None or low <= n.value <= high]
    if len({n.value for n in scores}) == 1 and _within(scores[0], low, high) and len({n.value for n in usable}) == 1:
        return scores[0]
    trails = only_filler(text[last.end :]) and (
        only_filler(_VERDICT.split(text[: last.start])[-1]) or _BEFORE_LAST.search(text[: last.start])
    )
    return last if trails and _within(last, low, high) and len({n.value for n in usable}) == 1 else None


def _percent(text: str, low: int, high: int) -> Number | None:
    """A share of the whole scale: "90%" is 9 of 10. Only ten parts divide so; of every other scale all is the end."""
    found = _PERCENT.search(text)
    if found is None or not (only_filler(text[: found.start()]) and only_filler(text[found.end() :])):
        return None
    share = "零一二三四五六七八九".index(found["han"][0]) if found["han"] and not found["han"].isdigit() else None
    part = int(found["of"] or found["han"]) if share is None else share * 10
    if part == 100 or (high == 10 and part % 10 == 0 and part < 100):
        return Number(found.start(), found.end(), part * high // 100, Role.SCORE)
    return None


def _said_once(text: str) -> str:
    """The text without a number word before its own digits: "five 5" is one number said twice."""
    found = numbers(text)
    for here, there in pairwise(found):
        if here.role is Role.SPELLED and here.value == there.value and not text[here.end : there.start].strip(" (=:"):
            text = text[: here.start] + " " * (there.start - here.start) + text[there.start :]
    return text


def _leads(text: str, first: Number, others: Sequence[Number], low: int, high: int) -> bool:
    if not _within(first, low, high):
        return False
    apart = first.role is Role.SCORE or _SEPARATED.match(text, first.end) is not None
    spoken = apart or only_filler(text[first.end :]) or _GOES_ON.match(text, first.end)
    if first.role is Role.SPELLED and not spoken:
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
    if number.role is not Role.SPELLED or _alone(text, number):
        return True
    return (
        only_filler(text[: number.start])
        and (_GOES_ON.match(text, number.end) or _HEADING.match(text, number.end)) is not None
    )


def _within(number: Number, low: int, high: int) -> bool:
    return number.role is not Role.UNCLEAR and number.value is not None and low <= number.value <= high


def _on_its_own_line(text: str, number: Number) -> bool:
    """Whether a line holds the number and nothing else, between a greeting and a signature."""
    before, behind = text[: number.start].rpartition("\n"), text[number.end :].partition("\n")
    return bool(before[1] and behind[1]) and not (before[2] + behind[0]).strip(" .!")


def _in_points(text: str, number: Number) -> bool:
    """Points are what a score is counted in, but for those taken off and those missing."""
    return text[number.start : number.end].endswith("分") and not _TAKEN_OFF.search(text[: number.start])


def _alone(text: str, number: Number) -> bool:
    before = BREAK.split(text[: number.start])[-1]
    behind = BREAK.split(text[number.end :], maxsplit=1)[0]
    if number.role is Role.SPELLED and re.fullmatch(r"[^a-z]+", text[number.start : number.end]):
        return True
    return only_filler(before) and only_filler(behind)


def comment_beside(folded: Folded, words: str, number: Number) -> str | None:
    """The words said with a score: those behind or before it, or all of them where it stands in their midst."""
    said, meant = folded.text, scale_left_out(folded.text)
    meant = meant if meant[number.start : number.end] == said[number.start : number.end] else said
    meant = without_unmeant(meant, numbers(meant))  # "7, no, 8" says no more than 8
    if only_filler(unnumbered(correction_left_out(meant))):
        return None  # "按错了，我想打1分" says no more than 1
    before, behind = meant[: number.start], meant[number.end :]
    if only_filler(before):
        heading = _HEADING.match(behind)
        begins = number.end + (heading.end() if heading else 0)
        if only_filler(unnumbered(meant[begins:])):
            return None
        return re.sub(r"^[\s,.;:!?…，。；：！？、)\-–—~]+", "", words[folded.original(begins) :]) or None
    own = BREAK.split(before)[-1]
    if not only_filler(behind) or (number.role is Role.SCORE and not only_filler(own)):
        return words
    end = number.start - len(own) if only_filler(own) else number.start
    return re.sub(r"(?:\s+an?)?[\s,;:，；：、(\-–—~]+$", "", words[: folded.original(end)]) or None
