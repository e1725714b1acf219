"""By what words were read: the model, what the company taught it, and the rules beside it, as one stored name. Pure.

"3+t7+r9c1e2a" is model 3, the company's 7th refit, and rules whose digest begins so. The digest changes by itself with
every table, pattern and weight; a name without one was stored before rules were part of it. The theme book has a name
of its own, for the company publishes it.
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from surveys.scoring import signals
from surveys.scoring.model import WEIGHTS
from surveys.scoring.tenant import Tenant, version_with

# Raised when code, and no table, changes what is read; tests/surveys/scoring/test_version.py notices.
CODE = 1

_DATA = Path(__file__).parent / "data"
_TABLES = ("signals.toml", "answers.toml", "words.toml", "traditional.txt")
_WEIGHTS = ("en.bin", "zh.bin")


@lru_cache(maxsize=1)
def rules_digest() -> str:
    """Six digits that change with everything beside theme book and refits that makes up a reading; once a process."""
    seen = sha256(f"{CODE}\n{signals.code_rules()}".encode())
    for name in _TABLES:
        lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
        seen.update("\n".join([name, *(line for line in lines if line and not line.startswith("#"))]).encode())
    for name in _WEIGHTS:
        seen.update((WEIGHTS / name).read_bytes())
    return seen.hexdigest()[:6]


def reading_version(tenant: Tenant | None) -> str:
    """The name that goes with every score made now."""
    return f"{version_with(tenant)}+r{rules_digest()}"
