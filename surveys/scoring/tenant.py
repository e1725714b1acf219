"""What one company's words mean beyond the shipped model: a value that is added while scoring. Pure.

`offsets` add to the weights of features the model knows or does not know; `phrases` are words somebody said the meaning
of, found under their negation too; `whole` are short answers that tables know, as this company reads them.
"""

import re
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from surveys.scoring.features import english_tokens
from surveys.scoring.language import fold
from surveys.scoring.model import MODEL_VERSION, TELLING
from surveys.scoring.negation import HAN_TURNS, NEGATED, places_under_negation

_MARKS = re.compile(r"(?:[^\w\u3400-\u9fff']|\d)+")
_HAN = re.compile("[\u3400-\u9fff]")
_DIGITS = 10_000
_SHIFT = 32
_HALF = 1 << (_SHIFT - 1)
# As far as it is a feature of Chinese texts, and two characters at most.
_BEGINS = re.compile("[\u3400-\u9fffa-z0-9!?%]{1,2}")


class Said(NamedTuple):
    """A phrase at said[start:end]; `sign` is -1 where it stands under a negation, else 1."""

    phrase: str
    sign: int
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Lean:
    """The additions of one language: to the log-odds of negative (real) and of positive (imaginary), before length."""

    language: str
    offsets: Mapping[str, complex] = field(default_factory=dict)
    phrases: Mapping[str, complex] = field(default_factory=dict)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return phrase_pattern(self.phrases, self.language) if self.phrases else None

    @cached_property
    def _moving(self) -> frozenset[str]:
        return frozenset(self.offsets)  # a set meets a set three times faster than it meets the keys of a mapping

    @cached_property
    def _packed(self) -> dict[str, int]:
        """Both offsets in one whole number, in the digits they are kept with: one sum, the same in any order."""
        return {
            name: round(pair.real * _DIGITS) + (round(pair.imag * _DIGITS) << _SHIFT)
            for name, pair in self.offsets.items()
        }

    @cached_property
    def _heads(self) -> frozenset[str] | None:
        """What a text holds one of that holds a phrase: its first word, or in Chinese a feature it begins with."""
        if self.language == "en":
            return frozenset(phrase.split(" ", 1)[0] for phrase in self.phrases)
        begun = [_BEGINS.match(phrase) for phrase in self.phrases]
        heads = [found[0] for found in begun if found]
        # One that begins with a mark, which is no feature, may stand anywhere.
        return frozenset((*heads, *(NEGATED + head for head in heads))) if len(heads) == len(begun) else None

    def may_say(self, features: Collection[str]) -> bool:
        """Whether a text may hold a phrase, by its written words, or by its features in Chinese."""
        return self._heads is None or not self._heads.isdisjoint(features)

    def moved(self, features: Set[str], said: str) -> tuple[float, float, bool]:
        """What to add to both log-odds, and whether these additions alone tell something. `said`: see `said_form`.

        An empty `said` holds no phrase.
        """
        hits = self._moving & features
        if not (hits or said):
            return 0.0, 0.0, False
        total = sum(map(self._packed.__getitem__, hits))
        positive = (total + _HALF) >> _SHIFT
        moved = complex(total - (positive << _SHIFT), positive) / _DIGITS
        if said:
            for name, sign in dict.fromkeys((found.phrase, found.sign) for found in self.said(said)):
                moved += self.phrases[name] * sign
        tells = abs(_leaning(moved)) >= TELLING
        length = max(len(features), 1) ** 0.5
        return moved.real / length, moved.imag / length, tells

    def said(self, said: str) -> list[Said]:
        """The explained phrases that stand in a text."""
        return phrases_in(said, self._pattern, self.language) if self._pattern is not None else []

    def leaning(self, feature: str) -> float:
        """How far one feature is moved towards positive, as `LinearModel.leaning` tells it."""
        return _leaning(self.offsets.get(feature, 0j))

    def pull(self, found: Said) -> float:
        """The same of an explained phrase where it stands."""
        return _leaning(self.phrases[found.phrase]) * found.sign


@dataclass(frozen=True, eq=False)
class Tenant:
    """Everything learnt from one company's corrections; `version` counts the refits."""

    version: int
    leans: Mapping[str, Lean]
    whole: Mapping[tuple[str, str], float] = field(default_factory=dict)


def _leaning(moved: complex) -> float:
    return (moved.imag - moved.real) / 2


def version_with(tenant: Tenant | None) -> str:
    """The version of the model with what was learnt ("3+t7"), or of the shipped one ("3")."""
    return f"{MODEL_VERSION}+t{tenant.version}" if tenant is not None else MODEL_VERSION


def bare(folded: str) -> str:
    """A short answer without its marks, as the tables know it."""
    return _MARKS.sub(" ", folded).strip()


def forms_of(said: str) -> dict[str, str]:
    """A word or phrase as it is looked for, by language: in Latin letters it may stand in a Chinese comment too."""
    folded = fold(said).strip()
    if _HAN.search(folded):
        return {"zh": folded}
    spoken = " ".join(token for token in english_tokens(folded) if token[0].isalnum())
    return {"en": spoken, "zh": folded} if spoken else {}


def said_form(written: Sequence[str], tagged: Sequence[str]) -> str:
    """English words as they were written, those under a negation marked; Chinese text stands as it is."""
    if written is tagged:
        return " ".join(written)
    pairs = zip(written, tagged, strict=True)
    return " ".join([NEGATED + word if tag.startswith(NEGATED) else word for word, tag in pairs])


def phrase_pattern(phrases: Collection[str], language: str) -> re.Pattern[str]:
    """Finds any of these phrases in texts of one language, the longest first."""
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    if language == "en":
        # Every one behind a space, and no mark in front of each: so the search skips from space to space.
        tokens = [f" {NEGATED}?".join(map(re.escape, phrase.split())) for phrase in ordered]
        return re.compile(f" ({NEGATED}?(?:{'|'.join(tokens)}))(?= |$)")
    # A Latin word in a Chinese text ends where its letters end.
    latin = [phrase for phrase in ordered if not _HAN.search(phrase)]
    parts = [re.escape(phrase) for phrase in ordered if _HAN.search(phrase)]
    parts += [f"(?<![a-z0-9])(?:{'|'.join(map(re.escape, latin))})(?![a-z0-9])"] if latin else []
    return re.compile("|".join(parts))


def phrases_in(said: str, pattern: re.Pattern[str], language: str) -> list[Said]:
    """Every phrase that stands there, in order."""
    if language == "en":
        # By its first word: "not bad" holds a negation, and stands under none.
        return [
            Said(m[1].replace(NEGATED, ""), -1 if m[1].startswith(NEGATED) else 1, m.start(), m.end() - 1)
            for m in pattern.finditer(f" {said}")
        ]
    found = list(pattern.finditer(said))
    if not found:
        return []
    under = places_under_negation(said) if HAN_TURNS.search(said) else None
    return [Said(m.group(), -1 if under and under[m.start()] else 1, *m.span()) for m in found]


def tenant_from(version: int, learnt: Mapping[str, Any]) -> Tenant:
    """The value from its plain form (`plain`)."""

    def table(raw: Mapping[str, Sequence[float]]) -> dict[str, complex]:
        return {name: complex(*pair) for name, pair in raw.items()}

    return Tenant(
        version,
        {
            language: Lean(language, table(raw.get("offsets", {})), table(raw.get("phrases", {})))
            for language, raw in learnt.get("leans", {}).items()
        },
        {(asked, answer): float(value) for asked, answer, value in learnt.get("whole", ())},
    )


def plain(tenant: Tenant) -> dict[str, Any]:
    """The same as JSON can keep it."""

    def table(moved: Mapping[str, complex]) -> dict[str, list[float]]:
        return {name: [round(pair.real, 4), round(pair.imag, 4)] for name, pair in sorted(moved.items())}

    leans = {
        language: {"offsets": table(lean.offsets), "phrases": table(lean.phrases)}
        for language, lean in sorted(tenant.leans.items())
    }
    return {
        "leans": leans,
        "whole": [[asked, answer, value] for (asked, answer), value in sorted(tenant.whole.items())],
    }
