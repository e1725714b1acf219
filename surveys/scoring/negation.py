"""Which words of a comment stand under a negation, in English and in Chinese. Pure."""

import re

from surveys.scoring.words import words

NEGATED = "~"

NEGATORS = words("negators")
_NOT_A_NEGATION = words("after_negator")
_STOP = words("stops")
_IRREALIS = words("irrealis")
_CAPACITY = words("capacity")
_COMPARATIVE = words("comparative")
_WORSE = words("comparative_bad")
_MET = words("met")
_FOUND = words("found")
_THANKS = words("thanks")
_ALSO = frozenset(("only", "just", "merely"))
_ABLE = frozenset(("can", "could"))
_SCOPE = 5
# A text with none of these keeps its tokens as they are.
_TRIGGERS = NEGATORS | _IRREALIS | words("contractions") | {"yet", "far", "anything"}

# What a negation turns, in words of three characters and less, and where it stands in a word that denies nothing.
HAN_TURNS = re.compile("没有?什?么?|并?不[是太够怎算]?[很么]?|无|未|别|毫无|谈不上|算不上|称不上")
_HAN_IDIOM = re.compile("|".join(sorted(words("han_idioms"), key=lambda word: (-len(word), word))))
_HAN_TURNED = 4
# A negation reaches no further than to the next mark.
_PARTS = re.compile(r"[\u3400-\u9fffa-z0-9!?%]+|[^\u3400-\u9fffa-z0-9!?%]+")


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
        if token in _ALSO and i and tokens[i - 1] == "not":
            add("<also>")
        elif token == "but" and i and tokens[i - 1] == "anything":
            add("<far>")
            negated, left = True, _SCOPE
        elif token in _STOP:
            left = _SCOPE if token == "yet" and i < last and tokens[i + 1] == "to" else 0
            negated = True
            add(token)
        elif token in NEGATORS or token.endswith("n't"):
            following = tokens[i + 1] if i < last else ""
            if following in _NOT_A_NEGATION or (following == "a" and tokens[i + 2 : i + 3] == ["doubt"]):
                add("<also>" if following in _ALSO else token)
                continue
            best = _superlative(tokens, i)
            if best:
                add(best)
                left = 0
                continue
            negated = not (left and negated)
            left = _SCOPE
            add(token)
        elif token == "far" and i < last and tokens[i + 1] == "from":
            add(token)
            # One more than else, for "from" is no part of it.
            negated, left = True, _SCOPE + 1
        elif token in _IRREALIS and i < last and tokens[i + 1] in ("have", "be", "'ve"):
            add(token)
            negated, left = True, _SCOPE
        elif left:
            left -= 1
            add(NEGATED + token if negated else token)
        else:
            add(token)
    return tagged


def _superlative(tokens: list[str], i: int) -> str | None:
    """What a negation at `i` says when it says the most: "could not be better", "never had a worse meal"."""
    token = tokens[i]
    after = tokens[i + 1 : i + 7]
    able = token in _CAPACITY or (token == "not" and i > 0 and tokens[i - 1] in _ABLE)
    if able and after[:2] == ["care", "less"]:
        return "<pit>"
    if able and "enough" in after and not _THANKS.isdisjoint(after[:2]):
        return "<peak>"
    if not (able or (token == "never" and after and after[0] in _MET) or not _FOUND.isdisjoint(after[:5])):
        return None
    for word in after[: 4 if able else 6]:
        if word in _STOP:
            return None
        if word in _COMPARATIVE or word in _WORSE:
            return "<peak>" if word in _COMPARATIVE else "<pit>"
    return None


def under_negation(run: str) -> list[bool]:
    """For each character whether an odd number of negations reaches it: two cancel each other (没有不满意)."""
    idioms = {place for found in _HAN_IDIOM.finditer(run) for place in range(*found.span())}
    under = [False] * len(run)
    for found in HAN_TURNS.finditer(run):
        if found.start() not in idioms:
            for place in range(found.end(), min(len(run), found.end() + _HAN_TURNED)):
                under[place] = not under[place]
    return under


def places_under_negation(folded: str) -> list[bool]:
    """The same for every character of a whole text."""
    return [flag for part in _PARTS.findall(folded) for flag in under_negation(part)]
