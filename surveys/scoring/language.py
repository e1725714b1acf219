"""Which language a reply is written in, and how its letters are folded before scoring. Pure."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Literal

from surveys.scoring.words import words

Language = Literal["en", "zh", "mixed", "unknown"]

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff]")
_LATIN_WORD = re.compile("[a-z\u00df-\u024f]+(?:'[a-z]+)*")
_LATIN_LETTER = re.compile("[a-z]")
_LATIN_PAIR = re.compile("[a-z\u00df-\u024f]{2}")
_OTHER_SCRIPT = re.compile(
    "[\u0370-\u1fff\u2c00-\u2dff\u3040-\u30ff\u3130-\u318f\ua640-\uabff\uac00-\ud7af\ufb1d-\ufdff\ufe70-\ufeff]"
)
_KANA_OR_HANGUL = re.compile("[\u3041-\u30fa\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")

# Latin words that a Chinese sentence borrows without becoming English.
_BORROWED = words("borrowed")

# Frequent words of other languages in Latin letters that are not English words. Two of them, and more than the English
# function words beside them, make a text foreign; a statistical detector is wrong on texts this short.
_FOREIGN = words("foreign")
_ENGLISH = words("english")
_MIN_FOREIGN = 2


@lru_cache(maxsize=1)
def _simplified() -> tuple[dict[int, str], re.Pattern[str]]:
    """Traditional characters with their Simplified form, and a pattern that finds any; read once."""
    lines = (Path(__file__).parent / "data" / "traditional.txt").read_text(encoding="utf-8").splitlines()
    pairs = "".join(line for line in lines if not line.startswith("#"))
    table = {ord(pairs[i]): pairs[i + 1] for i in range(0, len(pairs) - 1, 2)}
    table[ord("\u2019")] = table[ord("\u2018")] = "'"
    return table, re.compile("[" + "".join(map(chr, table)) + "]")


def simplified(text: str) -> str:
    """The same text in Simplified characters, one for one."""
    table, pattern = _simplified()
    return text.translate(table) if pattern.search(text) else text


def fold(text: str) -> str:
    """Make letters comparable for scoring: NFKC, lower case, Traditional to Simplified, straight apostrophes."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).lower()
    table, pattern = _simplified()
    return text.translate(table) if pattern.search(text) else text


def detect(text: str) -> Language:
    """Tell English, Chinese, both or neither from the Unicode scripts used; "unknown" is scored by its rating alone."""
    return detect_folded(fold(text))


def detect_folded(folded: str) -> Language:
    """The same for text that is folded already."""
    han = False
    if not folded.isascii():
        han = _HAN.search(folded) is not None
        if _OTHER_SCRIPT.search(folded):
            foreign = len(_OTHER_SCRIPT.findall(folded))
            own_script = len(_HAN.findall(folded)) + sum(map(len, _LATIN_WORD.findall(folded)))
            if _KANA_OR_HANGUL.search(folded) or foreign > own_script:
                return "unknown"
        if han and not _LATIN_PAIR.search(folded):
            return "zh"
    elif _FOREIGN.isdisjoint(folded.split()) and _LATIN_LETTER.search(folded):
        return "en"
    found = _LATIN_WORD.findall(folded)
    if han:
        own = [word for word in found if len(word) > 1 and word not in _BORROWED]
        if not own:
            return "zh"
        return "en" if len(own) > 2 and len(_HAN.findall(folded)) == 1 else "mixed"
    if not found or _is_foreign(found):
        return "unknown"
    return "en"


def _is_foreign(found: list[str]) -> bool:
    if _FOREIGN.isdisjoint(found) and all(map(str.isascii, found)):
        return False
    foreign = sum(word in _FOREIGN for word in found)
    if foreign < _MIN_FOREIGN:
        accented = sum(not word.isascii() for word in found)
        return accented >= 1 and (foreign >= 1 or accented * 2 >= len(found)) and not any(w in _ENGLISH for w in found)
    return foreign > sum(word in _ENGLISH for word in found)
