"""A customer's words with what was heard in them marked: the words that weigh most, and the evidence of each signal."""

from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

from app.console import labels
from surveys.scoring.signals import as_spans, find_signals

Spans = list[tuple[int, int]]


def marked(text: str, deciding: Iterable[Sequence[Any]], signals: Iterable[dict[str, Any]] = ()) -> Markup:
    """Words with those marked that weigh most, and underlined those that are a signal; overlapping spans once."""
    evidence = _joined(text, sorted((int(one["start"]), int(one["end"])) for one in signals))
    weighty = _joined(text, _without(_weighty(list(deciding)), evidence))
    out, cursor = Markup(), 0
    for start, end, opening in sorted(
        [(*span, Markup("<mark>")) for span in weighty] + [(*span, Markup('<mark class="sign">')) for span in evidence]
    ):
        out += escape(text[cursor:start]) + opening + escape(text[start:end]) + Markup("</mark>")
        cursor = end
    return out + escape(text[cursor:])


def heard(text: str, signals: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """Each signal in words, with the customer's own words it rests on; of words that are gone nothing is cited."""
    return [(labels.signal_words(one["signal"]), text[int(one["start"]) : int(one["end"])]) for one in signals if text]


def underlined(text: str) -> Markup:
    """Words that were kept without their spans, with every signal in them underlined."""
    return marked(text, (), signals_in(text))


def signals_in(text: str) -> list[dict[str, Any]]:
    """The signals of words that were kept without their spans: a complaint, a text without a question."""
    return as_spans(find_signals(text))


def _weighty(deciding: list[Sequence[Any]]) -> Spans:
    # A word that weighs little beside the strongest one explains nothing to a reader.
    strongest = max((abs(float(span[2])) for span in deciding), default=0.0)
    return sorted((int(start), int(end)) for start, end, weight in deciding if abs(float(weight)) >= strongest / 4)


def _without(spans: Spans, taken: Spans) -> Spans:
    """What is left of the spans outside those taken."""
    for from_, to in taken:
        spans = [piece for start, end in spans for piece in ((start, min(end, from_)), (max(start, to), end))]
        spans = [(start, end) for start, end in spans if start < end]
    return sorted(spans)


def _joined(text: str, spans: Spans) -> Spans:
    out: Spans = []
    for start, end in spans:
        start, end = max(start, 0), min(end, len(text))
        if start >= end or not text[start:end].strip():
            continue
        if out and not text[out[-1][1] : start].strip():
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out
