"""What the checks and the lint say, each beside the question it is about. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from notifications import sms_capabilities
from surveys.questionnaires.checks import faults
from surveys.questionnaires.flow import read_definition
from surveys.questionnaires.lint import advice

_PLACE = re.compile(r"questions/(\d+)(?:/|$)")


@dataclass(frozen=True)
class Finding:
    """One thing to mend (`blocks`) or to think about; `question` is the key of the one it is about."""

    question: str | None
    code: str
    words: str
    blocks: bool


def findings(data: Mapping[str, Any], *, tongue: str) -> list[Finding]:
    """Faults first, then advice; advice only for what can be read at all."""
    wrong = [
        Finding(_about(data, fault.pointer), fault.code, fault.detail, True) for fault in faults(data, tongue=tongue)
    ]
    if any(one.question is None and one.code in ("not_a_definition", "malformed") for one in wrong):
        return wrong
    better = advice(read_definition(data), tongue=tongue, approved_only=sms_capabilities().template_required)
    return wrong + [Finding(_about(data, one.pointer), one.code, one.detail, False) for one in better]


def _about(data: Mapping[str, Any], pointer: str) -> str | None:
    found = _PLACE.match(pointer)
    return data["questions"][int(found[1])]["key"] if found else None
