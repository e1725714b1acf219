"""The golden set, and what is measured on labelled comments: accuracy, macro-F1, calibration, with intervals. Pure.

Comments of data/golden_LANGUAGE.tsv are trained on by nobody. Three sides are told apart: negative, even, positive;
mixed, neutral and no signal are even.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from surveys.scoring.measures import Interval, bootstrap, calibration_error, macro_f1, wilson
from surveys.scoring.polarity import Reading, read_whole
from surveys.scoring.tables import Question
from surveys.scoring.tenant import Tenant

Side = Literal["neg", "neu", "pos"]
LANGUAGES = ("en", "zh")
BINS = 10
_FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A comment and the side it is on; `question`: the kind of question it answers."""

    text: str
    side: Side
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The side a comment is on beside the one that was told, and how sure the scorer was; None when it said nothing."""

    truth: Side
    told: Side
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one group; intervals at 95 %. A bin: how many, how sure on the mean, how many of them right."""

    n: int
    right: int
    accuracy: float
    accuracy_interval: Interval
    macro_f1: float
    macro_f1_interval: Interval
    ece: float
    ece_interval: Interval
    silent: int
    bins: tuple[tuple[int, float, int], ...]


@lru_cache(maxsize=2)
def golden_set(language: str) -> tuple[Labelled, ...]:
    """The golden comments of one language."""
    lines = (_FOLDER / f"golden_{language}.tsv").read_text(encoding="utf-8").splitlines()
    parted = [line.partition("\t") for line in lines if not line.startswith("#")]
    return tuple(Labelled(text, side_of(label)) for label, _, text in parted)


def side_of(label: str | None) -> Side:
    """The side of a label, a file's or a score's."""
    if label is None:
        return "neu"
    return "neg" if label.endswith(("neg", "negative")) else "pos" if label.endswith(("pos", "positive")) else "neu"


def tell(reading: Reading, truth: Side) -> Told:
    """What a reading said, beside the truth."""
    return Told(truth, side_of(reading.label), reading.confidence)


def judge(rows: Sequence[Labelled], tenant: Tenant | None = None) -> list[Told]:
    """Have every comment read."""
    return [tell(read_whole(row.text, question=row.question, tenant=tenant), row.side) for row in rows]


def told_f1(rows: Sequence[Told]) -> float:
    """Macro-F1 of the three sides."""
    return macro_f1([row.truth for row in rows], [row.told for row in rows])


@lru_cache(maxsize=4)
def golden_f1(language: str) -> float:
    """What the shipped model reaches on the golden set."""
    return told_f1(judge(golden_set(language)))


def measure(rows: Sequence[Told]) -> Measured:
    """All figures of a group; the same rows give the same figures, intervals too."""
    right = [row.truth == row.told for row in rows]
    n, hits = len(rows), sum(right)

    def error(picked: Sequence[int]) -> float:
        spoke = [(rows[i].confidence or 0.0, right[i]) for i in picked if rows[i].confidence is not None]
        return calibration_error([sure for sure, _ in spoke], [hit for _, hit in spoke], bins=BINS)

    def f1(picked: Sequence[int]) -> float:
        return told_f1([rows[i] for i in picked])

    everyone = range(n)
    return Measured(
        n=n,
        right=hits,
        accuracy=hits / n if n else 0.0,
        accuracy_interval=wilson(hits, n),
        macro_f1=f1(everyone),
        macro_f1_interval=bootstrap(f1, n) if n else (0.0, 1.0),
        ece=error(everyone),
        ece_interval=bootstrap(error, n) if n else (0.0, 1.0),
        silent=sum(row.confidence is None for row in rows),
        bins=_bins(rows, right),
    )


def _bins(rows: Sequence[Told], right: Sequence[bool]) -> tuple[tuple[int, float, int], ...]:
    held: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for row, hit in zip(rows, right, strict=True):
        if row.confidence is not None:
            held[min(int(row.confidence * BINS), BINS - 1)].append((row.confidence, hit))
    return tuple(
        (len(one), round(sum(sure for sure, _ in one) / len(one), 4) if one else 0.0, sum(hit for _, hit in one))
        for one in held
    )


@lru_cache(maxsize=2)
def shipped_figures(language: str) -> Measured:
    """What the shipped model reaches on the golden set, with everything beside it."""
    return measure(judge(golden_set(language)))


def measured_from(raw: Mapping[str, Any]) -> Measured:
    """Figures as they were kept as JSON."""
    pairs = {name: tuple(raw[name]) for name in ("accuracy_interval", "macro_f1_interval", "ece_interval")}
    bins = tuple((int(n), float(sure), int(right)) for n, sure, right in raw["bins"])
    return Measured(**{**raw, **pairs, "bins": bins})
