"""Run a file of reference figures through the product: `python -m tests.oracles FILE.json`.

Each group has one adapter that turns its cases into checks. An adapter asks the product and never carries a figure of
its own, so that another file of the same shape works as well.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isclose, isfinite
from pathlib import Path
from typing import Any

TOLERANCE = 5e-5


class Outcome(StrEnum):
    """What became of a case."""

    PASS = "pass"
    FAIL = "fail"
    SKIPPED = "skipped"
    NOT_BUILT = "not built yet"


@dataclass(frozen=True, slots=True)
class Check:
    """One figure asked of the product."""

    case: str
    outcome: Outcome
    detail: str = ""


class NotBuiltError(Exception):
    """The room that would answer is not there yet."""


class DataMissingError(Exception):
    """A file the case refers to is not beside the oracles."""


def agree(expected: Any, got: Any, tolerance: float, *, relative: float = 0.0) -> bool:
    """Equal in shape and words, and within the tolerance in every number."""
    if isinstance(expected, bool) or expected is None or isinstance(expected, str):
        return bool(expected == (None if got is None else got if isinstance(got, bool) else str(got)))
    if isinstance(expected, (int, float)):
        if not isinstance(got, (int, float)) or isinstance(got, bool):
            return False
        if not (isfinite(expected) and isfinite(got)):
            return expected == got or (expected != expected and got != got)
        return isclose(expected, got, rel_tol=relative, abs_tol=tolerance)
    if isinstance(expected, Mapping):
        return isinstance(got, Mapping) and all(
            key in got and agree(value, got[key], tolerance, relative=relative) for key, value in expected.items()
        )
    if isinstance(expected, (list, tuple)):
        return (
            isinstance(got, (list, tuple))
            and len(got) == len(expected)
            and all(agree(e, g, tolerance, relative=relative) for e, g in zip(expected, got, strict=True))
        )
    return bool(expected == got)


@dataclass(frozen=True, slots=True)
class Bench:
    """What an adapter works with: where data files lie, and the file's tolerance."""

    folder: Path
    tolerance: float = TOLERANCE

    def data(self, name: str) -> Path:
        """A data file named by a case, beside the oracles or in the sibling folder data/customers."""
        plain = Path(name).name
        places = [self.folder / name, self.folder / "data" / plain, self.folder.parent / "data" / "customers" / plain]
        for place in places:
            if place.is_file():
                return place
        raise DataMissingError(plain)


Adapter = Callable[[dict[str, Any], Bench], Iterator[Check]]


def check(
    case: str, ask: Callable[..., Any], expected: Any, tolerance: float = TOLERANCE, *, relative: float = 0.0
) -> Check:
    """Ask the product one thing and compare; an exception of the product is a failure told by its words."""
    try:
        got = ask()
    except NotBuiltError as missing:
        return Check(case, Outcome.NOT_BUILT, str(missing))
    except DataMissingError as missing:
        return Check(case, Outcome.SKIPPED, f"data not here: {missing}")
    except Exception as broken:
        return Check(case, Outcome.FAIL, f"{type(broken).__name__}: {broken}")
    if agree(expected, got, tolerance, relative=relative):
        return Check(case, Outcome.PASS)
    return Check(case, Outcome.FAIL, f"expected {expected}, got {got}")


def run(path: Path) -> list[tuple[str, Check]]:
    """Every check of every group in the file."""
    from tests.oracle_adapters import ADAPTERS

    groups: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    bench = Bench(path.resolve().parent)
    out: list[tuple[str, Check]] = []
    for name, group in groups.items():
        if name.startswith("_"):
            continue
        adapter = ADAPTERS.get(name)
        if adapter is None:
            out.append((name, Check("", Outcome.FAIL, "no adapter for this group")))
            continue
        try:
            out.extend((name, found) for found in adapter(group, bench))
        except Exception as broken:
            out.append((name, Check("", Outcome.FAIL, f"the group cannot be read: {type(broken).__name__}: {broken}")))
    return out


def main(arguments: list[str]) -> int:
    """Print one line per case; 0 when nothing failed, 1 on a failure, 2 on wrong use."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print("usage: python -m tests.oracles FILE.json", file=sys.stderr)
        return 2
    results = run(Path(arguments[0]))
    for group, found in results:
        name = f"{group} {found.case}".strip()
        print(f"{found.outcome}: {name}" + (f" ({found.detail})" if found.detail else ""))
    counts = {outcome: sum(found.outcome is outcome for _, found in results) for outcome in Outcome}
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
    for group in dict.fromkeys(g for g, found in results if found.outcome is Outcome.NOT_BUILT):
        print(f"not built yet: {group}")
    return 1 if counts[Outcome.FAIL] else 0


if __name__ == "__main__":
    # the adapters import this module by its name: run that one, so that there is one kind of Check
    from tests.oracles import main

    raise SystemExit(main(sys.argv[1:]))
