"""Yes or no, one of several answers, or more than one: by digit, by name, by sign (pure)."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from notifications import optout_words
from surveys.responses.calltimes import refuses_a_day
from surveys.responses.filler import TURN, only_filler, words_alone
from surveys.responses.happened import came
from surveys.responses.naming import named, named_alone
from surveys.responses.numbers import Folded, fold, numbers
from surveys.responses.replies import Action, Reply
from surveys.responses.saying import NO, SOLVED, YES, calls_declined, forms, leading, place_of, plain_forms, sign_in
from surveys.responses.scores import comment_beside, score_in
from surveys.responses.synonyms import meant, several_meant
from surveys.responses.wording import words_of
from surveys.scoring.language import simplified

_CHOICES = {
    "yes": YES,
    "no": NO,
    "partly": frozenset(
        words_of("partly|partially|half|somewhat|some|a bit|a little|部分|一部分|一半|解决了一部分|部分解决|有一点")
    ),
    "today": words_of("today|this afternoon|now|今天|今日|现在|今天下午"),
    "tomorrow": words_of("tomorrow|tmr|tomorrow morning|明天|明日|明天上午|明早"),
    "none": NO
    | words_of(
        """no|no thanks|no call|do not call|dont call|do not call me|dont call me|please do not call|please dont call
            please do not call me|please dont call me|no need|不用|不用打|不用打了|不必
        算了|算啦|不了|免了|不要打|千万别打|千万别打电话|不需要|别打|不用了|不用联系|不用联系我|不要打电话|不用打电话"""
    ),
}
_YES_OR_NO = ("partly", "no", "yes")
# Whoever answers "may we call you?" by yes is called on the first day offered.
_CALL_ME = YES | words_of(
    """ok|okay|ok please|fine|please do|go ahead|call me|please call|please call me|call|call me please|yes call me
    anytime|any time|any time is fine|whenever|whenever you like|any day|up to you|you may|you can|as you like
    好的|打吧|打|可以打|请打|打给我|给我打|打电话|打电话给我|请打电话|随时|随时可以|随时都行|任何时间|什么时候都行|都可以|都行
    都得|几时都得|随便|好呀|好嘅|得嘅|打嚟啦|打俾我"""
)


def chosen(words: str, kind: str, choices: Sequence[str], labels: Sequence[Collection[str]] = ()) -> Reply:
    """The one answer a reply chooses: by its digit, its name or place, or words that mean it."""
    sets = _answers(kind, choices, labels)
    folded = fold(words)
    low, high = (0, 2) if kind == "yes_no" else (1, len(choices) or 9)
    number = score_in(folded.text, low, high, counted=False)
    if number is not None and number.value is not None:
        value = number.value % 2 if kind == "yes_no" else number.value
        return Reply(value, comment_beside(folded, words, number), Action.RECORD)
    if kind == "callback" and (rest := _behind_good_news(words, folded)):
        return replace(chosen(rest, kind, choices, labels), comment=words)
    # "Yes, please don't call" is no yes, and neither is "all sorted now".
    declined = kind == "callback" and (calls_declined(words) or not SOLVED.isdisjoint(plain_forms(words)))
    found = None if declined else _said(words, folded, sets)
    if found is not None and kind == "yes_no":
        found = _corrected(words, folded, sets) or found
        if _ends_otherwise(folded, found):
            found = None
    elif kind == "yes_no":
        found = _told(words)
    elif found is None:
        found = _listed(words, choices, labels)
    if found is not None and kind == "callback" and refuses_a_day(fold(found[1] or "").text):
        found = None  # "ok call me but not today"
    if found is not None and kind == "choice":
        found = _no_more_than_partly(words, found, sets)
    if found is None or _contradicted(words, found[0], sets):
        return Reply(None, words_alone(folded, words), Action.ASK_AGAIN)
    return Reply(*found, Action.RECORD)


def _behind_good_news(words: str, folded: Folded) -> str | None:
    """What follows on news that all is well: "all sorted, no need to call"."""
    turn = TURN.search(folded.text)
    if turn is None or SOLVED.isdisjoint(plain_forms(folded.text[: turn.start()])):
        return None
    return words[folded.original(turn.end()) :].strip() or None


def _told(words: str) -> "_Found | None":
    happened = came(fold(words).text)
    return None if happened is None else (int(happened), words)


_SLIP = re.compile(
    r"\b(?:i (?:mean|meant)|oops|typo|correction|wait|hang on|hold on|scratch that|sorry|actually)\b|"
    r"不对|[打按讲说写]错(?:了|咗)?|应该是|改成|更正"
)
_LAST_WORD = re.compile(r".\b(?P<word>yes|yep|yeah|no|nope)\W*$", re.DOTALL)


def _corrected(words: str, folded: Folded, sets: Mapping[int, Collection[str]]) -> "_Found | None":
    """The answer that takes back the one before it: "Yes. Sorry, I mean no"."""
    slips = list(_SLIP.finditer(folded.text))
    before = words[: folded.original(slips[0].start())] if slips else ""
    if not before or _said(before, fold(before), sets) is None:
        return None
    said = words[folded.original(slips[-1].end()) :]
    found = {value for form in forms(said) for value, known in sets.items() if form in known}
    return (found.pop(), None) if len(found) == 1 else None


def _ends_otherwise(folded: Folded, found: "_Found") -> bool:
    """Whether more was said, and its last word is the other answer: "no it has been fixed yes"."""
    last = _LAST_WORD.search(folded.text)
    return found[1] is not None and last is not None and (last["word"] in ("no", "nope")) == bool(found[0])


_HALF = re.compile(r"\b(?:part|partly|partially|half|somewhat|some of (?:it|them))\b|部分|一半|有一点|有些")


def _no_more_than_partly(words: str, found: "_Found", sets: Mapping[int, Collection[str]]) -> "_Found":
    """Yes in part is no yes, where partly is offered: 只解决了一部分."""
    partly = [place for place, known in sets.items() if not _CHOICES["partly"].isdisjoint(known)]
    is_yes = not _CHOICES["yes"].isdisjoint(sets[found[0]])
    return (partly[0], words) if is_yes and len(partly) == 1 and _HALF.search(fold(words).text) else found


_Found = tuple[int, str | None]


def _answers(kind: str, choices: Sequence[str], labels: Sequence[Collection[str]]) -> dict[int, frozenset[str]]:
    """What each answer is called, in the words of tables and of whoever wrote the question."""
    own = [frozenset(optout_words.fold(simplified(name)) for name in names) for names in labels]
    if kind == "yes_no":
        yes, no = own[:2] if len(own) > 1 else (frozenset[str](), frozenset[str]())
        return {0: NO | no, 1: YES | yes}
    keys = [{optout_words.fold(simplified(key))} for key in choices]
    if kind == "callback" and choices[:1] and choices[0] != "none":
        keys[0] |= _CALL_ME
    own = own or [frozenset[str]()] * len(keys)
    names = [frozenset(key | also) for key, also in zip(keys, own, strict=False)]
    known = [_CHOICES.get(key, frozenset()) | each for key, each in zip(choices, names, strict=False)]
    alike = [next((word for word in _YES_OR_NO if each & _CHOICES[word]), None) for each in names]
    if all(alike.count(word) == 1 for word in ("yes", "no")):  # 解决了, 部分解决, 没解决
        known = [each | _CHOICES.get(word or "", frozenset()) for each, word in zip(known, alike, strict=True)]
    return dict(enumerate(known, start=1))


def _said(words: str, folded: Folded, sets: Mapping[int, Collection[str]]) -> _Found | None:
    """The answer whose words were said: they alone, or before a pause and more."""
    head = TURN.split(folded.text, maxsplit=1)[0]
    parts = [(words, len(folded.text)), (words[: folded.original(len(head))], len(head))]
    if lead := leading(folded.text):
        parts.append(lead)
    for said, end in parts:
        for form in forms(said):
            found = [value for value, known in sets.items() if form in known]
            if len(found) == 1:
                return found[0], _rest(words[folded.original(end) :])
    return None


def _rest(words: str) -> str | None:
    return words.lstrip(" ,.;:!?…，。；：！？、\n\r-") or None


def _listed(words: str, choices: Sequence[str], labels: Sequence[Collection[str]]) -> _Found | None:
    """The answer told by its place in the list, or by its name among other words."""
    if (place := place_of(words, len(choices))) is not None:
        return place, None
    if "none" in choices and (calls_declined(words) or calls_declined(TURN.split(words, maxsplit=1)[0])):
        return choices.index("none") + 1, None
    if any(key in _CHOICES for key in choices):
        return None
    names = [{key, *own} for key, own in zip_longest(choices, labels[: len(choices)], fillvalue=())]
    if several_meant(words, names):
        return None
    place = named(words, names)
    if place is None:
        place = meant(words, names)
    if place is None:
        return None
    alone = named_alone(words, names[place])
    return place + 1, None if alone else words


def _contradicted(words: str, value: int, sets: Mapping[int, Collection[str]]) -> bool:
    """Whether a sign beside the words says the other thing ("yes 👎")."""
    sign = sign_in(words)
    return sign is not None and any(sign in known for other, known in sets.items() if other != value)


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
