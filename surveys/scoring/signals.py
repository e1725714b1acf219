"""Words that call for a person at once: leaving, law, fraud, discrimination, self-harm, anger, a call. Pure.

High precision before recall: each pattern names a deed or a demand, not a topic, and a match is dropped where a scope
covers it: denied ("I am not closing my account"), at another bank, of another customer, long ago, prevented.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from surveys.scoring.needles import Index
from surveys.scoring.spans import Span, fold_in_place, place

_FILE = Path(__file__).parent / "data" / "signals.toml"


class SignalKind(StrEnum):
    """What a signal asks for."""

    INTENT_TO_LEAVE = "intent_to_leave"
    LEGAL_THREAT = "legal_threat"
    FRAUD_SAFETY = "fraud_safety"
    DISCRIMINATION = "discrimination"
    SELF_HARM = "self_harm"
    ANGER = "anger"
    CALL_REQUEST = "call_request"


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal and the customer's words it rests on."""

    kind: SignalKind
    evidence: Span


def as_spans(signals: Iterable[Signal]) -> list[dict[str, Any]]:
    """Signals as they are kept beside the words they rest on."""
    return [{"signal": str(one.kind), "start": one.evidence.start, "end": one.evidence.end} for one in signals]


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a match of some kinds says nothing: what stands before it, beside it, right behind it or within it."""

    kinds: frozenset[SignalKind]
    before: re.Pattern[str] | None
    beside: re.Pattern[str] | None
    after: re.Pattern[str] | None
    within: re.Pattern[str] | None

    def covers(self, folded: str, start: int, end: int) -> bool:
        """Whether this scope takes back what was matched at folded[start:end]."""
        if self.before is not None and self.before.search(_clause_before(folded, start)):
            return True
        if self.within is not None and self.within.search(folded, start, end):
            return True
        if self.after is not None and self.after.search(folded[end : end + _REACH]):
            return True
        return self.beside is not None and self.beside.search(_sentence(folded, start, end)) is not None


_URGENCY = (
    SignalKind.SELF_HARM,
    SignalKind.FRAUD_SAFETY,
    SignalKind.LEGAL_THREAT,
    SignalKind.DISCRIMINATION,
    SignalKind.INTENT_TO_LEAVE,
    SignalKind.ANGER,
    SignalKind.CALL_REQUEST,
)

# A denial reaches no further than its clause, and a clause has at most this many characters before the match.
_REACH = 64
_CLAUSE_END = re.compile(
    r"[.,;:!?。\n]|\b(?:but|so|and|because|otherwise|then|until|unless)\b"
    r"|(?<!think )(?<!believe )\b(?:i|we)\b|但|否则|不然"
)
_SENTENCE_END = re.compile(r"[.!?;。\n]")
# A match that opens its own clause is denied only by the two words before it: "I don't think I will", "not because".
_NEW_SUBJECT = re.compile(r"(?:i|we|my|our|you|they|someone|somebody|there|because|just because)\b")
# "Have to", "whether", "more than": a no that denies nothing. Replaced by as many spaces before a denial is looked for.
_NO_DENIAL = re.compile(
    r"不得不|不能不|不如|再不|不然|不行就|不只|不仅|不光|不但|是不是|要不要|能不能|可不可以|可唔可以|好不好|会不会|忍不住|受不了|没办法|不断|不停"
    r"|\bnot (?:only|just|least)\b|\bno (?:doubt|wonder|choice but)\b|\bdon't (?:make|force) me\b"
)

_NAME = re.compile(r"(?<!\?)<(\w+)>")


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[tuple[SignalKind, re.Pattern[str]], ...], Index, tuple[_Scope, ...]]:
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    words = raw.pop("words")
    scopes = tuple(
        _Scope(frozenset(map(SignalKind, scope["kinds"])), *(_any(scope.get(side)) for side in _Scope.__slots__[1:]))
        for scope in raw.pop("scopes").values()
    )
    written = [
        (SignalKind(kind), part, whole.format(part))
        for kind, parts in raw.items()
        for tongue, whole in (("en", "(?<![a-z])(?:{})(?![a-z])"), ("zh", "{}"))
        for part in (_spelt_out(part, words) for part in parts[tongue])
    ]
    patterns = tuple((kind, re.compile(whole)) for kind, _part, whole in written)
    return patterns, Index(part for _kind, part, _whole in written), scopes


def _spelt_out(part: str, words: dict[str, str]) -> str:
    """A pattern with what its <names> stand for; a name may stand in the words of another."""
    while (spelt := _NAME.sub(lambda match: words[match[1]], part)) != part:
        part = spelt
    return part


def _any(parts: list[str] | None) -> re.Pattern[str] | None:
    return re.compile("|".join(map(_group, parts))) if parts else None


def _group(part: str) -> str:
    return f"(?:{part})"


def code_rules() -> str:
    """The rules that stand in this file and not among the patterns, as one string: for the version of a reading."""
    return "\n".join([str(_REACH), *(part.pattern for part in (_CLAUSE_END, _SENTENCE_END, _NEW_SUBJECT, _NO_DENIAL))])


def find_signals(text: str) -> tuple[Signal, ...]:
    """Every kind of signal in a comment, each once with its first evidence, in order of urgency."""
    folded = fold_in_place(text)
    patterns, index, scopes = _rules()
    first: dict[SignalKind, tuple[int, int]] = {}
    for number in index.worth_trying(folded):
        kind, pattern = patterns[number]
        for match in pattern.finditer(folded):
            span = match.span()
            if not any(kind in scope.kinds and scope.covers(folded, *span) for scope in scopes):
                first[kind] = min(first.get(kind, span), span, key=lambda one: (one[0], -one[1]))
                break
    return tuple(Signal(kind, place(text, *first[kind])) for kind in _URGENCY if kind in first)


def _clause_before(folded: str, start: int) -> str:
    """What a denial before the match may stand in; "if you don't pay I will sue" denies the paying, not the suing."""
    before = _NO_DENIAL.sub(lambda match: " " * len(match[0]), folded[max(0, start - _REACH) : start + _REACH])
    before = before[: min(start, _REACH)]
    if _NEW_SUBJECT.match(folded, start):
        return " ".join(before.split()[-2:])
    return _CLAUSE_END.split(before)[-1]


def _sentence(folded: str, start: int, end: int) -> str:
    first = max((match.end() for match in _SENTENCE_END.finditer(folded, 0, start)), default=0)
    last = _SENTENCE_END.search(folded, end)
    return folded[first : last.start() if last else len(folded)]
