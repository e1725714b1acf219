"""A linear model in one small file: read it, score features with it, say which features spoke. Pure standard library.

File: one line of JSON (what it is and its scales), then zlib: the features joined by newlines, a NUL, one signed
byte per feature for "negative against the rest", one for "positive against the rest". Both bytes are kept in one
integer in memory, so that a text costs one dictionary look-up per feature and one sum.
"""

import json
import zlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, sqrt
from pathlib import Path

MODEL_VERSION = "3"
WEIGHTS = Path(__file__).parent / "weights"
TELLING = 0.7
_SHIFT = 20
_HALF = 1 << (_SHIFT - 1)


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights of one language, with the numbers that turn their sums into calibrated probabilities.

    `telling` holds the features that lean clearly: a text with none of them says nothing the model knows.
    """

    version: str
    language: str
    weights: dict[str, int]
    negative_scale: float
    negative_bias: float
    positive_scale: float
    positive_bias: float
    telling: frozenset[str]

    def logits(self, features: set[str]) -> tuple[float, float]:
        """Calibrated log-odds of negative and of positive, each against the rest."""
        total = sum(filter(None, map(self.weights.get, features)))
        positive = (total + _HALF) >> _SHIFT
        negative = total - (positive << _SHIFT)
        length = sqrt(len(features)) or 1.0
        return (
            negative / length * self.negative_scale + self.negative_bias,
            positive / length * self.positive_scale + self.positive_bias,
        )

    def pair(self, feature: str) -> tuple[int, int]:
        """The stored bytes of one feature (negative, positive); zeros when the model does not know it."""
        packed = self.weights.get(feature, 0)
        positive = (packed + _HALF) >> _SHIFT
        return packed - (positive << _SHIFT), positive

    def leaning(self, feature: str) -> float:
        """How far one feature pulls towards positive (above 0) or negative (below 0), in log-odds before length."""
        negative, positive = self.pair(feature)
        return (positive * self.positive_scale - negative * self.negative_scale) / 2


def probability(logit: float) -> float:
    """Logistic function, safe at both ends."""
    if logit < -40:
        return 0.0
    return 1 / (1 + exp(-logit))


def pack(header: dict[str, object], weights: Iterable[tuple[str, int, int]]) -> bytes:
    """Write a weight file; `weights` are (feature, negative byte, positive byte), each byte in -127..127.

    Frequent features should come first: what is read together then lies together in memory, which scoring feels.
    """
    rows = list(weights)
    names = "\n".join(name for name, _, _ in rows).encode()
    body = names + b"\0" + array("b", [n for _, n, _ in rows]).tobytes() + array("b", [p for _, _, p in rows]).tobytes()
    return json.dumps(header, sort_keys=True).encode() + b"\n" + zlib.compress(body, 9)


def unpack(data: bytes) -> LinearModel:
    """Read a weight file; raises ValueError when it is not one."""
    head, _, packed = data.partition(b"\n")
    header = json.loads(head)
    try:
        names, found, numbers = zlib.decompress(packed).partition(b"\0")
    except zlib.error as error:
        raise ValueError("the weight file is cut short") from error
    features = names.decode().split("\n")
    if not found or len(numbers) != 2 * len(features):
        raise ValueError("the weight file is cut short")
    signed = array("b", numbers)
    # Equal numbers are one object: fewer cache misses while scoring, and a third of the memory.
    one: dict[int, int] = {}
    weights = {
        feature: one.setdefault(both, both)
        for feature, both in zip(
            features,
            [n + (p << _SHIFT) for n, p in zip(signed[: len(features)], signed[len(features) :], strict=True)],
            strict=True,
        )
    }
    scales = {
        name: float(header[name]) for name in ("negative_scale", "negative_bias", "positive_scale", "positive_bias")
    }
    bare = LinearModel(str(header["version"]), str(header["language"]), weights, **scales, telling=frozenset())
    telling = frozenset([feature for feature in weights if abs(bare.leaning(feature)) >= TELLING])
    return replace(bare, telling=telling)


@lru_cache(maxsize=4)
def shipped(name: str) -> LinearModel:
    """The weight file of that name ("en", "en-a", "zh"), read once per process."""
    return unpack((WEIGHTS / f"{name}.bin").read_bytes())
