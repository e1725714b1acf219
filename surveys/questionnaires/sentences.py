"""What is said about a questionnaire to whoever writes it, in their language: one table, read once."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from surveys.questionnaires.questions import in_language

_FILE = Path(__file__).parent / "sentences.toml"


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def sentence(part: str, code: str, tongue: str, **values: object) -> str:
    """The sentence of this code (`part`: faults, advice, ways) with its values; `tongue` is the reader's language."""
    return in_language(_table()[part][code], tongue).format_map({name: str(value) for name, value in values.items()})


def word(name: str, tongue: str) -> str:
    """One word for people; the name itself when the table has none."""
    found = _table()["words"].get(name)
    return in_language(found, tongue) if found else name.removeprefix("language_").removeprefix("field_")
