"""Good words to begin a question of each kind with, in every language we write."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from surveys.questionnaires.questions import Kind


@cache
def _starters() -> dict[str, dict[str, Any]]:
    return dict(json.loads((Path(__file__).parent / "starters.json").read_text("utf-8")))


def starter(kind: Kind) -> dict[str, Any]:
    """A question of this kind to begin with; it has no key yet."""
    return {"kind": kind.value, **_starters()[kind]}
