"""The words that decided how a comment was read, as places in it, each with its pull; Chinese in whole words. Pure."""

from functools import lru_cache
from math import log

from surveys.scoring.features import chinese_scoped, english_tokens, paired
from surveys.scoring.language import Language
from surveys.scoring.model import shipped
from surveys.scoring.negation import NEGATED, places_under_negation, tag_negation
from surveys.scoring.polarity import Reading
from surveys.scoring.spans import Span, place
from surveys.scoring.spelling import mended
from surveys.scoring.tables import answers
from surveys.scoring.tenant import Lean, Tenant, said_form

_FAINTEST = 0.08
_NEGATIONS = ("不", "没", "没有", "无", "未", "别", "不是", "不太", "不够")
_LONGEST = 3
# Characters that stand beside words, and are no part of one here.
_GLUE = frozenset("的了很太还都也就是在我你他她吗呢吧啊才又再")


def deciding_spans(
    text: str, folded: str, reading: Reading, *, language: Language, most: int = 6, tenant: Tenant | None = None
) -> tuple[Span, ...]:
    """The words that decided, strongest first, each with its pull towards positive (above 0) or negative."""
    if reading.polarity is None:
        return ()
    if reading.whole:
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        return (place(text, start, end, weight=reading.polarity),)
    pulls = [0.0] * len(folded)
    units: list[tuple[int, int]] = []
    if language in ("en", "mixed"):
        units += _english_pulls(folded, pulls, _lean(tenant, "en"))
    if language in ("zh", "mixed"):
        units += _chinese_pulls(folded, pulls, _lean(tenant, "zh"))
    spans = [(a, b, pulls[a]) for a, b in units if abs(pulls[a]) >= _FAINTEST]
    tables = answers()
    spans += [(*match.span(), tables.signs[match.group()]) for match in tables.sign.finditer(folded)]
    spans.sort(key=lambda span: -abs(span[2]))
    return tuple(place(text, a, b, weight=round(max(-1.0, min(1.0, pull)), 3)) for a, b, pull in spans[:most])


def _lean(tenant: Tenant | None, language: str) -> Lean:
    return (tenant.leans.get(language) if tenant is not None else None) or Lean(language)


def _english_pulls(folded: str, pulls: list[float], lean: Lean) -> list[tuple[int, int]]:
    model = shipped("en")
    written = english_tokens(folded)
    tagged = tag_negation(mended(written, model, name="en"))
    size = max(len(paired(tagged)), 1) ** 0.5
    places: list[tuple[int, int] | None] = []
    cursor = 0
    for word in written:
        found = folded.find(word, cursor)
        places.append((found, found + len(word)) if found >= 0 else None)
        cursor = found + len(word) if found >= 0 else cursor
    value = [model.leaning(token) + lean.leaning(token) for token in tagged]
    for i in range(len(tagged) - 1):
        pair = f"{tagged[i]} {tagged[i + 1]}"
        shared = (model.leaning(pair) + lean.leaning(pair)) / 2
        value[i] += shared
        value[i + 1] += shared
    said = said_form(written, tagged)
    for phrase in lean.said(said):
        first, last = said.count(" ", 0, phrase.start), said.count(" ", 0, phrase.end)
        for i in range(first, last + 1):
            value[i] += lean.pull(phrase) / (last + 1 - first)
    units = []
    for spot, pull in zip(places, value, strict=True):
        if spot and folded[spot[0]].isalnum():
            pulls[spot[0]] = pull / size
            units.append(spot)
    return units


def _chinese_pulls(folded: str, pulls: list[float], lean: Lean) -> list[tuple[int, int]]:
    model = shipped("zh")
    size = max(len(chinese_scoped(folded)), 1) ** 0.5
    own = [0.0] * len(folded)
    under = places_under_negation(folded)
    for width in (1, 2, 3):
        for start in range(len(folded) - width + 1):
            run = folded[start : start + width]
            feature = NEGATED + run if under[start] else run
            pull = model.leaning(feature) + lean.leaning(feature)
            if pull:
                for i in range(start, start + width):
                    own[i] += pull / width / size
    for phrase in lean.said(folded):
        for i in range(phrase.start, phrase.end):
            own[i] += lean.pull(phrase) / (phrase.end - phrase.start) / size
    units: list[tuple[int, int]] = []
    for start, end in _with_negation(folded, chinese_words(folded)):
        if "\u3400" <= folded[start] <= "\u9fff":
            pulls[start] = sum(own[start:end])
            units.append((start, end))
    return units


def _with_negation(folded: str, words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in words:
        if joined and joined[-1][1] == start and folded[slice(*joined[-1])] in _NEGATIONS:
            start = joined.pop()[0]
        joined.append((start, end))
    return joined


def chinese_words(folded: str) -> list[tuple[int, int]]:
    """Where the words of a folded Chinese text start and end, every character in exactly one of them.

    The cheapest cut by Zipf's law: the weight file lists its features frequent ones first, so log(rank) stands for how
    surprising a run of one to three characters is as a word.
    """
    costs, unseen = _costs()
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(folded) + 1):
        best.append(
            min(
                (best[start][0] + costs.get(folded[start:end], unseen if end - start == 1 else unseen * 3), start)
                for start in range(max(0, end - _LONGEST), end)
            )
        )
    cuts: list[tuple[int, int]] = []
    end = len(folded)
    while end:
        cuts.append((best[end][1], end))
        end = best[end][1]
    return cuts[::-1]


@lru_cache(maxsize=1)
def _costs() -> tuple[dict[str, float], float]:
    weights = shipped("zh").weights
    costs = {
        name: log(rank + 3)
        for rank, name in enumerate(weights)
        if len(name) == 1 or (len(name) <= _LONGEST and _GLUE.isdisjoint(name))
    }
    return costs, log(len(weights) + 3)
