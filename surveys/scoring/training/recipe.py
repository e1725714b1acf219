"""One weight file from one list of examples: fit, scale on families left out, prune, bring to bytes."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from surveys.scoring.corpus import Example
from surveys.scoring.features import chinese_scoped, english_features
from surveys.scoring.language import fold
from surveys.scoring.model import pack
from surveys.scoring.training.design import Design, Numbers, design
from surveys.scoring.training.fit import Line, averaged, platt

_BYTE = 127
_FOLDS = 2
_ROUNDS = 30
# A customer's comment is seldom as strange as a family left out: on the dev texts this much surer fits both.
_SURER = 1.4
# The scales of a line settle long before its weights do.
FOLD_ROUNDS = 15
# The most frequent features stay even when they lean nowhere: Chinese words are cut by their ranks.
_COMMON = 3000
_SIDES = {"negative": -1, "positive": 1}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one language is fitted; chosen on the dev folder and by leaving families out."""

    language: str
    extract: Callable[[str], set[str]]
    at_least: int
    strength: float
    nb_strength: float
    keep: int
    lean: float


RECIPES = {
    "en": Recipe("en", english_features, at_least=2, strength=6.0, nb_strength=1.0, keep=140_000, lean=0.5),
    "zh": Recipe("zh", chinese_scoped, at_least=3, strength=4.0, nb_strength=0.5, keep=40_000, lean=0.3),
}


def train(examples: Sequence[Example], recipe: Recipe, *, version: str, say: Callable[[str], None]) -> bytes:
    """The packed weight file fitted on all examples; calibration comes from families left out in turn."""
    matter = design(
        [fold(example.text) for example in examples],
        recipe.extract,
        language=recipe.language,
        at_least=recipe.at_least,
    )
    say(f"{version}: {len(examples)} texts, {len(matter.names)} features")
    labels = np.array([example.label for example in examples])
    fitted = fit(matter, labels, recipe)
    scores = _scores_left_out(matter, labels, examples, recipe)
    sizes = Counter(example.source for example in examples)
    weights = np.array([0.0 if "_own_" in example.source else sizes[example.source] ** -0.5 for example in examples])
    lines: dict[str, Line] = {}
    for name, label in _SIDES.items():
        slope, offset = platt(scores[name], labels == label, weights / weights.mean())
        say(f"{version}: {name} fitted, slope {slope:.3f}, offset {offset:.3f}")
        lines[name] = Line(fitted[name].weights * slope * _SURER, (fitted[name].bias * slope + offset) * _SURER)
    return compact(matter, lines, recipe, version)


def fit(matter: Design, labels: np.ndarray, recipe: Recipe, *, rounds: int = _ROUNDS) -> dict[str, Line]:
    """Both lines; the positive one leans a little on the negative one, which steadies it on unseen kinds of text."""
    found = {
        name: averaged(
            matter.rows,
            matter.shared,
            labels == label,
            strength=recipe.strength,
            nb_strength=recipe.nb_strength,
            rounds=rounds,
        )
        for name, label in _SIDES.items()
    }
    negative, positive, lean = found["negative"], found["positive"], recipe.lean
    found["positive"] = Line(
        (1 - lean) * positive.weights - lean * negative.weights, (1 - lean) * positive.bias - lean * negative.bias
    )
    return found


def folds(examples: Sequence[Example]) -> list[np.ndarray]:
    """Whole families dealt into folds of about equal size, largest first; each fold is a mask of the texts left out."""
    sizes = Counter(example.family for example in examples)
    bins: list[set[str]] = [set() for _ in range(min(_FOLDS, len(sizes)))]
    loads = [0] * len(bins)
    for family, size in sizes.most_common():
        lightest = loads.index(min(loads))
        bins[lightest].add(family)
        loads[lightest] += size
    return [np.array([example.family in group for example in examples]) for group in bins]


def _scores_left_out(
    matter: Design, labels: np.ndarray, examples: Sequence[Example], recipe: Recipe
) -> dict[str, Numbers]:
    scores: dict[str, Numbers] = {name: np.zeros(len(labels)) for name in _SIDES}
    for out in folds(examples):
        lines = fit(Design(matter.names, matter.rows[~out], matter.shared), labels[~out], recipe, rounds=FOLD_ROUNDS)
        for name, line in lines.items():
            scores[name][out] = line.scores(matter.rows[out])
    return scores


def compact(matter: Design, lines: dict[str, Line], recipe: Recipe, version: str) -> bytes:
    """Keep the strongest features, bring their weights to one signed byte each, put frequent features first."""
    strength = sum(np.abs(line.weights) for line in lines.values())
    frequency = matter.rows.getnnz(axis=0)
    common = np.argsort(-frequency, kind="stable")[:_COMMON]
    kept = np.union1d(np.argsort(-strength, kind="stable")[: recipe.keep], common)
    header: dict[str, object] = {"version": version, "language": recipe.language}
    bytes_of: dict[str, np.ndarray] = {}
    for name, line in lines.items():
        step = float(np.quantile(np.abs(line.weights[kept]), 0.9995)) / _BYTE
        bytes_of[name] = np.clip(np.round(line.weights / step), -_BYTE, _BYTE).astype(int)
        header |= {f"{name}_scale": step, f"{name}_bias": line.bias}
    order = sorted(kept, key=lambda i: (-frequency[i], matter.names[i]))
    rows = [(matter.names[i], int(bytes_of["negative"][i]), int(bytes_of["positive"][i])) for i in order]
    named = {matter.names[i] for i in common}
    return pack(header, [row for row in rows if row[1] or row[2] or row[0] in named])
