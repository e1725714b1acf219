"""A reply that asks for another language (pure)."""

import re

from notifications import optout_words
from surveys.responses.wording import words_of
from surveys.scoring.language import simplified

_LANGUAGES = {
    **dict.fromkeys(words_of("en|eng|english|in english|英文|英语|英文版|english version"), "en"),
    **dict.fromkeys(
        words_of("zh|cn|chinese|in chinese|mandarin|zhongwen|中文|中|汉语|华语|华文|中文版|普通话|国语"), "zh"
    ),
    **dict.fromkeys(words_of("简体|简体中文|簡體|簡體中文|simplified|simplified chinese|zh-hans|zh-cn"), "zh-Hans"),
    **dict.fromkeys(
        words_of(
            """繁體|繁体|繁體中文|繁体中文|正體|正體中文|繁體字|繁体字|國語|漢語|華語
            traditional|traditional chinese|zh-hant|zh-tw|zh-hk"""
        ),
        "zh-Hant",
    ),
}
_LANGUAGE_FILLER = re.compile(
    r"\b(?:please|pls|thanks|we|speak|use|in|to|switch|change|(?:can|could)(?: (?:you|i|we))?|reply|write|text|me|lah|"
    r"ok|have|get|send|this|it|the|survey|questions?|messages?|"
    r"(?:i )?(?:want|need|prefer))\b|请|用|说|讲|可不可以|可以|能不能|能|我想|我要|看|会|"
    r"吗|么|呀|啊|回复|发|换成|切换|要|谢谢|吧|版"
)
# Whoever cannot read the one wants the other.
_UNREAD = re.compile(
    r"(?:sorry )?(?:i|we) (?:dont|do not|cant|cannot|can not)(?: really)? (?:read|understand|speak|know)"
    r"(?: any)? (?P<en>english|chinese|mandarin)|"
    r"(?:不好意思|对不起)?(?:我们?)?(?:看不懂|读不懂|看不明白|不懂|不识|不认识|不会|唔识|唔明|唔识睇|睇唔明|睇唔识)(?:看|读|睇)?"
    r"(?P<han>英文|英语|中文|汉语|华语)(?:了|啊|呀|喎)?"
)

_TELLING = 3  # a name may be written in the other script


def script_of(text: str) -> str | None:
    """The script a Chinese text is in; None for a text in another language."""
    han = "".join(sign for sign in text if "\u3400" <= sign <= "\u9fff")
    if len(han) <= _TELLING:
        return None
    differing = sum(sign != plain for sign, plain in zip(han, simplified(han), strict=True))
    return "zh-Hant" if differing >= _TELLING else "zh-Hans"


def language_wanted(words: str) -> str | None:
    """The language somebody asks for; "zh" where they leave the script to us."""
    if len(words) > 40:
        return None
    folded = optout_words.fold(simplified(words))
    if unread := _UNREAD.fullmatch(folded):
        return "zh" if (unread["en"] or unread["han"]) in ("english", "英文", "英语") else "en"
    bare = " ".join(_LANGUAGE_FILLER.sub(" ", folded).split())
    return _LANGUAGES.get(folded) or _LANGUAGES.get(bare)
