"""Words customers begin to use and no theme knows: recurrent, rising, and said by several people. Pure.

Each comment counts once a term. A term rises when its share of the recent comments exceeds that of earlier weeks,
judged by the log-likelihood ratio G2 of the 2 x 2 table of comments with and without it, recent and earlier
(Dunning 1993, Computational Linguistics 19:1). At 10.83 chance alone exceeds it in 1 of 1,000 terms.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from pathlib import Path

import surveys.scoring
from surveys.scoring.language import detect_folded, fold
from surveys.scoring.spans import fold_in_place
from surveys.scoring.themes import ThemeBook, hits

FEWEST_CUSTOMERS = 3
FEWEST_BEFORE = 50  # comments to hold the recent ones against
LEAST_G2 = 10.83
LEAST_RATIO = 2.0
MOST = 10
LONGEST_CHINESE = 5
_WITHIN = 0.8  # a term that mostly stands inside another one says the same

_REDACTED = re.compile(r"\[[a-z_]+\]")
_RUN = re.compile(r"[a-z0-9'][a-z0-9' -]*|[\u3400-\u9fff]+")
_ENGLISH = re.compile(r"[a-z][a-z']+[a-z]|[a-z]{3,}")
# Characters that stand beside words, judge, count or tell the time, and name nothing.
_GLUE = frozenset(
    "的了是我你他她它们在有不没也都就还很太好差才又再要会能可以这那个和与跟被把让给对从到为因所但而且却如果么吗呢吧啊呀哦嗯"
    "真最更多少次天年月日时分钟点上下里外前后来去一二两三四五六七八九十百千万每各某些什怎谁哪只已经过着得地等请谢说话问觉"
    "感非常特别挺蛮比较一般满意开心高兴失望讨厌喜欢希望今明昨早晚周星期"
)

Term = tuple[str, str]  # language ("en", "zh") and the term


@dataclass(frozen=True, slots=True)
class Said:
    """One comment: whose, by what name they go, and whether they were dissatisfied."""

    response_id: int
    customer_id: int
    text: str
    unhappy: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Emerging:
    """A term with what speaks for it: comments, customers and dissatisfied ones of late, comments before, and G2."""

    language: str
    term: str
    comments: int
    customers: int
    unhappy: int
    before: int
    g2: float
    unhappy_g2: float
    examples: tuple[int, ...]

    @property
    def strength(self) -> float:
        """By which terms are ranked: the clearer rise of the two, in all comments or in the dissatisfied ones."""
        return max(self.g2, self.unhappy_g2)


def g2(here: int, of_here: int, there: int, of_there: int) -> float:
    """The log-likelihood ratio of a 2 x 2 table: `here` of `of_here` against `there` of `of_there`."""
    share = (here + there) / (of_here + of_there)
    cells = ((here, of_here * share), (there, of_there * share))
    rest = ((of_here - here, of_here * (1 - share)), (of_there - there, of_there * (1 - share)))
    return 2 * sum(seen * log(seen / expected) for seen, expected in (*cells, *rest) if seen)


def emerging(
    recent: Sequence[Said], before: Sequence[Said], *, book: ThemeBook, names: Collection[str] = ()
) -> list[Emerging]:
    """What rises, the clearest first. `names`: of staff and places, never proposed, as is the author's own."""
    if len(before) < FEWEST_BEFORE:
        return []
    barred = parts_of_names(names)
    found = {one.response_id: _terms(one, book, barred) for one in (*recent, *before)}
    alike = _plurals(key for keys in found.values() for key in keys)
    by_term: defaultdict[Term, list[Said]] = defaultdict(list)
    for one in recent:
        for key in {alike.get(key, key) for key in found[one.response_id]}:
            by_term[key].append(one)
    earlier = [(one.unhappy, {alike.get(key, key) for key in found[one.response_id]}) for one in before]
    of_before = Counter(key for _, keys in earlier for key in keys)
    of_unhappy = Counter(key for unhappy, keys in earlier if unhappy for key in keys)
    size, sad_size = len(recent), sum(one.unhappy for one in recent)
    sad_before = sum(unhappy for unhappy, _ in earlier)
    risen = []
    for (language, term), said in by_term.items():
        customers = len({one.customer_id for one in said})
        if customers < FEWEST_CUSTOMERS:
            continue
        key = language, term
        sad = sum(one.unhappy for one in said)
        rises = _rise(len(said), size, of_before[key], len(before))
        sad_rises = _rise(sad, sad_size, of_unhappy[key], sad_before)
        one_each = {one.customer_id: one.response_id for one in said}
        if max(rises, sad_rises) >= LEAST_G2:
            examples = tuple(sorted(one_each.values(), reverse=True)[:5])
            risen.append(
                Emerging(language, term, len(said), customers, sad, of_before[key], rises, sad_rises, examples)
            )
    return _told_apart(risen, {key: {one.response_id for one in said} for key, said in by_term.items()})[:MOST]


def _terms(one: Said, book: ThemeBook, barred: frozenset[str]) -> set[Term]:
    own = barred | parts_of_names([one.name]) if one.name else barred
    return {(language, term) for language, term in terms_of(one.text, book=book) if own.isdisjoint(_parts(term))}


def parts_of_names(names: Iterable[str]) -> frozenset[str]:
    """What of a name may not be proposed: its words, and of Chinese ones any two characters that follow each other."""
    return frozenset(
        part for name in names for part in (*_parts(fold(name)), *fold(name).split()) if part not in _common()
    )


def _parts(term: str) -> Iterator[str]:
    yield from (word for word in term.split() if len(word) > 1)
    if not term.isascii():
        yield from (term[at : at + 2] for at in range(len(term) - 1))


def _rise(here: int, of_here: int, there: int, of_there: int) -> float:
    """G2 of a rise; 0 where nothing rises, or too little to speak of."""
    if here < FEWEST_CUSTOMERS or not of_there or here / of_here < LEAST_RATIO * there / of_there:
        return 0.0
    return round(g2(here, of_here, there, of_there), 2)


def _told_apart(risen: list[Emerging], of: dict[Term, set[int]]) -> list[Emerging]:
    """Without terms that say what a longer one says already, or that are a longer one cut elsewhere."""
    kept: list[Emerging] = []
    for one in sorted(risen, key=lambda one: (-len(one.term), one.term)):
        mine = of[one.language, one.term]
        same = [
            other
            for other in kept
            if other.language == one.language
            and (one.term in other.term or _overlap(one.term, other.term))
            and len(mine & of[other.language, other.term]) >= _WITHIN * len(mine)
        ]
        if not same:
            kept.append(one)
    return sorted(kept, key=lambda one: (-one.strength, one.term))


def _overlap(one: str, other: str) -> bool:
    return any(one[-n:] == other[:n] or one[:n] == other[-n:] for n in range(2, min(len(one), len(other))))


def terms_of(text: str, *, book: ThemeBook) -> Iterator[Term]:
    """The words and pairs of words, or runs of characters, of a comment that no theme knows."""
    folded = fold_in_place(text)
    language = detect_folded(folded)
    if language == "unknown":
        return
    spoken = list(_REDACTED.sub(lambda match: "\n" * len(match.group()), folded))
    for here in hits(folded, language=language, book=book).values():
        for hit in here:
            spoken[hit.start : hit.end] = "\n" * (hit.end - hit.start)
    for run in _RUN.findall("".join(spoken)):
        yield from _chinese(run) if run[0] >= "\u3400" else _english(run)


def _english(run: str) -> Iterator[Term]:
    words = [word if _ENGLISH.fullmatch(word) and word not in _common() else None for word in run.split()]
    for at, word in enumerate(words):
        if word is not None:
            yield "en", word
            after = words[at + 1] if at + 1 < len(words) else None
            if after is not None and after != word:
                yield "en", f"{word} {after}"


def _chinese(run: str) -> Iterator[Term]:
    for part in "".join("\n" if sign in _GLUE else sign for sign in run).split("\n"):
        for width in range(2, LONGEST_CHINESE + 1):
            yield from (("zh", part[at : at + width]) for at in range(len(part) - width + 1))


def _plurals(terms: Iterable[Term]) -> dict[Term, Term]:
    known = set(terms)
    return {
        (language, term): (language, term[:-1])
        for language, term in known
        if language == "en" and len(term) > 4 and term.endswith("s") and (language, term[:-1]) in known
    }


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    lines = (Path(surveys.scoring.__file__).parent / "data" / "common.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
