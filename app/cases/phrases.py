"""Short texts compared with tables of phrases (pure): without case, width, punctuation and emoji."""

import re
import unicodedata
from collections.abc import Sequence


def plain(text: str) -> str:
    """Letters and digits in one width and case, apostrophes dropped, every other sign a space."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    return " ".join("".join(sign if sign.isalnum() else " " for sign in folded).split())


def any_of(phrases: Sequence[str]) -> str:
    """A pattern for any of these, the longest first; an English word ends where its letters end."""
    longest_first = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    return rf"(?<![a-z])(?:{longest_first})(?![a-z])"


def row_of(phrases: Sequence[str]) -> str:
    """A pattern for one or several of these in a row. Possessive: "哈哈哈哈" can be cut in many ways, one is enough."""
    return rf"(?>\s*{any_of(phrases)})++\s*"
