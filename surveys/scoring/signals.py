"""Words that call for a person at once: leaving, law, fraud, discrimination, self-harm, anger, a call. Pure.

High precision before recall: each pattern names a deed or a demand, not a topic, and a pattern with a guard is
dropped when the guard stands right before it ("I am not closing my account").
"""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

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


# What takes a signal back when it stands shortly before it, in the same clause.
_DENIED = re.compile(
    r"(?:\b(?:not|never|no|nor|without|isn't|wasn't|don't|didn't|doesn't|won't|wouldn't|aren't|haven't|hasn't"
    r"|no need to|instead of|rather than|stopped me from|nothing|nobody|avoid\w*)\b(?:\s+\w+){0,4}\s*"
    r"|(?:不会|不用|无需|不必|没有|没|并非|不是|不|别|从未|从没|未|避免|防止|谨防|预防|防范|以防)\S{0,2})$"
)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[SignalKind, re.Pattern[str]], ...]:
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    raw.pop("version")
    return tuple(
        (SignalKind(kind), re.compile("|".join(f"(?:{part})" for part in [*parts["en"], *parts["zh"]])))
        for kind, parts in raw.items()
    )


def find_signals(text: str) -> tuple[Signal, ...]:
    """Every kind of signal in a comment, each once with its first evidence, in order of urgency."""
    folded = fold_in_place(text)
    found = []
    for kind, pattern in _patterns():
        for match in pattern.finditer(folded):
            if not _is_denied(folded, match.start()):
                found.append(Signal(kind, place(text, *match.span())))
                break
    return tuple(found)


def _is_denied(folded: str, start: int) -> bool:
    clause = re.split(r"[.,;:!?。，；：！？\n]|\bbut\b|但", folded[max(0, start - 48) : start])[-1]
    return bool(_DENIED.search(clause))
