"""Fit learned themes from comments labelled with theme keys; the cut is chosen on held-out parts of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from surveys.scoring.features import chinese_features, english_features
from surveys.scoring.language import fold
from surveys.scoring.learned_themes import LearnedThemes, micro_f1
from surveys.scoring.training.design import presence
from surveys.scoring.training.fit import logistic

Labelled = Sequence[tuple[frozenset[str], str]]

_STRENGTH = 40.0
# On a tie the first wins.
_CUTS = (0.0, -0.2, -0.4, -0.6, -0.8, -1.0, -1.2)
_PARTS = 4
_FEWEST = 5
_FAINT = 0.2


def fit_themes(labelled: Labelled, *, language: str, version: str) -> LearnedThemes:
    """A model of the themes that occur at least five times; `labelled` holds (theme keys, comment)."""
    told: dict[float, list[frozenset[str]]] = {cut: [] for cut in _CUTS}
    truth: list[frozenset[str]] = []
    for part in range(_PARTS):
        inside = [row for i, row in enumerate(labelled) if i % _PARTS != part]
        outside = [row for i, row in enumerate(labelled) if i % _PARTS == part]
        truth += [themes for themes, _ in outside]
        model = _fit(inside, language=language, version=version, cut=0.0)
        for cut in _CUTS:
            told[cut] += [replace(model, cut=cut).themes_of(text) for _, text in outside]
    best = max(_CUTS, key=lambda cut: micro_f1(truth, told[cut]))
    return _fit(labelled, language=language, version=version, cut=best)


def _fit(labelled: Labelled, *, language: str, version: str, cut: float) -> LearnedThemes:
    extract = english_features if language == "en" else chinese_features
    extracted = [extract(fold(text)) for _, text in labelled]
    counts: Counter[str] = Counter()
    for features in extracted:
        counts.update(features)
    names = sorted(name for name, count in counts.items() if count >= 2)
    rows = presence(extracted, names)
    frequency = Counter(theme for themes, _ in labelled for theme in themes)
    biases: dict[str, float] = {}
    weights: dict[str, dict[str, float]] = {}
    for theme in sorted(theme for theme, count in frequency.items() if count >= _FEWEST):
        line = logistic(rows, np.array([theme in themes for themes, _ in labelled]), strength=_STRENGTH)
        biases[theme] = line.bias
        for name, weight in zip(names, line.weights, strict=True):
            if abs(weight) >= _FAINT:
                weights.setdefault(name, {})[theme] = round(float(weight), 3)
    return LearnedThemes(language, version, cut, biases, weights)
