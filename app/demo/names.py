"""Names that occur everywhere and belong to nobody in particular; the words stand in names.toml."""

import tomllib
from functools import cache
from pathlib import Path
from random import Random


@cache
def _names(kind: str) -> list[str]:
    words: dict[str, str] = tomllib.loads((Path(__file__).parent / "names.toml").read_text("utf-8"))
    return words[kind].split()


def chinese(rng: Random) -> str:
    """A Chinese name of two or three characters."""
    given = rng.choice(_names("given_zh"))
    if len(given) == 1 and rng.random() < 0.55:
        second = rng.choice(_names("given_zh"))
        given += second[0] if second[0] != given else ""
    return rng.choice(_names("surnames_zh")) + given


def english(rng: Random) -> str:
    """An English name."""
    return f"{rng.choice(_names('first_en'))} {rng.choice(_names('last_en'))}"
