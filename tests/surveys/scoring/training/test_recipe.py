"""A company can retrain the scorer on its own labelled comments."""

import gzip
import os
import random
import subprocess
import sys
from pathlib import Path

from surveys.scoring.corpus import licence_classes, read_corpus
from surveys.scoring.evaluation import report
from surveys.scoring.model import unpack
from surveys.scoring.training.recipe import RECIPES, folds, train
from surveys.scoring.training.templates import own_examples

GOOD = ("lovely", "superb", "gentle", "bright")
BAD = ("gloomy", "sour", "rusty", "grim")


def _write(folder: Path, name: str, seed: int) -> None:
    chance = random.Random(seed)
    with gzip.open(folder / name, "wt", encoding="utf-8") as out:
        for _ in range(60):
            label, words = chance.choice((("pos", GOOD), ("neg", BAD)))
            out.write(f"{label}\tthe {chance.choice(words)} room number {chance.randrange(9)}\n")


def test_weights_trained_on_a_folder_know_its_words(tmp_path: Path) -> None:
    _write(tmp_path, "en_first.tsv.gz", 1)
    _write(tmp_path, "en_second.tsv.gz", 2)
    said: list[str] = []
    model = unpack(train(read_corpus(tmp_path, "en"), RECIPES["en"], version="t-1", say=said.append))
    assert model.version == "t-1"
    assert model.leaning("gloomy") < 0 < model.leaning("superb")
    assert said


def test_a_second_training_writes_the_same_bytes(tmp_path: Path) -> None:
    _write(tmp_path, "en_first.tsv.gz", 1)
    _write(tmp_path, "en_second.tsv.gz", 2)
    told = """
import sys, hashlib, pathlib
from surveys.scoring.corpus import read_corpus
from surveys.scoring.training.recipe import RECIPES, train
examples = read_corpus(pathlib.Path(sys.argv[1]), "en")
print(hashlib.sha256(train(examples, RECIPES["en"], version="t-1", say=lambda line: None)).hexdigest())
"""
    sums = [
        subprocess.run(
            [sys.executable, "-c", told, str(tmp_path)],
            check=True,
            capture_output=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert sums[0] == sums[1] != b""


def test_families_are_left_out_whole(tmp_path: Path) -> None:
    for i, name in enumerate(("en_uci_yelp.tsv.gz", "en_mams_train.tsv.gz", "en_airline.tsv.gz")):
        _write(tmp_path, name, i)
    examples = read_corpus(tmp_path, "en")
    for left_out in folds(examples):
        inside = {example.family for example, out in zip(examples, left_out, strict=True) if not out}
        outside = {example.family for example, out in zip(examples, left_out, strict=True) if out}
        assert not inside & outside


def test_only_sources_of_a_licence_class_are_read(tmp_path: Path) -> None:
    _write(tmp_path, "en_free.tsv.gz", 1)
    _write(tmp_path, "en_unclear.tsv.gz", 2)
    (tmp_path / "README.md").write_text(
        "| file | lang | licence | class | origin |\n|---|---|---|---|---|\n"
        "| en_free.tsv.gz | en | MIT | A | here |\n| en_unclear.tsv.gz | en | none | C | there |\n",
        encoding="utf-8",
    )
    assert licence_classes(tmp_path) == {"en_free.tsv.gz": "A", "en_unclear.tsv.gz": "C"}
    assert {example.source for example in read_corpus(tmp_path, "en", only_class="A")} == {"en_free"}


def test_own_sentences_exist_in_both_languages_and_every_label() -> None:
    for language in ("en", "zh"):
        assert {example.label for example in own_examples(language)} == {-1, 0, 1}


def test_an_evaluation_prints_counts_and_intervals(tmp_path: Path) -> None:
    _write(tmp_path, "en_first.tsv.gz", 1)
    lines = report(tmp_path, "en")
    assert any(line.startswith("| all | 60 | ") for line in lines)
    assert report(tmp_path, "zh") == []
