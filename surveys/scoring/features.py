"""From folded text to the features the linear models know. Pure; training and scoring share every line of it."""

import re
from itertools import pairwise

from surveys.scoring.negation import HAN_TURNS, NEGATED, tag_negation, under_negation

_TOKEN = re.compile(
    r"@\w+|https?:\S+|[:;=]-?[)(dp/|]|<3|[a-z]+(?:'[a-z]+)*|\d+|[!?]+|[.,;:()\"]|[^\x00-\x7f\s\u3400-\u9fff]\ufe0f?"
)
_SPLIT_APOSTROPHE = re.compile(r"\s*'\s*(t|s|m|re|ve|ll|d)\b")
_SPLIT_NOT = re.compile(r"\b(ca|do|does|did|is|was|are|were|has|have|had|wo|would|could|should|ai) n't\b")
_STRETCHED = re.compile(r"([a-z])\1\1+")
_HAN_GAP = re.compile(r"[^\u3400-\u9fffa-z0-9!?%]+")

_HAN_NEGATION = re.compile("没有?什?么?|无|未|不|别")
_HAN_SCOPE = 5


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


def chinese_scoped(text: str) -> set[str]:
    """One to three characters in a row of folded Chinese text, marked "~" where they begin under a negation."""
    features: set[str] = set()
    for run in _HAN_GAP.split(text):
        pairs = [run[i : i + 2] for i in range(len(run) - 1)]
        triples = [run[i : i + 3] for i in range(len(run) - 2)]
        if HAN_TURNS.search(run):
            marks = [NEGATED if under else "" for under in under_negation(run)]
            features.update(map(str.__add__, marks, run))
            features.update(map(str.__add__, marks, pairs))
            features.update(map(str.__add__, marks, triples))
        else:
            features.update(run, pairs, triples)
    return features
