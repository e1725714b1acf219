"""Two theme books tried on the same comments, side by side: what each finds, and where they differ. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from surveys.scoring.language import detect_folded
from surveys.scoring.spans import fold_in_place
from surveys.scoring.themes import Hit, ThemeBook, hits

Found = dict[str, list[Hit]]


@dataclass(frozen=True)
class Comment:
    """A stored comment and the response it belongs to."""

    response_id: int
    text: str


@dataclass(frozen=True)
class Example:
    """A comment that is read otherwise: themes gained and lost ("theme" or "theme.part"), and the words found."""

    comment: Comment
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Trial:
    """In how many of `comments` each theme ("theme" or "theme.part") is found; "" counts those without any."""

    comments: int
    changed: int
    before: Counter[str]
    after: Counter[str]
    examples: tuple[Example, ...]

    @property
    def moved(self) -> list[str]:
        """The themes whose number changes, the largest change first."""
        keys = {key for key in (*self.before, *self.after) if key and self.before[key] != self.after[key]}
        return sorted(keys, key=lambda key: (-abs(self.after[key] - self.before[key]), key))


def tried(comments: Iterable[Comment], before: ThemeBook, after: ThemeBook, *, examples: int = 8) -> Trial:
    """Read every comment by both books. Examples are spread over what changes, each comment once."""
    number, old, new = 0, Counter[str](), Counter[str]()
    differing: list[Example] = []
    for comment in comments:
        number += 1
        folded = fold_in_place(comment.text)
        language = detect_folded(folded)
        was, now = hits(folded, language=language, book=before), hits(folded, language=language, book=after)
        had, has = set(_keys(was)), set(_keys(now))
        old.update(had or [""])
        new.update(has or [""])
        if had != has:
            differing.append(_example(comment, was, now, had, has))
    return Trial(number, len(differing), old, new, tuple(_spread(differing, examples)))


def _keys(found: Found) -> Iterator[str]:
    for theme, here in found.items():
        yield theme
        yield from {f"{theme}.{hit.subtheme}" for hit in here}


def _example(comment: Comment, was: Found, now: Found, had: set[str], has: set[str]) -> Example:
    gained, lost = sorted(has - had), sorted(had - has)
    spans = [
        (hit.start, hit.end)
        for found, keys in ((now, has - had), (was, had - has))
        for theme, here in found.items()
        for hit in here
        if f"{theme}.{hit.subtheme}" in keys
    ]
    return Example(comment, tuple(gained), tuple(lost), tuple(sorted(set(spans))))


def _spread(differing: list[Example], most: int) -> Iterator[Example]:
    shown: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()
    ranked = []
    for at, one in enumerate(differing):
        kind = one.gained, one.lost
        ranked.append((shown[kind], at))
        shown[kind] += 1
    yield from (differing[at] for _, at in sorted(ranked)[:most])
