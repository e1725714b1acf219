"""Where a message can be sent (pure): parsed once, right ever after, and never printed whole."""

import re
import unicodedata
from dataclasses import dataclass, field

# Numbers that ring nowhere: the carrier's test numbers, area code 555, numbers kept for fiction in North America and
# Britain, and the mainland prefix 154 that nobody holds. Demo people live here.
_SIMULATED = re.compile(
    r"\+(?:1500555\d{4}|1555\d{7}|1[2-9]\d\d55501\d\d|44(?:7700900|1632960|2079460)\d{3}|86154\d{8})"
)
_E164 = re.compile(r"\+[1-9]\d{6,14}")
# Ranges are opened faster than the metadata of phonenumbers follows.
_MAINLAND_MOBILE = re.compile(r"\+861[3-9]\d{9}")
# The same as it is mostly written; read without phonenumbers, which takes a hundred times as long to agree.
_AS_WRITTEN = re.compile(r"(\+86[ -]?)?(1(?!79)[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})", re.ASCII)
# Calling codes of a single place; the others ask phonenumbers.
_PLACES = {"+86": "CN", "+852": "HK", "+853": "MO", "+886": "TW", "+65": "SG", "+81": "JP", "+33": "FR", "+32": "BE"}

_LABEL = re.compile(r"(?!-)[^\W_](?:[\w-]{0,61}[^\W_])?")
_LOCAL = re.compile(r"[^\s\"(),:;<>@\[\\\].\x00-\x1f\x7f]+(?:\.[^\s\"(),:;<>@\[\\\].\x00-\x1f\x7f]+)*")
_SIMULATED_DOMAINS = ("example.com", "example.org", "example.net", "localhost")
_SIMULATED_ENDINGS = (".example", ".test", ".invalid", ".localhost")


class AddressError(ValueError):
    """What was given is no address; `code` for programs, `message` says what to do and never repeats the address."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, repr=False)
class PhoneNumber:
    """One phone, as +E.164."""

    e164: str
    _place: str | None = field(default=None, compare=False)

    @classmethod
    def trusted(cls, e164: str) -> "PhoneNumber":
        """A number read back from our own database, without loading phonenumbers. Raises AddressError if not E.164."""
        if not _E164.fullmatch(e164) or not e164.isascii():
            raise AddressError("not_e164", "A stored number must be + and 7 to 15 digits; import this customer again.")
        return cls(e164)

    @property
    def ends(self) -> str:
        """The last four digits: enough for a person to recognise it, too little to call it."""
        return self.e164[-4:]

    @property
    def country(self) -> str | None:
        """The two letters of the place that issued it; None when no single place did."""
        if self._place:
            return self._place
        for code, place in _PLACES.items():
            if self.e164.startswith(code):
                return place
        import phonenumbers

        try:
            return phonenumbers.region_code_for_number(phonenumbers.parse(self.e164))
        except phonenumbers.NumberParseException:
            return None

    @property
    def is_simulated(self) -> bool:
        """Whether it can ring nowhere, and so belongs to a demo or a test."""
        return _SIMULATED.fullmatch(self.e164) is not None

    def __repr__(self) -> str:
        return f"<phone ending {self.ends}>"

    __str__ = __repr__


@dataclass(frozen=True, repr=False)
class EmailAddress:
    """One mailbox: the local part as given, the domain in lower-case ASCII."""

    address: str

    @classmethod
    def trusted(cls, address: str) -> "EmailAddress":
        """An address read back from our own database. Raises AddressError when it has no @."""
        if "@" not in address:
            raise AddressError("not_an_email", "A stored e-mail address must hold an @; import this customer again.")
        return cls(address)

    @property
    def key(self) -> str:
        """The form to compare and index by: no mailbox in use tells capitals apart."""
        return self.address.casefold()

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    @property
    def is_simulated(self) -> bool:
        """Whether its domain is reserved for examples and tests (RFC 2606, RFC 6761)."""
        return self.domain in _SIMULATED_DOMAINS or self.domain.endswith(_SIMULATED_ENDINGS)

    def __repr__(self) -> str:
        return f"<email {self.address[:1]}... at {self.domain}>"

    __str__ = __repr__


def parse_phone(raw: str, *, default_country: str = "CN") -> PhoneNumber:
    """Read a number as people and spreadsheets write it. Raises AddressError with what to do."""
    text = unicodedata.normalize("NFKC", raw).strip().strip("'\"\u200b\u200e\u202a\u202c\ufeff").strip()
    text = re.sub(r"(?i)^tel:", "", text)
    text = re.sub(r"^(\+?\d+)\.0$", r"\1", text)
    mobile = _AS_WRITTEN.fullmatch(text)
    if mobile and (mobile[1] or default_country == "CN"):
        return PhoneNumber(f"+86{mobile[2]}{mobile[3]}{mobile[4]}", "CN")
    if not text:
        raise AddressError("phone_missing", "There is no phone number; leave the field out or give one.")
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", text):
        raise AddressError(
            "phone_shortened", "A spreadsheet has shortened this number; format the column as text and export it again."
        )
    if re.search(r"(?i)\d\s*(?:ext\.?|x|#|转|分机)\s*\d+$", text):
        raise AddressError("phone_extension", "An extension cannot receive texts; give a number without one.")
    if re.search(r"\d{7,}\s*[/,;、|&]\s*\+?\d{7,}", text):
        raise AddressError("phone_several", "There are several numbers in one field; give one.")
    if not re.fullmatch(r"[+\d\s().\-\u2010-\u2015\u2212/]+", text) or len(text) > 40:
        raise AddressError("phone_not_a_number", "A phone number holds digits, like 138 0013 8000 or +44 20 7946 0018.")
    return _known(text, default_country)


def _known(text: str, default_country: str) -> PhoneNumber:
    import phonenumbers

    try:
        number = phonenumbers.parse(text, default_country)
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            raise AddressError(
                "phone_country", "The number has no known country code; begin it with + and the code, like +86."
            ) from None
        raise AddressError(
            "phone_length", "The number has too few or too many digits; give it whole, with its area code."
        ) from None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not _E164.fullmatch(e164) or not phonenumbers.is_possible_number(number):
        raise AddressError(
            "phone_length", "The number has too few or too many digits; give it whole, with its area code."
        )
    if not (_SIMULATED.fullmatch(e164) or _MAINLAND_MOBILE.fullmatch(e164) or phonenumbers.is_valid_number(number)):
        raise AddressError(
            "phone_unknown", "No such number is in use there; check the digits and the country code, like +86."
        )
    return PhoneNumber(e164, phonenumbers.region_code_for_number(number))


def parse_email(raw: str) -> EmailAddress:
    """Read an address as people write it, `Name <address>` too. Raises AddressError with what to do."""
    text = unicodedata.normalize("NFKC", raw).strip().strip("\u200b\u200e\ufeff").strip()
    named = re.fullmatch(r"[^<>\r\n]*<([^<>]*)>", text)
    text = re.sub(r"(?i)^mailto:", "", named.group(1).strip() if named else text)
    if not text:
        raise AddressError("email_missing", "There is no e-mail address; leave the field out or give one.")
    if re.search(r"[,;、]", text) and text.count("@") > 1:
        raise AddressError("email_several", "There are several addresses in one field; give one.")
    local, at, domain = text.rpartition("@")
    if not at:
        raise AddressError("email_without_at", "An e-mail address holds an @, like name@example.com.")
    if not _LOCAL.fullmatch(local) or len(local.encode("utf-8", "replace")) > 64:
        raise AddressError("email_name", "The part before the @ has a space, a bracket or a dot too many; check it.")
    return EmailAddress(f"{local}@{_domain(domain)}")


def _domain(raw: str) -> str:
    unusable = AddressError("email_domain", "The part after the @ is no domain; it reads like example.com.")
    name = raw.replace("\u3002", ".").lower().rstrip(".")
    try:
        domain = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        raise unusable from None
    labels = domain.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or len(domain) > 253:
        raise unusable
    if domain != "localhost" and (len(labels) < 2 or labels[-1].isdigit()):
        raise unusable
    return domain
