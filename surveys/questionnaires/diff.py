"""What changed between two definitions, by question key. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ChangeKind(StrEnum):
    """What happened to it."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Change:
    """One difference. `question` is "" for the questionnaire itself, `field` is like "text/low/en".

    For a whole question `field` is "". `pointer` is a place in the new definition, for what was removed in the old one.
    """

    kind: ChangeKind
    pointer: str
    question: str
    field: str
    before: str | None
    after: str | None


def diff(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every difference in the order of the new definition; what was removed comes last."""
    return tuple(_changes(old, new))


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    head = [{k: v for k, v in data.items() if k not in ("questions", "key")} for data in (old, new)]
    yield from _fields("", "", head[0], head[1])
    before, after = _by_key(old), _by_key(new)
    moved = _moved([key for key in before if key in after], [key for key in after if key in before])
    for key, (at, question) in after.items():
        pointer = f"questions/{at}"
        if key not in before:
            yield Change(ChangeKind.ADDED, pointer, key, "", None, _gist(question))
            continue
        if key in moved:
            yield Change(ChangeKind.MOVED, pointer, key, "", str(before[key][0] + 1), str(at + 1))
        yield from _fields(pointer, key, before[key][1], question)
    for key, (at, question) in before.items():
        if key not in after:
            yield Change(ChangeKind.REMOVED, f"questions/{at}", key, "", _gist(question), None)


def _by_key(data: Mapping[str, Any]) -> dict[str, tuple[int, Mapping[str, Any]]]:
    return {str(q.get("key", "")): (at, q) for at, q in enumerate(data.get("questions", ()))}


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest questions to take out so that the others stand in the same order as before."""
    places = [before.index(key) for key in after]
    best: list[tuple[int, ...]] = []  # the longest run in the old order that ends at each
    for at, place in enumerate(places):
        runs = [run for run in best if places[run[-1]] < place]
        best.append((*_longest(runs), at))
    kept = set(_longest(best))
    return {key for at, key in enumerate(after) if at not in kept}


def _longest(runs: list[tuple[int, ...]]) -> tuple[int, ...]:
    return max(runs, key=len) if runs else ()


def _fields(pointer: str, key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = dict(_leaves("", old)), dict(_leaves("", new))
    for field in dict.fromkeys((*after, *before)):
        was, now = before.get(field), after.get(field)
        if was != now:
            kind = ChangeKind.ADDED if was is None else ChangeKind.REMOVED if now is None else ChangeKind.CHANGED
            yield Change(kind, f"{pointer}/{field}".lstrip("/"), key, field, was, now)


def _leaves(field: str, value: Any) -> Iterator[tuple[str, str]]:
    """Texts by their place; choices by their key, so that a new one in front does not make all the others new."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(f"{field}/{name}".lstrip("/"), inner)
    elif field == "choices" and isinstance(value, list | tuple):
        yield "choices", ", ".join(str(c.get("key")) for c in value)
        for choice in value:
            yield from _leaves(f"choices/{choice.get('key')}/label", choice.get("label", {}))
    elif isinstance(value, list | tuple):
        yield field, _told(value)
    elif value is not None:
        yield field, str(value)


def _told(values: Sequence[Any]) -> str:
    return ", ".join(
        "; ".join(f"{k}: {_told(v) if isinstance(v, list | tuple) else v}" for k, v in one.items())
        if isinstance(one, Mapping)
        else str(one)
        for one in values
    )


def _gist(question: Mapping[str, Any]) -> str:
    """The first words of a question, to know it by."""
    return next((text for _, text in _leaves("", question.get("text", {}))), "")
