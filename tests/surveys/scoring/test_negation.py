"""Negation on sentences written apart from the training patterns; the floors guard what model 3 reaches."""

from pathlib import Path

import pytest

from surveys.scoring.polarity import read

_ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "negation.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(
    ("sentences", "language", "least"),
    [
        ("1", "en", 51),
        ("1", "zh", 51),
        ("2", "en", 14),
        ("2", "zh", 16),
        ("3", "en", 54),
        ("3", "zh", 36),
        ("4", "en", 28),
        ("4", "zh", 18),
        ("5", "en", 50),
    ],
)
def test_small_words_turn_the_sentence(sentences: str, language: str, least: int) -> None:
    asked = [(side, text) for found, tongue, side, text in _ROWS if (found, tongue) == (sentences, language)]
    missed = [text for side, text in asked if ((read(text).polarity or 0.0) > 0) != (side == "pos")]
    assert len(asked) - len(missed) >= least, missed
