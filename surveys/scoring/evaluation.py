"""`python -m surveys.scoring.evaluation FOLDER`: how well the shipped scorer does, with n and intervals.

Prints one row per file and per family, and the totals of each language. AUC is negative against the rest, from the
polarity; "2F1" is macro-F1 of negative against the rest by the label, "3F1" of negative, neutral and positive; ECE
compares the stated confidence with how often the label was right. A comment with no signal counts as neutral.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from surveys.scoring.corpus import Example, read_corpus
from surveys.scoring.measures import auc, auc_interval, bootstrap, calibration_error, macro_f1, wilson
from surveys.scoring.model import MODEL_VERSION
from surveys.scoring.polarity import Reading, read


@dataclass(frozen=True, slots=True)
class Judged:
    """One example beside what the scorer said."""

    example: Example
    reading: Reading

    @property
    def told(self) -> int:
        """-1, 0 or 1 by the label; no signal and mixed count as neutral."""
        label = self.reading.label or "neutral"
        return -1 if label.endswith("negative") else 1 if label.endswith("positive") else 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The measures of one group of texts."""

    n: int
    area: float | None
    area_interval: tuple[float, float] | None
    accuracy: float
    accuracy_interval: tuple[float, float]
    two_f1: float
    three_f1: float
    calibration: float
    silent: int


def judge(examples: Sequence[Example], reader: Callable[[str], Reading] = read) -> list[Judged]:
    """Score every example."""
    return [Judged(example, reader(example.text)) for example in examples]


def figures(rows: Sequence[Judged]) -> Figures:
    """Measure one group."""
    truth = [row.example.label for row in rows]
    told = [row.told for row in rows]
    bad = [label == -1 for label in truth]
    area = auc(bad, [-(row.reading.polarity or 0.0) for row in rows])
    hits = sum(a == b for a, b in zip(truth, told, strict=True))
    spoke = [
        (row.reading.confidence, row.told == row.example.label) for row in rows if row.reading.confidence is not None
    ]
    return Figures(
        n=len(rows),
        area=area,
        area_interval=auc_interval(area, sum(bad), len(bad) - sum(bad)) if area is not None else None,
        accuracy=hits / len(rows),
        accuracy_interval=wilson(hits, len(rows)),
        two_f1=macro_f1(bad, [label == -1 for label in told]),
        three_f1=macro_f1(truth, told),
        calibration=calibration_error([p for p, _ in spoke], [hit for _, hit in spoke]),
        silent=len(rows) - len(spoke),
    )


def table(groups: Sequence[tuple[str, Sequence[Judged]]]) -> list[str]:
    """A Markdown table, one row per group."""
    lines = [
        "| texts | n | AUC (95 %) | accuracy (95 %) | 2F1 | 3F1 | ECE | no signal |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, rows in groups:
        found = figures(rows)
        area = "-"
        if found.area is not None and found.area_interval is not None:
            area = f"{found.area:.3f} ({found.area_interval[0]:.3f}-{found.area_interval[1]:.3f})"
        low, high = found.accuracy_interval
        lines.append(
            f"| {name} | {found.n} | {area} | {found.accuracy:.3f} ({low:.3f}-{high:.3f}) "
            f"| {found.two_f1:.3f} | {found.three_f1:.3f} | {found.calibration:.3f} | {found.silent} |"
        )
    return lines


def report(folder: Path, language: str, reader: Callable[[str], Reading] = read) -> list[str]:
    """All tables of one language; empty when the folder has no such texts."""
    rows = judge(read_corpus(folder, language), reader)
    if not rows:
        return []
    sources = _grouped(rows, lambda row: row.example.source)
    families = _grouped(rows, lambda row: row.example.family)
    truth = [row.example.label for row in rows]
    told = [row.told for row in rows]
    low, high = bootstrap(lambda picked: macro_f1([truth[i] for i in picked], [told[i] for i in picked]), len(rows))
    two = bootstrap(
        lambda picked: macro_f1([truth[i] == -1 for i in picked], [told[i] == -1 for i in picked]), len(rows)
    )
    areas = [figures(group).area for _, group in sources]
    known = [area for area in areas if area is not None]
    return [
        f"## {language}, model {MODEL_VERSION}",
        "",
        *table([("all", rows), *sources]),
        "",
        f"Mean AUC over {len(known)} files: {sum(known) / len(known):.3f}.",
        f"95 % by bootstrap, 200 rounds: 2F1 {two[0]:.3f}-{two[1]:.3f}, 3F1 {low:.3f}-{high:.3f}.",
        "",
        *table([(f"family: {name}", group) for name, group in families]),
        "",
    ]


def _grouped(rows: Sequence[Judged], key: Callable[[Judged], str]) -> list[tuple[str, list[Judged]]]:
    groups: dict[str, list[Judged]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return sorted(groups.items())


def _left_out(train: Path, folder: Path) -> list[str]:
    # Training needs numpy and scipy, which plain evaluation does without.
    from surveys.scoring.training.left_out import left_out_table
    from surveys.scoring.training.templates import own_examples

    lines = []
    for language in ("en", "zh"):
        judged = read_corpus(folder, language)
        if judged:
            known = read_corpus(train, language) + own_examples(language)
            lines += [f"## {language}, families left out", "", *left_out_table(known, judged, language=language), ""]
    return lines


def main() -> int:
    """Print the tables; non-zero when the folder holds no labelled texts."""
    parser = argparse.ArgumentParser(prog="python -m surveys.scoring.evaluation", description=__doc__)
    parser.add_argument("folder", type=Path, help="gzipped TSV files, label<TAB>text, named LANGUAGE_SOURCE.tsv.gz")
    parser.add_argument(
        "--left-out", type=Path, metavar="TRAIN", help="also retrain on TRAIN without each family; minutes"
    )
    chosen = parser.parse_args()
    folder = chosen.folder
    lines = [line for language in ("en", "zh") for line in report(folder, language)]
    if chosen.left_out is not None:
        lines += _left_out(chosen.left_out, folder)
    print("\n".join(lines) or f"no labelled texts in {folder}")
    return 0 if lines else 1


if __name__ == "__main__":
    raise SystemExit(main())
