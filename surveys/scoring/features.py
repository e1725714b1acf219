"""From folded text to the features the linear models know. Pure; training and scoring share every line of it."""

import re
from itertools import pairwise

from surveys.scoring.words import words

_TOKEN = re.compile(
    r"@\w+|https?:\S+|[:;=]-?[)(dp/|]|<3|[a-z]+(?:'[a-z]+)*|\d+|[!?]+|[.,;:()\"]|[^\x00-\x7f\s\u3400-\u9fff]\ufe0f?"
)
_SPLIT_APOSTROPHE = re.compile(r"\s*'\s*(t|s|m|re|ve|ll|d)\b")
_SPLIT_NOT = re.compile(r"\b(ca|do|does|did|is|was|are|were|has|have|had|wo|would|could|should|ai) n't\b")
_STRETCHED = re.compile(r"([a-z])\1\1+")
_HAN_GAP = re.compile(r"[^\u3400-\u9fffa-z0-9!?%]+")

_HAN_NEGATION = re.compile("没有?什?么?|无|未|不|别")
_HAN_SCOPE = 5

NEGATORS = words("negators")
_NOT_A_NEGATION = words("after_negator")
_STOP = words("stops")
_IRREALIS = words("irrealis")
_CAPACITY = words("capacity")
_COMPARATIVE = words("comparative")
_SCOPE = 5
# A text with none of these keeps its tokens as they are.
_TRIGGERS = NEGATORS | _IRREALIS | words("contractions") | {"yet"}

NEGATED = "~"


def english_tokens(text: str) -> list[str]:
    """Words, marks and emoji of folded text, in order."""
    if "'" in text:
        if " n't" in text:
            text = _SPLIT_NOT.sub(r"\1n't", text)
        if " '" in text or "' " in text:
            text = _SPLIT_APOSTROPHE.sub(r"'\1", text)
    return _TOKEN.findall(text)


def squeezed(text: str) -> str:
    """The text with letters that stand three times or more in a row standing twice ("soooo" and "sooo" alike)."""
    return _STRETCHED.sub(r"\1\1", text)


def tag_negation(tokens: list[str]) -> list[str]:
    """Mark words under a negation or an unmet wish ("could have been") with "~"; two negations cancel."""
    if _TRIGGERS.isdisjoint(tokens):
        return tokens
    tagged: list[str] = []
    add = tagged.append
    left = 0
    negated = False
    last = len(tokens) - 1
    for i, token in enumerate(tokens):
        if token in _STOP:
            left = _SCOPE if token == "yet" and i < last and tokens[i + 1] == "to" else 0
            negated = True
            add(token)
        elif token in NEGATORS or token.endswith("n't"):
            following = tokens[i + 1] if i < last else ""
            if following in _NOT_A_NEGATION or (following == "a" and tokens[i + 2 : i + 3] == ["doubt"]):
                add(token)
                continue
            peak = (token in _CAPACITY or (token == "not" and i and tokens[i - 1] == "could")) and any(
                word in _COMPARATIVE for word in tokens[i + 1 : i + 5]
            )
            if peak:
                add("<peak>")
                left = 0
                continue
            negated = not (left and negated)
            left = _SCOPE
            add(token)
        elif token in _IRREALIS and i < last and tokens[i + 1] in ("have", "be", "'ve"):
            add(token)
            negated, left = True, _SCOPE
        elif left:
            left -= 1
            add(NEGATED + token if negated else token)
        else:
            add(token)
    return tagged


def english_features(text: str) -> set[str]:
    """Words and word pairs of folded English text, with negation scope."""
    return paired(tag_negation(english_tokens(squeezed(text))))


def paired(tagged: list[str]) -> set[str]:
    """Tagged words and each with the word after it."""
    features = set(tagged)
    features.update(map(" ".join, pairwise(tagged)))
    return features


def chinese_features(text: str) -> set[str]:
    """One to three characters in a row of folded Chinese text; pairs after a negation also marked "~"."""
    features: set[str] = set()
    for run in _HAN_GAP.split(text):
        features.update(run)
        pairs = [run[i : i + 2] for i in range(len(run) - 1)]
        features.update(pairs)
        features.update([run[i : i + 3] for i in range(len(run) - 2)])
        for match in _HAN_NEGATION.finditer(run):
            features.update([NEGATED + pair for pair in pairs[match.end() : match.end() + _HAN_SCOPE]])
    return features
