"""What a text must contain for a pattern to match it, read off the pattern itself. Pure.

Trying every alternative of every pattern at every letter costs more than the rest of the reading of a comment, and most
comments hold none of their words. So each pattern is filed under a few letters of a string each match must contain, and
only the patterns are tried whose letters the text has.
"""

from collections.abc import Iterable
from re import _constants as sre  # type: ignore[attr-defined]  # the parser of re has no public name
from re import _parser  # type: ignore[attr-defined]
from typing import Any

Needles = frozenset[str]


def needles(pattern: str) -> Needles | None:
    """Plain strings of which every match contains one; None where the pattern promises none."""
    return _best(_parser.parse(pattern))


def _best(parts: Iterable[Any]) -> Needles | None:
    candidates: list[Needles] = []
    run = ""
    for op, value in parts:
        if op is sre.LITERAL:
            run += chr(value)
            continue
        candidates += [frozenset({run})] if run else []
        run = ""
        found = _of(op, value)
        candidates += [found] if found else []
    candidates += [frozenset({run})] if run else []
    return max(candidates, key=_worth, default=None)


def _of(op: Any, value: Any) -> Needles | None:
    if op is sre.SUBPATTERN:
        return _best(value[3])
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return _best(value[2]) if value[0] else None
    if op is sre.BRANCH:
        branches = [_best(branch) for branch in value[1]]
        if all(branches):
            return frozenset(needle for branch in branches if branch for needle in branch)
    return None


def _worth(found: Needles) -> float:
    """The rarer a string is in ordinary words the better: long ones, Chinese ones, and few of them."""
    shortest = min(len(needle.strip()) + 2 * sum(not c.isascii() for c in needle) for needle in found)
    return min(shortest, 4) - len(found) / 16


class Index:
    """Which patterns, by number, are worth trying on a text."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._always: set[int] = set()
        self._by_gram: dict[str, set[int]] = {}
        for number, pattern in enumerate(patterns):
            found = needles(pattern)
            if not found or any(needle.isascii() and len(needle) < _LETTERS for needle in found):
                self._always.add(number)
                continue
            for needle in found:
                self._by_gram.setdefault(_gram(needle), set()).add(number)

    def worth_trying(self, text: str) -> list[int]:
        """The numbers, in order; a pattern left out cannot match."""
        grams = {text[i : i + _LETTERS] for i in range(len(text) - _LETTERS + 1)}
        if not text.isascii():
            grams.update(text)
            grams.update(map(str.__add__, text, text[1:]))
        numbers = set(self._always)
        for gram in grams & self._by_gram.keys():
            numbers |= self._by_gram[gram]
        return sorted(numbers)


_LETTERS = 3
_COMMON = " etaoinshrdlucmfwypvbgkjqxz"


def _gram(needle: str) -> str:
    """Its rarest three letters; of a Chinese one the first two characters."""
    if not needle.isascii():
        return needle[:2]
    grams = [needle[i : i + _LETTERS] for i in range(len(needle) - _LETTERS + 1)]
    return max(grams, key=lambda gram: sum(_COMMON.find(letter) % 30 for letter in gram))
