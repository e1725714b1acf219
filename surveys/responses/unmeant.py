"""Numbers that are said but not given (pure): taken back, denied, only wished for, once given, or the scale itself."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from surveys.responses.numbers import NOT_THIS, Number, Role, fold

# Between two numbers, these take back the first: "7, actually make that 8", "打6，不对，打8".
_BETWEEN = re.compile(
    r"[\s,.!;:…、()\-–—]*(?:(?:oops|whoops|sorry|no|nope|nah|wait|hang on|hold on|actually|i|mean|meant|make|made|that|"
    r"it|its|it's|a|an|to|lets|let's|say|should|be|have|been|scratch|typo|correction|rather|or|change|changed|my|mind|"
    r"hmm+|hm|um|uh|er|by|mistake|accident|accidentally|wrongly|just|now|earlier|more|like|唔好意思|不好意思|刚才|唔系|系|"
    r"不对|不是|不不|哦不|噢不|啊不|应该|更正|还是|算了|等等|重新|按|写|说|发|选|点|输|错|改|成|我|要|想|是|为|给|打|评|了|吧)"
    r"[\s,.!;:…、()\-–—]*)+"
)
# These say so wherever they stand.
_SLIP = r"i mean|meant|oops|whoops|typo|correction|scratch (?:that|it)|(?:make|chang(?:e|ed|ing)) (?:it|that)"
_HAN_SLIP = r"应该是|改[成为到]|更正|[打按输写发点说选填搞]错"
# With nothing else between two numbers, less will do.
_TAKES_BACK = re.compile(
    rf"{_SLIP}|wait|hang on|hold on|actually|scratch|or rather|more like|sorry|should (?:be|have)|chang|"
    r"by (?:mistake|accident)|"
    rf"{_HAN_SLIP}|不对|不不|[哦噢啊]不|错|改"
)
# What says that a number given before was not the one: "sorry, I meant 1", "打错了，是8".
_CORRECTS = re.compile(
    rf"\b(?:{_SLIP}|(?:my|by) mistake|instead|wrong (?:number|score|key|button)(?! of)|"
    r"should(?: have|'ve)? (?:be|been|say|said|read)|(?:make|chang(?:e|ed|ing)) (?:my|the))\b|"
    rf"{_HAN_SLIP}|手滑|手误|我(?:是)?[想要](?:是)?[打给评选]|不是\s*[\d零一二两三四五六七八九十]"
)
# How a number that was taken back had been given: "I typed 1, should be 10".
_TYPED = re.compile(
    r"\b(?:(?:i|have|had|just|accidentally|already|wrongly) )*(?:typed|pressed|hit|put|entered|sent|keyed|wrote|"
    r"replied|chose|picked|selected|tapped|clicked|gave)(?: (?:it|in|you|u|an?))*\s*$"
)
# Too much, too little or a slip, say the words behind it: "ten is too much", "5分不够", "2 by mistake".
_NOT_IT = re.compile(
    r"\s*(?:(?:stars?|points?)\s*)?(?:is|was|would be) (?:far |way |much )*too "
    r"(?:much|high|many|generous|kind|good|low|little)\b|"
    r"\s*分?(?:都|也|是|就)?(?:太高|太多|太低|太少|[不唔]够)|\s*by (?:mistake|accident)\b"
)
_IF_ONLY = re.compile(r"\s*(?:(?:stars?|points?)\s*)?if (?:only )?(?:i|we) could\b")
# Words of the same clause that make a number one that might have been, was once, or is what is missing.
_UNREAL = re.compile(
    r"(?:\b(?:used to|last (?:time|year|month|week|visit)|"
    r"(?:would|could|might|should)(?: well)?(?: have| of|'ve)? be(?:en)?|"
    r"would (?:have|of|'ve) (?:given|said|scored)|(?:was|were) (?:going to|gonna) (?:give|say)|"
    r"instead of|rather than)\b|"
    r"要是|如果|不然|否则|本来|原本|原来|以前|之前|上次|剩下?)"
    r"(?:(?! (?:but|so|now) |但|所以|现在|而家)[^,.;:!?…、\n])*$|"
    r"(?:\b(?:almost|nearly|close to|not quite|just short of|bordering on|verging on|minus|"
    r"(?:dropp?|knock|deduct|los[et]|took|tak)\w*(?: off)?)(?: an?| of)?|"
    r"差点|差一点|接近|扣|减|少|另外)(?:了|我|你们?|您|到|就|是|个)*\s*$"
)
_SCALE = re.compile(
    r"(?:\b(?:on|in) )?\b(?:a |the )?scale (?:of|from) (?:0|1|zero|one)\s*(?:to|-|–)\s*(?P<en>\d+|ten|five|seven)\b|"
    r"(?:^|(?<=[,.;\s]))(?<!\d )out of (?P<out>\d+|ten|five|seven)(?: stars| points)?\b"
    r"(?=,? (?:i|i'd|it|it's|its|we|we'd|you)\b)|"
    r"(?:满分|总分)(?:是|为|算)?(?P<full>\d+|十|五|七)分?(?:的话)?|"
    r"(?P<of>\d+|十|五|七)分(?:满分|制)(?:的话|里面?|中)?|"
    # "五颗星给四颗": what is given comes behind what there was to give.
    r"(?P<given>(?<!\d)(?:10|5|7)|十|五|七)\s*(?:颗星|颗|粒星|星|分)(?:满分)?(?:里面?|里头|当中|之中|中)?[\s,]*"
    r"(?=(?:我|就|只|才|也|能|会|可以|最多|顶多|想|愿意)*(?:给|打|评|俾|畀)(?:你们?|您们?|个|了|出|到|到了|它)*\s*"
    r"(?:\d|[零一二两三四五六七八九十半]))"
)
# The scale as the question tells it, in a reply that quotes the question: "Rate us 0-10: 6".
_QUOTED = re.compile(
    r"(?<![\d.:/])(?:(?:on|from|between) )?[01]\s*(?:-|–|—|~|to|至|到)\s*(?P<top>10|5|7)分?"
    r"(?!\d|[.:/]\d|\s*(?:[钟鐘小天次人个]|(?:min|hour|hr|day|week|month|year|time|people|am|pm)))"
)
_HOLDS_NUMBER = re.compile(
    r"\d|[零一二两三四五六七八九十]|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten)\b"
)
_SIZES = {"ten": 10, "five": 5, "seven": 7, "十": 10, "五": 5, "七": 7}


def without_scale(text: str, high: int) -> str | None:
    """The text without its mention of the scale; None where that is another scale than the one asked on."""
    for found in reversed(list(_SCALE.finditer(text))):
        size = found["en"] or found["out"] or found["full"] or found["of"] or found["given"]
        if (_SIZES.get(size) or int(size)) != high:
            return None
        rest = text[: found.start()] + text[found.end() :]
        if not _HOLDS_NUMBER.search(rest):
            return text  # "full marks are ten": the number is all there is
        text = _blank(text, found.start(), found.end())
    for found in _QUOTED.finditer(text):
        # An answer follows the question; "one answer of 1 to 5" is none.
        if int(found["top"]) == high and _HOLDS_NUMBER.search(text, found.end()):
            text = _blank(text, found.start(), found.end())
    return text


def scale_left_out(text: str) -> str:
    """The text without what there was to give, each other character where it stood: "五颗星给四颗" says no more."""
    return _SCALE.sub(lambda found: " " * len(found[0]) if found["given"] else found[0], text)


def without_unmeant(text: str, found: Sequence[Number]) -> str:
    """The text without the numbers that are not the one given; each other number stays where it stood.

    One that is only denied ("not a 10") is not given even where it is the only one.
    """
    real = [number for number in found if number.role is not Role.UNCLEAR]
    spans, denials = list(_taken_back(text, real)), list[tuple[int, int]]()
    put_right = {end for _, end in spans}  # "should be 10" after a slip is no wish
    for number in real:
        before = text[max(0, number.start - 60) : number.start]
        if denied := NOT_THIS.search(before):
            denials.append((number.start - len(before) + denied.start(), number.end))
        elif refused := _NOT_IT.match(text, number.end):
            denials.append((number.start, refused.end()))
        elif wished := _IF_ONLY.match(text, number.end):
            spans.append((number.start, wished.end()))
        elif number.start not in put_right and (unreal := _UNREAL.search(before)):
            spans.append((number.start - len(before) + unreal.start(), number.end))
    away = spans + denials
    left = [number for number in found if not any(start <= number.start < end for start, end in away)]
    for start, end in away if left else denials:
        text = _blank(text, start, end)
    return text


def corrects(text: str) -> bool:
    """Whether a text says that a number given before was not the one that was meant."""
    return _CORRECTS.search(fold(text).text) is not None


def correction_left_out(text: str) -> str:
    """Folded text without the words that say so."""
    return _CORRECTS.sub(" ", text)


def _taken_back(text: str, found: Sequence[Number]) -> Iterator[tuple[int, int]]:
    for here, there in pairwise(found):
        between = text[here.end : there.start]
        if len(between) <= 60 and _BETWEEN.fullmatch(between) and _TAKES_BACK.search(between):
            typed = _TYPED.search(text[max(0, here.start - 40) : here.start])
            yield here.start - (len(typed[0]) if typed else 0), there.start


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]
