"""Yes or no, one of several answers, or more than one: by digit, by name, by sign (pure)."""

import re
from collections.abc import Collection, Sequence

from notifications import optout_words
from surveys.responses.filler import TURN, only_filler, words_alone
from surveys.responses.numbers import fold, numbers
from surveys.responses.replies import Action, Reply
from surveys.responses.scores import comment_beside, score_in
from surveys.responses.wording import words_of
from surveys.scoring.language import simplified

_YES = words_of(
    """yes|y|yeah|yep|yup|ya|sure|correct|true|absolutely|definitely|of course|it is|it was|they did
    yes thanks|yes thank you|yep thanks|yup thanks|yes please|yes it is|yes it was|👍|好了|弄好了|搞定|搞定了|系
    是|是的|对|对的|好|好的|嗯|有|有的|可以|行|解决了|已解决|已经解决|已经解决了|办好了|愿意|会|当然|没错"""
)
_NO = words_of(
    """no|nope|nah|not|false|never|no thanks|no thank you|not really|not yet|not at all|it is not|it isnt|it was not
    no it is not|no it isnt|no it was not|no it wasnt|no they did not|no they didnt|it wasnt|they did not|they didnt
    未|唔系|👎|不|不是|不是的|没有|没|否|不行|不可以|没解决|没有解决|未解决|还没|还没有|不愿意|不会|不对|不好|没办好"""
)
_CHOICES = {
    "yes": _YES,
    "no": _NO | {"not fixed", "no call"},
    "partly": frozenset(
        words_of("partly|partially|half|somewhat|some|a bit|a little|部分|一部分|一半|解决了一部分|部分解决|有一点")
    ),
    "today": words_of("today|this afternoon|now|今天|今日|现在|今天下午"),
    "tomorrow": words_of("tomorrow|tmr|tomorrow morning|明天|明日|明天上午|明早"),
    "none": words_of(
        """no|no thanks|no call|do not call|dont call|do not call me|dont call me|please do not call|please dont call
            please do not call me|please dont call me|no need|不用|不用打|不用打了|不必
        不要打|不需要|别打|不用了|不用联系|不用联系我|不要打电话|不用打电话"""
    ),
}


def chosen(words: str, kind: str, choices: Sequence[str], labels: Sequence[Collection[str]] = ()) -> Reply:
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
    number = score_in(folded.text, low, high)
    if number is not None and number.value is not None:
        value = number.value % 2 if kind == "yes_no" else number.value
        return Reply(value, comment_beside(folded, words, number), Action.RECORD)
    whole = optout_words.fold(simplified(words))
    head = TURN.split(folded.text, maxsplit=1)[0]
    rest = words[folded.original(len(head)) :].lstrip(" ,.;:!?…，。；：！？、\n\r-") if head.strip() else ""
    for said, comment in ((whole, None), (optout_words.fold(head), rest or None)):
        found = [value for value, labels in enumerate(sets) if said and said in labels]
        if len(found) == 1:
            return Reply(found[0], comment, Action.RECORD)
    return Reply(None, words_alone(folded, words), Action.ASK_AGAIN)


_SEVERAL = re.compile(r"\s*(\d(?:(?:\s*(?:[,.;/&+、]|and|和|跟)\s*|\s+)?\d)*)(?!\d)\s*(?:$|[,.;:!?\s-]+)")
_ALL = words_of("all|all of them|all of the above|both|everything|全部|都有|都是|都用|以上都是|全都")


def several(words: str, choices: Sequence[str], labels: Sequence[Collection[str]]) -> Reply:
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
                comment = None if only_filler(rest) else words[folded.original(found.end()) :].strip()
                return Reply(None, comment, Action.RECORD, values=tuple(sorted(places)))
        return Reply(None, words_alone(folded, words), Action.ASK_AGAIN)
    named = [
        chosen(part.strip(), "choice", choices, labels).value
        for part in re.split(r"[,;/&+、，；\n]|\band\b|和", words)
        if part.strip()
    ]
    if named and all(value is not None for value in named):
        return Reply(None, None, Action.RECORD, values=tuple(sorted({value for value in named if value is not None})))
    return Reply(None, words_alone(folded, words), Action.ASK_AGAIN)
