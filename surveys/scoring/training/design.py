"""The matrices a model is fitted on: features, and shared columns that let related features learn from each other.

A shared column is a fixed mixture of features (a word and its negation, words of one valence). It has a weight of
its own while fitting and is folded into the weights of its features afterwards, so that scoring never sees it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from surveys.scoring.negation import NEGATED
from surveys.scoring.training.lexicon import valences
from surveys.scoring.training.neighbours import neighbour_valences

_NEGATED_SHARE = 0.5
_NEGATED_VALENCE = 0.6
_CHINESE_VALENCE = 3.0
_NEIGHBOURS = 2.0
_CHINESE_NEGATIONS = ("不", "没", "不是", "没有", "不太", "并不", "不够", "毫无")
_CHINESE_DEGREES = "很太好真"

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Design:
    """Presence of each feature in each text, and the mixtures of features that share a weight."""

    names: list[str]
    rows: sparse.csr_matrix
    shared: sparse.csr_matrix


def design(texts: Sequence[str], extract: Callable[[str], set[str]], *, language: str, at_least: int) -> Design:
    """Features of folded texts; those in fewer than `at_least` texts are left out, words of known valence kept."""
    extracted = [extract(text) for text in texts]
    counts: Counter[str] = Counter()
    for features in extracted:
        counts.update(features)
    lexicon = valences(language)
    kept = {name for name, count in counts.items() if count >= at_least} | _forms(lexicon, language)
    names = sorted(kept)
    rows = presence(extracted, names)
    mixtures = _english_mixtures(names, lexicon) if language == "en" else _chinese_mixtures(names, lexicon)
    return Design(names, rows, mixtures)


def presence(extracted: Iterable[set[str]], names: Sequence[str]) -> sparse.csr_matrix:
    """One row per text, 1/sqrt(number of its features) where a known feature occurs, as in LinearModel.logits."""
    place = {name: i for i, name in enumerate(names)}
    columns: list[int] = []
    ends = [0]
    values: list[float] = []
    for features in extracted:
        # In order: a set has another order in every process, and sums in another order differ in the last digits.
        known = sorted(place[name] for name in features if name in place)
        columns.extend(known)
        values.extend([1 / max(len(features), 1) ** 0.5] * len(known))
        ends.append(len(columns))
    return sparse.csr_matrix((values, columns, ends), shape=(len(ends) - 1, len(names)))


def _forms(lexicon: dict[str, float], language: str) -> set[str]:
    if language == "en":
        # Words no text holds take their weight from their neighbours in meaning.
        return {form for word in lexicon for form in (word, NEGATED + word)} | set(neighbour_valences())
    listed = {word for word in lexicon if len(word) <= 3}
    turned = {sign + word for word in lexicon if len(word) <= 2 for sign in "不没很太"}
    return listed | turned | {NEGATED + word for word in listed}


def _english_mixtures(names: Sequence[str], lexicon: dict[str, float]) -> sparse.csr_matrix:
    known = set(names)
    near = neighbour_valences()
    cells: list[tuple[int, str, float]] = []
    for row, name in enumerate(names):
        if " " in name:
            continue
        word = name.removeprefix(NEGATED)
        negated = word != name
        if negated and word in known:
            cells.append((row, f"word {word}", -_NEGATED_SHARE))
        elif not negated and NEGATED + word in known:
            cells.append((row, f"word {word}", 1.0))
        if word in near:
            cells.append((row, "neighbours", _NEIGHBOURS * near[word] * (-_NEGATED_VALENCE if negated else 1.0)))
        if word in lexicon:
            value = lexicon[word]
            cells.append((row, f"valence {negated} {value > 0}", value))
            cells.append((row, "valence", value * (-_NEGATED_VALENCE if negated else 1.0)))
    return _matrix(cells, len(names))


def _chinese_mixtures(names: Sequence[str], lexicon: dict[str, float]) -> sparse.csr_matrix:
    known = set(names)
    cells: list[tuple[int, str, float]] = []
    for row, name in enumerate(names):
        word = name.removeprefix(NEGATED)
        negated = word != name
        if negated and word in known:
            cells.append((row, f"word {word}", -_NEGATED_SHARE))
        elif not negated and NEGATED + word in known:
            cells.append((row, f"word {word}", 1.0))
        if word in lexicon:
            value = _CHINESE_VALENCE * lexicon[word]
            cells.append((row, f"valence {negated} {value > 0}", value))
            cells.append((row, "valence", value * (-_NEGATED_VALENCE if negated else 1.0)))
        elif not negated:
            cells += _turned(row, word, lexicon)
    return _matrix(cells, len(names))


def _turned(row: int, word: str, lexicon: dict[str, float]) -> list[tuple[int, str, float]]:
    for sign in _CHINESE_NEGATIONS:
        if word.startswith(sign) and word[len(sign) :] in lexicon:
            value = lexicon[word[len(sign) :]]
            return [(row, f"negated {value > 0}", _CHINESE_VALENCE * value)]
    if word[0] in _CHINESE_DEGREES and word[1:] in lexicon:
        return [(row, "degree", _CHINESE_VALENCE * lexicon[word[1:]])]
    return []


def _matrix(cells: list[tuple[int, str, float]], height: int) -> sparse.csr_matrix:
    columns = {name: i for i, name in enumerate(sorted({column for _, column, _ in cells}))}
    values = [value for _, _, value in cells]
    places = ([row for row, _, _ in cells], [columns[column] for _, column, _ in cells])
    return sparse.csr_matrix((values, places), shape=(height, max(len(columns), 1)))
