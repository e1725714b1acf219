"""What surveys offer to choose from, by the other names people have for it (pure)."""

import re
from collections.abc import Collection, Sequence

from notifications import optout_words
from surveys.scoring.language import simplified

# Words, and signs of Chinese; whoever writes more tells a story.
_MANY, _LONG = 4, 10
_SUBJECTS = [
    re.compile(pattern)
    for pattern in (
        (
            r"\b(?:wait(?:s|ed|ing)?|queu(?:es?|ed|ing)|lines?|slow\w*|(?:too|so|very) long|took (?:ages|forever)|"
            r"delays?)\b|等[候待太了得好很咗]|久等|排队|太久|太慢"
        ),
        r"\b(?:staff|people|employees?|attitude|rude\w*|manners|teller|receptionist|nurses?)\b|态度|员工|店员|人员|师傅|前台",
        r"\b(?:pric\w*|costs?|costly|expensive|fees?|charges|money)\b|(?<!性)价|贵|收费|费用|多少钱",
        r"\bquality\b|质量|品质|做工",
        r"\b(?:parking|location)\b|停车|位置|地点|太远",
        r"\b(?:clean\w*|dirty|hygiene)\b|卫生|干净|脏|环境",
        r"\b(?:branch|counter|in person|in store|face to face)\b|柜台|网点|门店|分行|支行|窗口|柜面",
        r"\b(?:phone|phoned|call|called|telephone|rang|hotline|helpline)\b|电话|热线",
        r"\b(?:apps?)\b|手机银行|小程序|客户端",
        r"\b(?:web\w*|online|internet)\b|网站|网页|官网|网上",
    )
]
_JOINED = re.compile(r"\b(?:and|plus|both)\b|[&+/,、，]|和|跟|还有|以及")
_DENIED = re.compile(r"\b(?:not|isnt|wasnt|never|except|apart)\b|不是|不关|除了|没问题")


def meant(text: str, names: Sequence[Collection[str]]) -> int | None:
    """The place (from 0) of the one choice whose subject a text speaks of, and of no other subject."""
    said = optout_words.fold(simplified(text))
    if sum(sign > "\u3400" for sign in said) > _LONG or len(said.split()) > _MANY or _DENIED.search(said):
        return None
    spoken = [subject for subject in _SUBJECTS if subject.search(said)]
    found = _offering(spoken[0], names) if len(spoken) == 1 else []
    return found[0] if len(found) == 1 else None


def several_meant(text: str, names: Sequence[Collection[str]]) -> bool:
    """Whether a text speaks of two choices in one breath ("the wait and the price"), one of them by another name."""
    said = optout_words.fold(simplified(text))
    found = {place for subject in _SUBJECTS if subject.search(said) for place in _offering(subject, names)}
    return len(found) > 1 and _JOINED.search(text.casefold()) is not None


def _offering(subject: re.Pattern[str], names: Sequence[Collection[str]]) -> list[int]:
    return [
        place
        for place, each in enumerate(names)
        if any(subject.search(optout_words.fold(simplified(name))) for name in each)
    ]
