"""Column types: moments in UTC, text as ciphertext, and keyed hashes of addresses."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import cast

from cryptography.fernet import Fernet, MultiFernet
from flask import current_app
from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator

from config import Config


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on both databases. Raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be stored: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Keys:
    """The key ring: encryption keys may be rotated (newest first), index keys never are."""

    def __init__(self, config: Config) -> None:
        self._index = config.index_key.encode()
        self._fernet = MultiFernet([Fernet(_fernet_key(k)) for k in config.data_keys])

    def encrypt(self, text: str) -> str:
        return self._fernet.encrypt(text.encode("utf-8", "surrogatepass")).decode("ascii")

    def decrypt(self, token: str) -> str:
        return self._fernet.decrypt(token).decode("utf-8", "surrogatepass")

    def mac(self, purpose: str, text: str) -> bytes:
        """A keyed hash, different for each purpose. 32 bytes."""
        message = purpose.encode() + b"\0" + text.encode("utf-8", "surrogatepass")
        return hmac.digest(self._index, message, "sha256")


def _fernet_key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"heed-data\0" + secret.encode()).digest())


def keys() -> Keys:
    """The key ring of the running application."""
    return cast(Keys, current_app.extensions["heed.keys"])


class Encrypted(TypeDecorator[str]):
    """Text at rest as ciphertext. It cannot be searched: put a BlindIndex beside it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else keys().encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else keys().decrypt(value)


class Blind(str):
    """A keyed hash already made; comparing a column with one does not hash it again."""

    __slots__ = ()


class BlindIndex(TypeDecorator[str]):
    """A keyed hash of an address, for equality only. Assign or compare the address in its canonical form (E.164)."""

    impl = String(44)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or isinstance(value, Blind):
            return None if value is None else str(value)
        return str(blind(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else Blind(value)


def blind(address: str) -> Blind:
    """The keyed hash a BlindIndex column holds for this address."""
    return Blind(base64.urlsafe_b64encode(keys().mac("address", address)).decode("ascii").rstrip("="))
