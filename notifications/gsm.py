"""How the carrier counts a text (pure): the alphabet it needs, its units and its segments."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# 3GPP TS 23.038, default alphabet, without the escape itself; then the table reached through the escape.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")

# What word processors and phones put in by themselves, and what a person would have typed.
_PLAIN = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2035`\u00b4\u02bc\u2039\u203a", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\u2022\u00b7\u2027\u30fb", "-"),
    **dict.fromkeys("\t\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f", ""),
    **dict.fromkeys("\u2028\u2029\u0085", "\n"),
    "\u2026": "...",
    "\u2044": "/",
    "\u00d7": "x",
    "\u3001": ",",
    "\u3002": ".",
    "\uffe5": "¥",
    "\uffe1": "£",
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
}
_TRANSLATE = str.maketrans(_PLAIN)
_GSM = re.compile("[" + re.escape("".join(sorted(BASIC | EXTENSION))) + "]*")


class Encoding(StrEnum):
    """The alphabet of a text on the air."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


_ROOM = {Encoding.GSM_7: (160, 153), Encoding.UCS_2: (70, 67)}


@dataclass(frozen=True)
class Segments:
    """A text as the carrier charges it; `units` are septets in GSM-7 and UTF-16 code units in UCS-2."""

    encoding: Encoding
    units: int
    count: int


def is_gsm(text: str) -> bool:
    """Whether every character fits GSM-7, so that one segment holds 160 and not 70."""
    return _GSM.fullmatch(text) is not None


def segments(text: str, *, signature: str = "", marker: str = "") -> Segments:
    """Count a text with the signature and the marker that the carrier may put around it (3GPP TS 23.040)."""
    whole = signature + text + marker
    encoding = Encoding.GSM_7 if is_gsm(whole) else Encoding.UCS_2
    if encoding is Encoding.GSM_7:
        sizes = [2 if character in EXTENSION else 1 for character in whole]
    else:
        sizes = [2 if ord(character) > 0xFFFF else 1 for character in whole]
    units = sum(sizes)
    alone, joined = _ROOM[encoding]
    if units <= alone:
        return Segments(encoding, units, 1 if units else 0)
    return Segments(encoding, units, _packed(sizes, joined))


def _packed(sizes: Iterable[int], room: int) -> int:
    # A character of two units that would straddle two segments moves whole into the next, leaving one unit unused.
    count, used = 1, 0
    for size in sizes:
        if used + size > room:
            count, used = count + 1, 0
        used += size
    return count


def downgrade(text: str) -> str:
    """The text with plain quotes, dashes and spaces when that makes it GSM-7; otherwise unchanged. May run twice."""
    if is_gsm(text):
        return text
    plain = unicodedata.normalize("NFC", text).translate(_TRANSLATE)
    return plain if is_gsm(plain) else text
