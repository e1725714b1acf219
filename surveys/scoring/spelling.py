"""Misspelt words that stand one slip away from a word with a clear leaning ("terible", "execellent"). Pure."""

from collections.abc import Container
from functools import lru_cache

from surveys.scoring.features import squeezed
from surveys.scoring.model import LinearModel, shipped

_SHORTEST = 4
_LEANING = 2.1


def _shortened(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


@lru_cache(maxsize=2)
def _index(name: str) -> dict[str, str]:
    """Each word that leans clearly, under itself less one letter; the strongest word wins a shared key."""
    model = shipped(name)
    strong = [
        (abs(model.leaning(word)), word)
        for word in model.weights
        if len(word) >= _SHORTEST and word.isascii() and word.isalpha() and abs(model.leaning(word)) >= _LEANING
    ]
    index: dict[str, str] = {}
    for _, word in sorted(strong):
        for key in (word, *_shortened(word)):
            index[key] = word
    return index


def _meant(word: str, known: Container[str], name: str) -> str:
    return word if word in known or len(word) < _SHORTEST else _nearest(word, name)


@lru_cache(maxsize=4096)
def _nearest(word: str, name: str) -> str:
    index = _index(name)
    for key in (word, *sorted(_shortened(word))):
        found = index.get(key)
        if found is not None and found[0] == word[0] and _one_slip(word, found):
            return found
    return word


def _one_slip(written: str, meant: str) -> bool:
    """Whether one letter added, left out or changed, or two swapped, makes one of the other."""
    if len(written) == len(meant):
        places = [i for i, (a, b) in enumerate(zip(written, meant, strict=True)) if a != b]
        if len(places) == 2:
            i, j = places
            return j == i + 1 and written[i] == meant[j] and written[j] == meant[i]
        return len(places) == 1 and len(meant) > _SHORTEST
    longer, shorter = (written, meant) if len(written) > len(meant) else (meant, written)
    return len(longer) == len(shorter) + 1 and shorter in _shortened(longer)


def mended(tokens: list[str], model: LinearModel, *, name: str) -> list[str]:
    """The tokens with words the model has never seen replaced by the clear word they are one slip away from."""
    known = model.weights
    unknown = [token for token in set(tokens).difference(known) if token.isascii() and token.isalpha()]
    if not unknown:
        return tokens
    meant = {token: _meant(squeezed(token), known, name) for token in unknown}
    return [meant.get(token, token) for token in tokens]
