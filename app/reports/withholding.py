"""Which places may not show a score, decided once for the whole tree and the same in every report. Pure.

A report shows a place beside its siblings and under the place above, and every place has a report of its own: whatever
one of them hides, none of the others may give back by a subtraction.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from app.insights.suppression import showing


@dataclass(frozen=True, slots=True)
class Withheld:
    """Codes of the places that have answers in a week and may not show what they say, measure by measure."""

    nps: tuple[str, ...] = ()
    csat: tuple[str, ...] = ()
    ces: tuple[str, ...] = ()


def withheld(parents: Mapping[str, str | None], sizes: Mapping[str, int]) -> tuple[str, ...]:
    """Codes that may not show a score: too few answers, or what would give such a place away, level by level.

    `parents` names the place above each place, `sizes` counts the answers given at the place itself.
    """
    below: dict[str | None, list[str]] = defaultdict(list)
    for code, above in sorted(parents.items()):
        below[above].append(code)

    def total(code: str) -> int:
        return sizes.get(code, 0) + sum(total(child) for child in below[code])

    totals = {code: total(code) for code in parents}
    hidden = {root for root in below[None] if totals[root] and not _shown({root: totals[root]}, parent=0)}

    def look_below(place: str) -> None:
        cells = {code: totals[code] for code in below[place] if totals[code]}
        if cells and sizes.get(place):
            cells[""] = sizes[place]  # given at the place itself: in its sum, and on no line of their own
        shown = _shown(cells, parent=totals[place])
        if place in hidden and len(shown) == len(cells) > 0:
            # a hidden sum must not be the sum of what is shown
            shown.remove(min(shown, key=lambda code: (cells[code], code)))
        hidden.update(cells.keys() - shown - {""})
        for child in below[place]:
            look_below(child)

    for root in below[None]:
        look_below(root)
    return tuple(sorted(hidden))


def _shown(cells: Mapping[str, int], *, parent: int) -> set[str]:
    decided = showing(list(cells.values()), parent=parent)
    return {code for code, cell in zip(cells, decided, strict=True) if cell.shown}
