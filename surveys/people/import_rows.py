"""What one row of a customer or transaction file says, or what to mend in it."""

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import available_timezones

from notifications import AddressError, EmailAddress, PhoneNumber, parse_email, parse_phone
from notifications.texts import fallbacks
from surveys.people.table_rows import Columns, Refused, Row

CUSTOMER_COLUMNS = Columns(
    ("external_ref",), ("name", "phone", "email", "language", "time_zone", "branch", "owner", "region", "birth_date")
)
TRANSACTION_COLUMNS = Columns(("external_ref", "date", "amount"), ("margin",))
LONGEST_REFERENCE = 120
LARGEST_CENTS = 10**15
EARLIEST_BIRTH = date(1890, 1, 1)

_TRADITIONAL = ("繁體中文", "繁体中文", "繁體", "正體中文", "traditional chinese")
_SIMPLIFIED = ("中文", "汉语", "简体中文")
_MONEY = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_DAY = re.compile(r"(\d{4})(?P<s>[-/.]?)(\d{1,2})(?P=s)(\d{1,2})")


@dataclass(frozen=True, kw_only=True)
class CustomerRow:
    """A customer as a file describes them; None is "not said" and erases nothing. `branch` and `owner` are codes."""

    line: int
    external_ref: str
    name: str | None = None
    phone: PhoneNumber | None = None
    email: EmailAddress | None = None
    language: str | None = None
    time_zone: str | None = None
    region: str | None = None
    branch: str | None = None
    owner: str | None = None
    birth_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """One transaction of a file. `key`: the customer, the day, the amount, its number among identical rows."""

    line: int
    customer: str
    key: str
    on: date
    amount_cents: int
    margin_cents: int | None


class Repeats:
    """Numbers identical transactions within a file, so that the file read again gives the same keys."""

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()

    def key(self, customer: str, on: date, cents: int) -> str:
        """The key of the next transaction of this customer, day and amount."""
        stem = f"{customer}:{on:%Y%m%d}:{cents}"
        digest = hashlib.blake2b(stem.encode(), digest_size=8).digest()
        self._seen[digest] += 1
        key = f"{stem}:{self._seen[digest]}"
        return key if len(key) <= LONGEST_REFERENCE else hashlib.sha256(key.encode()).hexdigest()


class _WrongError(ValueError):
    """A value that cannot be used; the message says which and what to write instead."""


def read_customer(row: Row, *, default_country: str, today: date) -> CustomerRow | Refused:
    """The customer of a row, or what to mend in it. A phone without a country code is of `default_country`.

    Nobody is born after `today`, the company's.
    """
    said = row.values
    try:
        return CustomerRow(
            line=row.line,
            external_ref=_reference(said.get("external_ref")),
            name=_short(said.get("name"), "name", 120),
            phone=_phone(said.get("phone"), default_country),
            email=_email(said.get("email")),
            language=language_of(said.get("language")),
            time_zone=_zone(said.get("time_zone")),
            region=_short(said.get("region"), "region", 8),
            branch=said.get("branch"),
            owner=said.get("owner"),
            birth_date=_birth(said.get("birth_date"), today),
        )
    except _WrongError as wrong:
        return Refused(row.line, str(wrong))


def read_transaction(row: Row, repeats: Repeats, *, today: date) -> Purchase | Refused:
    """The transaction of a row, or what to mend in it. `today` is the company's: nothing was bought after it."""
    said = row.values
    try:
        customer, on = _reference(said.get("external_ref")), day_of(said.get("date"))
        cents, margin = cents_of(said.get("amount"), "amount"), said.get("margin")
        if on > today + timedelta(days=1):
            raise _WrongError(f"date {on} lies in the future; correct it")
        return Purchase(
            line=row.line,
            customer=customer,
            key=repeats.key(customer, on, cents),
            on=on,
            amount_cents=cents,
            margin_cents=cents_of(margin, "margin") if margin else None,
        )
    except _WrongError as wrong:
        return Refused(row.line, str(wrong))


def cents_of(raw: str | None, column: str) -> int:
    """Money in hundredths, exactly. Raises ValueError for anything that is not plainly an amount."""
    text = unicodedata.normalize("NFKC", raw or "").strip()
    if not _MONEY.fullmatch(text):
        raise _WrongError(f"{column} {raw or ''!r} is no amount; write it like 1234.50, without a currency sign")
    cents = Decimal(text.replace(",", "")) * 100
    if cents != cents.to_integral_value():
        raise _WrongError(f"{column} {raw!r} has more than two decimals; round it in the file")
    if abs(cents) > LARGEST_CENTS:
        raise _WrongError(f"{column} {raw!r} is too large; correct it")
    return int(cents)


def day_of(raw: str | None) -> date:
    """The day written as 2026-11-20, 2026/11/20 or 20261120. Raises ValueError for anything else."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", raw or "").strip())
    try:
        if found and (found["s"] or len(found[0]) == 8):
            day = date(int(found[1]), int(found[3]), int(found[4]))
            if day >= EARLIEST_BIRTH:
                return day
    except ValueError:
        pass
    raise _WrongError(f"date {raw or ''!r} is no day; write it like 2026-11-20")


def language_of(raw: str | None) -> str | None:
    """The customer's language as we keep it: Chinese in any spelling by its script, another by its tag, without place.

    What is no tag is English. A language we have no words in is asked in English, until a questionnaire speaks it.
    """
    if not raw:
        return None
    text = raw.strip().casefold()
    if text in _TRADITIONAL:
        return "zh-Hant"
    found = fallbacks("zh" if text.startswith(("cn", "chi")) or text in _SIMPLIFIED else text)[0]
    if found.startswith("zh-"):
        return found
    tag = re.match(r"([a-z]{2,3})(?:[-_]|$)", text)
    return tag[1] if tag else "en"


def _reference(raw: str | None) -> str:
    if not raw:
        raise _WrongError("external_ref is empty; give the number your system knows this customer by")
    if len(raw) > LONGEST_REFERENCE:
        raise _WrongError(f"external_ref has more than {LONGEST_REFERENCE} characters; shorten it")
    return raw


def _short(raw: str | None, column: str, most: int) -> str | None:
    if raw and len(raw) > most:
        raise _WrongError(f"{column} has more than {most} characters; shorten it")
    return raw or None


def _birth(raw: str | None, today: date) -> date | None:
    if not raw:
        return None
    # The day itself is said to nobody: it is a secret people sign with.
    try:
        day = day_of(raw)
    except _WrongError:
        raise _WrongError("birth_date is no day; write it like 1980-05-17") from None
    if day > today + timedelta(days=1):
        raise _WrongError("birth_date lies in the future; correct it")
    return day


def _phone(raw: str | None, default_country: str) -> PhoneNumber | None:
    try:
        return parse_phone(raw, default_country=default_country) if raw else None
    except AddressError as error:
        raise _WrongError(f"phone: {error.message}") from None


def _email(raw: str | None) -> EmailAddress | None:
    try:
        return parse_email(raw) if raw else None
    except AddressError as error:
        raise _WrongError(f"email: {error.message}") from None


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(raw: str | None) -> str | None:
    if raw and raw not in _zones():
        raise _WrongError(f"time_zone {raw!r} is not known; use a name like Asia/Shanghai")
    return raw or None
