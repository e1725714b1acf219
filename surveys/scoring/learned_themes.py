"""Themes learned from a company's own labelled comments, beside the keywords. Pure; fitted by training.themes."""

import json
from dataclasses import dataclass
from math import sqrt

from surveys.scoring.features import chinese_features, english_features
from surveys.scoring.language import detect_folded, fold


@dataclass(frozen=True, slots=True)
class LearnedThemes:
    """One line per theme over the features of one language; a theme is named when its line is above the cut."""

    language: str
    version: str
    cut: float
    biases: dict[str, float]
    weights: dict[str, dict[str, float]]

    def themes_of(self, text: str) -> frozenset[str]:
        """The themes of a comment in this model's language; none for a comment in another."""
        folded = fold(text)
        if detect_folded(folded) not in (self.language, "mixed"):
            return frozenset()
        features = english_features(folded) if self.language == "en" else chinese_features(folded)
        length = sqrt(len(features)) or 1.0
        sums = dict.fromkeys(self.biases, 0.0)
        for feature in features:
            for theme, weight in self.weights.get(feature, {}).items():
                sums[theme] += weight
        return frozenset(theme for theme, total in sums.items() if total / length + self.biases[theme] > self.cut)

    def to_json(self) -> str:
        """The model as text, to be stored with its version."""
        return json.dumps(
            {
                "language": self.language,
                "version": self.version,
                "cut": self.cut,
                "biases": self.biases,
                "weights": self.weights,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> "LearnedThemes":
        """Read what to_json wrote; raises KeyError or ValueError when it is something else."""
        raw = json.loads(text)
        return cls(raw["language"], raw["version"], float(raw["cut"]), raw["biases"], raw["weights"])


def micro_f1(truth: list[frozenset[str]], told: list[frozenset[str]]) -> float:
    """F1 over all theme decisions together."""
    hits = sum(len(a & b) for a, b in zip(truth, told, strict=True))
    size = sum(map(len, truth)) + sum(map(len, told))
    return 2 * hits / size if size else 0.0
