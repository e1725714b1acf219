"""What people say for yes and no, for their place in a list, and for nothing at all (pure)."""

import re
import unicodedata
from collections.abc import Iterator

from notifications import optout_words
from surveys.responses.wording import words_of
from surveys.scoring.language import simplified

# Good news is a yes to "is it solved?", and none to "may we call?".
SOLVED = words_of(
    """fixed|all fixed|sorted|all sorted|solved|resolved|all resolved|all good|all done|done|works now|working now
    it works|its fixed|it is fixed|all ok now|ok now
    解决|解决了|已解决|已经解决|已经解决了|办好了|搞掂|搞掂咗|搞掂了|搞定|搞定了|弄好了|修好了|好了|好咗|解决咗|处理好了"""
)
YES = SOLVED | words_of(
    """yes|y|ye|yea|yeah|yeh|yeap|yep|yup|yh|ya|yas|ys|yse|yess|yessir|aye|sure|correct|true|right|absolutely
    definitely|certainly|indeed|of course|exactly|affirmative|can|will do|i think so|i guess so|so far so good
    sure thing|for sure|sure did|sure is|yes please
    是|系|对|好|嗯|恩|有|得|得啦|可以|行|行的|能|会|愿意|当然|没错|冇错|正确
    算是|算是吧|算系|算系啦|应该是|应该是吧
    确实|必须的|肯定"""
)
NO = words_of(
    """no|n|nope|nop|nah|noo|not|false|never|cannot|cant|can not|negative|not really|not yet|not at all|not quite
    no way|no luck|no good|not good|no need|no chance|i think not|i dont think so|dont think so|far from it|not so far
    no thanks|no thank you|no change|neither
    不|否|未|冇|没|没有|不是|不系|不行|不可以|不得|不能|不对|不会|不愿意|不好|不要|不用|不必|不需要|不算
    没解决|没有解决|未解决|不解决|还没解决|仍未解决|没办好|没修好|还没好|没好|没搞定|还没|还没有|还未|未有|没弄好|没处理
    冇解决|未得|未掂|未搞掂|唔得|唔系|唔可以|唔算|唔会|唔对"""
)

_GOOD_SIGNS = "👍👌✅✔☑🆗💯🙆👏"
_BAD_SIGNS = "👎❌✖❎🚫🙅⛔"
_COURTESY = (
    r"please|pls|plz|thanks|thank you|thank u|thx|ty|tks|cheers|sir|madam|maam|mam|miss|mate|man|bro|dude|"
    r"love|luv|dear|lah|la|lor|leh|liao|ah|hor|x+|lol|haha|tbh|indeed|already|alr|tho|though|so far|now|all|ok|okay"
)
_OPENING = (
    r"hi|hello|hey|oh|um|uh|well|actually|honestly|sorry|hell|heck|ok|okay|most|very|def|defo|absolutely|definitely|"
    r"certainly|obviously|of course|sadly|unfortunately|thankfully|im afraid|still|god|omg|haha|lol"
)
_HAN_END = r"(?<![对行])了|呀|啊|呢|啦|喇|嘞|喎|囖|喔|哦|噢|㗎|嘅|的|哈|喽|嘛|咯|谢谢|多谢|谢谢您|谢谢你|唔该"
_HAN_OPENING = r"应该算|应该|算|总算|终于|完全|全部|嗯|哦|啊|唉|哎|当然|肯定|其实|我|都|真|真的|您好|你好|仲|系"
_TAIL = re.compile(rf" ?(?:\b(?:{_COURTESY})|(?:{_HAN_END}))$")
_HEAD = re.compile(rf"^(?:(?:{_OPENING})\b ?|(?:{_HAN_OPENING}) ?)")
_DRAWN_OUT = re.compile(r"([a-z])\1+\b|([\u3400-\u9fff])\2+")

# "It did", "they were not": the answer to any question that has a yes.
_SHORT = re.compile(
    r"(?:(?P<lead>yes|yeah|yep|no|nope|nah) )?(?:it|they|he|she|i|we|you|u|that|this|there|all)"
    r" ?(?:is|was|did|does|do|has|have|are|were|had|can|could|would|will|s|re)"
    r"(?P<no>nt|not| not| never)?(?: (?:yet|now|at all|all|so|indeed))*"
)
_DONE = r"(?:fixed|solved|resolved|sorted|settled|done|repaired|working|helped|ok|okay|good|right|happy)"
_UNDONE = re.compile(
    rf"(?:(?:no|nope|it|its|is|was|has|the|issue|problem|still|yet) )*(?:not|isnt|wasnt|hasnt|never|aint)"
    rf"(?: (?:yet|been|got|gotten))* {_DONE}(?: (?:yet|at all|now|either))*"
)
# A word that settles it at the head of a sentence; after "no" only what cannot be counted ("no problem", "no one").
_LEADS_YES = re.compile(
    r"(?:yes|yess|yep|yeah|yea|yup|yessir)\s+"
    r"(?!(?:and|or|&|/|but)?\s*(?:no|not)\b(?! (?:problem|issue|complaint|worr)))"
)
_LEADS_NO = re.compile(
    r"(?:(?:nope|nah)\s+|no\s+(?=(?:it|its|they|he|she|we|i|i'm|im|you|u|ur|your|the|this|that|not|never|nothing|"
    r"nobody|still|because|cos|cuz|bc|coz|sir|madam|ma'am|mam|man|mate|sorry|unfortunately|actually|my|and|again)\b))"
    r"(?!(?:and|or|&|/)?\s*(?:yes|yeah|yep)\b)"
)


def sign_in(text: str) -> str | None:
    """ "yes" or "no" where a text holds signs of one of them, whatever the colour of the hand."""
    good, bad = any(sign in text for sign in _GOOD_SIGNS), any(sign in text for sign in _BAD_SIGNS)
    return None if good == bad else "yes" if good else "no"


def forms(text: str) -> Iterator[str]:
    """The ways a text may stand in a table: as it is, then without politeness, drawn-out letters, spaces in a word."""
    plain = list(plain_forms(text))
    if not plain:
        if (sign := sign_in(text)) is not None:
            yield sign
        return
    yield from plain
    said, bare = plain[0], plain[-1]
    if len(said) > 60:
        return
    short = _DRAWN_OUT.sub(lambda found: found[1] or found[2], bare)
    yield short
    for word, known in (("yes", YES), ("no", NO)):
        if all(part in known for part in bare.split()):
            yield word
    if len(joined := said.replace(" ", "")) <= 4:
        yield joined
    if (answer := _SHORT.fullmatch(bare)) and not (answer["lead"] and (answer["lead"][0] == "n") != bool(answer["no"])):
        yield "no" if answer["no"] else "yes"
    if _UNDONE.fullmatch(bare) or _UNDONE.fullmatch(said):
        yield "no"


def plain_forms(text: str) -> Iterator[str]:
    """A short text as it is, then with less and less politeness around it; nothing for signs alone."""
    said = optout_words.fold(simplified(unicodedata.normalize("NFKC", text).replace("️", "")))
    if said:
        yield said
    if not said or len(said) > 60:
        return
    bare = said
    for pattern in (_TAIL, _HEAD):
        while (rest := pattern.sub("", bare, count=1).strip()) and rest != bare:
            bare = rest
            yield bare


def leading(folded: str) -> tuple[str, int] | None:
    """ "yes" or "no" where a sentence begins with it and goes on, and where it goes on."""
    for word, pattern in (("yes", _LEADS_YES), ("no", _LEADS_NO)):
        if found := pattern.match(folded):
            return word, found.end()
    return None


_PLACES = {
    word: place
    for place, words in enumerate(
        (
            "first 1st one 一",
            "second 2nd two 二 两",
            "third 3rd three 三",
            "fourth 4th four 四",
            "fifth 5th five 五",
            "sixth 6th six 六",
            "seventh 7th seven 七",
            "eighth 8th eight 八",
            "ninth 9th nine 九",
        ),
        start=1,
    )
    for word in (*words.split(), str(place))
}
_PLACE = re.compile(
    r"(?:(?:the|my|its|it is|i|choose|pick|go with|would be|is) )*(?:(?:option|choice|answer|number|num|nr|no) ?)?"
    rf"(?P<place>{'|'.join(sorted(_PLACES, key=len, reverse=True))})(?: (?:one|option|choice|answer|please|pls))*"
    r"|(?:我?[选拣揀要]|我?选择|答案?)?(?:是|系)?第(?P<han>[一二两三四五六七八九1-9])(?:个|项|种|条|样)?(?:选项|答案)?"
    r"|(?:the )?(?P<last>last)(?: (?:one|option|choice|answer))?|(?P<end>最后|最尾)(?:一|那|嗰)?(?:个|项)"
)


def place_of(text: str, size: int) -> int | None:
    """The place somebody names ("the second one", "option 3", "最后一个") in a list of that size."""
    found = _PLACE.fullmatch(optout_words.fold(simplified(text)))
    if found is None:
        return None
    place = size if found["last"] or found["end"] else _PLACES[found["place"] or found["han"]]
    return place if 1 <= place <= size else None


def _call(verb: str) -> str:
    return (
        rf"(?:{verb})(?: (?:me|us|back|again|at all|needed|necessary|"
        r"required|please|pls|thanks|thank you|anymore|any more|at this time))*"
    )


_NO_CALL = re.compile(
    r"(?:(?:its all good|all good|its fine|its ok|"
    r"leave it|forget it|never ?mind|nvm|please|pls|plz|kindly|no|nah|yes|yeah|thanks|ok|sorry|actually|i|you|u|"
    r"theres|there is) )*"
    r"(?:(?:do not|dont|never|no need to|no need for|no need|without|not necessary to|you dont have to|dont have to|"
    r"dont need to|dont need|dont want|do not want|rather not|prefer not to|prefer no|no|not) )"
    r"(?:(?:a|any|the|to|you|get|have|be|more|phone|your|bother to|bother) )*"
    + _call("call|calls|called|calling|phone|phoned|ring|rung|contact|contacted|callback|call back|speak|talk|bother")
)
_HAN_NO_CALL = re.compile(
    r"(?:请|麻烦)?(?:不要|不用|不必|不需要|不想|无需|毋须|勿|别|甭|先别|唔需要|唔使|唔好|唔想|毋需)(?:再|来|给我|特意|专门|你们)*"
    r"(?:打|来电|联系|致电|回电|接电话|听电话|回访|通话)(?:电话|我|来|给我|过来|扰|嚟|俾我)*(?:了|啦|喇|谢谢|吧|呀|唔该)*"
)


_UNNEEDED = re.compile(
    r"(?:(?:its|it is|thats|that is|a|call|really|is) )*(?:not|no longer) (?:necessary|needed|required)"
)


def calls_declined(text: str) -> bool:
    """Whether somebody would rather not be called, in whatever words."""
    said = optout_words.fold(simplified(text))
    return len(said) <= 60 and bool(
        _NO_CALL.fullmatch(said) or _UNNEEDED.fullmatch(said) or _HAN_NO_CALL.fullmatch(said.replace(" ", ""))
    )
