"""The word lists of this room, kept as data. Pure."""

import tomllib
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "words.toml"


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    raw = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: frozenset(text.split()) for name, text in raw.items()}


def words(name: str) -> frozenset[str]:
    """One list of data/words.toml as a set; raises KeyError for an unknown name."""
    return _lists()[name]
