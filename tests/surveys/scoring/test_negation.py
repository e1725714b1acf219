"""Negation on sentences written apart from the training patterns; the floors are what model 2 reaches, for guarding."""

from pathlib import Path

import pytest

from surveys.scoring.polarity import read

_ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "negation.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("sentences", "language", "least"), [("1", "en", 50), ("1", "zh", 50), ("2", "zh", 13)])
def test_small_words_turn_the_sentence(sentences: str, language: str, least: int) -> None:
    asked = [(side, text) for found, tongue, side, text in _ROWS if (found, tongue) == (sentences, language)]
    missed = [text for side, text in asked if ((read(text).polarity or 0.0) > 0) != (side == "pos")]
    assert len(asked) - len(missed) >= least, missed
