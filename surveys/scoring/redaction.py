"""Take out what a bank must not keep: cards, identity numbers, accounts, phones, e-mails, PINs. Pure.

Amounts, dates, times and scores stay: they are what the comment is about.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from surveys.scoring.words import words

REDACTION_VERSION = 2  # raised with every change of these rules; what was kept under older ones is then read again
_SEPARATOR = r"[ \t.\-\u2010-\u2015\u00a0]"


class SecretKind(StrEnum):
    """What was taken out."""

    CARD = "card"
    IDENTITY = "id_number"
    IBAN = "iban"
    PHONE = "phone"
    EMAIL = "email"
    PASSWORD = "password"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing taken out: its kind and where it stood in the original."""

    kind: SecretKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """The words as they may be kept, with a placeholder for each thing found."""

    text: str
    found: tuple[Found, ...]


def luhn_holds(digits: str) -> bool:
    """Whether a string of digits passes the card check (ISO/IEC 7812-1, Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def identity_check_holds(number: str) -> bool:
    """Whether an 18-place Chinese identity number has its right last place (GB 11643-1999, ISO 7064 MOD 11-2)."""
    if len(number) != 18 or not number[:17].isdigit():
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17].upper()


def iban_check_holds(number: str) -> bool:
    """Whether an IBAN has its right check digits (ISO 13616, remainder 1 modulo 97)."""
    if not 15 <= len(number) <= 34:
        return False
    turned = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


_DIGIT_RUN = re.compile(rf"(?<!\d)\d(?:{_SEPARATOR}{{0,2}}\d){{11,}}(?!\d)")
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}[ -]?(?:19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])"
    r"(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[0-9Xx](?![0-9A-Za-z])"
)
_OLD_IDENTITY = re.compile(r"(?<=[证号码是:： ])[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{2,4}){2,8}(?:[ -]?[A-Za-z0-9]{1,3})?(?![A-Za-z0-9])"
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}\s?@\s?[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})*\.[A-Za-z]{2,24}")
_PHONE = re.compile(
    r"(?<![\d.,])(?:"
    r"(?:\+|00)\d{1,3}[ .\-]?(?:\(\d{1,4}\)[ .\-]?)?\d{1,4}(?:[ .\-]?\d{2,5}){1,4}"
    r"|(?:86[ \-]?)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}"
    r"|\(0\d{1,4}\)[ \-]?\d{3,4}[ \-]?\d{3,4}"
    r"|0\d{2,3}[ \-]?\d{7,8}"
    r"|0\d{2,4}[ \-]\d{3,4}[ \-]?\d{3,4}"
    r"|07\d{3}[ \-]?\d{6}"
    r"|\(\d{3}\)[ \-]?\d{3}[ \-]?\d{4}"
    r"|1?[ \-.]?[2-9]\d{2}[\-. ]\d{3}[\-. ]\d{4}"
    r"|400[ \-]?\d{3}[ \-]?\d{4}"
    r")(?![\d])(?![.,]\d)"
)
_SPOKEN_PHONE = re.compile(
    r"(?i:(?:call|phone|ring|text|mobile|tel|telephone|cell|whatsapp|reach|contact"
    r"|number|no\.)"
    r"(?:\s+(?:me|us|back|number|no|is|on|at|please|my|mobile|phone|cell)){0,5}"
    r"\s*[:#]?\s*"
    r"|(?:电话|手机号?码?|手机|号码|微信|联系方式|致电|打我|打)\s*(?:是|为|号|[:：])?\s*)"
    r"(\+?\d(?:[ \-]?\d){6,14})(?!\d)"
)
_PASSWORD = re.compile(
    r"(?i:\b(?:(?:pin|passwords?|passcode|pass ?code|pwd|cvv2?|cvc|security code|otp"
    r"|one[- ]time (?:code|password)|verification code|access code)"
    r"(?:\s+(?:code|number|no|for \w+(?: \w+)?))?)\b\s*(?:(?:is|was|are|=|:|to|as)\s*){1,2}[\"'“‘]?)"
    r"([^\s\"'”’,;，。；]{3,32})"
    r"|(?i:\b(?:pin|cvv2?|cvc|otp|passcode|pwd|password)(?:\s+(?:code|number|no))?\s*[:#]?\s*)(\d{3,12})(?!\d)"
    r"|(?:密码|口令|验证码|安全码|校验码|pin码?|PIN码?|CVV2?|cvv2?)\s*(?:是|为|就是|改成|改为|设成|设为|[:：=])"
    r"\s*[\"'“‘]?([A-Za-z0-9!@#$%^&*_\-]{3,32})"
    r"|(?:密码|验证码|安全码|校验码)\s*(\d{3,12})(?!\d)"
)
_ORDINARY = words("after_password")


def _plain(text: str) -> str:
    """The text with full-width digits, letters and signs made plain, place for place."""
    if text.isascii():
        return text
    out = []
    for character in text:
        if character.isdecimal() and not character.isascii():
            out.append(str(unicodedata.decimal(character)))
        elif "\uff01" <= character <= "\uff5e":
            out.append(chr(ord(character) - 0xFEE0))
        else:
            out.append(character)
    return "".join(out)


def _is_card(digits: str) -> bool:
    usual = len(digits) in (15, 16, 19) or digits[0] in "23456"
    return usual and len(set(digits)) > 1 and luhn_holds(digits)


def _cards(text: str) -> list[Found]:
    found = []
    for run in _DIGIT_RUN.finditer(text):
        places = [run.start() + i for i, character in enumerate(run.group()) if character.isdigit()]
        digits = "".join(text[place] for place in places)
        start = 0
        while start + 12 <= len(digits):
            for length in range(min(19, len(digits) - start), 11, -1):
                if _is_card(digits[start : start + length]):
                    found.append(Found(SecretKind.CARD, places[start], places[start + length - 1] + 1))
                    start += length - 1
                    break
            start += 1
    return found


def _identities(text: str) -> list[Found]:
    found = [
        Found(SecretKind.IDENTITY, *match.span())
        for match in _IDENTITY.finditer(text)
        if identity_check_holds(re.sub(r"[ -]", "", match.group()))
    ]
    return found + [Found(SecretKind.IDENTITY, *match.span()) for match in _OLD_IDENTITY.finditer(text)]


def _ibans(text: str) -> list[Found]:
    found = []
    for match in _IBAN.finditer(text):
        whole = match.group()
        ends = [len(whole)] + [i for i in range(len(whole) - 1, 14, -1) if whole[i] in " -"]
        for end in ends:
            if iban_check_holds(re.sub(r"[ -]", "", whole[:end])):
                found.append(Found(SecretKind.IBAN, match.start(), match.start() + end))
                break
    return found


def _international_phones(text: str) -> list[Found]:
    return [found for found in _phones(text) if text[found.start] == "+"]


def _phones(text: str) -> list[Found]:
    found = []
    for match in _PHONE.finditer(text):
        if 7 <= sum(character.isdigit() for character in match.group()) <= 15:
            found.append(Found(SecretKind.PHONE, *match.span()))
    return found + [Found(SecretKind.PHONE, *match.span(1)) for match in _SPOKEN_PHONE.finditer(text)]


def _emails(text: str) -> list[Found]:
    return [Found(SecretKind.EMAIL, *match.span()) for match in _EMAIL.finditer(text)]


def _passwords(text: str) -> list[Found]:
    found = []
    for match in _PASSWORD.finditer(text):
        group = match.lastindex or 0
        word = match.group(group)
        if any(character.isdigit() for character in word) or (
            word.lower().strip(".!?") not in _ORDINARY and _looks_chosen(word)
        ):
            found.append(Found(SecretKind.PASSWORD, *match.span(group)))
    return found


def _looks_chosen(word: str) -> bool:
    mixed_case = word != word.lower() and word != word.upper() and word != word.capitalize()
    return mixed_case or any(not character.isalnum() and character not in "'.!?" for character in word[:-1])


_DIGITS = frozenset("0123456789")
_TAKEN = "\0"
# Earlier kinds win where two overlap.
_FINDERS: tuple[Callable[[str], list[Found]], ...] = (
    _identities,
    _ibans,
    _international_phones,
    _cards,
    _emails,
    _passwords,
    _phones,
)


def _whole_runs(plain: str, found: Found) -> Found:
    """The same with the digits that stand right before and behind: half a number tells, or means something else."""
    start, end = found.start, found.end
    while start and plain[start] in _DIGITS and plain[start - 1] in _DIGITS:
        start -= 1
    while end < len(plain) and plain[end - 1] in _DIGITS and plain[end] in _DIGITS:
        end += 1
    return Found(found.kind, start, end)


def redact(text: str) -> Redacted:
    """Replace each secret by a placeholder such as "[card]"; running it again on its own result changes nothing.

    Digits that stand together are replaced all or not at all.
    """
    plain = _plain(text)
    if not any(character.isdigit() for character in plain) and "@" not in plain and not _PASSWORD.search(plain):
        return Redacted(text, ())
    taken: list[Found] = []
    for finder in _FINDERS:
        for found in (_whole_runs(plain, one) for one in finder(plain)):
            if not any(found.start < other.end and other.start < found.end for other in taken):
                taken.append(found)
        for found in taken:  # what is taken out is no part of anything else
            plain = plain[: found.start] + _TAKEN * (found.end - found.start) + plain[found.end :]
    taken.sort(key=lambda found: found.start)
    pieces = []
    cursor = 0
    for found in taken:
        pieces += [text[cursor : found.start], f"[{found.kind}]"]
        cursor = found.end
    return Redacted("".join([*pieces, text[cursor:]]), tuple(taken))
