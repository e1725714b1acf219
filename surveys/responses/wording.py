"""Tables of words (pure)."""

import re


def words_of(block: str) -> frozenset[str]:
    """The entries of a table, one a line or between bars."""
    return frozenset(word.strip() for word in re.split(r"[|\n]", block) if word.strip())
