"""`python -m surveys.scoring.training FOLDER OUT`: three weight files from a folder of labelled texts."""

import argparse
import sys
from pathlib import Path

from surveys.scoring.corpus import read_corpus
from surveys.scoring.model import MODEL_VERSION
from surveys.scoring.training.recipe import RECIPES, train
from surveys.scoring.training.templates import own_examples

_FILES = (("en", "en", None), ("en-a", "en", "A"), ("zh", "zh", None))
_LARGEST = 1_000_000


def main() -> int:
    """Train each file there are examples for; non-zero when none was written or one came out too large."""
    parser = argparse.ArgumentParser(prog="python -m surveys.scoring.training", description=__doc__)
    parser.add_argument("folder", type=Path, help="gzipped TSV files, label<TAB>text, named LANGUAGE_SOURCE.tsv.gz")
    parser.add_argument("out", type=Path, help="where the weight files go")
    parser.add_argument("--only", choices=[name for name, _, _ in _FILES])
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    written = 0
    for name, language, licence in _FILES:
        examples = read_corpus(chosen.folder, language, only_class=licence)
        if not examples or chosen.only not in (None, name):
            continue
        examples += own_examples(language)
        data = train(examples, RECIPES[language], version=f"{name}-{MODEL_VERSION}", say=_say)
        if len(data) > _LARGEST:
            _say(f"{name}: {len(data)} bytes is over the limit of {_LARGEST}")
            return 1
        (chosen.out / f"{name}.bin").write_bytes(data)
        _say(f"{name}: {len(data)} bytes written")
        written += 1
    return 0 if written else 1


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
