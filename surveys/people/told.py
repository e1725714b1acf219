"""What is wrong with a row or a file, in the language of whoever reads it. Pure.

Rows are refused in words that say what to do; they are kept with the file, written to its log, and read by people of
either language. Here the words find their other language.
"""

import re
import tomllib
from functools import cache
from pathlib import Path


@cache
def _table() -> tuple[tuple[re.Pattern[str], str], ...]:
    said = tomllib.loads((Path(__file__).parent / "told.toml").read_text("utf-8"))["said"]
    return tuple((_pattern(english), chinese) for english, chinese in said)


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    written = [re.escape(part) if place % 2 == 0 else f"(?P<{part}>.+?)" for place, part in enumerate(parts)]
    return re.compile("".join(written), re.DOTALL)


def told(message: str, language: str) -> str:
    """The message in "en" or "zh-…"; one whose Chinese is not written stays as it is."""
    if not language.startswith("zh"):
        return message
    for pattern, chinese in _table():
        if (found := pattern.fullmatch(message)) is not None:
            return chinese.format_map(found.groupdict())
    return message
