"""An answer given by its name, as people write names (pure): part of it, in a sentence, with a letter astray."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest

from notifications import optout_words
from surveys.responses.filler import only_filler
from surveys.scoring.language import simplified

_MANY = 12  # words; whoever writes more tells a story in which a name may stand for anything
_SMALL = frozenset(re.findall(r"\w+", "the a an of and or to at in on my your our it its is was"))
_OTHER = frozenset(
    map(optout_words.fold, ("other", "others", "something else", "else", "other reason", "其他", "其它", "别的"))
)
_DENIED = re.compile(r"\b(?:not|no|never|nor|except|but|isnt|wasnt|without)(?: \w+)? $|(?:不是|不|没|没有|除了|非|别)$")
_NOTHING = frozenset[str]()
_HAN = re.compile("[\u3400-\u9fff]+")


def named(text: str, names: Sequence[Collection[str]]) -> int | None:
    """The place (from 0) of the one choice a text names; None when it names none of them, or several."""
    said = _plain(text)
    if not said or len(said.split()) > _MANY or len(said) > 80:
        return None
    own = [frozenset(plain for name in each if (plain := _plain(name))) for each in names]
    own = [each | _OTHER if each & _OTHER else each for each in own]
    for alike in (_same, _nearly):
        # A name that is said in full beats one of which a part was said, and a longer one what is part of it.
        for find in (_said_in_full, _said_in_part):
            found = [max((find(said, name, alike) for name in each), key=len, default=_NOTHING) for each in own]
            best = max(found, key=len, default=_NOTHING)
            if best:
                return found.index(best) if all(each is best or each < best for each in found) else None
    return None


def named_alone(text: str, names: Collection[str]) -> bool:
    """Whether a text that names a choice says nothing else."""
    known = {word for name in names for word in _words(_plain(name))}
    said = _plain(text)
    for name in map(_plain, names):
        said = said.replace(name, " ")
    left = [word for word in re.findall("[a-z0-9]+|[\u3400-\u9fff]+", said) if not only_filler(word)]
    return all(any(_nearly(other, _stem(word)) for other in known) for word in left)


def _plain(text: str) -> str:
    return optout_words.fold(simplified(text)).replace("它", "他")


def _said_in_full(said: str, name: str, alike: "_Alike") -> frozenset[str]:
    """The words of a name that is wholly there; none when it is not, or is denied."""
    words, parts = _words(name), _HAN.findall(name)
    if not words and not parts:
        return _NOTHING
    spoken = list(_spoken(said))
    for word in words:
        place = next((start for start, other in spoken if alike(word, other)), None)
        if place is None or _DENIED.search(said[:place]):
            return _NOTHING
    for part in parts:
        place = said.find(part)
        if place < 0 or _DENIED.search(said[:place]):
            return _NOTHING
    return frozenset(words + parts)


def _said_in_part(said: str, name: str, alike: "_Alike") -> frozenset[str]:
    """The words of a name that were said, when nothing else was."""
    words = _words(name)
    own = [word for word in _words(said) if not only_filler(word)]
    parts = [part for part in _HAN.findall(said) if not only_filler(part)]
    if any(len(part) < 2 or part not in name for part in parts):
        return _NOTHING
    fits = all(any(alike(word, other) for word in words) for other in own)
    return frozenset(own + parts) if fits else _NOTHING


def _words(text: str) -> list[str]:
    return [_stem(word) for word in re.findall(r"[a-z0-9]+", text) if word not in _SMALL]


def _spoken(said: str) -> Iterator[tuple[int, str]]:
    """Every word with its place, and every two that may be one ("web site")."""
    found = list(re.finditer(r"[a-z0-9]+", said))
    for here, there in zip_longest(found, found[1:]):
        yield here.start(), _stem(here[0])
        if here is not there and there is not None:
            yield here.start(), _stem(here[0] + there[0])


def _stem(word: str) -> str:
    stem = re.sub(r"(?:ing|ed|es|s|e)$", "", word)
    return stem if len(stem) > 2 else word


class _Alike:
    """How two stems are compared."""

    def __init__(self, *, slips: bool) -> None:
        self.slips = slips

    def __call__(self, one: str, other: str) -> bool:
        return one == other or (self.slips and min(len(one), len(other)) > 3 and _one_slip(one, other))


_same, _nearly = _Alike(slips=False), _Alike(slips=True)


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter is missing, wrong, or changed places with the next."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    place = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[place:] == other[place + 1 :]
    return one[place + 1 :] == other[place + 1 :] or (
        one[place : place + 2] == other[place : place + 2][::-1] and one[place + 2 :] == other[place + 2 :]
    )
