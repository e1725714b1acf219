"""The written sentences with and without signals, and how well they are told apart."""

import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from surveys.scoring.signals import Signal, find_signals

_FOLDER = Path(__file__).parent / "corpora"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, the signals in it, the kind it was written about, and the words that must be evidence."""

    text: str
    kinds: frozenset[str]
    about: str
    evidence: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Tally:
    """What was found of one kind, and what was not."""

    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        found = len(self.right) + len(self.wrong)
        return len(self.right) / found if found else 0.0

    @property
    def recall(self) -> float:
        meant = len(self.right) + len(self.missed)
        return len(self.right) / meant if meant else 0.0


def sentences(name: str) -> list[Sentence]:
    """The sentences of one file in corpora/: kinds, the kind it is about, the words with [evidence] marked."""
    found = []
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kinds, about, marked = line.split("\t")
        plain, spans = "", []
        for piece in re.split(r"(\[[^\]]*\])", marked):
            words = piece[1:-1] if piece.startswith("[") else piece
            if piece.startswith("["):
                spans.append((len(plain), len(plain) + len(words)))
            plain += words
        found.append(Sentence(plain, frozenset(kinds.split(",")) - {"-"}, about, tuple(spans)))
    return found


def rests_on(signal: Signal, sentence: Sentence) -> bool:
    """Whether a signal's evidence lies on the words marked for it and is cut from the sentence as written."""
    span = signal.evidence
    cut = sentence.text[span.start : span.end] == span.text and bool(span.text.strip())
    return cut and any(span.start < end and start < span.end for start, end in sentence.evidence)


def tallies(name: str) -> dict[str, Tally]:
    """Per kind, the sentences told right, raised wrongly, and missed; a signal on the wrong words is a miss."""
    kinds: dict[str, Tally] = defaultdict(Tally)
    for sentence in sentences(name):
        signals = {signal.kind.value: signal for signal in find_signals(sentence.text)}
        for kind in sentence.kinds | signals.keys():
            if kind not in sentence.kinds:
                kinds[kind].wrong.append(sentence.text)
            elif kind in signals and (kind != sentence.about or rests_on(signals[kind], sentence)):
                kinds[kind].right.append(sentence.text)
            else:
                kinds[kind].missed.append(sentence.text)
    return dict(kinds)


def _show(name: str) -> None:
    for kind, tally in sorted(tallies(name).items()):
        sys.stdout.write(f"{kind:16} precision {tally.precision:.2f}  recall {tally.recall:.2f}\n")
        for label, texts in (("raised wrongly", tally.wrong), ("missed", tally.missed)):
            for text in texts:
                sys.stdout.write(f"    {label}: {text}\n")


if __name__ == "__main__":
    _show(sys.argv[1])
